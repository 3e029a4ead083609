"""What campaigns are and decide, in plain Python."""
