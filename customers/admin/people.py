"""People: masked, save for staff who may see personal values. They are exported and erased here."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from common.admin import ReadOnlyAdmin, actor_of
from common.words import language_in_use
from customers.actions.erase import erase_customer
from customers.actions.export import export_customer
from customers.admin.memberships import MembershipInline
from customers.domain.masking import mask_email, mask_phone, mask_text
from customers.domain.rule_words import GENDER_WORDS
from customers.forms.rule_fields import pick
from customers.models import Customer
from customers.queries.memberships import has_memberships
from customers.serializers.people import consent_proof
from journal.actions import record_audit
from journal.admin.history import TrailAdmin

_PERSONAL = (
    "first_name", "last_name", "email", "phone", "birth_date", "told_gender", "postal_code", "city",
)  # fmt: skip


@admin.register(Customer)
class CustomerAdmin(ReadOnlyAdmin, TrailAdmin):
    """People, masked, save for staff who may see personal values: what they open is recorded."""

    trail_kind = "customer"

    list_display = ("reference", "masked_email", "country", "locale", "registered_at", "erased_at")
    search_fields = ("reference__exact", "email__iexact")
    search_help_text = _("The whole customer id or e-mail address")
    ordering = ("-id",)
    inlines = (MembershipInline,)
    actions_detail: Any = (
        "show_wallets",
        "show_events",
        # Behind one button, or the customer's id had no room beside them.
        {
            "title": _("More"),
            "icon": "more_horiz",
            "items": ["prove_consent", "export", "erase"],
        },
    )
    fieldsets = (
        (None, {"fields": ("reference", "registered_at", "created_at", "erased_at")}),
        (_("Person"), {"fields": _PERSONAL}),
        (_("Settings"), {"fields": ("country", "locale", "timezone", "told_attributes")}),
    )
    readonly_fields = ("told_gender", "told_attributes")

    def get_inlines(self, request: HttpRequest, obj: Customer | None = None) -> Any:
        """No table without rows."""
        return self.inlines if obj is not None and has_memberships(customer_key=obj.pk) else ()

    def trail_id(self, obj: Customer) -> str:
        return str(obj.pk)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Customer | None:
        """The customer as this person may see them."""
        customer = super().get_object(request, object_id, from_field)
        if customer is None:
            return None
        if not request.user.has_perm("customers.see_personal_values"):
            return masked(customer)
        record_audit(
            actor=f"staff:{request.user.pk}",
            action="customer.read",
            subject_kind="customer",
            subject_id=str(customer.pk),
            now=timezone.now(),
        )
        return customer

    def has_export_permission(
        self, request: HttpRequest, obj: Customer | str | int | None = None
    ) -> bool:
        return request.user.has_perm("customers.see_personal_values") and _is_there(obj)

    def has_erase_permission(
        self, request: HttpRequest, obj: Customer | str | int | None = None
    ) -> bool:
        return request.user.has_perm("customers.delete_customer") and _is_there(obj)

    def has_wallets_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("cashback.view_wallet")

    @action(description=_("Cashback"), icon="wallet", url_path="wallets", permissions=["wallets"])
    def show_wallets(self, request: HttpRequest, object_id: str) -> HttpResponse:
        key = self.row(request, object_id).pk
        url = reverse("admin:cashback_wallet_changelist")
        return HttpResponseRedirect(f"{url}?customer__id__exact={key}")

    @action(description=_("What they did"), icon="history", url_path="events")
    def show_events(self, request: HttpRequest, object_id: str) -> HttpResponse:
        key = self.row(request, object_id).pk
        url = reverse("admin:customers_event_changelist")
        return HttpResponseRedirect(f"{url}?customer__id__exact={key}")

    @action(
        description=_("Proof of consent"),
        icon="verified_user",
        url_path="consents",
        permissions=["export"],
    )
    def prove_consent(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The same file as the API's; that it was made stands in the history."""
        # Inside: what draws it takes 16 MB.
        from customers.serializers.consent_sheet import consent_sheet

        customer, now = self.row(request, object_id), timezone.now()
        record_audit(
            actor=actor_of(request),
            action="customer.consents_proven",
            subject_kind="customer",
            subject_id=str(customer.pk),
            now=now,
        )
        named = f'attachment; filename="consents-{customer.reference}.pdf"'
        return HttpResponse(
            consent_sheet(consent_proof(customer, now=now)),
            content_type="application/pdf",
            headers={"Content-Disposition": named, "Cache-Control": "no-store"},
        )

    @action(
        description=_("Export (GDPR)"), icon="download", url_path="export", permissions=["export"]
    )
    def export(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """The same file as the API's; that it was made stands in the history."""
        customer = self.row(request, object_id)
        chunks = export_customer(customer, actor=actor_of(request), now=timezone.now())
        named = f'attachment; filename="{customer.reference}.json"'
        return StreamingHttpResponse(
            chunks, content_type="application/json", headers={"Content-Disposition": named}
        )

    @action(
        description=_("Erase (GDPR)"),
        icon="person_remove",
        url_path="erase",
        permissions=["erase"],
        variant=ActionVariant.DANGER,
    )
    def erase(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asked by GET, done by POST."""
        customer = self.row(request, object_id)
        if request.method == "POST":
            with transaction.atomic():
                done = erase_customer(
                    reference=customer.reference, actor=actor_of(request), now=timezone.now()
                )
                if done.closing is not None:
                    done.closing()
            self.message_user(request, gettext("The customer is erased."), messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:customers_customer_changelist"))
        title = _("Erase the customer %(id)s?") % {"id": customer.reference}
        words = {
            "title": title,
            "question": title,
            "consequence": _(
                "Name, addresses, attributes, behaviour, memberships and consents are erased, own "
                "codes disabled and holds given back. Orders keep their sums under a pseudonym. "
                "The e-mail address gets no mail any more, even if it is imported again. This "
                "cannot be undone."
            ),
            "cancel": _("Cancel"),
            "button": _("Erase for good"),
            "back": reverse("admin:customers_customer_change", args=[customer.pk]),
        }
        context = {**self.admin_site.each_context(request), **words}
        return render(request, "staff/confirm.html", context)

    @display(description=_("Gender"))
    def told_gender(self, customer: Customer) -> str:
        known = GENDER_WORDS.get(customer.gender)
        return pick(known, language_in_use()) if known else customer.gender or "–"

    @display(description=_("Attributes"))
    def told_attributes(self, customer: Customer) -> SafeString | str:
        rows = [
            (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
            for name, value in customer.attributes.items()
        ]
        return format_html_join("", "<div>{}: {}</div>", rows) or "–"

    @display(description=_("E-mail"))
    def masked_email(self, customer: Customer) -> str:
        return mask_email(customer.email)


def masked(customer: Customer) -> Customer:
    """The same customer, with what leads to the person made unreadable; not to be saved."""
    customer.email = mask_email(customer.email)
    customer.phone = mask_phone(customer.phone)
    customer.first_name = mask_text(customer.first_name)
    customer.last_name = mask_text(customer.last_name)
    customer.gender = mask_text(customer.gender)
    customer.postal_code = mask_text(customer.postal_code)
    customer.city = mask_text(customer.city)
    customer.birth_date = None
    customer.attributes = dict.fromkeys(customer.attributes, "•••")
    return customer


def _is_there(obj: Customer | str | int | None) -> bool:
    """Not erased; Unfold asks with the key from the address, and of no one in particular."""
    key = obj.pk if isinstance(obj, Customer) else obj
    if key is None:
        return True
    return str(key).isdecimal() and Customer.objects.filter(pk=key, erased_at=None).exists()
