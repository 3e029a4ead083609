"""What people, orders and segments are, without a database."""
