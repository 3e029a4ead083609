"""Products and recommendations over REST."""
