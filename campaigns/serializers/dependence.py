"""How much of the revenue hangs on discounts, as its answer."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from msgspec import Meta, Struct

from campaigns.domain.dependence import (
    Bought,
    CurrencyDependence,
    Dependence,
    range_errors,
    range_read,
)
from common.api.call import Call
from common.errors import FieldError, ValidationFailed
from common.fields import ShopId, spelled
from common.money import format_percent

_WORDS = "A date or an instant with an offset: 2026-03-01 or 2026-03-01T00:00:00+01:00."
Moment = Annotated[
    str,
    spelled(
        r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}"
        r"(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[-+ ][0-9]{2}:[0-9]{2}))?$(?!\n)",
        _WORDS,
        description="A date by the shop's clocks, or an instant (RFC 3339).",
        examples=["2026-03-01"],
    ),
]


class PaidShare(Struct, frozen=True, kw_only=True):
    """A part of what was paid."""

    orders: int
    revenue: int
    percent: Annotated[
        str | None,
        Meta(description='Of the whole revenue: "12.5"; null where there was none.'),
    ]


class DependenceFigures(Struct, frozen=True, kw_only=True):
    """Paid orders, in minor units: what was paid for goods that were kept, after discounts, without shipping."""

    orders: int
    revenue: int
    with_discount: Annotated[
        PaidShare, Meta(description="Of orders with a discount on goods or shipping.")
    ]
    with_cashback: Annotated[
        PaidShare, Meta(description="Of orders that were paid for with cashback in part.")
    ]
    with_either: PaidShare


class MonthDependence(DependenceFigures, frozen=True, kw_only=True):
    """Of the orders placed in one month by the shop's clocks."""

    month: Annotated[str, Meta(examples=["2026-03"])]


class SegmentDependence(DependenceFigures, frozen=True, kw_only=True):
    """Of the orders of a segment's members; whoever is in several counts in each."""

    segment_id: ShopId


class CurrencyDependenceResponse(DependenceFigures, frozen=True, kw_only=True):
    """In one currency."""

    currency: str
    months: list[MonthDependence]
    segments: list[SegmentDependence]


class DependenceResponse(Struct, frozen=True, kw_only=True, rename={"since": "from"}):
    """What share of the revenue came with discounts, and with cashback."""

    since: datetime
    until: datetime
    by_currency: list[CurrencyDependenceResponse]


def range_asked(call: Call) -> tuple[datetime, datetime]:
    """The range of the query, else the last twelve months, this one included; in UTC.

    Raises:
        ValidationFailed
    """
    zone = ZoneInfo(settings.SHOP_TIME_ZONE)
    try:
        since, until = range_read(
            call.query.get("from"), call.query.get("until"), now=call.now, zone=zone
        )
    except ValueError as odd:
        raise ValidationFailed(errors=[FieldError(f"/{odd}", "invalid", _WORDS)]) from None
    if errors := range_errors(since, until):
        raise ValidationFailed(errors=errors)
    return since.astimezone(UTC), until.astimezone(UTC)


def dependence_response(
    found: Sequence[CurrencyDependence], *, since: datetime, until: datetime
) -> DependenceResponse:
    """The figures as the answer."""
    return DependenceResponse(
        since=since, until=until, by_currency=[_by_currency(each) for each in found]
    )


def _by_currency(found: CurrencyDependence) -> CurrencyDependenceResponse:
    return CurrencyDependenceResponse(
        currency=found.currency,
        months=[MonthDependence(month=name, **_figures(part)) for name, part in found.months],
        segments=[
            SegmentDependence(segment_id=name, **_figures(part)) for name, part in found.segments
        ],
        **_figures(found.total),
    )


def _figures(part: Dependence) -> dict[str, Any]:
    return {
        "orders": part.all.orders,
        "revenue": part.all.revenue,
        "with_discount": _share(part.with_discount, part.all),
        "with_cashback": _share(part.with_cashback, part.all),
        "with_either": _share(part.with_either, part.all),
    }


def _share(part: Bought, whole: Bought) -> PaidShare:
    percent = part.share_of(whole)
    return PaidShare(
        orders=part.orders,
        revenue=part.revenue,
        percent=None if percent is None else format_percent(percent),
    )
