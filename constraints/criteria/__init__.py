"""What makes a pair fit well, one criterion a file."""
