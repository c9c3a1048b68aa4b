"""What the two functions do."""
