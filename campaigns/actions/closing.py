"""Acts: end what has nothing left to do."""

from datetime import datetime

from django.db import connection, transaction

from campaigns.actions.opening import BEHIND, begun_on, occasions_of
from campaigns.domain.occurrences import recurs_no_more
from campaigns.domain.triggers import Once, Recurring
from campaigns.models import Campaign, Delivery
from campaigns.models.delivery import OPEN
from campaigns.queries.campaigns import definition_of, expiry_of
from journal.actions import record_event

_AT_ONCE = 10_000
_LIVE = (Campaign.Status.SCHEDULED, Campaign.Status.RUNNING)
# Codes that were made for a message that was to be tried again never reach anybody.
_CANCEL = """
    WITH ended AS MATERIALIZED (
        SELECT delivery.id FROM campaigns_delivery AS delivery
        JOIN campaigns_campaign AS campaign ON campaign.id = delivery.campaign_id
        WHERE campaign.status = 'cancelled' AND delivery.state = 'pending'
        ORDER BY delivery.id LIMIT %(at_once)s FOR NO KEY UPDATE OF delivery SKIP LOCKED
    ), closed AS (
        UPDATE campaigns_delivery SET state = 'cancelled', reason = 'campaign_cancelled',
            closed_at = %(now)s
        WHERE id = ANY(ARRAY(SELECT id FROM ended)) RETURNING code_id
    ), disabled AS (
        UPDATE promotions_code SET status = 'disabled', revision = revision + 1
        WHERE id = ANY(ARRAY(SELECT code_id FROM closed WHERE code_id IS NOT NULL))
    )
    SELECT count(*) FROM closed
"""


def close_due(*, now: datetime) -> int:
    """Close what waits of cancelled campaigns, and finish campaigns that are done; how many rows and campaigns.

    Opens its own transactions; safe to repeat.
    """
    closed = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_CANCEL, {"at_once": _AT_ONCE, "now": now})
            count: int = cursor.fetchone()[0]
        closed += count
        if count < _AT_ONCE:
            break
    live = Campaign.objects.filter(status__in=_LIVE, trigger__kind__in=["once", "recurring"])
    return closed + sum(_finish(key, now=now) for key in live.values_list("pk", flat=True))


def _is_over(campaign: Campaign, *, now: datetime) -> bool:
    """A place on the site is done when its time is up, and anything else when every occasion that it ever
    has was opened and everybody has a closed row: never what merely looks empty.
    """
    if campaign.channel == Campaign.Channel.PLACEMENT:
        trigger, lasts = definition_of(campaign).trigger, expiry_of(campaign)
        return isinstance(trigger, Once) and lasts is not None and trigger.at + lasts <= now
    if not _is_opened(campaign, now=now):
        return False
    if campaign.occurrences.filter(enlisted_at__isnull=True).exists():
        return False
    return not Delivery.objects.filter(campaign=campaign, state__in=OPEN).exists()


def _finish(campaign_key: int, *, now: datetime) -> bool:
    with transaction.atomic():
        rows = Campaign.objects.select_for_update(no_key=True)
        campaign = rows.filter(pk=campaign_key, status__in=_LIVE).first()
        if campaign is None or not _is_over(campaign, now=now):
            return False
        campaign.status = Campaign.Status.FINISHED
        campaign.finished_at = now
        campaign.revision += 1
        campaign.save(update_fields=["status", "finished_at", "revision"])
        record_event(type="campaign.finished", payload={"campaign_id": campaign.reference}, now=now)
    return True


def _is_opened(campaign: Campaign, *, now: datetime) -> bool:
    """Whether every occasion that it ever has was opened, in every time zone."""
    definition = definition_of(campaign)
    if isinstance(definition.trigger, Recurring):
        today = (now - BEHIND).date()
        rule = definition.trigger.rrule
        if not recurs_no_more(rule, start=begun_on(campaign), today=today):
            return False
    keys = set(campaign.occurrences.values_list("key", flat=True))
    due = {each.key for each in occasions_of(campaign, definition, now=now)}
    return due <= keys and (bool(keys) or isinstance(definition.trigger, Recurring))
