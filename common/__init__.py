"""Plain words that all apps share: money, cart, errors; and their thin Django side."""
