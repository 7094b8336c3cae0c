"""Home groups and their matchers: fewest changes, least travel, an even load."""
