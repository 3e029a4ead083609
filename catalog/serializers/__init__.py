"""What products and recommendations look like from outside."""
