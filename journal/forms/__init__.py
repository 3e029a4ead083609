"""Forms of webhooks, and of what jobs do."""
