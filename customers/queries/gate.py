"""Reads: all that must be known of customers at the moment of writing to them."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection

from customers.domain.reach import Reachable, SuppressionReason
from customers.queries.erasure import email_hash, suppressed_hashes

_GATE = """
    SELECT customer.id, customer.reference, customer.email, customer.phone, customer.locale,
        customer.timezone, customer.country, customer.first_name, customer.last_name,
        customer.birth_date, customer.erased_at IS NOT NULL, customer.is_restricted,
        CASE WHEN marketing.state IN ('granted', 'withdrawn') THEN marketing.state ELSE 'none' END,
        coalesce(tracking.state = 'granted', false),
        preference.most_per_days, preference.paused_until
    FROM customers_customer AS customer
    LEFT JOIN customers_consent AS marketing ON marketing.customer_id = customer.id
        AND marketing.channel = %(channel)s AND marketing.purpose = 'marketing'
    LEFT JOIN customers_consent AS tracking ON tracking.customer_id = customer.id
        AND tracking.channel = %(channel)s AND tracking.purpose = 'tracking'
    LEFT JOIN customers_contactpreference AS preference ON preference.customer_id = customer.id
    WHERE customer.id = ANY(%(keys)s::bigint[])
"""
_NAMES = (
    "customer_key", "customer_id", "email", "phone", "locale", "timezone", "country", "first_name",
    "last_name", "birth_date", "is_erased", "is_restricted", "consent", "allows_tracking",
    "most_per_days", "paused_until",
)  # fmt: skip


def reachable(*, customer_keys: Collection[int], channel: str) -> Mapping[int, Reachable]:
    """The customers by key, as they are now; whoever does not exist is left out.

    One statement, and for e-mail one more: the hashes of suppressed addresses are made with a key that
    the database does not know.
    """
    with connection.cursor() as cursor:
        cursor.execute(_GATE, {"channel": channel, "keys": list(customer_keys)})
        rows: list[dict[str, Any]] = [
            dict(zip(_NAMES, row, strict=True)) for row in cursor.fetchall()
        ]
    reasons: Mapping[bytes, frozenset[SuppressionReason]] = {}
    if channel == "email":
        reasons = suppressed_hashes({row["email"] for row in rows if row["email"]})
    return {
        row["customer_key"]: Reachable(
            **row, suppressions=reasons.get(email_hash(row["email"]), frozenset())
        )
        for row in rows
    }
