"""Products as forms."""
