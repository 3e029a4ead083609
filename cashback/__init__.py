"""What a purchase gives back: what checkout may spend and what an order earns."""
