"""Which events there are, how they are signed, where they may go and when they are tried again."""
