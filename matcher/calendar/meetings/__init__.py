"""Levels 1 and 2: which meetings are held, and who comes to them."""
