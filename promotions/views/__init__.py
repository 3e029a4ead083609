"""The promotions' part of the API."""
