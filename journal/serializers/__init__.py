"""What jobs and webhook endpoints look like from outside."""
