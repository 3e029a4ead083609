"""The OpenAPI document: what the endpoints declare of themselves, put together once per process."""
