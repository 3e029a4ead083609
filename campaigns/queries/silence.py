"""Reads: why a customer got nothing, campaign by campaign, whether or not there is a row."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.db import connection
from msgspec import Struct

from campaigns.domain.local_times import zone_for
from campaigns.domain.triggers import Birthday, Once, Recurring, Trigger
from campaigns.models import Campaign, Delivery
from campaigns.queries.overview import next_day
from campaigns.queries.sources import source_of
from customers.domain.reach import Obstacle, Reachable, obstacle
from customers.queries.audience_keys import AudienceKeys, audience_keys
from customers.queries.gate import reachable
from customers.queries.people import customer_by_reference

#: So many newest campaigns and rows are looked at.
MOST_CAMPAIGNS, MOST_ROWS = 200, 200

#: Why there is no row.
Silence = Literal[
    "not_started",  # a draft, or not scheduled yet
    "cancelled",
    "paused",
    "comes_at",
    "comes_on",
    "not_in_audience",
    "was_not_in_audience",  # when it went out
    "being_enlisted",
    "no_birthday",
    "no_occasion",
    "erased",
]

_IN_AUDIENCE = "SELECT FROM customers_customer AS customer WHERE customer.id = %(customer)s AND {}"
_DUE = "SELECT FROM ({source}) AS source WHERE source.customer_id = %(customer)s LIMIT 1"


class Quiet(Struct, frozen=True, kw_only=True):
    """A campaign by which the customer has no row. `at` and `day` are told where the reason has one."""

    campaign: Campaign
    reason: Silence
    at: datetime | None = None
    day: date | None = None


class Silences(Struct, frozen=True, kw_only=True):
    """All that is to be told; rows from the newest."""

    customer_id: str
    #: What would stop an e-mail at this moment.
    marketing: Obstacle | None
    transactional: Obstacle | None
    rows: Sequence[Delivery]
    quiet: Sequence[Quiet]


def silences_of(customer_id: str, *, now: datetime) -> Silences | None:
    """None: there is no such customer. A bounded number of statements: a few for each campaign without a row."""
    customer = customer_by_reference(customer_id)
    person = (
        reachable(customer_keys=[customer.pk], channel="email").get(customer.pk)
        if customer
        else None
    )
    if person is None:
        return None
    rows = list(
        Delivery.objects.select_related("campaign", "code")
        .filter(customer_id=person.customer_key)
        .order_by("-pk")[:MOST_ROWS]
    )
    campaigns = Campaign.objects.defer("content", "variants").order_by("-pk")[:MOST_CAMPAIGNS]
    known = set(
        Delivery.objects.filter(customer_id=person.customer_key).values_list(
            "campaign_id", flat=True
        )
    )
    return Silences(
        customer_id=person.customer_id,
        marketing=_obstacle(person, "marketing", now=now),
        transactional=_obstacle(person, "transactional", now=now),
        rows=rows,
        quiet=[_quiet(each, person, now=now) for each in campaigns if each.pk not in known],
    )


def _obstacle(
    person: Reachable, purpose: Literal["marketing", "transactional"], *, now: datetime
) -> Obstacle | None:
    zone = zone_for(
        campaign="customer", customer=person.timezone, shop=ZoneInfo(settings.SHOP_TIME_ZONE)
    )
    return obstacle(
        person,
        channel="email",
        purpose=purpose,
        min_age=settings.MARKETING_MIN_AGE,
        today=now.astimezone(zone).date(),
        now=now,
    )


def _quiet(campaign: Campaign, person: Reachable, *, now: datetime) -> Quiet:
    status = Campaign.Status
    if person.is_erased:
        return Quiet(campaign=campaign, reason="erased")
    if campaign.status in {status.DRAFT, status.SUBMITTED, status.APPROVED}:
        return Quiet(campaign=campaign, reason="not_started")
    if campaign.status == status.CANCELLED:
        return Quiet(campaign=campaign, reason="cancelled")
    if not _is_in(_audience(campaign), person.customer_key):
        return Quiet(campaign=campaign, reason="not_in_audience")
    if campaign.status == status.PAUSED:
        return Quiet(campaign=campaign, reason="paused")
    return _waited_for(campaign, person, now=now)


def _waited_for(campaign: Campaign, person: Reachable, *, now: datetime) -> Quiet:
    """The customer is meant, and it runs: whether its moment has come."""
    trigger = msgspec.convert(campaign.trigger, Trigger)
    if isinstance(trigger, Once):
        if trigger.at > now:
            return Quiet(campaign=campaign, reason="comes_at", at=trigger.at)
        return _missed(campaign)
    if isinstance(trigger, Recurring):
        zone = ZoneInfo(settings.SHOP_TIME_ZONE)
        day = next_day(campaign, trigger, zone=zone, now=now)
        return Quiet(campaign=campaign, reason="comes_on", day=day) if day else _missed(campaign)
    if isinstance(trigger, Birthday) and person.birth_date is None:
        return Quiet(campaign=campaign, reason="no_birthday")
    source = source_of(trigger)
    binds = {
        **source.binds, "customer": person.customer_key, "since": campaign.scheduled_at, "until": now,
    }  # fmt: skip
    is_due = _finds(_DUE.format(source=source.sql), binds)
    return Quiet(campaign=campaign, reason="being_enlisted" if is_due else "no_occasion")


def _missed(campaign: Campaign) -> Quiet:
    is_open = campaign.occurrences.filter(enlisted_at=None).exists()
    return Quiet(
        campaign=campaign,
        reason="being_enlisted" if is_open else "was_not_in_audience",
    )


def _audience(campaign: Campaign) -> AudienceKeys:
    told = campaign.audience
    return audience_keys(
        segments=told.get("segments", []), exclude_segments=told.get("exclude_segments", [])
    )


def _is_in(keys: AudienceKeys, customer_key: int) -> bool:
    binds = {**keys.binds(), "customer": customer_key}
    return _finds(_IN_AUDIENCE.format(keys.condition()), binds)


def _finds(sql: str, binds: Mapping[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({sql})", binds)
        return bool(cursor.fetchone()[0])
