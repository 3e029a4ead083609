"""What is answered where no view answers: a problem document below /api, a page that says what to do elsewhere."""

from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.api import problems
from common.errors import CODES
from common.own_pages import kept_private
from common.words import language_in_use


class _Words(NamedTuple):
    title: str
    text: str
    #: Anything after the text, such as what to quote.
    note: str = ""


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """No such address."""
    words = _Words(
        _("There is nothing here"), _("The address is mistyped, or what stood here is gone.")
    )
    return _told(request, "not_found", words)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """Somebody who is logged in lacks the right."""
    words = _Words(
        _("This is not yours to open"),
        _(
            "Your account lacks the right for it. Whoever looks after the accounts can give it to you."
        ),
    )
    return _told(request, "scope_missing", words)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """A form without its token, or with that of another session."""
    words = _Words(
        _("This form is too old"),
        _("Go back, load the page anew and send it once more: nothing was changed. If that does not help, allow cookies for this site."),
    )  # fmt: skip
    return _told(request, "scope_missing", words)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """A request that Django itself refuses, such as one for another host."""
    is_foreign = isinstance(exception, DisallowedHost)
    detail = "This host is not served here: see ALLOWED_HOSTS." if is_foreign else ""
    words = _Words(
        _("This could not be read"),
        _("The address or what was sent is not as it should be."),
        detail,
    )
    return _told(request, "malformed_request", words, detail=detail)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Something broke outside of the API's own handler."""
    words = _Words(
        _("Something broke"),
        _("That is our fault and is written down. Please try again in a moment."),
        _("If you ask about it, tell this number: %(number)s")
        % {"number": problems.request_id_of(request)},
    )
    return _told(request, "internal_error", words)


def _told(request: HttpRequest, code: str, words: _Words, *, detail: str = "") -> HttpResponseBase:
    if request.path.startswith("/api/"):
        request_id = problems.request_id_of(request)
        return problems.to_response(problems.problem(code, request_id=request_id, detail=detail))
    return _page(request, words, status=CODES[code].status)


def _page(request: HttpRequest, words: _Words, *, status: int) -> HttpResponse:
    is_of_staff = request.path.startswith(reverse("admin:index"))
    language = language_in_use()
    content = {
        "shop": settings.SHOP_NAME,
        # Others come by links of their own, and are not told what else is here.
        "home": reverse("admin:index") if is_of_staff else "",
        "home_name": _("To the staff's pages") if is_of_staff else "",
        "language": language,
        "say": words._asdict(),
    }
    return kept_private(render(request, "error.html", content, status=status), language=language)
