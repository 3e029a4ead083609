"""Acts: write products, take in their feed, learn what is bought together."""
