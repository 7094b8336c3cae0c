"""Where people are, how far it is, and how long it takes. Nothing above this floor computes a distance."""
