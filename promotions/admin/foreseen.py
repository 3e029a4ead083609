"""What a forecast says, as its page shows it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.chart import Chart, chart_of
from common.money import format_percent, parse_percent
from common.words import day, language_in_use, moment, money, number

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with what it means; `url` leads to what it is about."""

    label: str
    value: str
    meaning: str
    url: str = ""
    link: str = ""


def period_of(result: Mapping[str, Any]) -> str:
    """First and last day."""
    since, until = (datetime.fromisoformat(result[name]) for name in ("from", "until"))
    last = until - timedelta(microseconds=1)
    return f"{day(timezone.localtime(since).date())} – {day(timezone.localtime(last).date())}"


def currencies_of(result: Mapping[str, Any]) -> list[str]:
    """Those of the orders."""
    return [amounts["currency"] for amounts in result["amounts"]]


def figures_of(result: Mapping[str, Any], currency: str, *, worst_url: str) -> list[Figure]:
    """The forecast in its figures; amounts are those of one currency, save of the worst basket."""
    by_currency = {amounts["currency"]: amounts for amounts in result["amounts"]}
    amounts = by_currency.get(currency)
    figures = [
        Figure(
            _("Orders with it"),
            number(result["orders_hit"]),
            _("of %(orders)s orders in this time") % {"orders": number(result["orders"])},
        ),
        Figure(
            _("Customers with it"),
            _percent(result["share_of_customers"]),
            _("%(hit)s of the %(all)s who ordered")
            % {"hit": number(result["customers_hit"]), "all": number(result["customers"])},
        ),
    ]
    if amounts is not None:
        figures += _money_of(amounts, currency, orders_alone=result["orders_alone"])
    if result["worst_basket"] is not None:
        figures.append(_worst(result["worst_basket"], worst_url))
    return figures


def _money_of(amounts: Mapping[str, int], currency: str, *, orders_alone: int) -> Iterator[Figure]:
    yield Figure(
        _("Cost"),
        money(amounts["cost"], currency),
        _("on top of what runs: all together %(with)s with it, %(without)s without")
        % {
            "with": money(amounts["discount_with"], currency),
            "without": money(amounts["discount_without"], currency),
        },
    )
    yield Figure(
        _("Its own discount"),
        money(amounts["discount"], currency),
        _("that it gives itself beside the others"),
    )
    orders = ngettext("%(orders)s order", "%(orders)s orders", orders_alone)
    yield Figure(
        _("By itself"),
        money(amounts["discount_alone"], currency),
        _("if nothing else ran, on %(orders)s")
        % {"orders": orders % {"orders": number(orders_alone)}},
    )


def _worst(worst: Mapping[str, Any], url: str) -> Figure:
    told = {
        "discount": money(worst["discount"], worst["currency"]),
        "subtotal": money(worst["subtotal"] + worst["shipping_amount"], worst["currency"]),
    }
    return Figure(
        _("Worst basket"),
        _percent(worst["share"]),
        _("all promotions together take %(discount)s of %(subtotal)s in order") % told,
        url,
        worst["order_id"],
    )


def _percent(share: str) -> str:
    text = format_percent(parse_percent(share), language=language_in_use())
    return f"{text}\N{NO-BREAK SPACE}%"


def remarks_of(result: Mapping[str, Any], *, is_outdated: bool) -> list[str]:
    """What must be known to read the figures."""
    remarks = []
    if is_outdated:
        remarks.append(_("The promotion was changed since: ask for a new forecast."))
    if result["instead"]:
        listed = ", ".join(
            f"{each['promotion_id']} ({number(each['orders'])})" for each in result["instead"]
        )
        remarks.append(
            _("Where it would fit by itself, others took its place: %(names)s.") % {"names": listed}
        )
    return [
        *remarks,
        _("With today's segments, as of %(moment)s.")
        % {"moment": moment(result["segments_as_of"])},
        _(
            "Countries, payment and shipping methods are not kept with orders: a condition on one"
            " of them is met by no past order."
        ),
        _(
            "Every order is priced as by checkout, beside the automatic promotions that are active"
            " today. Periods are left out, and its own limits are counted along from zero."
        ),
    ]


@dataclass(frozen=True, slots=True)
class Week:
    """A week from Monday on."""

    starts_on: date
    orders: int = 0
    orders_hit: int = 0
    cost: int = 0


def weeks_of(result: Mapping[str, Any], currency: str) -> list[Week]:
    """All weeks from the first with an order to the last, quiet ones as well."""
    told = {date.fromisoformat(week["starts_on"]): week for week in result["weeks"]}
    weeks = []
    start = min(told, default=None)
    while start is not None and start <= max(told):
        week = told.get(start)
        weeks.append(
            Week(start)
            if week is None
            else Week(start, week["orders"], week["orders_hit"], week["cost"].get(currency, 0))
        )
        start += _WEEK
    return weeks


def charts_of(weeks: Sequence[Week], currency: str) -> list[Chart]:
    """Orders with it, and cost, week by week."""
    named = [(day(week.starts_on), week) for week in weeks]
    return [
        chart_of(
            [(name, week.orders_hit) for name, week in named],
            name="redeemed",
            label=_("Orders with it"),
            shown=number,
        ),
        chart_of(
            [(name, week.cost) for name, week in named],
            name="discount",
            label=_("Cost"),
            shown=lambda amount: money(amount, currency),
        ),
    ]


def row_of(week: Week, currency: str) -> tuple[str, ...]:
    """The week in the table."""
    return (
        day(week.starts_on),
        number(week.orders),
        number(week.orders_hit),
        money(week.cost, currency),
    )
