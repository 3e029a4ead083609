"""What a campaign brought: figures, its way from the mailbox to the till, and what it really added."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.lift import Estimate, Lift
from campaigns.domain.report import Figures, Report, Takings, VariantFigures
from campaigns.models import Campaign
from campaigns.queries.placing import views_of
from campaigns.queries.report import report_of
from common.words import moment, money, number

#: What it means that a message was sent.
_SENT: Mapping[str, Any] = {
    Campaign.Channel.EMAIL: gettext_lazy("handed over to the mail server"),
    Campaign.Channel.SMS: gettext_lazy("handed over to the provider"),
    Campaign.Channel.PUSH: gettext_lazy("handed over to the browsers' services"),
    Campaign.Channel.IN_APP: gettext_lazy("put into the inbox"),
}
#: Units of the drawing of an interval.
_WIDTH = 1000
_ROOM = 60


@dataclass(frozen=True, slots=True)
class Bar:
    """A step of the way: how many came so far, of how many, as a part of a thousand."""

    label: str
    count: str
    share: str
    width: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true value lies, drawn: zero, the value, and the bounds, from the left."""

    label: str
    text: str
    verdict: str
    is_sure: bool
    zero: int
    low: int
    length: int
    value: int


def report_page(page: Any, request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """By now."""
    report = report_of(campaign.pk, now=timezone.now())
    return render(
        request,
        "campaigns/admin/report.html",
        {
            **page.admin_site.each_context(request),
            "title": f"{campaign.name}: {_('Report')}",
            "content_title": f"{campaign.name}: {_('Report')}",
            "campaign": campaign,
            "campaign_url": reverse("admin:campaigns_campaign_change", args=[campaign.pk]),
            "as_of": _("as of %(moment)s") % {"moment": moment(report.at)},
            "figures": list(_figures(report.total, campaign)),
            "bars": list(_bars(report.total)),
            "takings": [_takings(each) for each in report.total.takings],
            "variants": [_variant(each) for each in report.variants]
            if len(report.variants) > 1
            else [],
            "lift": _lift(report),
            "remarks": list(_remarks(report)),
            "words": _words(),
        },
    )


def _figures(total: Figures, campaign: Campaign) -> Iterator[tuple[str, str, str]]:
    if campaign.channel == Campaign.Channel.PLACEMENT:
        views = views_of(campaign.pk)
        yield (
            _("Shown"),
            number(views.to_customers + views.to_others),
            _("times, %(others)s of them to visitors who did not say who they are")
            % {"others": number(views.to_others)},
        )
        yield _("Reached"), number(total.sent), _("customers who saw it")
    else:
        yield _("Sent"), number(total.sent), _SENT[campaign.channel]
    yield _("Clicked"), number(total.clicked.by_people), _("messages, by people")
    yield _("Bought after it"), number(total.converted), _("messages that an order followed")
    for each in total.takings:
        yield _("Revenue"), money(each.revenue, each.currency), _("for goods that were kept")
        yield _("Discounts"), money(each.discount_cost, each.currency), _("what its codes cost")
        yield (
            _("Profit"),
            money(each.profit, each.currency),
            _("after goods, cashback and shipping"),
        )
    yield _("Unsubscribed"), number(total.unsubscribed), _("left by one of these messages")


def _bars(total: Figures) -> Iterator[Bar]:
    """From those who were meant to those who bought, each of the first."""
    steps = (
        (_("Meant"), total.enlisted, _("without those held out")),
        (_("Sent"), total.sent, ""),
        (_("Opened"), total.opened.by_people, _("as far as pictures are loaded: an estimate")),
        (_("Clicked"), total.clicked.by_people, ""),
        (_("Bought after it"), total.converted, ""),
    )
    for label, count, meaning in steps:
        part = count * _WIDTH // total.enlisted if total.enlisted else 0
        # Something is never drawn as nothing.
        width = max(part, 4) if count else 0
        yield Bar(label, number(count), _share(count, total.enlisted), width, meaning)


def _share(count: int, of: int) -> str:
    if not of:
        return "–"
    return f"{formats.number_format(count * 100 / of, decimal_pos=1)}\N{NO-BREAK SPACE}%"


def _takings(each: Takings) -> list[str]:
    amounts = (
        each.revenue, each.discount_cost, each.goods_cost, each.cashback_cost, each.profit,
    )  # fmt: skip
    return [
        each.currency,
        number(each.orders),
        *(money(amount, each.currency) for amount in amounts),
    ]


def _variant(each: VariantFigures) -> list[str]:
    figures = each.figures
    return [
        each.variant or _("the campaign's own"),
        number(figures.sent),
        _share(figures.opened.by_people, figures.sent),
        _share(figures.clicked.by_people, figures.sent),
        _share(figures.converted, figures.sent),
        *(", ".join(money(taking.revenue, taking.currency) for taking in figures.takings) or "–",),
    ]


def _lift(report: Report) -> dict[str, Any]:
    """What it added against those who got nothing, or why that cannot be said."""
    told = {"people": number(report.treated_people), "held": number(report.held_out_people)}
    if report.lift_status == "no_holdout":
        text = _("Nobody was held out, so nobody knows who would have bought anyway.")
        return {"text": text, "intervals": []}
    compared = _("%(people)s people were meant to get it, %(held)s were held out.") % told
    if report.lift_status == "too_early":
        early = _("Fewer than 50 people have bought on one of both sides: that says nothing yet.")
        return {"text": f"{compared} {early}", "intervals": []}
    return {"text": compared, "intervals": list(_intervals(report.lifts))}


def _intervals(lifts: Sequence[Lift]) -> Iterator[Interval]:
    for lift in lifts:
        if lift.status != "measured":
            continue
        for label, estimate in (
            (_("Revenue in all"), lift.revenue()),
            (_("Profit in all"), lift.profit()),
        ):
            if estimate is not None:
                yield _interval(label, estimate.times(lift.treated.people), lift.currency)


def _interval(label: str, estimate: Estimate, currency: str) -> Interval:
    value, low, high = estimate.rounded()
    least, most = min(low, 0), max(high, 0)
    reach = max(most - least, 1)

    def at(amount: int) -> int:
        return _ROOM + (amount - least) * (_WIDTH - 2 * _ROOM) // reach

    bounds = {"low": money(low, currency), "high": money(high, currency)}
    if not estimate.is_sure:
        verdict = _("It may be chance.")
    elif value > 0:
        verdict = _("It brought something, and not by chance.")
    else:
        verdict = _("It cost something, and not by chance.")
    return Interval(
        label=label,
        text=_("%(value)s, between %(low)s and %(high)s")
        % {"value": money(value, currency), **bounds},
        verdict=verdict,
        is_sure=estimate.is_sure,
        zero=at(0),
        low=at(low),
        length=max(at(high) - at(low), 2),
        value=at(value),
    )


def _remarks(report: Report) -> Iterator[str]:
    days = {"days": number(report.window_days)}
    yield (
        _(
            "An order belongs to the message whose code it used, else to the one that a person clicked last"
            " within %(days)s days before."
        )
        % days
    )
    total = report.total
    machines = total.opened.proxy + total.opened.bot + total.clicked.proxy + total.clicked.bot
    if machines:
        yield (
            _("%(count)s opens and clicks were those of machines, and count nowhere.")
            % {"count": number(machines)}
        )
    if report.held_out:
        yield _(
            "“Really added” compares everybody who was meant, whether a message reached them or not, with those"
            " held out: 95 of 100 such intervals hold the true value."
        )


def _words() -> dict[str, str]:
    return {
        "edit": _("The campaign"),
        "way": _("From the mailbox to the till"),
        "lift": _("Really added"),
        "takings": _("What the orders came to"),
        "variants": _("Variants beside each other"),
        "reading": _("How to read it"),
        "currency": _("Currency"),
        "orders": _("Orders"),
        "revenue": _("Revenue"),
        "discounts": _("Discounts"),
        "goods": _("Goods"),
        "cashback": _("Cashback"),
        "profit": _("Profit"),
        "variant": _("Variant"),
        "sent": _("Sent"),
        "opened": _("Opened"),
        "clicked": _("Clicked"),
        "bought": _("Bought after it"),
        "zero": _("nothing"),
    }
