"""Why did this customer get nothing? Campaign by campaign, for whoever has them on the phone."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.admin.words import STATES, obstacle_text, quiet_text, reason_text
from campaigns.models import Campaign, Delivery
from campaigns.queries.silence import MOST_ROWS, Quiet, Silences, silences_of
from common.words import moment
from customers.queries.people import customer_by_email


def silence_page(page: Any, request: HttpRequest) -> HttpResponse:
    """What is asked stands in the address, so that it can be sent to a colleague."""
    asked = request.GET.get("customer", "").strip()[:254]
    found = silences_of(_customer_id(asked), now=timezone.now()) if asked else None
    return render(
        request,
        "campaigns/admin/silence.html",
        {
            **page.admin_site.each_context(request),
            "title": _("Why did they get nothing?"),
            "content_title": _("Why did they get nothing?"),
            "asked": asked,
            "remark": _("There is no such customer.") if asked and found is None else "",
            "found": _told(found) if found else None,
            "words": _words(),
        },
    )


def _customer_id(asked: str) -> str:
    """An id, or the id of the one with this address."""
    customer = customer_by_email(asked) if "@" in asked else None
    return customer.reference if customer else asked


def _told(found: Silences) -> dict[str, Any]:
    return {
        "customer_id": found.customer_id,
        "marketing": obstacle_text(found.marketing),
        "is_free": found.marketing is None,
        "transactional": obstacle_text(found.transactional),
        "is_free_for_news": found.transactional is None,
        "rows": [_row(row) for row in found.rows],
        "is_cut": len(found.rows) == MOST_ROWS,
        "quiet": [_quiet(each) for each in found.quiet],
    }


def _row(row: Delivery) -> dict[str, Any]:
    word, kind = STATES[row.state]
    return {
        "campaign": row.campaign.name if row.campaign else _("Confirmation of a consent"),
        "url": _url(row.campaign) if row.campaign else "",
        "at": moment(row.submitted_at or row.closed_at or row.not_before),
        "state": word,
        "kind": kind or "plain",
        "reason": reason_text(row),
        "code": row.code.spelling if row.code else "",
    }


def _quiet(each: Quiet) -> dict[str, str]:
    return {
        "campaign": each.campaign.name,
        "url": _url(each.campaign),
        "status": str(Campaign.Status(each.campaign.status).label),
        "reason": quiet_text(each),
    }


def _url(campaign: Campaign) -> str:
    return reverse("admin:campaigns_campaign_change", args=[campaign.pk])


def _words() -> dict[str, str]:
    return {
        "intro": _(
            "Every campaign, with what came of it for one customer: sent, left out and why, or not their"
            " turn."
        ),
        "customer": _("Customer"),
        "hint": _("Id or e-mail address"),
        "look": _("Look"),
        "now": _("At this moment"),
        "marketing": _("Marketing by e-mail"),
        "transactional": _("News of orders by e-mail"),
        "rows": _("What they were meant to get"),
        "quiet": _("Campaigns that did not come to them"),
        "campaign": _("Campaign"),
        "at": _("When"),
        "state": _("Status"),
        "why": _("Why"),
        "code": _("Code"),
        "none": _("Nothing yet."),
        "cut": _("These are the newest; there are more."),
    }
