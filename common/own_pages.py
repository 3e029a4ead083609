"""What all pages share that open by a link from a mail: language, test clock, what a browser is told."""

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from common.fields import Instant
from common.instants import instant_errors
from common.middleware import language_of
from common.reasons import Language

#: Nothing runs, nothing is loaded from elsewhere, nobody frames it.
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-store, private",
    # The address is the key: no index, no site that is visited next, learns it.
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_LANGUAGES: tuple[Language, ...] = ("de", "en")


def kept_private(response: HttpResponse, *, language: Language) -> HttpResponse:
    """The answer, with what keeps it and its address to whoever asked."""
    for name, text in _HEADERS.items():
        response.headers.setdefault(name, text)
    response.headers["Content-Language"] = language
    return response


def asked_instant(request: HttpRequest) -> datetime:
    """Now, or on the test clock what `?at=` says.

    Raises:
        BadRequest: it is no instant that a shop can mean.
    """
    if not settings.TEST_CLOCK or "at" not in request.GET:
        return timezone.now()
    try:
        # A space after the T is a plus that was not encoded.
        at: datetime = msgspec.convert(request.GET["at"].replace(" ", "+"), Instant)
    except msgspec.ValidationError:
        raise BadRequest from None
    if instant_errors({"/at": at}):
        raise BadRequest
    return at.astimezone(UTC)


def carried_on(request: HttpRequest) -> Mapping[str, str]:
    """What every address on the page carries on: the language where it was chosen, the test clock."""
    chosen = _chosen(request)
    kept: dict[str, str] = {"lang": chosen} if chosen else {}
    if settings.TEST_CLOCK and "at" in request.GET:
        kept["at"] = request.GET["at"]
    return kept


def language_for(request: HttpRequest, *, locale: str) -> Language:
    """What was chosen on the page, else the customer's language, else the browser's."""
    return _chosen(request) or _spoken(locale) or accepted_language(request)


def accepted_language(request: HttpRequest) -> Language:
    """The browser's language, where it is one of ours."""
    found = language_of(request.headers.get("Accept-Language", ""))
    return "de" if found == "de" else "en"


def other_language(language: Language) -> Language:
    """There are two."""
    return "en" if language == "de" else "de"


def in_language(address: str, language: Language) -> str:
    """The same page in this language."""
    path, _, query = address.partition("?")
    others = [part for part in query.split("&") if part and not part.startswith("lang=")]
    return f"{path}?{'&'.join([*others, f'lang={language}'])}"


def caller_ip(request: HttpRequest) -> str:
    """Where the call came from; behind TLS, what the proxy in front says of it."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_TLS else ""
    # The last entry is the proxy's own; what stands before it, anybody may have written.
    told: str = forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    return told


def _chosen(request: HttpRequest) -> Language | None:
    return next((each for each in _LANGUAGES if request.GET.get("lang") == each), None)


def _spoken(locale: str) -> Language | None:
    """The customer's language, where it is one of ours."""
    spoken = locale.replace("_", "-").partition("-")[0].lower()
    return next((each for each in _LANGUAGES if spoken == each), None)
