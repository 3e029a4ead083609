"""Reads: what a letter tells of the order, code or membership that set it off."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from campaigns.models import Campaign, Delivery
from common.statements import value_array

_ORDERS = """
    SELECT id, reference, tracking_url FROM customers_order WHERE id = ANY(%(keys)s::bigint[])
"""
_CODES = "SELECT id, spelling FROM promotions_code WHERE id = ANY(%(keys)s::bigint[])"
_PLANS = """
    SELECT membership.id, coalesce(plan.name->>'de', plan.name->>'en', plan.reference)
    FROM customers_membership AS membership
    JOIN customers_membershipplan AS plan ON plan.id = membership.plan_id
    WHERE membership.id = ANY(%(keys)s::bigint[])
"""


def facts_of(
    campaign: Campaign | None, rows: Sequence[Delivery], *, now: datetime
) -> dict[int, dict[str, str]]:
    """Variables of each delivery, by its key. 1 statement where there is anything to tell."""
    kind = campaign.trigger["kind"] if campaign is not None else ""
    by_subject = {row.subject: row.pk for row in rows if row.subject is not None}
    sql: str
    names: tuple[str, ...]
    match kind:
        case "order":
            sql, names = _ORDERS, ("order.id", "order.tracking_url")
        case "code_expiring":
            sql, names = _CODES, ("code",)
        case "membership_ending":
            sql, names = _PLANS, ("plan.name",)
        case _:
            return {}
    with connection.cursor() as cursor:
        cursor.execute(sql, {"keys": value_array(by_subject)})
        return {
            by_subject[key]: {name: text for name, text in zip(names, texts, strict=True) if text}
            for key, *texts in cursor.fetchall()
        }
