"""Bodies and answers of the checkout."""
