"""What staff fill in: promotions, codes and batches, in their own words."""
