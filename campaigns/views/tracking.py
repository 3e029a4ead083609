"""What mail programs and browsers call of a tracked letter: its pixel, and its links."""

import base64
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from access.domain.marks import Mark
from access.queries import opened_mark
from campaigns.actions.responding import note_click, note_open
from campaigns.domain.agents import Agent, agent_of
from campaigns.domain.tracking import link_of_key, utm_query, with_code, with_utm
from campaigns.queries.links import SentLink, sent_link
from campaigns.views.opening import gone
from common.own_pages import accepted_language, asked_instant, kept_private

#: One transparent point.
_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@require_http_methods(["GET", "HEAD"])
def pixel(request: HttpRequest, token: str) -> HttpResponse:
    """Seen, a message was opened. Never kept by anybody, so that it is asked for again."""
    mark = opened_mark(token, purpose="open")
    if mark is None:
        return _private(request, HttpResponseNotFound())
    now = asked_instant(request)
    note_open(
        customer_key=mark.customer_key, delivery_key=mark.other_key,
        agent=_agent(request, mark, now), now=now,
    )  # fmt: skip
    return _private(request, HttpResponse(_PIXEL, content_type="image/gif"))


@require_http_methods(["GET", "HEAD"])
def click(request: HttpRequest, token: str) -> HttpResponse:
    """Leads to where the letter's link led when it was sent; the address is nowhere in the call."""
    mark = opened_mark(token, purpose="click")
    if mark is None:
        return _private(request, gone(request, accepted_language(request)))
    delivery_key, number = link_of_key(mark.other_key)
    link = sent_link(delivery_key=delivery_key, number=number)
    if link is None:
        return _private(request, gone(request, accepted_language(request)))
    now = asked_instant(request)
    note_click(
        customer_key=mark.customer_key, delivery_key=delivery_key, campaign_key=link.campaign_key,
        number=number, agent=_agent(request, mark, now), now=now,
    )  # fmt: skip
    return _private(request, HttpResponseRedirect(_address(link)))


def _address(link: SentLink) -> str:
    query = utm_query(
        source=settings.UTM_SOURCE, campaign_id=link.campaign_id, variant=link.variant
    )
    return with_utm(with_code(link.url, link.code), query)


def _agent(request: HttpRequest, mark: Mark, now: datetime) -> Agent:
    return agent_of(
        user_agent=request.headers.get("User-Agent", ""),
        method=request.method or "",
        since_sent=now - mark.made_at,
    )


def _private(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    return kept_private(response, language=accepted_language(request))
