"""Arithmetic of cashback, in plain Python."""
