"""Acts: open what is due: the occasion of a campaign for everybody, or a campaign's own beginning."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from campaigns.domain.definition import CampaignDefinition
from campaigns.domain.occurrences import ONCE, recurring_dates, recurring_key
from campaigns.domain.triggers import Once, Recurring
from campaigns.models import Campaign, Occurrence
from campaigns.queries.campaigns import definition_of, expiry_of
from customers.actions.refresh import refresh_before_use

Status = Campaign.Status
#: Clocks run ahead of UTC by no more, and behind it by no more.
AHEAD, BEHIND = timedelta(hours=14), timedelta(hours=12)
#: So far back is looked for what is due where it never expires.
LOOKS_BACK = timedelta(days=30)


def open_due(*, now: datetime) -> int:
    """Open every occasion that is due at `now`; how many. Safe to repeat, and to run twice at once."""
    rows = Campaign.objects.select_related("promotion")
    live = rows.filter(status__in=[Status.SCHEDULED, Status.RUNNING]).order_by("pk")
    return sum(_open(campaign, now=now) for campaign in live)


def looks_back_to(campaign: Campaign, *, now: datetime) -> datetime:
    """What became due before is over, or was not the campaign's to tell."""
    back = expiry_of(campaign) or LOOKS_BACK
    assert campaign.scheduled_at is not None
    return max(campaign.scheduled_at, now - back)


def begun_on(campaign: Campaign) -> date:
    """The shop's day on which it was scheduled: a rule counts from it."""
    assert campaign.scheduled_at is not None
    return campaign.scheduled_at.astimezone(ZoneInfo(settings.SHOP_TIME_ZONE)).date()


def _open(campaign: Campaign, *, now: datetime) -> int:
    definition = definition_of(campaign)
    if definition.channel == "placement":
        return _open_placement(campaign, definition, now=now)
    occasions = occasions_of(campaign, definition, now=now)
    if not occasions and isinstance(definition.trigger, Once | Recurring):
        return 0
    with transaction.atomic():
        # Whoever pauses, cancels or changes it meanwhile was faster.
        held = Campaign.objects.select_for_update(no_key=True).filter(
            pk=campaign.pk,
            revision=campaign.revision,
            status__in=[Status.SCHEDULED, Status.RUNNING],
        )
        if held.first() is None:
            return 0
        known = set(Occurrence.objects.filter(campaign=campaign).values_list("key", flat=True))
        fresh = [each for each in occasions if each.key not in known]
        if fresh:
            audience = definition.audience
            # Whoever has entered since the segments were last filled is meant, too.
            refresh_before_use({*audience.segments, *audience.exclude_segments}, now=now)
        Occurrence.objects.bulk_create(fresh, ignore_conflicts=True)
        Campaign.objects.filter(pk=campaign.pk, status=Status.SCHEDULED).update(
            status=Status.RUNNING
        )
    return len(fresh)


def _open_placement(campaign: Campaign, definition: CampaignDefinition, *, now: datetime) -> int:
    """Nobody is enlisted for a place on the site: whoever comes sees it."""
    trigger = definition.trigger
    if campaign.status != Status.SCHEDULED or (isinstance(trigger, Once) and trigger.at > now):
        return 0
    same = Campaign.objects.filter(
        pk=campaign.pk, revision=campaign.revision, status=Status.SCHEDULED
    )
    return same.update(status=Status.RUNNING)


def occasions_of(
    campaign: Campaign, definition: CampaignDefinition, *, now: datetime
) -> list[Occurrence]:
    """The occasions for everybody that are due at `now`, as far back as is looked; not saved."""
    trigger = definition.trigger
    if isinstance(trigger, Once):
        if trigger.at > now:
            return []
        return [Occurrence(campaign=campaign, key=ONCE, at=trigger.at, opened_at=now)]
    if isinstance(trigger, Recurring):
        dates = recurring_dates(
            trigger.rrule,
            start=begun_on(campaign),
            first=(looks_back_to(campaign, now=now) - BEHIND).date(),
            last=(now + AHEAD).date(),
        )
        return [
            Occurrence(campaign=campaign, key=recurring_key(day), local_date=day, opened_at=now)
            for day in dates
        ]
    return []
