"""Worlds that could be: today, the synthetic case."""
