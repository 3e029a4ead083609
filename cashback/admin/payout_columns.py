"""What the pages say of a payout."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from cashback.actions.payout_outcomes import BY_HAND
from cashback.admin.words import PAYOUT_COLOURS, PAYOUT_STATES
from cashback.domain.payouts import SepaDestination
from cashback.models import Payout
from cashback.queries.payouts import destination_of
from common.admin import ReadOnlyAdmin
from common.ids import public_id
from common.words import moment, money
from customers.admin.actors import person_of
from customers.domain.masking import mask_text

_CONTRADICTIONS = {
    Payout.Contradiction.REVERSED: _("The provider says that it was taken back after it was paid."),
    Payout.Contradiction.PAID: _("The provider says that it was paid after it had failed."),
}


class PayoutColumns(ReadOnlyAdmin):
    """Columns of the list and lines of the page."""

    @display(description=_("Id"))
    def payout_id_(self, obj: Payout) -> str:
        return public_id("pay", obj.pk)

    @display(description=_("Requested"), ordering="id")
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

    @display(description=_("Requested by"))
    def asked_by(self, obj: Any) -> str:
        asker: str = obj.asker
        return asker

    @display(description=_("Requested by"))
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


def decided_text(payout: Payout) -> str:
    """How it stands already, who decided that, and when."""
    told = {"state": PAYOUT_STATES[payout.status]}
    if payout.status == Payout.Status.REQUESTED:
        return gettext("This payout %(state)s.") % told
    deciders = {
        Payout.Status.APPROVED: (payout.approved_by, payout.approved_at),
        Payout.Status.REJECTED: (payout.rejected_by, payout.ended_at),
        Payout.Status.SUBMITTED: ("", payout.submitted_at),
    }
    who, at = deciders.get(Payout.Status(payout.status), ("", payout.ended_at))
    told["how"] = ", ".join([person_of(who), moment(at)] if who else [moment(at)])
    return gettext("This payout is %(state)s already (%(how)s).") % told
