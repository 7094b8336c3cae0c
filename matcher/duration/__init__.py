"""How long friendships last: a monthly hazard, what the facts of a pair do to it, and what nobody can see."""
