"""The staff's pages on promotions, codes and batches."""
