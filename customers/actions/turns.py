"""Taking turns on something that may have no row yet."""

import hashlib

from django.db import connection


def take_turns(name: str) -> None:
    """Wait until nobody else has this turn, and keep it until the transaction ends."""
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
