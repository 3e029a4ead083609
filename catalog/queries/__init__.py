"""Reads: products, and what is recommended to a customer."""
