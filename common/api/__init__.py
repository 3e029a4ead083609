"""The REST edge that all apps share: bodies in, problems out, pages, the clock."""
