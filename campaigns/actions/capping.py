"""Acts: keep to how often somebody is written to, whoever else writes to them at this moment."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection
from msgspec import Struct

from campaigns.domain.gates import Cap, caps_of
from common.statements import value_array
from customers.domain.reach import Reachable

_LOCK = """
    SELECT pg_advisory_xact_lock(hashint8extended(customer, 5))
    FROM (SELECT customer FROM unnest(%s::bigint[]) AS customer ORDER BY customer) AS sorted
"""
_SENT = """
    SELECT asked.customer, asked.days, count(delivery.id)
    FROM unnest(%(customers)s::bigint[], %(days)s::int[]) AS asked (customer, days)
    LEFT JOIN (campaigns_delivery AS delivery
        JOIN campaigns_campaign AS campaign ON campaign.id = delivery.campaign_id
            AND campaign.purpose = 'marketing')
        ON delivery.customer_id = asked.customer AND delivery.channel = %(channel)s
            AND delivery.passed_at > %(now)s - asked.days * interval '1 day'
            AND delivery.id <> ALL(%(own)s::bigint[])
    GROUP BY asked.customer, asked.days
"""


class Asked(Struct, frozen=True):
    """A delivery that is to be let pass, and whom it is for."""

    delivery_key: int
    person: Reachable


def over_cap(asked: Sequence[Asked], *, channel: str, now: datetime) -> list[int]:
    """Those of the deliveries that would be more marketing than the shop or the customer wants.

    Until the caller's transaction ends, whoever asks about the same customers waits: so two cannot both
    pass. 2 statements where anybody is capped, else none.
    """
    shop = shop_cap()
    capped = [(each, caps) for each in asked if (caps := caps_of(each.person, shop))]
    if not capped:
        return []
    sent = _sent(capped, [each.delivery_key for each in asked], channel=channel, now=now)
    over: list[int] = []
    passed: dict[int, int] = {}
    for each, caps in capped:
        customer = each.person.customer_key
        beside = passed.get(customer, 0)
        if any(sent[customer, cap.days] + beside >= cap.messages for cap in caps):
            over.append(each.delivery_key)
        else:
            passed[customer] = beside + 1
    return over


def shop_cap() -> Cap | None:
    """The shop's own limit of marketing per customer, where it has set one."""
    messages = settings.MARKETING_CAP
    return Cap(messages, settings.MARKETING_CAP_DAYS) if messages else None


def _sent(
    capped: Sequence[tuple[Asked, Sequence[Cap]]],
    own: Sequence[int],
    *,
    channel: str,
    now: datetime,
) -> dict[tuple[int, int], int]:
    """How many were let pass to each customer within so many days, those asked about left out."""
    pairs = sorted({(each.person.customer_key, cap.days) for each, caps in capped for cap in caps})
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [value_array(sorted({customer for customer, _ in pairs}))])
        cursor.execute(
            _SENT,
            {
                "customers": value_array(customer for customer, _ in pairs),
                "days": value_array(days for _, days in pairs),
                "channel": channel,
                "now": now,
                "own": value_array(own),
            },
        )
        return {(customer, days): count for customer, days, count in cursor.fetchall()}
