"""What the shop sells, and what it recommends to whom."""
