"""Jobs and webhook endpoints over REST."""
