"""Acts: enlist whom a campaign is for, one row each, set-based and chunk by chunk.

A chunk is one transaction with its place in the audience: who is killed goes on behind the last whole
chunk, and rows that are there already stay as they are. Who is held out, and who gets which variant, is a
hash of the customer's key and the campaign's: the same on every occasion, drawn by nobody.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from campaigns.actions.opening import AHEAD, looks_back_to
from campaigns.domain.definition import CampaignDefinition
from campaigns.domain.local_times import instant_at, is_time_zone
from campaigns.domain.triggers import MORNING, Once, Recurring
from campaigns.models import Campaign, Occurrence
from campaigns.queries.campaigns import definition_of, expiry_of
from campaigns.queries.sources import source_of
from common import faults
from common.money import parse_percent
from common.statements import text_array, value_array
from customers.queries.audience_keys import AudienceKeys, audience_keys

AT_ONCE = 10_000
#: A hash falls into one of so many parts: ten-thousandths of a percent.
_PARTS = 1_000_000

_COLUMNS = """campaign_id, occurrence, customer_id, channel, variant, state, reason, not_before,
    expires_at, subject, enlisted_at, attempts, closed_at"""

# `due` has customer_id, occurrence, at (an instant) and subject.
_ENLIST = f"""
    INSERT INTO campaigns_delivery ({_COLUMNS})
    SELECT %(campaign)s, due.occurrence, due.customer_id, %(channel)s,
        CASE WHEN held.out THEN '' ELSE {{variant}} END,
        CASE WHEN held.out THEN 'held_out' ELSE 'pending' END,
        CASE WHEN held.out THEN 'held_out' ELSE '' END,
        due.at, due.at + %(lasts)s::interval, due.subject, %(now)s, 0,
        CASE WHEN held.out THEN %(now)s::timestamptz END
    FROM ({{due}}) AS due
    CROSS JOIN LATERAL (SELECT {{part}} < %(holdout)s) AS held (out)
"""
_UNLESS_KNOWN = "ON CONFLICT (campaign_id, occurrence, customer_id, channel) DO NOTHING"
_CHUNK = """
    WITH picked AS MATERIALIZED ({next_keys}), enlisted AS ({enlist})
    SELECT count(*), max(customer_id) FROM picked
