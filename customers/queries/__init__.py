"""Reads of people, orders and segments."""
