"""Places on the site: where and when a campaign is shown, and which of several."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from campaigns.domain.local_times import instant_at
from campaigns.domain.occurrences import recurring_dates
from campaigns.domain.triggers import Once, Recurring, Trigger
from common.errors import FieldError
from common.fields import Word

_Words = Annotated[list[Word], Meta(max_length=100)]
#: How long one that begins anew on certain days is shown, unless it says so.
_A_DAY = timedelta(hours=24)


class Placement(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where in its slot a campaign is shown. Of a list any entry will do, and an empty one is no condition;
    all lists have to hold.
    """

    #: As the storefront names its pages; with a `*` at its end all that begin so.
    pages: _Words = []
    #: Words of which one stands in what was searched for, in whatever case.
    queries: _Words = []
    #: Categories of the page, in whatever case.
    categories: _Words = []
    #: So often one customer sees it at most; null: without end.
    max_views: Annotated[int, Meta(ge=1, le=10_000)] | None = None


class Spot(Struct, frozen=True, kw_only=True):
    """Where somebody is on the site; None: the storefront did not say."""

    page: str | None = None
    query: str | None = None
    category: str | None = None


def is_meant(placement: Placement, spot: Spot) -> bool:
    """Whether the campaign is for this spot.

    >>> is_meant(Placement(pages=["/tea/*"]), Spot(page="/tea/green"))
    True
    >>> is_meant(Placement(queries=["Oolong"]), Spot(query="best oolong tea"))
    True
    >>> is_meant(Placement(categories=["tea"]), Spot(page="/tea"))
    False
    """
    page, query, category = spot.page or "", (spot.query or "").casefold(), spot.category or ""
    return (
        (not placement.pages or any(_is_page(each, page) for each in placement.pages))
        and (not placement.queries or any(each.casefold() in query for each in placement.queries))
        and (
            not placement.categories
            or category.casefold() in {each.casefold() for each in placement.categories}
        )
    )


def is_shown(
    trigger: Trigger,
    *,
    lasts: timedelta | None,
    scheduled_at: datetime,
    zone: ZoneInfo,
    now: datetime,
) -> bool:
    """Whether it is shown at `now`: from its instant or its local time on for as long as it lasts, end
    excluded; None: once begun without an end, on certain days for 24 hours.
    """
    if isinstance(trigger, Once):
        return trigger.at <= now and (lasts is None or now < trigger.at + lasts)
    if not isinstance(trigger, Recurring):
        return False
    lasts = lasts or _A_DAY
    days = recurring_dates(
        trigger.rrule,
        start=scheduled_at.astimezone(zone).date(),
        first=(now - lasts).astimezone(zone).date(),
        last=now.astimezone(zone).date(),
    )
    clock = time.fromisoformat(trigger.local_time)
    begins = (instant_at(day, clock, zone=zone) for day in days)
    return any(each <= now < each + lasts for each in begins)


def placement_errors(trigger: Trigger) -> list[FieldError]:
    """What a trigger cannot do for a place on the site: it is not sent to anybody."""
    if isinstance(trigger, Once | Recurring):
        return []
    detail = "A place on the site begins at an instant (once) or on certain days (recurring)."
    return [FieldError("/trigger/kind", "not_allowed", detail)]


class Standing(Struct, frozen=True, kw_only=True):
    """How a campaign stands with one customer."""

    is_member: bool
    is_held_out: bool
    views: int
    #: Whether the offer was taken, or is over for this customer.
    is_used: bool


Verdict = Literal["shown", "held_out", "passed_over"]


def verdict(standing: Standing, *, max_views: int | None) -> Verdict:
    """What becomes of the campaign for this customer; the next one is asked where it is passed over.

    Who is held out sees nothing at all there: with another banner in its place the effect could not be told.
    """
    if not standing.is_member or standing.is_used:
        return "passed_over"
    if standing.is_held_out:
        return "held_out"
    if max_views is not None and standing.views >= max_views:
        return "passed_over"
    return "shown"


def variant_at(part: int, shares: Sequence[tuple[str, int]]) -> str:
    """The variant of the part (of a million) that a customer falls into; "": the campaign's own content.

    >>> variant_at(99_999, [("b", 100_000)]), variant_at(100_000, [("b", 100_000)])
    ('b', '')
    """
    bound = 0
    for name, share in shares:
        bound += share
        if part < bound:
            return name
    return ""


def _is_page(pattern: str, page: str) -> bool:
    return page.startswith(pattern[:-1]) if pattern.endswith("*") else page == pattern
