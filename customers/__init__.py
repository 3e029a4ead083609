"""People, consents, purchase history and segments."""
