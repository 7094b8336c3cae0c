"""What every benchmark needs: a clock, the machine's facts, the page and its pictures."""
