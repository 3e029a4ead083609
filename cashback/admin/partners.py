"""Partners: who pays a share, what they owe, and the account of each month."""

import re
from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from cashback.actions.partners import put_partner
from cashback.admin.months import Month, asked_month
from cashback.admin.words import ENTRY_KINDS
from cashback.domain.receivables import ReceivableEntry
from cashback.forms.partner import PartnerForm
from cashback.models import Partner
from cashback.queries.partners import definition_of
from cashback.queries.receivables import (
    all_receivable_entries,
    receivable_entries,
    receivables,
)
from cashback.queries.totals import owed_by_partners
from cashback.serializers.receivables import receivable_chunks
from common.admin import ActingAdmin, actor_of
from common.api.preconditions import PreconditionFailed
from common.sentence_words import percent_text
from common.words import language_in_use, moment, money
from journal.admin.history import TrailAdmin

_ON_A_PAGE = 50
_KEY = re.compile(r"[0-9]{1,18}")


@admin.register(Partner)
class PartnerAdmin(ActingAdmin, TrailAdmin):
    """`put_partner` writes them, as for the API."""

    form = PartnerForm
    trail_kind = "cashback_partner"
    list_display = ("named", "share", "owes")
    list_display_links = ("named",)
    search_fields = ("reference", "name")
    search_help_text = _("Id or name")
    ordering = ("reference",)
    list_per_page = 25
    warn_unsaved_form = True
    change_form_before_template = "journal/admin/seen.html"
    actions_detail = ("show_account", "settle")

    def get_urls(self) -> list[URLPattern]:
        account = self.admin_site.admin_view(self.account)
        return [
            path("<int:key>/account/", account, name="cashback_partner_account"),
            path(
                "<int:key>/account.csv",
                self.admin_site.admin_view(self.account_csv),
                name="cashback_partner_csv",
            ),
            *super().get_urls(),
        ]

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """With what all of them owe, read in one statement."""
        changelist = super().get_changelist_instance(request)
        owed = owed_by_partners()
        for row in changelist.result_list:
            row.owed = owed.get(row.reference, {})
        return changelist

    def get_fieldsets(self, request: HttpRequest, obj: Partner | None = None) -> Any:
        first = "partner_id" if obj is None else "shown_id"
        may_write = obj is None or self.has_change_permission(request, obj)
        share = "share_percent" if may_write else "share"
        return [(None, {"fields": (first, "name", share)})]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Partner | None = None
    ) -> tuple[str, ...]:
        return () if obj is None else ("shown_id", "share")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["seen"] = getattr(context["adminform"].form, "current", "")
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: Partner, form: PartnerForm, change: bool
    ) -> None:
        """Part of the admin's own transaction, which a refusal rolls back."""
        written = put_partner(
            partner_id=obj.reference if change else form.cleaned_data["partner_id"],
            definition=form.definition,
            if_match=form.cleaned_data["seen"] or None,
            actor=actor_of(request),
            now=timezone.now(),
        )
        if not change and not written.created:
            raise PreconditionFailed
        obj.__dict__.update(written.partner.__dict__)

    @display(description=_("Partner"), header=True, ordering="reference")
    def named(self, obj: Partner) -> tuple[str, str]:
        return obj.name, obj.reference

    @display(description=_("Id"))
    def shown_id(self, obj: Partner) -> str:
        return obj.reference

    @display(description=_("Share"), ordering="share_percent")
    def share(self, obj: Partner) -> str:
        return percent_text(definition_of(obj).share_percent, language=language_in_use())

    @display(description=_("Owes now"))
    def owes(self, obj: Any) -> str:
        owed: Mapping[str, int] = obj.owed
        return ", ".join(money(amount, currency) for currency, amount in owed.items()) or "–"

    @action(description=_("What they owe"), icon="account_balance", url_path="show-account")
    def show_account(self, request: HttpRequest, object_id: str) -> HttpResponse:
        key = self.row(request, object_id).pk
        return HttpResponseRedirect(reverse("admin:cashback_partner_account", args=[key]))

    def has_settle_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("cashback.add_settlement")

    @action(
        description=_("Record a payment"),
        icon="payments",
        url_path="settle",
        permissions=["settle"],
    )
    def settle(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(_settle_url(self.row(request, object_id)))

    def account(self, request: HttpRequest, key: int) -> HttpResponse:
        """A month of the partner's account: its sums, and the entries from `after` on."""
        partner = self._seen(request, key)
        month = asked_month(request.GET.get("month", ""), now=timezone.now())
        after = request.GET.get("after", "")
        entries = receivable_entries(
            partner_key=partner.pk,
            since=month.since,
            until=month.until,
            after=int(after) if _KEY.fullmatch(after) else None,
            limit=_ON_A_PAGE + 1,
        )
        more = f"?month={month.name}&after={entries[:_ON_A_PAGE][-1].key}" if entries else ""
        context = {
            **self.admin_site.each_context(request),
            "title": f"{partner.name}: {gettext('What they owe')}",
            "content_title": f"{partner.name}: {gettext('What they owe')}",
            "partner": partner,
            "partner_url": reverse("admin:cashback_partner_change", args=[partner.pk]),
            "csv_url": reverse("admin:cashback_partner_csv", args=[partner.pk]),
            "settle_url": _settle_url(partner)
            if request.user.has_perm("cashback.add_settlement")
            else "",
            "month": month,
            "sums": _sums(partner, month),
            "entries": [_entry(entry) for entry in entries[:_ON_A_PAGE]],
            "more_url": more if len(entries) > _ON_A_PAGE else "",
            "is_first": not after,
            "words": _words(),
        }
        return render(request, "cashback/admin/partner_account.html", context)

    def account_csv(self, request: HttpRequest, key: int) -> StreamingHttpResponse:
        """The month as a file to hand on."""
        partner = self._seen(request, key)
        month = asked_month(request.GET.get("month", ""), now=timezone.now())
        entries = all_receivable_entries(
            partner_key=partner.pk, since=month.since, until=month.until
        )
        named = f'attachment; filename="{partner.reference}-{month.name}.csv"'
        return StreamingHttpResponse(
            receivable_chunks(entries),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": named},
        )

    def _seen(self, request: HttpRequest, key: int) -> Partner:
        if not self.has_view_permission(request):
            raise PermissionDenied
        partner: Partner = self.row(request, str(key))
        return partner


def _settle_url(partner: Partner) -> str:
    return f"{reverse('admin:cashback_settlement_add')}?partner_id={partner.reference}"


def _sums(partner: Partner, month: Month) -> list[tuple[str, ...]]:
    """By currency: as it began, its share, what was taken back, what was paid, as it stands."""
    rows = receivables(partner_key=partner.pk, since=month.since, until=month.until)
    return [
        (
            row.currency,
            *(
                money(amount, row.currency)
                for amount in (row.opening, row.funded, -row.returned, -row.settled, row.closing)
            ),
        )
        for row in rows
    ]


def _entry(entry: ReceivableEntry) -> tuple[str, ...]:
    return (
        moment(entry.at),
        str(ENTRY_KINDS[entry.kind]),
        entry.order_id or entry.reference or "–",
        entry.rule_id or "–",
        money(entry.amount, entry.currency),
    )


def _words() -> dict[str, str]:
    return {
        "edit": gettext("The partner"),
        "csv": gettext("The month as CSV"),
        "settle": gettext("Record a payment"),
        "currency": gettext("Currency"),
        "opening": gettext("Owed before"),
        "funded": gettext("Share of what was earned"),
        "returned": gettext("Share of what was taken back"),
        "settled": gettext("Paid"),
        "closing": gettext("Owed then"),
        "closing_now": gettext("Owed now"),
        "quiet": gettext("Nothing happened in this month."),
        "entries": gettext("Each entry"),
        "at": gettext("When"),
        "what": gettext("What"),
        "order": gettext("Order or reference"),
        "rule": gettext("Cashback rule"),
        "amount": gettext("Amount"),
        "first": gettext("From the beginning"),
        "more": gettext("More"),
        "before": gettext("The month before"),
        "after": gettext("The month after"),
    }
