"""Hard rules on a pair, one a file."""
