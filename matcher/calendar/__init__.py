"""The year's calendar: network meetings (netværksmøder) for first-year volunteers, planned close to the proven best."""
