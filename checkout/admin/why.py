"""Why was this refused? By code, customer or decision, for whoever has the customer on the phone."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from checkout.actions.waiting import write_down
from checkout.admin.standing import ToldStanding, told_standing
from checkout.admin.told import ToldCall, told_calls
from checkout.models import Decision
from checkout.queries.decisions import (
    decision_by_id,
    decisions_of_customer,
    decisions_with_code,
)
from common.admin import ReadOnlyAdmin
from common.ids import parse_public_id, public_id
from common.words import number
from customers.queries.people import customer_by_email, customer_by_reference
from promotions.queries.code_standing import CodeStanding, standing_of_code

SHOWN = 20
#: So many latest calls are looked through for a code that is nobody's own.
LOOKED_THROUGH = 20_000


@dataclass(slots=True)
class _Found:
    """What is shown: how the code stands, remarks, and calls from the newest."""

    standing: ToldStanding | None = None
    remarks: list[str] = field(default_factory=list)
    calls: list[ToldCall] = field(default_factory=list)
    #: Where the calls before these are.
    older: str = ""
    #: Which of the calls is shown wholly.
    opened: str = ""

    def open_first(self, *, of_wanted_code: bool) -> None:
        """Open the latest refusal (of the code that is looked for), else the latest call."""
        refused = [call for call in self.calls if call.has_refusal]
        wanted = [call for call in self.calls if any(code.is_wanted for code in call.codes)]
        both = [call for call in refused if call in wanted]
        ranked = [*both, *wanted, *self.calls] if of_wanted_code else [*refused, *self.calls]
        self.opened = ranked[0].id if ranked else ""


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    """One page: what is asked stands in the address, so that it can be sent to a colleague."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = {
            name: request.GET.get(name, "").strip()[:254]
            for name in ("code", "customer", "decision", "before")
        }
        return render(
            request,
            "checkout/admin/why.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Why was this refused?"),
                "content_title": _("Why was this refused?"),
                "fields": _fields(asked),
                "look": _("Look"),
                "words": _words(),
                "found": _look(asked),
                "is_asked": any(asked.values()),
            },
        )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """To the page that says what the decision means; the row itself is for the service."""
        return self._asked_about(request, object_id)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Nobody changes a decision."""
        return self._asked_about(request, object_id)

    def _asked_about(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        decision = self.row(request, object_id)
        asked = urlencode({"decision": public_id("dec", decision.id)})
        return HttpResponseRedirect(f"{reverse('admin:checkout_decision_changelist')}?{asked}")


def _look(asked: dict[str, str]) -> _Found:
    if any(asked.values()):
        write_down()
    found = _Found()
    if asked["decision"]:
        _look_at_decision(asked["decision"], found)
        return found
    customer = _customer(asked["customer"], found)
    code = _code(asked["code"], found)
    if code is not None:
        found.standing = told_standing(code, customer_key=customer, now=timezone.now())
    _look_for_calls(asked, customer, code, found)
    return found


def _look_at_decision(text: str, found: _Found) -> None:
    decision_id = parse_public_id("dec", text)
    decision = decision_by_id(decision_id) if decision_id else None
    if decision is None:
        found.remarks.append(_("There is no such decision, or it is older than 90 days."))
        return
    found.calls = told_calls([decision])
    found.opened = found.calls[0].id


def _customer(text: str, found: _Found) -> int | None:
    if not text:
        return None
    customer = customer_by_reference(text)
    if customer is None and "@" in text:
        customer = customer_by_email(text)
    if customer is None:
        found.remarks.append(
            _(
                "There is no such customer, or several with this e-mail address. "
                "Who only asked for prices is not known yet: look for the code."
            )
        )
        return None
    return customer.pk


def _code(text: str, found: _Found) -> CodeStanding | None:
    if not text:
        return None
    code = standing_of_code(text)
    if code is None:
        found.remarks.append(
            _("There is no code %(code)s: at checkout it is not valid. Please check the spelling.")
            % {"code": text}
        )
    return code


def _look_for_calls(
    asked: dict[str, str], customer_key: int | None, code: CodeStanding | None, found: _Found
) -> None:
    before = parse_public_id("dec", asked["before"])
    wanted = code.id if code else None
    key = customer_key
    if key is None and code is not None:
        key = code.customer_key
    if asked["customer"] and customer_key is None:
        return
    if key is not None:
        decisions = decisions_of_customer(key, before=before, limit=SHOWN)
    elif code is not None:
        decisions = decisions_with_code(code.id, before=before, among=LOOKED_THROUGH, limit=SHOWN)
        found.remarks.append(
            _(
                "Among the latest %(number)s calls of the shop; with a customer all calls of the last 90 days are looked at."
            )
            % {"number": number(LOOKED_THROUGH)}
        )
    else:
        return
    found.calls = told_calls(decisions, wanted_code=wanted)
    found.open_first(of_wanted_code=wanted is not None)
    if len(decisions) == SHOWN:
        kept = {name: text for name, text in asked.items() if text}
        found.older = "?" + urlencode({**kept, "before": found.calls[-1].id})
    if not decisions:
        found.remarks.append(_("No call of the checkout is known of it."))


def _fields(asked: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """Name, label, hint and what was typed."""
    texts = {
        "code": (_("Code"), _("in any spelling")),
        "customer": (_("Customer"), _("id or e-mail address")),
        "decision": (_("Decision"), "dec_…"),
    }
    return [(name, label, hint, asked[name]) for name, (label, hint) in texts.items()]


def _words() -> dict[str, str]:
    """The texts of the page."""
    return {
        "intro": _(
            "What the checkout decided in the last 90 days, call by call. A customer and the code tell the most."
        ),
        "now": _("The code now"),
        "free": _(
            "Nothing stands in its way. What cart and customer must have for it is judged at checkout, see below."
        ),
        "obstacles": _("What stands in its way now"),
        "promotion": _("Promotion"),
        "holder": _("Belongs to"),
        "uses": _("Uses"),
        "used_by": _("Used or held by"),
        "held": _("a cart, for now"),
        "report": _("Report"),
        "calls": _("Calls, newest first"),
        "customer": _("Customer"),
        "order": _("Order"),
        "promise": _("It kept the promise of"),
        "codes": _("Codes of the cart"),
        "told": _("The customer was told"),
        "offers": _("Promotions, rule by rule"),
        "others": _("Automatic promotions that did not apply"),
        "rule": _("Rule"),
        "needed": _("Needed"),
        "found": _("Found"),
        "holding": _("Rules that held"),
        "by_code": _("by the code"),
        "no_codes": _("without codes"),
        "choice": _("The choice"),
        "older": _("Older calls"),
        "link": _("Link to this decision"),
    }
