"""How the work is run: programs in a process of their own, parts side by side, and when to stop."""
