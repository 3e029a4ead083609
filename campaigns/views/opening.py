"""Opening a page by the link of a mail: whose it is, at what instant, and in which language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from access.actions.marks import make_mark
from access.domain.marks import Mark
from campaigns.serializers.page_words import gone_words, shared_words
from common.errors import NotFound
from common.own_pages import (
    accepted_language,
    asked_instant,
    carried_on,
    in_language,
    kept_private,
    language_for,
    other_language,
)
from common.reasons import Language
from customers.domain.masking import mask_email
from customers.queries.people import customer_by_key

#: Far more than any of the forms.
_MOST_BYTES = 10_000


@dataclass(frozen=True, slots=True)
class Reader:
    """A customer at a page that one of their mails led to."""

    token: str
    mark: Mark
    masked_email: str
    now: datetime
    language: Language
    kept: Mapping[str, str]

    def address(self, page: str) -> str:
        """The page's address by this token, with what it carries on."""
        return self._carried(reverse(f"campaigns-{page}", args=[self.token]))

    def preferences(self) -> str:
        """The address of the page of preferences, for whoever came by another one."""
        token = make_mark(customer_key=self.mark.customer_key, purpose="preferences", now=self.now)
        return self._carried(reverse("campaigns-preferences", args=[token]))

    def _carried(self, found: str) -> str:
        return f"{found}?{urlencode(self.kept)}" if self.kept else found


View = Callable[[HttpRequest, Reader], HttpResponse]


def page_of_mark(
    opened: Callable[[str], Mark | None],
) -> Callable[[View], Callable[..., HttpResponse]]:
    """The view gets a `Reader` in place of the token; a token that opens nothing gets a 404.

    Nobody is signed in here, so there is nothing that another site could use: no CSRF token is asked for.
    """

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answered(request: HttpRequest, token: str) -> HttpResponse:
            reader = _reader(request, token, opened(token))
            language = reader.language if reader else accepted_language(request)
            try:
                response = view(request, reader) if reader else gone(request, language)
            except NotFound:
                response = gone(request, language)
            return kept_private(response, language=language)

        return csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(answered))

    return decorate


def page(
    request: HttpRequest,
    reader: Reader,
    template: str,
    *,
    here: str,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """A page; `here` is its own address, where its form goes and for the choice of language."""
    other = other_language(reader.language)
    address = reader.address(here)
    shared = {
        "shop": settings.SHOP_NAME,
        "say": shared_words(reader.language),
        "language": reader.language,
        "other": other,
        "other_name": dict(settings.LANGUAGES)[other],
        "other_address": in_language(address, other),
        "here": address,
    }
    return render(request, f"campaigns/{template}.html", {**shared, **more}, status=status)


def sent_form(request: HttpRequest) -> Mapping[str, str]:
    """What the form says; nothing where it cannot be read: that it was sent counts all the same."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST_BYTES:
            return {}
        return request.POST.dict()
    except (
        BadRequest,
        MultiPartParserError,
        SuspiciousOperation,
        UnreadablePostError,
        ValueError,
    ):
        return {}


def _reader(request: HttpRequest, token: str, mark: Mark | None) -> Reader | None:
    customer = customer_by_key(mark.customer_key) if mark else None
    if mark is None or customer is None:
        return None
    return Reader(
        token=token,
        mark=mark,
        masked_email=mask_email(customer.email),
        now=asked_instant(request),
        language=language_for(request, locale=customer.locale),
        kept=carried_on(request),
    )


def gone(request: HttpRequest, language: Language) -> HttpResponse:
    """One answer for whatever opens nothing: nobody learns why."""
    content = {"shop": settings.SHOP_NAME, "language": language, "told": gone_words(language)}
    return render(request, "campaigns/told.html", content, status=404)