"""
_AT_INSTANT = """
    SELECT picked.customer_id, %(occurrence)s AS occurrence, %(at)s::timestamptz AS at,
        NULL::bigint AS subject
    FROM picked WHERE NOT EXISTS (SELECT FROM customers_customer AS gone
        WHERE gone.id = picked.customer_id AND gone.erased_at IS NOT NULL)"""
_BY_ZONE = """
    SELECT picked.customer_id, %(occurrence)s AS occurrence,
        coalesce(clock.at, %(at)s::timestamptz) AS at, NULL::bigint AS subject
    FROM picked JOIN customers_customer AS customer ON customer.id = picked.customer_id
    LEFT JOIN unnest(%(zones)s::text[], %(instants)s::timestamptz[]) AS clock (zone, at)
        ON clock.zone = customer.timezone
    WHERE customer.erased_at IS NULL"""
# Of each whom the trigger concerns: at its own instant, or when it is so late on that day where they are.
_TRIGGERED = """
    SELECT source.customer_id, source.occurrence, due.at, source.subject
    FROM ({source}) AS source
    JOIN customers_customer AS customer ON customer.id = source.customer_id
    LEFT JOIN unnest(%(zones)s::text[], %(clock_days)s::date[], %(instants)s::timestamptz[])
        AS clock (zone, day, at) ON clock.zone = customer.timezone AND clock.day = source.local_date
    LEFT JOIN unnest(%(elsewhere_days)s::date[], %(elsewhere)s::timestamptz[])
        AS other (day, at) ON other.day = source.local_date
    CROSS JOIN LATERAL (SELECT coalesce(source.at, clock.at, other.at)) AS due (at)
    WHERE {audience} AND due.at >= %(begun)s AND NOT EXISTS (
        SELECT FROM campaigns_delivery AS known
        WHERE known.campaign_id = %(campaign)s AND known.occurrence = source.occurrence
            AND known.customer_id = source.customer_id AND known.channel = %(channel)s)"""

# Two at once would wait for each other's rows, and in a ring if they met them in another order.
_TURN = "SELECT pg_try_advisory_xact_lock(hashint8extended(%(campaign)s, 6))"


def enlist_due(*, now: datetime, goes_on: Callable[[], bool] = lambda: True) -> int:
    """Enlist whom an open occasion or a trigger concerns by `now`, a chunk after the other while `goes_on`
    says so; how many rows.

    Opens its own transactions; safe to repeat, to stop anywhere, and to run by several at once.
    """
    running = Campaign.objects.select_related("promotion").filter(status=Campaign.Status.RUNNING)
    enlisted = sum(_enlist_triggered(campaign, now=now) for campaign in running.order_by("pk"))
    waiting = Occurrence.objects.filter(
        enlisted_at__isnull=True, campaign__status=Campaign.Status.RUNNING
    )
    for key in list(waiting.order_by("pk").values_list("pk", flat=True)):
        while goes_on() and (rows := _next_chunk(key, now=now)) is not None:
            enlisted += rows
    return enlisted


def _next_chunk(occurrence_key: int, *, now: datetime, at_once: int = AT_ONCE) -> int | None:
    """Enlist the next of an occasion; how many, None when all are, or the campaign does not run."""
    with transaction.atomic():
        rows = Occurrence.objects.select_for_update(no_key=True, of=("self",))
        occurrence = (
            rows.select_related("campaign", "campaign__promotion")
            .filter(
                pk=occurrence_key,
                enlisted_at__isnull=True,
                campaign__status=Campaign.Status.RUNNING,
            )
            .first()
        )
        if occurrence is None:
            return None
        definition = definition_of(occurrence.campaign)
        keys = _audience(definition)
        binds = {
            **_binds(occurrence.campaign, definition, now=now),
            **keys.binds(),
            "occurrence": occurrence.key,
            "after": occurrence.enlisted_through,
            "at_once": at_once,
        }
        due = _AT_INSTANT
        if occurrence.at is not None:
            binds["at"] = occurrence.at
        else:
            due = _BY_ZONE
            assert occurrence.local_date is not None
            binds |= _clocks(definition, [occurrence.local_date])
            binds["at"] = _elsewhere(definition, occurrence.local_date)
        picked, last = _written(keys, _ENLIST.format(due=due, **_hashes(definition)), binds)
        if last is not None:
            occurrence.enlisted_through = last
        if picked < at_once:
            occurrence.enlisted_at = now
        occurrence.save(update_fields=["enlisted_through", "enlisted_at"])
        faults.point("enlisting")
    faults.point("enlisted")
    return int(picked)


def _written(keys: AudienceKeys, enlist: str, binds: dict[str, Any]) -> tuple[int, int | None]:
    """How many customers were next of the occasion, which is locked, and the last of them.

    So nobody else writes rows of it, and none is looked for before it is written, which would cost half as
    much again. Should there be one, all of them are.
    """
    with connection.cursor() as cursor:

        def write(enlist: str) -> tuple[int, int | None]:
            cursor.execute(_CHUNK.format(next_keys=keys.next_keys(), enlist=enlist), binds)
            picked, last = cursor.fetchone()
            return picked, last

        try:
            with transaction.atomic():
                return write(enlist)
        except IntegrityError:
            return write(enlist + _UNLESS_KNOWN)


def _enlist_triggered(campaign: Campaign, *, now: datetime) -> int:
    definition = definition_of(campaign)
    if isinstance(definition.trigger, Once | Recurring):
        return 0
    since = looks_back_to(campaign, now=now)
    source = source_of(definition.trigger)
    keys = _audience(definition)
    binds = {
        **_binds(campaign, definition, now=now),
        **keys.binds(),
        **source.binds,
        "since": since,
        "until": now,
        "begun": since,
    }
    binds |= _clocks(definition, _days(since, now) if source.is_local else [])
    due = _TRIGGERED.format(source=source.sql, audience=keys.condition())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TURN, {"campaign": campaign.pk})
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_ENLIST.format(due=due, **_hashes(definition)) + _UNLESS_KNOWN, binds)
        return cursor.rowcount


def _audience(definition: CampaignDefinition) -> AudienceKeys:
    audience = definition.audience
    return audience_keys(segments=audience.segments, exclude_segments=audience.exclude_segments)


def _binds(campaign: Campaign, definition: CampaignDefinition, *, now: datetime) -> dict[str, Any]:
    bounds, bound = [], 0
    for variant in definition.variants:
        bound += parse_percent(variant.percent)
        bounds.append(bound)
    return {
        "campaign": campaign.pk,
        # Another part of the same customers for each campaign, and another one for variants.
        "salt": campaign.pk,
        "variant_salt": -campaign.pk,
        "channel": campaign.channel,
        "holdout": campaign.holdout_percent,
        "bounds": bounds,
        "variants": [variant.name for variant in definition.variants],
        "lasts": expiry_of(campaign),
        "now": now,
    }


def _hashes(definition: CampaignDefinition) -> dict[str, str]:
    """SQL of the part that a customer falls into, and of the variant: the first whose bound lies above."""
    variant = "''"
    if definition.variants:
        variant = f"""coalesce((%(variants)s::text[])[1 + (
            SELECT count(*)::int FROM unnest(%(bounds)s::bigint[]) AS bound
            WHERE bound <= {_part("variant_salt")})], '')"""
    return {"part": _part("salt"), "variant": variant}


def _part(salt: str) -> str:
    hashed = f"hashint8extended(due.customer_id, %({salt})s)"
    return f"(({hashed} & 9223372036854775807) %% {_PARTS})"


def _clocks(definition: CampaignDefinition, days: Sequence[date]) -> dict[str, Any]:
    """The instants of the trigger's local time on these days, in every zone that a customer has."""
    zones = _zones() if definition.timezone == "customer" and days else []
    clock = _clock(definition)
    told = [
        (zone, day, instant_at(day, clock, zone=ZoneInfo(zone))) for zone in zones for day in days
    ]
    elsewhere = [_elsewhere(definition, day) for day in days]
    return {
        "zones": text_array(zone for zone, _, _ in told),
        # Not `days`: that is what the source of a pause binds.
        "clock_days": value_array(day for _, day, _ in told),
        "instants": value_array(at.isoformat() for _, _, at in told),
        "elsewhere_days": value_array(days),
        "elsewhere": value_array(at.isoformat() for at in elsewhere),
    }


def _elsewhere(definition: CampaignDefinition, day: date) -> datetime:
    """That time in the campaign's own zone, or in the shop's where a customer's is not known."""
    is_own = definition.timezone != "customer"
    zone = ZoneInfo(definition.timezone if is_own else settings.SHOP_TIME_ZONE)
    return instant_at(day, _clock(definition), zone=zone)


def _clock(definition: CampaignDefinition) -> time:
    """Triggers that have none are no local ones."""
    return time.fromisoformat(getattr(definition.trigger, "local_time", MORNING))


def _days(since: datetime, until: datetime) -> list[date]:
    """The local dates at which somebody somewhere may be, as the sources look for them."""
    first, last = since.date() - timedelta(days=1), (until + AHEAD).date()
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _zones() -> Iterable[str]:
    """The names of time zones that customers have."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT timezone FROM customers_customer WHERE timezone <> ''")
        return [zone for (zone,) in cursor.fetchall() if is_time_zone(zone)]
