"""The figures of a report, each with what it means, and the budget in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checkout.domain.report import RATE_DAYS, Budget, Report, Sales
from common.words import money, number, said
from promotions.queries.standing import Named, thresholds_of


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with what it means."""

    label: str
    value: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ToldBudget:
    """The budget in words, and as a bar: percent of its width."""

    total: str
    spent_share: float
    held_share: float
    #: Name in the drawing, label and amount.
    parts: Sequence[tuple[str, str, str]]
    sentences: Sequence[str]


def figures_of(report: Report, currency: str) -> list[Figure]:
    """The report in its figures; money and orders are those of one currency."""
    sold = next((s for s in report.sales if s.currency == currency), Sales(currency))
    calls = report.calls
    return [
        Figure(_("Codes issued"), number(report.issued), _("one by one, in batches, by imports")),
        Figure(_("Validated"), number(calls.validated), _validated(calls.left_out)),
        Figure(
            _("Refused"),
            number(sum(calls.refused.values())),
            _("by price requests, reservations and orders; one customer may try several times"),
        ),
        Figure(_("Redeemed"), number(sold.standing), _redeemed(sold.cancelled)),
        Figure(_("Returned"), number(sold.returned), _returned(sold)),
        Figure(
            _("Discount"),
            money(sold.discount, currency),
            _("given by this promotion, before returns"),
        ),
        Figure(
            _("Revenue"),
            money(sold.revenue, currency),
            _("what the redeemed orders came to, with shipping, before returns"),
        ),
    ]


def _validated(left_out: int) -> str:
    told = _("price requests that it was applied to")
    if not left_out:
        return told
    return f"{told}; " + _("in %(number)s more another combination was better") % {
        "number": number(left_out)
    }


def _redeemed(cancelled: int) -> str:
    if not cancelled:
        return _("orders with it")
    return _("orders with it; %(number)s more were cancelled") % {"number": number(cancelled)}


def _returned(sold: Sales) -> str:
    told = _("orders of which something came back")
    if not sold.refunded:
        return told
    units = ngettext("%(number)s unit", "%(number)s units", sold.returned_units)
    return f"{told}: {units % {'number': number(sold.returned_units)}}, " + _(
        "%(amount)s refunded"
    ) % {"amount": money(sold.refunded, sold.currency)}


def told_budget(report: Report, promotion: Named, now: datetime) -> ToldBudget | None:
    """The budget and when it will be gone; None without one."""
    budget = report.budget
    if budget is None or report.currency is None:
        return None
    percent = number(budget.spent * 100 // budget.amount if budget.amount else 100)
    parts = [
        ("spent", _("spent"), f"{money(budget.spent, report.currency)} ({percent}\xa0%)"),
        ("held", _("held by open carts"), money(budget.held, report.currency)),
        ("all", _("left"), money(budget.left, report.currency)),
    ]
    sentences = _end(budget, promotion, report.currency, now)
    sentences += [
        _("%(percent)s %% were reached on %(moment)s.") % {"percent": percent, "moment": said(at)}
        for percent, at in thresholds_of(promotion.key, budget=budget.amount)
    ]
    return ToldBudget(
        total=money(budget.amount, report.currency),
        spent_share=share_of(budget.spent, budget.amount),
        held_share=share_of(budget.held, budget.amount),
        parts=parts,
        sentences=sentences,
    )


def share_of(part: int, whole: int) -> float:
    """Percent, at most 100."""
    return min(round(part * 100 / whole, 2), 100) if whole else 100


def _end(budget: Budget, promotion: Named, currency: str, now: datetime) -> list[str]:
    """When it will be gone, at the present rate."""
    if budget.left == 0:
        return [_("Nothing is left: nobody gets it any more.")]
    if budget.per_day is None:
        return [_("No discount in the last %(days)s days: no end in sight.") % {"days": RATE_DAYS}]
    words = {"days": RATE_DAYS, "rate": money(budget.per_day, currency)}
    if budget.gone_at is None:
        return [_("At the rate of the last %(days)s days it lasts for centuries.") % words]
    words["moment"] = said(budget.gone_at)
    told = [
        _("At the rate of the last %(days)s days (%(rate)s a day) it will be gone on %(moment)s.")
        % words
    ]
    ends = promotion.ends_at
    if ends is not None and now < ends <= budget.gone_at:
        told.append(_("The promotion ends before, on %(moment)s.") % {"moment": said(ends)})
    return told
