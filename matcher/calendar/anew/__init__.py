"""A year planned anew from a date on: as many promises as possible are kept."""
