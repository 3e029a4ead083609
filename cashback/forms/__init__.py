"""What finance fills in: rules, partners, adjustments, settlements and what becomes of payouts."""
