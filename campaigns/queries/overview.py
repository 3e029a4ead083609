"""Reads: many campaigns at a glance: how far they are, and what goes out on which day."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
from django.db import connection
from msgspec import Struct

from campaigns.domain.occurrences import recurring_dates
from campaigns.domain.triggers import Once, Recurring, Trigger
from campaigns.models import Campaign
from common.statements import value_array

#: Rows are counted up to here: a list of campaigns is not for reading millions of deliveries.
MOST = 10_000

_PROGRESS = """
    SELECT campaign.id,
        (SELECT count(*) FROM (
            SELECT FROM campaigns_delivery AS delivery WHERE delivery.campaign_id = campaign.id
            LIMIT %(most)s) AS counted),
        (SELECT count(*) FROM (
            SELECT FROM campaigns_delivery AS delivery WHERE delivery.campaign_id = campaign.id
                AND delivery.state = 'pending'
            LIMIT %(most)s) AS counted)
        + (SELECT count(*) FROM campaigns_delivery AS delivery
            WHERE delivery.campaign_id = campaign.id AND delivery.state IN ('claimed', 'submitting'))
    FROM unnest(%(keys)s::bigint[]) AS campaign (id)
"""
_OVER = (Campaign.Status.CANCELLED,)
_ALIVE = (Campaign.Status.SCHEDULED, Campaign.Status.RUNNING, Campaign.Status.PAUSED)


class Progress(Struct, frozen=True):
    """How many rows there are, and how many of them wait; either up to `MOST`."""

    total: int
    waiting: int

    @property
    def is_counted(self) -> bool:
        """Whether both are the whole truth."""
        return self.total < MOST and self.waiting < MOST


class Planned(Struct, frozen=True):
    """A campaign on a day that is planned, by the shop's clock."""

    day: date
    campaign: Campaign
    at: str


class Plan(Struct, frozen=True):
    """What is planned for certain days, and what goes out whenever its moment comes."""

    planned: Sequence[Planned]
    always: Sequence[Campaign]


def progress_of(campaign_keys: Collection[int]) -> dict[int, Progress]:
    """How far these campaigns are. 1 statement, which reads a bounded number of rows of each."""
    with connection.cursor() as cursor:
        cursor.execute(_PROGRESS, {"keys": value_array(campaign_keys), "most": MOST})
        return {key: Progress(total, waiting) for key, total, waiting in cursor.fetchall()}


def plan_of(*, first: date, last: date, zone: ZoneInfo, now: datetime) -> Plan:
    """What goes out from `first` to `last`, both included; drafts as they would. Cancelled ones are not told.

    Recurring ones count from the day of their scheduling, drafts from today on.
    """
    planned: list[Planned] = []
    always: list[Campaign] = []
    rows = Campaign.objects.exclude(status__in=_OVER).defer("content", "variants")
    for campaign in rows.order_by("name", "id"):
        trigger = msgspec.convert(campaign.trigger, Trigger)
        if isinstance(trigger, Once):
            at = trigger.at.astimezone(zone)
            if first <= at.date() <= last:
                planned.append(Planned(at.date(), campaign, f"{at:%H:%M}"))
        elif isinstance(trigger, Recurring):
            planned += [
                Planned(day, campaign, trigger.local_time)
                for day in _days(campaign, trigger, first=first, last=last, zone=zone, now=now)
            ]
        elif campaign.status in _ALIVE:
            always.append(campaign)
    return Plan(sorted(planned, key=lambda each: (each.day, each.at, each.campaign.pk)), always)


def next_day(
    campaign: Campaign, trigger: Recurring, *, zone: ZoneInfo, now: datetime
) -> date | None:
    """The next day of a recurring campaign within a year."""
    today = now.astimezone(zone).date()
    last = date(today.year + 1, today.month, min(today.day, 28))
    found = _days(campaign, trigger, first=today, last=last, zone=zone, now=now)
    return found[0] if found else None


def _days(
    campaign: Campaign,
    trigger: Recurring,
    *,
    first: date,
    last: date,
    zone: ZoneInfo,
    now: datetime,
) -> list[date]:
    start = (campaign.scheduled_at or now).astimezone(zone).date()
    end = campaign.finished_at.astimezone(zone).date() if campaign.finished_at else last
    return recurring_dates(trigger.rrule, start=start, first=first, last=min(last, end))
