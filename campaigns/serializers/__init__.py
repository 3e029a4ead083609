"""What campaigns take and give over REST."""
