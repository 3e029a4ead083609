"""The forecast of a promotion: ask for one, watch it, and read the newest."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.admin import ReadOnlyAdmin, actor_of, refusal_text
from common.errors import DomainError
from common.words import moment
from customers.queries.orders import order_by_reference
from journal.actions import cancel_job
from journal.admin.jobs import progress_bar
from promotions.actions.forecast import order_forecast
from promotions.admin.checklist import told_checklist
from promotions.admin.foreseen import (
    charts_of,
    currencies_of,
    figures_of,
    period_of,
    remarks_of,
    row_of,
    weeks_of,
)
from promotions.forms.forecast import PeriodForm, usual_period
from promotions.models import Forecast, Promotion
from promotions.queries.definitions import promotion_by_id
from promotions.queries.forecasts import Forecasts, forecasts_of

_OPEN = ("queued", "running")


@admin.register(Forecast)
class ForecastAdmin(ReadOnlyAdmin):
    """A page for each promotion, by its id; the rows themselves have none."""

    class Media:
        css = {"all": ("staff/figures.css", "journal/progress.css", "promotions/staff.css")}
        js = ("journal/progress.js",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        rights = ("promotions.view_promotion", "promotions.change_promotion")
        return any(map(request.user.has_perm, rights))

    def get_urls(self) -> list[URLPattern]:
        named = "promotions_promotion_forecast"
        return [
            path("of/<str:promotion_id>/", self.admin_site.admin_view(self.page), name=named),
            path(
                "of/<str:promotion_id>/cancel/",
                self.admin_site.admin_view(require_POST(self.cancel)),
                name=f"{named}_cancel",
            ),
        ]

    def page(self, request: HttpRequest, promotion_id: str) -> HttpResponse:
        """By GET what is known, by POST a new forecast; `currency` stands in the address."""
        promotion = self._promotion(request, promotion_id, may_write=request.method == "POST")
        if request.method == "POST":
            form = PeriodForm(request.POST)
            if form.is_valid() and self._order(request, promotion, form):
                return HttpResponseRedirect(_page_of(promotion))
        else:
            form = PeriodForm(initial=usual_period(today=timezone.localdate()))
        found = forecasts_of(promotion.pk)
        return render(
            request,
            "promotions/admin/forecast.html",
            {
                **self.admin_site.each_context(request),
                "media": self.media,
                "title": f"{promotion.name}: {_('Forecast')}",
                "content_title": f"{promotion.name}: {_('Forecast')}",
                "promotion": promotion,
                "promotion_url": reverse("admin:promotions_promotion_change", args=[promotion.pk]),
                "report_url": reverse("admin:checkout_promotion_report", args=[promotion_id]),
                "cancel_url": f"{_page_of(promotion)}cancel/",
                "may_start": _may_start(request),
                "form": form,
                "checklist": told_checklist(promotion, result=found.result, now=timezone.now()),
                **_job_of(found),
                **_result_of(request, promotion, found.result),
                "words": _words(),
            },
        )

    def cancel(self, request: HttpRequest, promotion_id: str) -> HttpResponse:
        """End the newest forecast, if it still works."""
        promotion = self._promotion(request, promotion_id, may_write=True)
        newest = forecasts_of(promotion.pk).newest
        if newest is not None:
            try:
                with transaction.atomic():
                    cancel_job(job_id=newest.job_id, actor=actor_of(request), now=timezone.now())
            except DomainError:
                self.message_user(request, _("It had ended already."), messages.WARNING)
        return HttpResponseRedirect(_page_of(promotion))

    def _promotion(self, request: HttpRequest, promotion_id: str, *, may_write: bool) -> Promotion:
        if not self.has_view_permission(request) or (may_write and not _may_start(request)):
            raise PermissionDenied
        promotion = promotion_by_id(promotion_id)
        if promotion is None:
            raise Http404
        return promotion

    def _order(self, request: HttpRequest, promotion: Promotion, form: PeriodForm) -> bool:
        try:
            with transaction.atomic():
                order_forecast(
                    promotion_id=promotion.reference,
                    since=form.since,
                    until=form.until,
                    actor=actor_of(request),
                    now=timezone.now(),
                )
        except DomainError as refusal:
            self.message_user(request, refusal_text(refusal), messages.ERROR)
            return False
        return True


def _may_start(request: HttpRequest) -> bool:
    return request.user.has_perm("promotions.change_promotion")


def _page_of(promotion: Promotion) -> str:
    return reverse("admin:promotions_promotion_forecast", args=[promotion.reference])


def _job_of(found: Forecasts) -> dict[str, Any]:
    """How the newest forecast stands, where that has to be said."""
    job = found.job
    if job is None or job.status == "succeeded":
        return {}
    if job.status in _OPEN:
        return {"is_open": True, "progress": progress_bar(job)}
    is_cancelled = {"code": "cancelled"} in job.errors
    ended = {"moment": moment(job.finished_at)}
    if is_cancelled:
        return {"ended": _("The newest forecast was cancelled: %(moment)s.") % ended}
    return {"ended": _("The newest forecast has failed: %(moment)s.") % ended}


def _result_of(
    request: HttpRequest, promotion: Promotion, result: Mapping[str, Any] | None
) -> dict[str, Any]:
    if result is None:
        return {}
    known = currencies_of(result)
    asked = request.GET.get("currency", "")
    default = promotion.currency if promotion.currency in known else next(iter(known), "")
    currency = asked if asked in known else default or ""
    weeks = weeks_of(result, currency)
    return {
        "has_result": True,
        "period": period_of(result),
        "figures": figures_of(result, currency, worst_url=_worst_url(request, result)),
        "charts": charts_of(weeks, currency),
        "weeks": [row_of(week, currency) for week in reversed(weeks)],
        "remarks": remarks_of(result, is_outdated=result["revision"] != promotion.revision),
        "currencies": [(name, f"?currency={name}", name == currency) for name in known]
        if len(known) > 1
        else [],
    }


def _worst_url(request: HttpRequest, result: Mapping[str, Any]) -> str:
    """Where the order of the worst basket is shown, to whoever may look at orders."""
    worst = result["worst_basket"]
    if worst is None or not request.user.has_perm("customers.view_order"):
        return ""
    order = order_by_reference(worst["order_id"])
    return reverse("admin:customers_order_change", args=[order.key]) if order else ""


def _words() -> dict[str, str]:
    """The texts of the page."""
    return {
        "edit": _("The promotion"),
        "report": _("Report"),
        "intro": _(
            "What would it have given, and cost? Past orders are priced once more with it."
            " Nothing is given or counted."
        ),
        "start": _("Forecast"),
        "again": _("New forecast"),
        "running": _("The forecast is being made."),
        "cancel": _("Cancel"),
        "result": _("Forecast"),
        "none": _("There is no forecast yet."),
        "by_week": _("Week by week"),
        "in_total": _("in all"),
        "highest": _("peak"),
        "table": _("The same as a table"),
        "week": _("Week of"),
        "orders": _("Orders"),
        "hit": _("With it"),
        "cost": _("Cost"),
        "quiet": _("Nothing was ordered in this time."),
        "reading": _("How to read it"),
    }
