"""Where discounts and cashback meet, in plain Python."""
