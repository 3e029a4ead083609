"""The decision at the moment of sending: whether this message goes to this person now."""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from msgspec import Struct

from campaigns.domain.definition import QuietHours
from campaigns.domain.local_times import after_quiet_hours
from customers.domain.reach import MailPurpose, Obstacle, Reachable, obstacle


class Ends(Struct, frozen=True):
    """The delivery ends unsent."""

    state: str
    reason: str


class Waits(Struct, frozen=True):
    """Not now, but from this instant on."""

    until: datetime


#: What becomes of a delivery that meets an obstacle.
_STATES: Mapping[Obstacle, str] = {
    "erased": "suppressed",
    "suppressed": "suppressed",
    "restricted": "no_consent",
    "under_age": "no_consent",
    "no_consent": "no_consent",
    "paused": "capped",
    "no_address": "failed",
}


class Occasion(Struct, frozen=True, kw_only=True):
    """What is about to be sent."""

    channel: str
    purpose: MailPurpose
    quiet_hours: QuietHours | None
    #: Of this recipient's clock.
    zone: ZoneInfo
    expires_at: datetime | None
    #: Why the personal code that it brings could not be used, where that is so.
    code_is_useless: str | None = None


def gate(
    person: Reachable | None, occasion: Occasion, *, min_age: int, now: datetime
) -> Ends | Waits | None:
    """None: it may go, as far as one message alone can tell; caps are counted afterwards."""
    if person is None:
        return Ends("suppressed", "erased")
    met = obstacle(
        person,
        channel=occasion.channel,
        purpose=occasion.purpose,
        min_age=min_age,
        today=_today(now, occasion.zone),
        now=now,
    )
    if met is not None:
        return Ends(_STATES[met], met)
    if occasion.expires_at is not None and now >= occasion.expires_at:
        return Ends("expired", "expired")
    if occasion.code_is_useless is not None:
        return Ends("failed", occasion.code_is_useless)
    hours = occasion.quiet_hours
    if hours is None:
        return None
    ends = after_quiet_hours(
        now,
        quiet_from=time.fromisoformat(hours.from_),
        quiet_until=time.fromisoformat(hours.until),
        zone=occasion.zone,
    )
    if ends <= now:
        return None
    if occasion.expires_at is not None and ends >= occasion.expires_at:
        return Ends("expired", "quiet_hours")
    return Waits(ends)


class Cap(Struct, frozen=True):
    """At most so many messages of marketing within so many days."""

    messages: int
    days: int


def caps_of(person: Reachable, shop: Cap | None) -> list[Cap]:
    """The shop's own and the customer's."""
    own = [Cap(1, person.most_per_days)] if person.most_per_days else []
    return [*([shop] if shop else []), *own]


def _today(now: datetime, zone: ZoneInfo) -> date:
    return now.astimezone(zone).date()
