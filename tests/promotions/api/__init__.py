"""Promotions, codes and batches over HTTP."""
