"""Small years closed by exact models: every level proved."""
