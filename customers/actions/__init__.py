"""Acts on people, orders and segments; each is a part of its caller's transaction."""
