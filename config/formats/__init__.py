"""How dates and times are written where Django's own way would be another than that of our sentences."""
