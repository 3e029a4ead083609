"""Products and what is recommended, as plain Python."""
