"""The acts of the checkout; each owns its transaction's one durable story."""
