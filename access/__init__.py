"""Who may call: API keys, scopes, idempotency, throttles."""
