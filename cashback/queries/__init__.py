"""Reads of cashback."""
