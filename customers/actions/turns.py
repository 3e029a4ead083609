"""Taking turns on something that may have no row yet."""

from django.db import connection

from customers.domain.turns import turn_key


def take_turns(name: str) -> None:
    """Wait until nobody else has this turn, and keep it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [turn_key(name)])
