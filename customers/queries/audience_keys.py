"""Whoever is in an audience by the members' tables, as SQL: for sending to them, not for checkout."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import OperationalError

from customers.queries.preview import EXACT_MS, within
from customers.queries.segments import segments_named


class AudienceKeys(NamedTuple):
    """Keys of segments. `included` None: everybody; empty: nobody, since there are no such segments."""

    included: tuple[int, ...] | None
    excluded: tuple[int, ...]

    def condition(self) -> str:
        """Whether the row `customer` is in it. Binds `included` and `excluded`."""
        parts = ["customer.erased_at IS NULL"]
        if self.included is not None:
            parts.append(_is_member("included"))
        if self.excluded:
            parts.append(f"NOT {_is_member('excluded')}")
        return " AND ".join(parts)

    def next_keys(self) -> str:
        """A SELECT of the next `at_once` keys `customer_id` behind `after`, in rising order.

        Binds also what `condition` does.
        """
        if self.included is not None and len(self.included) == 1 and not self.excluded:
            return """
                SELECT customer_id FROM customers_segmentmember
                WHERE segment_id = (%(included)s::bigint[])[1] AND customer_id > %(after)s
                ORDER BY customer_id LIMIT %(at_once)s"""
        return f"""
            SELECT customer.id AS customer_id FROM customers_customer AS customer
            WHERE customer.id > %(after)s AND {self.condition()}
            ORDER BY customer.id LIMIT %(at_once)s"""

    def binds(self) -> dict[str, Any]:
        """What the SQL above binds of the audience."""
        return {"included": list(self.included or ()), "excluded": list(self.excluded)}


def audience_keys(*, segments: Sequence[str], exclude_segments: Sequence[str]) -> AudienceKeys:
    """The audience of the segments of these ids (the shop's): members of any of `segments`, of everybody
    where there are none, who are in none of `exclude_segments`.
    """
    found = {
        segment.reference: segment.pk for segment in segments_named({*segments, *exclude_segments})
    }
    return AudienceKeys(
        tuple(found[name] for name in segments if name in found) if segments else None,
        tuple(found[name] for name in exclude_segments if name in found),
    )


class Reach(NamedTuple):
    """How many an audience has now, and how many of them have agreed to marketing by a channel."""

    members: int
    agreed: int


def reach_of(
    *, segments: Sequence[str], exclude_segments: Sequence[str], channel: str
) -> Reach | None:
    """Counted by the members' tables; None where that takes longer than people wait."""
    audience = audience_keys(segments=segments, exclude_segments=exclude_segments)
    sql = f"""
        SELECT count(*), count(*) FILTER (WHERE EXISTS (
            SELECT FROM customers_consent AS consent WHERE consent.customer_id = customer.id
                AND consent.channel = %(channel)s AND consent.purpose = 'marketing'
                AND consent.state = 'granted'))
        FROM customers_customer AS customer WHERE {audience.condition()}"""
    try:
        return Reach(*within(EXACT_MS, sql, {"channel": channel, **audience.binds()}))
    except OperationalError:
        return None


def _is_member(of: str) -> str:
    return (
        "EXISTS (SELECT FROM customers_segmentmember AS member"
        f" WHERE member.customer_id = customer.id AND member.segment_id = ANY(%({of})s::bigint[]))"
    )
