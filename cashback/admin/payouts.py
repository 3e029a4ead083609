"""Payouts: what waits for whom, and the page on which somebody else than who asked decides."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.enums import ActionVariant

from cashback.actions import payout_outcomes, payout_requests
from cashback.actions.payout_outcomes import BY_HAND
from cashback.admin.filters import PayoutStateFilter
from cashback.admin.payout_columns import PayoutColumns, decided_text
from cashback.forms.payout import ReasonForm, ReferenceForm
from cashback.models import Payout
from common.admin import actor_of
from common.asking import Asking
from common.ids import parse_public_id, public_id
from customers.admin.actors import persons_of
from customers.queries.people import customer_by_reference
from journal.admin.history import TrailAdmin


@admin.register(Payout)
class PayoutAdmin(PayoutColumns, Asking, TrailAdmin):
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
        if customer is None:
            return queryset.none(), False
        return queryset.filter(wallet__customer_id=customer.pk), False

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
        # A button is offered in these states alone; whoever had it before is told how it stands.
        is_offered = found is not None and (not _is_own_page(request) or found.status in states)
        return found if is_offered else None

    @action(
        description=_("Approve"), icon="check", url_path="approve", permissions=["decide"],
        variant=ActionVariant.PRIMARY,
    )  # fmt: skip
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        payout = self.row(request, object_id)
        return self._act(
            request,
            payout,
            states={"requested"},
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
            states={"requested", "approved"},
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
            is_final=True,
            form=form,
        )

    @action(description=_("Paid"), icon="paid", url_path="paid", permissions=["end"])
    def mark_paid(self, request: HttpRequest, object_id: str) -> HttpResponse:
        payout = self.row(request, object_id)
        form = ReferenceForm(request.POST or None)
        return self._act(
            request,
            payout,
            states={"submitted"},
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
            states={"submitted"},
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
            is_final=True,
            form=form,
        )

    def _act(
        self,
        request: HttpRequest,
        payout: Payout,
        *,
        states: set[str],
        act: Callable[[], Payout],
        done: str,
        form: Form | None = None,
        **words: Any,
    ) -> HttpResponse:
        """Ask, and do it once the form is sound; back to the payout."""
        back = reverse("admin:cashback_payout_change", args=[payout.pk])
        if payout.status not in states:
            self.message_user(request, decided_text(payout), messages.WARNING)
            return HttpResponseRedirect(back)
        if request.method == "POST" and (form is None or form.is_valid()):

            def told() -> str:
                act()
                return done

            return self.done(request, told, back=back)
        about = f"{payout.wallet.customer.reference}, {self.amount_told(payout)}"
        return self.ask(request, about=about, back=back, form=form, **words)


def _is_own_page(request: HttpRequest) -> bool:
    """Whether this is the payout's page, on which its buttons stand, and not that of an act."""
    match = request.resolver_match
    return match is not None and match.url_name == "cashback_payout_change"
