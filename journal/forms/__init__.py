"""Forms of what jobs do."""
