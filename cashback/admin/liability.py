"""What the shop owes its customers, when it expires, how old it is, and what became of the rest."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from cashback.admin.months import month_label
from cashback.domain.balances import Liability
from cashback.domain.months import month_named
from cashback.queries.liability import AGES, liability
from cashback.queries.shop import shop_zone
from cashback.queries.totals import ShopTotal, shop_totals
from common.chart import Chart, chart_of
from common.words import moment, money

#: Months of the chart at most; what is later is told in one sum.
_MONTHS = 24


def context_of(request: HttpRequest) -> dict[str, Any]:
    """What the page says; `currency` stands in the address."""
    now = timezone.now()
    found = liability(at=now)
    known = [each.currency for each in found]
    asked = request.GET.get("currency", "")
    currency = asked if asked in known else next(iter(known), "")
    owed = next((each for each in found if each.currency == currency), None)
    return {
        "title": _("Liability"),
        "content_title": _("Liability"),
        "as_of": _("as of %(moment)s") % {"moment": moment(now)},
        "currencies": [(name, f"?currency={name}", name == currency) for name in known]
        if len(known) > 1
        else [],
        "figures": _figures(owed, shop_totals()) if owed else [],
        "chart": _chart(owed) if owed and owed.expiring else None,
        "months": [(_month(each.month), money(each.amount, currency)) for each in owed.expiring]
        if owed
        else [],
        "ages": [(_age(each.from_days), money(each.amount, currency)) for each in owed.ageing]
        if owed
        else [],
        "words": _words(),
    }


def _figures(owed: Liability, totals: Sequence[ShopTotal]) -> list[tuple[str, str, str]]:
    def told(amount: int) -> str:
        return money(amount, owed.currency)

    def booked(kind: str) -> int:
        """What an account of the shop has come to, above zero in its own direction."""
        sums = [
            total.credits - total.debits
            for total in totals
            if (total.currency, total.kind) == (owed.currency, kind)
        ]
        return sum(sums)

    return [
        (_("Outstanding"), told(owed.outstanding), _("available: customers may spend it now")),
        (_("Pending"), told(owed.pending), _("earned, and still to wait for")),
        (_("Put aside"), told(owed.held), _("by checkouts and payouts that are under way")),
        (_("Owed by customers"), told(owed.debt), _("comes off what they earn next")),
        (_("Breakage"), told(booked("breakage")), _("expired, since the books began")),
        (
            _("Used"),
            told(booked("settled")),
            _("spent on orders or paid out, less what partners paid, since the books began"),
        ),
        (
            _("The shop's own share"),
            told(-booked("expense")),
            _("of all that was earned, less what was taken back"),
        ),
        (_("Owed by partners"), told(-booked("partner")), _("their shares, less what they paid")),
    ]


def _chart(owed: Liability) -> Chart:
    """What expires in each month, also in those in which nothing does."""
    amounts = {each.month: each.amount for each in owed.expiring}
    values = [
        (_month(name), amounts.get(name, 0))
        for name in _months(min(amounts), max(amounts))[:_MONTHS]
    ]
    return chart_of(
        values,
        name="expiring",
        label=_("Expires, by month"),
        shown=lambda amount: money(amount, owed.currency),
    )


def _months(first: str, last: str) -> list[str]:
    """From "2026-11" to "2027-02", all of them."""
    names, (year, month) = [first], map(int, first.split("-"))
    while names[-1] < last:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        names.append(f"{year:04}-{month:02}")
    return names


def _month(name: str) -> str:
    return month_label(month_named(name, zone=shop_zone())[0])


def _age(from_days: int) -> str:
    later = [days for days in AGES if days > from_days]
    if not later:
        return _("for %(days)d days and longer") % {"days": from_days}
    return _("for %(days)d to %(until)d days") % {"days": from_days, "until": later[0] - 1}


def _words() -> dict[str, str]:
    return {
        "nothing": _("No customer has any cashback."),
        "expiring": _("When it expires"),
        "in_total": _("in all"),
        "highest": _("peak"),
        "table": _("The same as a table"),
        "month": _("Month"),
        "amount": _("Amount"),
        "ages": _("How long it has been available"),
    }
