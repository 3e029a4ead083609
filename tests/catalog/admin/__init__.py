"""The staff's pages on products."""
