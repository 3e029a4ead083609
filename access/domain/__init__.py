"""What a key is made of, in plain Python."""
