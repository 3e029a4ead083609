"""Reads: definitions, codes, counters."""
