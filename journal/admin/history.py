"""The history of a row on the staff's pages: what the audit trail has of it, whoever did it."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from journal.models import AuditEntry
from journal.queries import history_of

_ON_A_PAGE = 50
_LINES = 30
_LETTERS = 200
_ACTS = {
    "created": _("created"),
    "changed": _("changed"),
    "updated": _("changed"),
    "deleted": _("deleted"),
    "issued": _("issued"),
    "ordered": _("asked for"),
    "read": _("personal values looked at"),
    "recorded": _("consent recorded"),
    "members_replaced": _("members replaced"),
    "exported": _("all data exported"),
    "erased": _("erased"),
    "membership_recorded": _("membership recorded"),
    "membership_ended": _("membership ended"),
    "secret_rotated": _("secret replaced"),
    "replayed": _("sent again"),
    "disabled": _("switched off by the service"),
    "request": _("asked for"),
    "approve": _("approved"),
    "reject": _("rejected"),
    "submit": _("handed on"),
    "pay": _("paid"),
    "fail": _("failed"),
    "contradict": _("contradicted by the provider"),
    "make": _("made"),
    "hand_out": _("downloaded"),
    "settled": _("payment recorded"),
    "submitted": _("handed in"),
    "approved": _("approved"),
    "scheduled": _("scheduled"),
    "running": _("resumed"),
    "paused": _("paused"),
    "cancelled": _("cancelled"),
    "adjust_cashback": _("cashback adjusted"),
}


class TrailAdmin(ModelAdmin):
    """Django notes only what was saved on its pages; the trail has all that was done."""

    #: What the trail calls such a subject.
    trail_kind: str

    def trail_id(self, obj: Any) -> str:
        """What the trail calls this one."""
        reference: str = obj.reference
        return reference

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().history_view(request, object_id, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            subject = self.trail_id(response.context_data["object"])
            entries = history_of(subject_kind=self.trail_kind, subject_id=subject).order_by("-id")
            page = Paginator(entries, _ON_A_PAGE).get_page(request.GET.get("p"))
            response.context_data |= {
                "page": page,
                "trail": list(
                    _told(page, may_see_keys=request.user.has_perm("access.view_apikey"))
                ),
                "words": _words(),
            }
        return response


def _told(entries: Iterable[AuditEntry], *, may_see_keys: bool) -> Iterator[dict[str, Any]]:
    found = list(entries)
    names = _names(found)
    for entry in found:
        kind, _colon, number = entry.actor.partition(":")
        url = ""
        if kind == "key" and may_see_keys and number.isdecimal():
            url = reverse("admin:access_apikey_change", args=[number])
        act = entry.action.rpartition(".")[2]
        yield {
            "at": entry.at,
            "who": names.get(entry.actor) or _actor(kind, number),
            "url": url,
            "act": _ACTS.get(act, act),
            "changes": list(_changes(entry.before, entry.after)),
        }


def _names(entries: Iterable[AuditEntry]) -> dict[str, str]:
    """Names of the staff among the actors."""
    keys = {entry.actor.removeprefix("staff:") for entry in entries}
    users = get_user_model().objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    return {f"staff:{user.pk}": user.get_username() for user in users}


def _actor(kind: str, number: str) -> str:
    if kind == "key":
        return gettext("API key no. %(number)s") % {"number": number}
    if kind == "customer":
        return gettext("customer no. %(number)s") % {"number": number}
    if kind == "staff":
        return gettext("staff no. %(number)s") % {"number": number}
    return gettext("the service")


def _changes(before: Any, after: Any) -> Iterator[tuple[str, str, str]]:
    """The contract's field, what it was and what it became; of what was just made, nothing."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return
    was, became = dict(_leaves(before)), dict(_leaves(after))
    changed = [name for name in {**was, **became} if was.get(name) != became.get(name)]
    for name in changed[:_LINES]:
        yield name, _text(was.get(name)), _text(became.get(name))


def _leaves(shape: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in shape.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _text(value: Any) -> str:
    if value in (None, "", [], {}):
        return "–"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LETTERS else f"{text[:_LETTERS]}…"


def _words() -> dict[str, str]:
    return {
        "at": gettext("When"),
        "who": gettext("Who"),
        "what": gettext("What"),
        "none": gettext("The audit trail has nothing about it."),
        "newer": gettext("Newer"),
        "older": gettext("Older"),
    }
