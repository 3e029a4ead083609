"""Months as callers name them."""

from datetime import UTC, datetime
from typing import Annotated

from cashback.domain.earning import month_of
from cashback.domain.months import month_named
from cashback.queries.shop import shop_zone
from common.api.call import Call
from common.fields import spelled

Month = Annotated[
    str,
    spelled(
        r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$(?!\n)",
        "A month from 1900 to 2199: 2026-03.",
        description="A calendar month by the shop's clocks; by default the one of this instant.",
        examples=["2026-03"],
    ),
]


def month_asked(call: Call) -> tuple[datetime, datetime]:
    """The month of the query, else that of the call: its first instant, and the next month's."""
    named, zone = call.query.get("month"), shop_zone()
    since, until = month_named(named, zone=zone) if named else month_of(call.now, zone=zone)
    return since.astimezone(UTC), until.astimezone(UTC)
