"""Synthetic people: records drawn from the figures of ``scenarios/synthetic.toml``. No names, nobody real."""
