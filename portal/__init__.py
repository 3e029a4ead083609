"""The customer's own pages: what they have here, their purchases, and statements to keep."""
