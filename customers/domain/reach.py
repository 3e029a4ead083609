"""Whether a customer may be written to, and why not."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from msgspec import Struct

SuppressionReason = Literal["erased", "bounced", "complained"]
MailPurpose = Literal["marketing", "transactional"]
Obstacle = Literal[
    "erased", "suppressed", "restricted", "under_age", "no_consent", "paused", "no_address"
]

#: What stands in the way of mail of either purpose: who complained still gets word of their orders.
_REFUSED: Mapping[MailPurpose, frozenset[SuppressionReason]] = {
    "marketing": frozenset({"erased", "bounced", "complained"}),
    "transactional": frozenset({"erased", "bounced"}),
}


class Reachable(Struct, frozen=True, kw_only=True):
    """A customer as whoever is about to write to them has to know them, at that moment.

    Texts that are not known are "". `consent` is that of one channel for marketing; a request without
    its confirmation is `none`. `suppressions` are of the present address, and fit e-mail only.
    """

    customer_key: int
    customer_id: str
    email: str
    phone: str
    locale: str
    timezone: str
    country: str
    first_name: str
    last_name: str
    birth_date: date | None
    is_erased: bool
    is_restricted: bool
    consent: Literal["granted", "withdrawn", "none"]
    allows_tracking: bool
    most_per_days: int | None
    paused_until: datetime | None
    suppressions: frozenset[SuppressionReason] = frozenset()


def obstacle(
    person: Reachable,
    *,
    channel: str,
    purpose: MailPurpose,
    min_age: int,
    today: date,
    now: datetime,
) -> Obstacle | None:
    """Why the person must not be written to, most decisive first; None where they may be.

    How often somebody may be written to is counted by whoever sends. `today` is the customer's day.
    """
    if person.is_erased:
        return "erased"
    if channel == "email" and person.suppressions & _REFUSED[purpose]:
        return "suppressed"
    if purpose == "marketing":
        if person.is_restricted:
            return "restricted"
        if is_child(birth_date=person.birth_date, today=today, age_limit=min_age):
            return "under_age"
        if person.consent != "granted":
            return "no_consent"
        if person.paused_until is not None and now < person.paused_until:
            return "paused"
    if (channel == "email" and not person.email) or (channel == "sms" and not person.phone):
        return "no_address"
    return None


def is_child(*, birth_date: date | None, today: date, age_limit: int) -> bool:
    """Whether somebody is known to be younger than `age_limit` (years); who tells no birthday is not.

    >>> is_child(birth_date=date(2010, 3, 11), today=date(2026, 3, 10), age_limit=16)
    True
    >>> is_child(birth_date=date(2010, 3, 10), today=date(2026, 3, 10), age_limit=16)
    False
    """
    if birth_date is None:
        return False
    is_to_come = (today.month, today.day) < (birth_date.month, birth_date.day)
    return today.year - birth_date.year - is_to_come < age_limit
