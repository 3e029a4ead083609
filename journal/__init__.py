"""What happened: outbox, audit trail, background jobs."""
