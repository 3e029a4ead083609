"""Payouts: what waits for whom, and the page on which somebody else than who asked decides."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from cashback.actions import payout_outcomes, payout_requests
from cashback.actions.payout_outcomes import BY_HAND
from cashback.admin.filters import PayoutStateFilter
from cashback.admin.people import person_of, persons_of
from cashback.admin.words import PAYOUT_COLOURS, PAYOUT_STATES
from cashback.domain.payouts import SepaDestination
from cashback.forms.payout import ReasonForm, ReferenceForm
from cashback.models import Payout
from cashback.queries.payouts import destination_of
from common.admin import ReadOnlyAdmin, actor_of
from common.asking import Asking
from common.ids import parse_public_id, public_id
from common.words import moment, money
from customers.domain.masking import mask_text
from customers.queries.people import customer_by_reference
from journal.admin.history import TrailAdmin

_CONTRADICTIONS = {
    Payout.Contradiction.REVERSED: _("The provider says that it was taken back after it was paid."),
    Payout.Contradiction.PAID: _("The provider says that it was paid after it had failed."),
}


@admin.register(Payout)
class PayoutAdmin(ReadOnlyAdmin, Asking, TrailAdmin):
    """Each act is the API's, as the person who does it. Where money goes is shown masked."""

    trail_kind = "payout"
    list_display = ("asked", "customer", "amount_told", "state", "goes_to", "asked_by")
    list_display_links = ("asked",)
    list_filter = (PayoutStateFilter,)
    list_filter_submit = True
    list_select_related = ("wallet__customer",)
    search_fields = ("wallet__customer__reference__exact",)
    search_help_text = _("The whole customer id, or a payout's id (pay_…)")
    ordering = ("-id",)
    show_facets = admin.ShowFacets.NEVER  # they count
    actions_detail = ("approve", "reject", "mark_paid", "mark_failed")
    fields = (
        "payout_id_", "customer", "amount_told", "stands", "goes_to", "holder", "decision", "asked",
        "asked_by_whom", "approved", "rejected", "submitted", "ended", "file", "found_by", "look_at",
    )  # fmt: skip
    readonly_fields = fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def trail_id(self, obj: Payout) -> str:
        return public_id("pay", obj.pk)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payout]:
        found: QuerySet[Payout] = super().get_queryset(request)
        return found.select_related("wallet__customer", "sepa_file")

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Payout | None:
        """The payout, as this person looks at it."""
        found: Payout | None = super().get_object(request, object_id, from_field)
        if found is not None:
            found.seen_by = request.user  # type: ignore[attr-defined]  # for the page alone
        return found

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """With who asked for all of them, read in one statement."""
        changelist = super().get_changelist_instance(request)
        names = persons_of(row.requested_by for row in changelist.result_list)
        for row in changelist.result_list:
            row.asker = names[row.requested_by]
        return changelist

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Payout], search_term: str
    ) -> tuple[QuerySet[Payout], bool]:
        """By index only."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if (payout_id := parse_public_id("pay", term)) is not None:
            return queryset.filter(pk=payout_id), False
        customer = customer_by_reference(term)
        return queryset.filter(wallet__customer_id=customer.pk if customer else None), False

    def has_decide_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Somebody else than who asked."""
        found = self._acted_on(request, object_id, {"requested"})
        return found is not None and found.requested_by != actor_of(request)

    def has_reject_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Also after an approval, until it is handed on."""
        found = self._acted_on(request, object_id, {"requested", "approved"})
        return found is not None and found.requested_by != actor_of(request)

    def has_end_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Once it is with the bank or the provider."""
        return self._acted_on(request, object_id, {"submitted"}) is not None

    def _acted_on(self, request: HttpRequest, object_id: Any, states: set[str]) -> Payout | None:
        if not object_id or not request.user.has_perm("cashback.change_payout"):
            return None
        found = self.get_object(request, str(object_id))
        # By a POST the act itself says what is in the way.
        if found is None or (request.method != "POST" and found.status not in states):
            return None
        return found

    @action(
        description=_("Approve"), icon="check", url_path="approve", permissions=["decide"],
        variant=ActionVariant.PRIMARY,
    )  # fmt: skip
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        payout = self.row(request, object_id)
        return self._act(
            request,
            payout,
            act=lambda: payout_requests.approve(
                payout_id=payout.pk, actor=actor_of(request), now=timezone.now()
            ),
            done=gettext("The payout is approved."),
            title=gettext("Approve this payout?"),
            consequence=gettext("It goes into the next file for the bank, or to the provider."),
            button=gettext("Approve"),
        )

    @action(
        description=_("Reject"), icon="block", url_path="reject", permissions=["reject"],
        variant=ActionVariant.DANGER,
    )  # fmt: skip
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        payout = self.row(request, object_id)
        form = ReasonForm(request.POST or None)
        return self._act(
            request,
            payout,
            act=lambda: payout_requests.reject(
                payout_id=payout.pk,
                reason=form.cleaned_data["reason"],
                actor=actor_of(request),
                now=timezone.now(),
            ),
            done=gettext("The payout is rejected."),
            title=gettext("Reject this payout?"),
            consequence=gettext("The customer has the money as cashback again."),
            button=gettext("Reject"),
            form=form,
        )

    @action(description=_("Paid"), icon="paid", url_path="paid", permissions=["end"])
    def mark_paid(self, request: HttpRequest, object_id: str) -> HttpResponse:
        payout = self.row(request, object_id)
        form = ReferenceForm(request.POST or None)
        return self._act(
            request,
            payout,
            act=lambda: payout_outcomes.mark_paid(
                payout_id=payout.pk,
                reference=form.cleaned_data["reference"],
                actor=actor_of(request),
                now=timezone.now(),
            ),
            done=gettext("The payout is paid."),
            title=gettext("Was this payout paid?"),
            consequence=gettext("The bank's statement shows it. This cannot be undone."),
            button=gettext("Paid"),
            form=form,
        )

    @action(
        description=_("Failed"), icon="error", url_path="failed", permissions=["end"],
        variant=ActionVariant.DANGER,
    )  # fmt: skip
    def mark_failed(self, request: HttpRequest, object_id: str) -> HttpResponse:
        payout = self.row(request, object_id)
        form = ReasonForm(request.POST or None)
        return self._act(
            request,
            payout,
            act=lambda: payout_outcomes.mark_failed(
                payout_id=payout.pk,
                failure=BY_HAND,
                reason=form.cleaned_data["reason"],
                actor=actor_of(request),
                now=timezone.now(),
            ),
            done=gettext("The payout has failed."),
            title=gettext("Has this payout failed?"),
            consequence=gettext(
                "It was not paid and will not be. The customer has the money as cashback again."
            ),
            button=gettext("Failed"),
            form=form,
        )

    def _act(
        self,
        request: HttpRequest,
        payout: Payout,
        *,
        act: Callable[[], Payout],
        done: str,
        form: Form | None = None,
        **words: str,
    ) -> HttpResponse:
        """Ask, and do it once the form is sound; back to the payout."""
        back = reverse("admin:cashback_payout_change", args=[payout.pk])
        if request.method == "POST" and (form is None or form.is_valid()):

            def told() -> str:
                act()
                return done

            return self.done(request, told, back=back)
        about = f"{payout.wallet.customer.reference}, {self.amount_told(payout)}"
        return self.ask(request, about=about, back=back, form=form, **words)

    @display(description=_("Id"))
    def payout_id_(self, obj: Payout) -> str:
        return public_id("pay", obj.pk)

    @display(description=_("Asked for"), ordering="id")
    def asked(self, obj: Payout) -> str:
        return moment(obj.requested_at)

    @display(description=_("Customer"))
    def customer(self, obj: Payout) -> str:
        return obj.wallet.customer.reference

    @display(description=_("Amount"))
    def amount_told(self, obj: Payout) -> str:
        return money(obj.amount, obj.wallet.currency)

    @display(description=_("Status"), label=PAYOUT_COLOURS)
    def state(self, obj: Payout) -> tuple[str, str]:
        return obj.status, str(PAYOUT_STATES[obj.status])

    @display(description=_("Status"))
    def stands(self, obj: Payout) -> str:
        return str(PAYOUT_STATES[obj.status])

    @display(description=_("Goes to"))
    def goes_to(self, obj: Payout) -> str:
        return obj.masked or str(_("erased"))

    @display(description=_("Account of"))
    def holder(self, obj: Any) -> str:
        full = destination_of(obj)
        if not isinstance(full, SepaDestination):
            return "–"
        may_see = obj.seen_by.has_perm("customers.see_personal_values")
        return full.name if may_see else mask_text(full.name)

    @display(description=_("Who decides"))
    def decision(self, obj: Any) -> str:
        if obj.status != Payout.Status.REQUESTED:
            return "–"
        if obj.requested_by == f"staff:{obj.seen_by.pk}":
            return gettext("You have asked for it: somebody else decides.")
        return gettext("Anybody of finance but who asked for it.")

    @display(description=_("Asked for by"))
    def asked_by(self, obj: Any) -> str:
        asker: str = obj.asker
        return asker

    @display(description=_("Asked for by"))
    def asked_by_whom(self, obj: Payout) -> str:
        return person_of(obj.requested_by)

    @display(description=_("Approved"))
    def approved(self, obj: Payout) -> str:
        if obj.approved_at is None:
            return "–"
        return f"{moment(obj.approved_at)}, {person_of(obj.approved_by)}"

    @display(description=_("Rejected"))
    def rejected(self, obj: Payout) -> str:
        if not obj.rejected_by:
            return "–"
        return f"{moment(obj.ended_at)}, {person_of(obj.rejected_by)}: {obj.reason or '–'}"

    @display(description=_("Handed on"))
    def submitted(self, obj: Payout) -> str:
        return moment(obj.submitted_at)

    @display(description=_("Paid or failed"))
    def ended(self, obj: Payout) -> str:
        if obj.ended_at is None or obj.status == Payout.Status.REJECTED:
            return "–"
        why = obj.reason or ("" if obj.failure == BY_HAND else obj.failure)
        return f"{moment(obj.ended_at)}{f': {why}' if why else ''}"

    @display(description=_("File for the bank"))
    def file(self, obj: Payout) -> str:
        if obj.sepa_file is None:
            return "–"
        url = reverse("admin:cashback_sepafile_change", args=[obj.sepa_file_id])
        return format_html('<a class="text-link" href="{}">{}</a>', url, obj.sepa_file.message_id)

    @display(description=_("Reference of the bank or provider"))
    def found_by(self, obj: Payout) -> str:
        return obj.provider_reference or "–"

    @display(description=_("To look at"))
    def look_at(self, obj: Payout) -> str:
        if obj.contradiction:
            return str(_CONTRADICTIONS[Payout.Contradiction(obj.contradiction)])
        if obj.unknown_since is not None:
            return gettext(
                "Nobody knows since %(moment)s whether it was paid; it is asked again."
            ) % {"moment": moment(obj.unknown_since)}
        return "–"
