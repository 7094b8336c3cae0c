"""A walk over whole plans that cools down: fewer changes, then less travel."""
