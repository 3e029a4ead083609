"""Adjustments: cashback that staff give or take, with a reason."""

from typing import Any

from django.contrib import admin, messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from cashback.actions.adjust import adjust
from cashback.actions.errors import CashbackInsufficient
from cashback.forms.adjustment import AdjustmentForm
from cashback.models import Adjustment
from cashback.queries.balances import balances
from common.admin import ActingAdmin, actor_of
from common.errors import DomainError
from common.words import moment, money
from customers.admin.actors import person_of


@admin.register(Adjustment)
class AdjustmentAdmin(ActingAdmin):
    """Asked for by a form, and never changed: what was wrong is put right by another one."""

    form = AdjustmentForm
    list_display = ("made", "customer", "given", "why")
    list_display_links = ("made",)
    list_select_related = ("wallet__customer",)
    search_fields = ("wallet__customer__reference__exact",)
    search_help_text = _("The whole customer id")
    ordering = ("-id",)
    list_per_page = 25
    compressed_fields = True
    shown = ("customer", "given", "why", "made", "by")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Adjustment | None = None) -> tuple[str, ...]:
        if obj is not None:
            return self.shown
        return (
            "customer_id", "direction", "amount", "currency", "reason", "expires_at",
            "adjustment_id",
        )  # fmt: skip

    def get_readonly_fields(
        self, request: HttpRequest, obj: Adjustment | None = None
    ) -> tuple[str, ...]:
        return () if obj is None else self.shown

    def save_model(
        self, request: HttpRequest, obj: Adjustment, form: AdjustmentForm, change: bool
    ) -> None:
        """Part of the admin's own transaction, which a refusal rolls back."""
        obj.__dict__.update(self._adjusted(request, form).__dict__)

    def _adjusted(self, request: HttpRequest, form: AdjustmentForm) -> Adjustment:
        if form.done is not None:
            return form.done
        cleaned = form.cleaned_data
        rows = Adjustment.objects.select_related("wallet")
        try:
            with transaction.atomic():
                adjust(
                    adjustment_id=cleaned["adjustment_id"],
                    customer_key=form.customer_key,
                    currency=cleaned["currency"],
                    amount=cleaned["minor_units"],
                    reason=cleaned["reason"],
                    expires_at=cleaned["expires_at"],
                    actor=actor_of(request),
                    now=timezone.now(),
                )
        except IntegrityError:
            # Sent twice at the same moment: the other one has booked it.
            done = rows.filter(adjustment_id=cleaned["adjustment_id"]).first()
            if done is None or not form.is_same_as(done):
                raise
            return done
        return rows.get(adjustment_id=cleaned["adjustment_id"])

    def refused(self, refusal: DomainError, form: AdjustmentForm) -> list[tuple[str | None, str]]:
        """What is short is told with what there is."""
        if not isinstance(refusal, CashbackInsufficient):
            return super().refused(refusal, form)
        currency = form.cleaned_data["currency"]
        found = balances(customer_key=form.customer_key, at=timezone.now())
        there = sum(each.available for each in found if each.currency == currency)
        text = gettext("There are only %(amount)s.") % {"amount": money(there, currency)}
        return [("amount", text)]

    def response_add(
        self, request: HttpRequest, obj: Adjustment, post_url_continue: str | None = None
    ) -> HttpResponse:
        """To the wallet, where it stands in the statement."""
        self.message_user(request, gettext("The cashback is adjusted."), messages.SUCCESS)
        if not request.user.has_perm("cashback.view_wallet"):
            return HttpResponseRedirect(reverse("admin:cashback_adjustment_add"))
        return HttpResponseRedirect(reverse("admin:cashback_wallet_change", args=[obj.wallet_id]))

    @display(description=_("When"), ordering="id")
    def made(self, obj: Adjustment) -> str:
        return moment(obj.created_at)

    @display(description=_("Customer"))
    def customer(self, obj: Adjustment) -> str:
        return obj.wallet.customer.reference

    @display(description=_("Amount"))
    def given(self, obj: Adjustment) -> str:
        return money(obj.amount, obj.wallet.currency)

    @display(description=_("Reason"))
    def why(self, obj: Adjustment) -> str:
        return obj.reason or "–"

    @display(description=_("By"))
    def by(self, obj: Adjustment) -> str:
        return person_of(obj.actor)
