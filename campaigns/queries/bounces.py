"""Reads: which addresses rest since mail to them keeps coming back, and how a campaign fares."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from campaigns.domain.breaker import Bounds, Counts, most_that_matters
from campaigns.domain.provider_events import OF_THE_LAST, EventKind, rests_until
from customers.queries.erasure import email_hash

#: No longer ago: what was long before says little of today's audience.
LOOKS_BACK = timedelta(days=7)
_LAST = f"""
    SELECT asked.email_hash, told.kind, told.at
    FROM unnest(%(hashes)s::bytea[]) AS asked (email_hash)
    CROSS JOIN LATERAL (
        SELECT kind, at FROM campaigns_providerevent
        WHERE email_hash = asked.email_hash
        ORDER BY at DESC LIMIT {OF_THE_LAST}) AS told
    ORDER BY asked.email_hash, told.at DESC
"""
# An address that does not exist is a bounce, whoever tells of it: the server at once or the provider later.
_BOUNCED = "(state IN ('bounced', 'complained') OR reason = 'no_such_address')"
_ILL = f"""
    SELECT count(*) FILTER (WHERE state <> 'complained'), count(*) FILTER (WHERE state = 'complained')
    FROM campaigns_delivery
    WHERE campaign_id = %(campaign)s AND {_BOUNCED} AND submitted_at >= %(since)s
"""
_SENT = f"""
    SELECT count(*) FROM (
        SELECT FROM campaigns_delivery
        WHERE campaign_id = %(campaign)s AND submitted_at >= %(since)s
            AND (state IN ('accepted', 'delivered') OR {_BOUNCED})
        LIMIT %(most)s) AS sent
"""


def bounds() -> Bounds:
    """What the shop has set."""
    return Bounds(
        settings.BREAKER_AFTER, settings.BREAKER_BOUNCE_PERCENT, settings.BREAKER_COMPLAINT_PERCENT
    )


def resting(addresses: Mapping[int, str], *, now: datetime) -> list[int]:
    """The keys of those addresses of which the last mails came back; 1 statement, or none without a provider."""
    if not settings.EMAIL_PROVIDER or not addresses:
        return []
    hashes = {key: email_hash(address) for key, address in addresses.items()}
    told: dict[bytes, list[tuple[EventKind, datetime]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LAST, {"hashes": sorted(set(hashes.values()))})
        for hashed, kind, at in cursor.fetchall():
            told.setdefault(bytes(hashed), []).append((kind, at))
    ends = {hashed: rests_until(last) for hashed, last in told.items()}
    return [key for key, hashed in hashes.items() if (until := ends.get(hashed)) and until > now]


def counts_of(campaign_key: int, *, since: datetime, within: Bounds) -> Counts:
    """How the campaign's messages since then fared. `sent` is counted only as far as it matters."""
    asked: dict[str, Any] = {"campaign": campaign_key, "since": since}
    with connection.cursor() as cursor:
        cursor.execute(_ILL, asked)
        bounced, complained = cursor.fetchone()
        most = most_that_matters(bounced, complained, within)
        if not most:
            return Counts(0, bounced, complained)
        cursor.execute(_SENT, {**asked, "most": most + 1})
        return Counts(cursor.fetchone()[0], bounced, complained)
