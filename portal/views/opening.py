"""Opening a customer's page by its link: whose it is, at what instant, and in which language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from access.queries import opened_link
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
from customers.queries.people import customer_by_key
from portal.serializers.account import gone_labels, labels

Text = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Visit:
    """A customer at one of their pages."""

    token: str
    customer_key: int
    customer_id: str
    name: str
    now: datetime
    expires_at: datetime
    language: Language
    #: What every address on the page carries on: the language where it was chosen, the test clock.
    kept: Text

    def address(self, page: str, *path: str, **query: str) -> str:
        """The address of another page of this link."""
        found = reverse(f"portal-{page}", args=[self.token, *path])
        asked = urlencode({**query, **self.kept})
        return f"{found}?{asked}" if asked else found


View = Callable[..., HttpResponse]


def own_page(view: View) -> Callable[..., HttpResponse]:
    """The view gets a `Visit` in place of the token; a link that opens nothing gets a page that says so."""
    return require_safe(_opened(view))


def own_form(view: View) -> Callable[..., HttpResponse]:
    """As `own_page`, of a page whose form is sent to it.

    What another site could send is told from it by the view: a page that tells no referrer sends no
    origin either, and without cookies nobody is signed in whom another site could use.
    """
    return csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(_opened(view)))


def _opened(view: View) -> Callable[..., HttpResponse]:
    @wraps(view)
    def opened(request: HttpRequest, token: str, **path: Any) -> HttpResponse:
        visit = _visit(request, token)
        language = visit.language if visit else accepted_language(request)
        with translation.override(language):
            try:
                response = view(request, visit, **path) if visit else gone(request)
            except NotFound:
                response = gone(request)
        return kept_private(response, language=language)

    return opened


def page(
    request: HttpRequest, visit: Visit, template: str, *, here: str, **content: Any
) -> HttpResponse:
    """A page of the account; `here` is its own address, for the choice of language."""
    other = other_language(visit.language)
    shared = {
        "shop": settings.SHOP_NAME,
        "say": labels(shop=settings.SHOP_NAME, expires_at=visit.expires_at),
        "language": visit.language,
        "other": other,
        "other_name": dict(settings.LANGUAGES)[other],
        "other_address": in_language(here, other),
        "home": visit.address("account"),
        "name": visit.name,
    }
    return render(request, f"portal/{template}.html", {**shared, **content})


def gone(request: HttpRequest) -> HttpResponse:
    """One answer for whatever opens nothing: nobody learns why."""
    content = {
        "shop": settings.SHOP_NAME,
        "say": gone_labels(shop=settings.SHOP_NAME),
        "language": translation.get_language(),
    }
    return render(request, "portal/gone.html", content, status=404)


def _visit(request: HttpRequest, token: str) -> Visit | None:
    now = asked_instant(request)
    link = opened_link(token, purpose="account", now=now)
    customer = customer_by_key(link.subject_key) if link else None
    if link is None or customer is None:
        return None
    return Visit(
        token=token,
        customer_key=customer.pk,
        customer_id=customer.reference,
        name=f"{customer.first_name} {customer.last_name}".strip(),
        now=now,
        expires_at=link.expires_at,
        language=language_for(request, locale=customer.locale),
        kept=carried_on(request),
    )
