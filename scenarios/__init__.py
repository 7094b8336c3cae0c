"""Worlds that could be: what-if scenarios, today and over time, where to recruit, and synthetic cases."""
