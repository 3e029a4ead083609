"""Acts on promotions, codes and their uses."""
