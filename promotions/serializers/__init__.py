"""What promotions, codes and batches look like from outside."""
