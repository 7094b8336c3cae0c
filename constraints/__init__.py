"""Every rule of the association: one file, one rule."""
