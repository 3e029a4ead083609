"""Reads: which campaigns are in a place on the site, and how they stand with a customer."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Max, Sum

from campaigns.models import Campaign, Impression
from common.statements import value_array

#: The one row that a customer has for a place on the site.
SHOWN = "shown"
#: As they are enlisted for other channels: the same share of the same customers.
_STANDINGS = """
    SELECT asked.campaign, (hashint8extended(%(customer)s, asked.campaign) & 9223372036854775807) %% 1000000,
        (hashint8extended(%(customer)s, -asked.campaign) & 9223372036854775807) %% 1000000,
        delivery.id, delivery.state, delivery.variant, code.spelling, code.valid_until,
        code.status = 'active' AND code.used = 0
            AND (code.valid_until IS NULL OR code.valid_until > %(now)s),
        coalesce(impression.views, 0)
    FROM unnest(%(campaigns)s::bigint[]) AS asked (campaign)
    LEFT JOIN campaigns_delivery AS delivery ON delivery.campaign_id = asked.campaign
        AND delivery.occurrence = %(shown)s AND delivery.customer_id = %(customer)s
        AND delivery.channel = 'placement'
    LEFT JOIN promotions_code AS code ON code.id = delivery.code_id
    LEFT JOIN campaigns_impression AS impression ON impression.campaign_id = asked.campaign
        AND impression.customer_id = %(customer)s AND impression.part = 0
"""


class Place(NamedTuple):
    """How a campaign stands with one customer. The parts are of a million: for the hold-out, and for
    variants; the rest is of the customer's row, where there is one.
    """

    holdout_part: int
    variant_part: int
    delivery_key: int | None
    state: str | None
    variant: str | None
    code: str | None
    code_valid_until: datetime | None
    #: Whether the code can still be used; None where there is none.
    is_code_usable: bool | None
    views: int


class Views(NamedTuple):
    """How often a campaign was shown: to customers, to how many of them, and to whoever is not known."""

    to_customers: int
    customers: int
    to_others: int
    last_at: datetime | None


def placed_in(slot: str) -> list[Campaign]:
    """The campaigns in the slot that are not stopped, whatever their time, the most important first."""
    live = [Campaign.Status.SCHEDULED, Campaign.Status.RUNNING]
    rows = Campaign.objects.select_related("promotion").filter(
        channel=Campaign.Channel.PLACEMENT, slot=slot, status__in=live
    )
    return list(rows.order_by("-priority", "pk"))


def places_of(
    customer_key: int, campaign_keys: Sequence[int], *, now: datetime
) -> dict[int, Place]:
    """How each of the campaigns stands with the customer, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            _STANDINGS,
            {
                "customer": customer_key,
                "campaigns": value_array(campaign_keys),
                "shown": SHOWN,
                "now": now,
            },
        )
        return {key: Place(*row) for key, *row in cursor.fetchall()}


def views_of(campaign_key: int) -> Views:
    """How often the campaign was shown."""
    rows = Impression.objects.filter(campaign_id=campaign_key)
    known = rows.filter(customer__isnull=False)
    others = rows.filter(customer__isnull=True)
    return Views(
        to_customers=known.aggregate(sum=Sum("views"))["sum"] or 0,
        customers=known.count(),
        to_others=others.aggregate(sum=Sum("views"))["sum"] or 0,
        last_at=rows.aggregate(last=Max("last_at"))["last"],
    )
