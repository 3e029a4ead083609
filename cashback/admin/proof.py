"""Whether the books add up, in words."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cashback.actions.proof import JOB_KIND, order_proof
from common.admin import actor_of
from common.words import moment, number
from journal.admin.jobs import progress_bar
from journal.queries import newest_job

_OPEN = ("queued", "running")

#: What is always true, as the checks of `cashback.queries.verify` are called.
CHECK_WORDS: dict[str, Any] = {
    "transfers are in one currency, and balances are their sums": gettext_lazy(
        "transfers are in one currency, and balances are their sums"
    ),
    "no account of a customer is below zero, and no debt beside credit": gettext_lazy(
        "no account of a customer is below zero, and no debt beside credit"
    ),
    "lots are what is left of them, and sum to the balances": gettext_lazy(
        "lots are what is left of them, and sum to the balances"
    ),
    "holds keep what they should, and sum to what is held": gettext_lazy(
        "holds keep what they should, and sum to what is held"
    ),
    "what is in clearing waits for its provider": gettext_lazy(
        "what is in clearing waits for its provider"
    ),
    "a payout's money is where its status says": gettext_lazy(
        "a payout's money is where its status says"
    ),
    "every cent leads back to a rule, an order line and a posting": gettext_lazy(
        "every cent leads back to a rule, an order line and a posting"
    ),
    "no more is taken back than was earned": gettext_lazy("no more is taken back than was earned"),
    "what partners paid is booked, and nothing else": gettext_lazy(
        "what partners paid is booked, and nothing else"
    ),
    "nothing is due before its wallet says so": gettext_lazy(
        "nothing is due before its wallet says so"
    ),
    "the shop's totals are the sums of the transfers": gettext_lazy(
        "the shop's totals are the sums of the transfers"
    ),
    "what is booked is guarded": gettext_lazy("what is booked is guarded"),
}


def ask_for_it(request: HttpRequest) -> HttpResponse:
    """Queue a look at the books, and show it."""
    with transaction.atomic():
        order_proof(actor=actor_of(request), now=timezone.now())
    return HttpResponseRedirect(reverse("admin:cashback_proof"))


def context_of() -> dict[str, Any]:
    """What the page says: how far the newest look is, or what it found."""
    job = newest_job(JOB_KIND)
    context: dict[str, Any] = {
        "title": _("Do the books add up?"),
        "content_title": _("Do the books add up?"),
        "checks": [str(text) for text in CHECK_WORDS.values()],
        "words": _words(),
    }
    if job is None:
        return context
    if job.status in _OPEN:
        return context | {"is_open": True, "progress": progress_bar(job)}
    ended = {"moment": moment(job.finished_at)}
    if job.status != "succeeded":
        return context | {"failed": _("The look at the books has failed: %(moment)s.") % ended}
    result: dict[str, Any] = job.result or {}
    return context | {
        "verdict": _verdict(result) + " " + _("Looked at on %(moment)s.") % ended,
        "is_proven": not result["count"] and not result["unfinished"],
        "breaches": [_told(breach) for breach in result["breaches"]],
        "unfinished": [_check(name) for name in result["unfinished"]],
    }


def _verdict(result: dict[str, Any]) -> str:
    count = result["count"]
    if count:
        text = ngettext("%(count)s row does not add up.", "%(count)s rows do not add up.", count)
        return text % {"count": number(count)}
    if result["unfinished"]:
        return _("Nothing was found, but not everything was looked at.")
    return _("Everything adds up.")


def _told(breach: Sequence[str]) -> tuple[str, str, str, str]:
    check, row, says, counted = breach
    return _check(check), row, says, counted


def _check(name: str) -> str:
    return str(CHECK_WORDS.get(name, name))


def _words() -> dict[str, str]:
    return {
        "intro": _(
            "Everything that is always true of the ledger is counted again, row by row. It takes"
            " a while, and changes nothing."
        ),
        "start": _("Look at the books"),
        "again": _("Look again"),
        "running": _("The books are being looked at."),
        "checks": _("What is looked at"),
        "unfinished": _("What took too long: ask for it by the command verify_ledger."),
        "check": _("What is not true"),
        "row": _("Of what"),
        "says": _("It says"),
        "counted": _("Counted"),
    }
