"""What rules, partners and customers' cashback look like from outside."""
