"""Cashback at the till in a few words: rules, credit, and what a wallet has."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from cashback.actions.adjust import adjust
from cashback.models import Partner, Rule
from common.money import parse_percent
from customers.models import Customer
from tests.api import NOON, Api
from tests.checkout.till import moment


def rule(
    rule_id="two", *, percent: str | None = "2", partner: Partner | None = None, **fields
) -> Rule:
    """An active rule; put again it is replaced."""
    if fields.keys() & {"amount"}:
        percent = None
    shape = {"percent": parse_percent(percent) if percent else None, **fields}
    row, _ = Rule.objects.update_or_create(
        reference=rule_id,
        defaults={"name": rule_id, "stamp": _raise_stamp(), "created_at": NOON, "partner": partner,
                  **shape},
    )  # fmt: skip
    return row


def partner(partner_id="acme", share_percent=500_000) -> Partner:
    return Partner.objects.create(
        reference=partner_id, name=partner_id, share_percent=share_percent, created_at=NOON
    )


def credit(customer="ada", amount=1000, *, at: datetime = NOON, **more: Any) -> None:
    """Staff give it so much; available at once."""
    key = Customer.objects.get_or_create(reference=customer, defaults={"created_at": NOON})[0].pk
    with transaction.atomic():
        adjust(
            adjustment_id=uuid4(), customer_key=key, currency="EUR", amount=amount,
            reason="sorry", actor="staff:1", now=at, **more,
        )  # fmt: skip


def balance(api: Api, customer="ada", *, at: datetime = NOON) -> dict[str, int]:
    """What the customer's wallet says that is not 0."""
    found = api.get(f"/customers/{customer}/wallet?at={moment(at)}")
    if found.status == 404:
        return {}
    assert found.status == 200, found
    (row,) = found["cashback"] or [{}]
    names = ("pending", "available", "held", "debt")
    return {name: row[name] for name in names if row.get(name)}


def _raise_stamp() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO cashback_rulestamp AS stamp (id, version)
            VALUES (1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
            ON CONFLICT (id) DO UPDATE SET version = greatest(stamp.version + 1, excluded.version)
            RETURNING version
            """
        )
        return cursor.fetchone()[0]
