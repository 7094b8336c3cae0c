"""The kinds of change: a file is a kind, under its own name, and defines a class of that name (``Recruit`` in ``recruit.py``)."""
