"""Rules of the year's calendar: one file, one rule."""
