"""Cashback: rules, lots and the ledger."""
