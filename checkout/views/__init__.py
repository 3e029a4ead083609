"""The checkout over REST."""
