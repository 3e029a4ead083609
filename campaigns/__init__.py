"""Audiences, schedules and deliveries: the right message, once, with consent."""
