"""What partners have paid: recorded once, and never changed."""

from typing import Any

from django.contrib import admin, messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from cashback.actions.settlements import settle
from cashback.forms.partner import SettlementForm
from cashback.models import Settlement
from common.admin import ActingAdmin, actor_of
from common.words import moment, money
from customers.admin.actors import person_of


@admin.register(Settlement)
class SettlementAdmin(ActingAdmin):
    """What was wrong is put right by another one."""

    form = SettlementForm
    list_display = ("booked", "of_partner", "sum_paid", "found_by", "received")
    list_display_links = ("booked",)
    list_select_related = ("partner",)
    search_fields = ("reference__exact", "partner__reference__exact")
    search_help_text = _("A whole reference or partner id")
    ordering = ("-id",)
    list_per_page = 25
    compressed_fields = True
    shown = ("of_partner", "sum_paid", "found_by", "received", "booked", "by")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Settlement | None = None) -> tuple[str, ...]:
        if obj is not None:
            return self.shown
        return (
            "partner_id", "direction", "amount", "currency", "reference", "received_at",
            "settlement_id",
        )  # fmt: skip

    def get_readonly_fields(
        self, request: HttpRequest, obj: Settlement | None = None
    ) -> tuple[str, ...]:
        return () if obj is None else self.shown

    def save_model(
        self, request: HttpRequest, obj: Settlement, form: SettlementForm, change: bool
    ) -> None:
        """Part of the admin's own transaction, which a refusal rolls back."""
        obj.__dict__.update(self._settled(request, form).__dict__)

    def _settled(self, request: HttpRequest, form: SettlementForm) -> Settlement:
        if form.done is not None:
            return form.done
        cleaned = form.cleaned_data
        try:
            with transaction.atomic():
                return settle(
                    settlement_id=cleaned["settlement_id"],
                    partner_id=cleaned["partner_id"],
                    currency=cleaned["currency"],
                    amount=cleaned["minor_units"],
                    reference=cleaned["reference"],
                    received_at=cleaned["received_at"],
                    actor=actor_of(request),
                    now=timezone.now(),
                )
        except IntegrityError:
            # Sent twice at the same moment: the other one has booked it.
            done = Settlement.objects.filter(settlement_id=cleaned["settlement_id"]).first()
            if done is None or not form.is_same_as(done):
                raise
            return done

    def response_add(
        self, request: HttpRequest, obj: Settlement, post_url_continue: str | None = None
    ) -> HttpResponse:
        """To the month in which it stands."""
        self.message_user(request, gettext("The payment is recorded."), messages.SUCCESS)
        url = reverse("admin:cashback_partner_account", args=[obj.partner_id])
        return HttpResponseRedirect(url)

    @display(description=_("Recorded"), ordering="id")
    def booked(self, obj: Settlement) -> str:
        return moment(obj.created_at)

    @display(description=_("Partner"))
    def of_partner(self, obj: Settlement) -> str:
        return f"{obj.partner.name} ({obj.partner.reference})"

    @display(description=_("Paid"))
    def sum_paid(self, obj: Settlement) -> str:
        return money(obj.amount, obj.currency)

    @display(description=_("Reference"))
    def found_by(self, obj: Settlement) -> str:
        return obj.reference

    @display(description=_("Received"))
    def received(self, obj: Settlement) -> str:
        return moment(obj.received_at)

    @display(description=_("By"))
    def by(self, obj: Settlement) -> str:
        return person_of(obj.actor)
