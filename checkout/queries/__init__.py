"""Reads of the checkout."""
