"""Reads: the roll-ups of a promotion."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Min, Sum

from checkout.domain.report import Calls, Sales
from checkout.models import CallDay, Decision, PromotionDay
from checkout.queries.contributions import FIGURES


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a promotion: calls of that day, and redemptions of that day that still stand."""

    day: date
    validated: int = 0
    refused: int = 0
    redeemed: int = 0
    #: Minor units of the currency asked for.
    discount: int = 0


def sales_of(promotion_id: str) -> list[Sales]:
    """What was redeemed and what became of it, by currency."""
    sums = {name: Sum(name) for name in FIGURES}
    rows = PromotionDay.objects.filter(promotion_id=promotion_id).order_by("currency")
    return [Sales(**row) for row in rows.values("currency").annotate(**sums)]


def calls_of(promotion_id: str) -> Calls:
    """What calls made of the promotion; refusals of reservations and redemptions count as well."""
    rows = (
        CallDay.objects.filter(promotion_id=promotion_id)
        .values_list("kind", "outcome")
        .annotate(Sum("calls"))
    )
    validated = left_out = 0
    refused: dict[str, int] = {}
    for kind, outcome, calls in rows:
        if outcome not in (CallDay.APPLIED, CallDay.LEFT_OUT):
            refused[outcome] = refused.get(outcome, 0) + calls
        elif kind == Decision.Kind.VALIDATE:
            if outcome == CallDay.APPLIED:
                validated += calls
            else:
                left_out += calls
    ranked = sorted(refused.items(), key=lambda row: (-row[1], row[0]))
    return Calls(validated, left_out, dict(ranked))


def first_day_of(promotion_id: str) -> date | None:
    """The day of its first redemption."""
    first: date | None = PromotionDay.objects.filter(promotion_id=promotion_id).aggregate(
        first=Min("day")
    )["first"]
    return first


def discount_between(promotion_id: str, *, currency: str, first: date, last: date) -> int:
    """What it took on these days, both included, in minor units."""
    rows = PromotionDay.objects.filter(
        promotion_id=promotion_id, currency=currency, day__range=(first, last)
    )
    return rows.aggregate(discount=Sum("discount"))["discount"] or 0


def days_of(promotion_id: str, *, currency: str, first: date, last: date) -> Sequence[Day]:
    """Each day from `first` to `last`, both included; money and redemptions of one currency."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT each.day::date, coalesce(validated, 0), coalesce(refused, 0),
                coalesce(redeemed - cancelled, 0), coalesce(discount, 0)
            FROM generate_series(%(first)s::date, %(last)s::date, '1 day') AS each (day)
            LEFT JOIN (
                SELECT day,
                    sum(calls) FILTER (WHERE kind = 'validate' AND outcome = 'applied')::bigint
                        AS validated,
                    sum(calls) FILTER (WHERE outcome NOT IN ('applied', 'left_out'))::bigint
                        AS refused
                FROM checkout_callday
                WHERE promotion_id = %(promotion)s AND day BETWEEN %(first)s AND %(last)s
                GROUP BY day
            ) AS calls ON calls.day = each.day::date
            LEFT JOIN checkout_promotionday AS sold ON sold.promotion_id = %(promotion)s
                AND sold.day = each.day::date AND sold.currency = %(currency)s
            ORDER BY each.day
            """,
            {"promotion": promotion_id, "currency": currency, "first": first, "last": last},
        )
        return [Day(*row) for row in cursor.fetchall()]
