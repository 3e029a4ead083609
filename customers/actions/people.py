"""Acts on people: create them empty, put what the shop knows of them."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from customers.models import Customer


def ensure_customer(*, reference: str, now: datetime) -> int:
    """The key of the customer, who is created, empty, if nobody has this id yet."""
    return ensure_customers(references=[reference], now=now)[reference]


def ensure_customers(*, references: Collection[str], now: datetime) -> dict[str, int]:
    """The keys of the customers by id; those not seen before are created, empty."""
    keys = _keys(references)
    missing = sorted(set(references) - keys.keys())
    if missing:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO customers_customer (
                    reference, email, first_name, last_name, gender, phone, locale, timezone,
                    country, postal_code, city, attributes, created_at, revision)
                SELECT reference, '', '', '', '', '', '', '', '', '', '', '{}', %s, 1
                FROM unnest(%s::text[]) AS reference ORDER BY reference
                ON CONFLICT (reference) DO NOTHING
                """,
                [now, missing],
            )
        # In a statement of its own: it sees those whom another transaction created meanwhile.
        keys |= _keys(missing)
    return keys


def _keys(references: Collection[str]) -> dict[str, int]:
    rows = Customer.objects.filter(reference__in=list(references))
    return dict(rows.values_list("reference", "pk"))
