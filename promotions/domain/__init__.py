"""What promotions mean and what they take: plain Python, no Django, no clock, no database."""
