"""What staff fill in, and what the pages need to show it."""
