"""Why somebody gets too few meetings, and the nearest changes that would help."""
