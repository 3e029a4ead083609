"""The report of a promotion: its figures, its budget, and its days."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from checkout.actions.report import report_promotion
from checkout.admin.figures import figures_of, share_of, told_budget
from checkout.domain.report import Report
from checkout.models import PromotionDay
from checkout.queries.reports import Day, days_of
from common.admin import ReadOnlyAdmin
from common.chart import Chart, chart_of
from common.errors import NotFound
from common.reasons import catalogue
from common.words import day, language_in_use, moment, money, number
from promotions.queries.standing import named

PERIODS = (30, 90, 365)


@admin.register(PromotionDay)
class ReportAdmin(ReadOnlyAdmin):
    """A page for each promotion, by its id; the rows themselves have none."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("promotions.view_promotion")

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "of/<str:promotion_id>/",
                self.admin_site.admin_view(self.report),
                name="checkout_promotion_report",
            )
        ]

    def report(self, request: HttpRequest, promotion_id: str) -> HttpResponse:
        """The page; `days` and `currency` of the charts stand in the address."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = timezone.now()
        promotion = named(promotion_id)
        if promotion is None:
            raise Http404
        try:
            report = report_promotion(promotion_id=promotion_id, now=now)
        except NotFound:
            raise Http404 from None
        currency = _currency(report, request.GET.get("currency", ""))
        year = _days(promotion_id, currency, now)
        period = _period(request.GET.get("days", ""), year)
        days = year[-period:]
        return render(
            request,
            "checkout/admin/report.html",
            {
                **self.admin_site.each_context(request),
                "title": f"{promotion.name}: {_('Report')}",
                "content_title": f"{promotion.name}: {_('Report')}",
                "promotion": promotion,
                "promotion_url": reverse("admin:promotions_promotion_change", args=[promotion.key]),
                "as_of": _("as of %(moment)s") % {"moment": moment(now)},
                "figures": figures_of(report, currency),
                "budget": told_budget(report, promotion, now),
                "refused": _refused(report),
                "charts": _charts(days, currency),
                "days": [_row(each, currency) for each in reversed(days) if _has_any(each)],
                "periods": _periods(period, currency),
                "currencies": _currencies(report, currency, period),
                "words": _words(),
            },
        )


def _period(text: str, year: Sequence[Day]) -> int:
    """As asked for, else the shortest with a redemption."""
    if text in {str(days) for days in PERIODS}:
        return int(text)
    sold = [days for days in PERIODS if any(each.redeemed for each in year[-days:])]
    return sold[0] if sold else PERIODS[0]


def _currency(report: Report, text: str) -> str:
    """The one whose money is shown: as asked for, the promotion's, or the first it was used in."""
    known = [sold.currency for sold in report.sales]
    if text in known:
        return text
    return report.currency or (known[0] if known else "")


def _days(promotion_id: str, currency: str, now: datetime) -> Sequence[Day]:
    last = timezone.localdate(now)
    first = last - timedelta(days=PERIODS[-1] - 1)
    return days_of(promotion_id, currency=currency, first=first, last=last)


def _refused(report: Report) -> list[tuple[str, str, str, float]]:
    """Title, code, count, and the share of all refusals in percent."""
    titles = catalogue()
    german = language_in_use() == "de"
    total = sum(report.calls.refused.values())
    rows = []
    for code, count in report.calls.refused.items():
        text = titles.get(code)
        title = code if text is None else text.de if german else text.en
        rows.append((title, code, number(count), share_of(count, total)))
    return rows


def _charts(days: Sequence[Day], currency: str) -> list[Chart]:
    def of(
        name: str, label: str, value: Callable[[Day], int], shown: Callable[[int], str]
    ) -> Chart:
        values = [(day(each.day), value(each)) for each in days]
        return chart_of(values, name=name, label=label, shown=shown)

    return [
        of("redeemed", _("Redeemed"), lambda each: each.redeemed, number),
        of(
            "discount",
            _("Discount"),
            lambda each: each.discount,
            lambda amount: money(amount, currency),
        ),
        of("validated", _("Validated"), lambda each: each.validated, number),
        of("refused", _("Refused"), lambda each: each.refused, number),
    ]


def _has_any(each: Day) -> bool:
    return any((each.redeemed, each.discount, each.validated, each.refused))


def _row(each: Day, currency: str) -> tuple[str, ...]:
    return (
        day(each.day),
        number(each.redeemed),
        money(each.discount, currency),
        number(each.validated),
        number(each.refused),
    )


def _periods(period: int, currency: str) -> list[tuple[str, str, bool]]:
    return [
        (_("%(days)s days") % {"days": days}, f"?days={days}&currency={currency}", days == period)
        for days in PERIODS
    ]


def _currencies(report: Report, currency: str, period: int) -> list[tuple[str, str, bool]]:
    """A choice, where there is one."""
    known = [sold.currency for sold in report.sales]
    if len(known) < 2:
        return []
    return [(name, f"?days={period}&currency={name}", name == currency) for name in known]


def _words() -> dict[str, str]:
    """The texts of the page."""
    return {
        "report": _("Report"),
        "edit": _("The promotion"),
        "budget": _("Budget"),
        "no_budget": _("None is set: what it gives is not limited."),
        "by_reason": _("Refused, by reason"),
        "nobody_refused": _("Nobody was refused."),
        "why": _("Why was this refused?"),
        "by_day": _("Day by day"),
        "hint": _("Redemptions and discount stand on the day of the order, cancelled ones apart."),
        "in_total": _("in all"),
        "highest": _("peak"),
        "table": _("The same as a table"),
        "day": _("Day"),
        "redeemed": _("Redeemed"),
        "discount": _("Discount"),
        "validated": _("Validated"),
        "refused": _("Refused"),
        "quiet": _("Nothing happened in this time."),
    }
