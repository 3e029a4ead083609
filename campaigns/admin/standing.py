"""How a campaign stands: the steps it takes, what comes next, and how far it is."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from campaigns.admin.words import STATES
from campaigns.models import Campaign
from campaigns.models.delivery import OPEN
from campaigns.queries.campaigns import states_of
from campaigns.queries.overview import Progress
from common.admin import actor_of
from common.words import number, said
from customers.admin.actors import persons_of

#: Of these rows at least it was tried.
_WENT_OUT = ("accepted", "delivered", "bounced", "complained", "unknown")
_STEPS = ("draft", "submitted", "approved", "scheduled", "running", "finished")


def standing(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    """What the panel above the form shows."""
    states = states_of(campaign.pk)
    return {
        "steps": _steps(campaign),
        "next_step": _next_step(request, campaign, states),
        "progress": progress_context(campaign, states),
        "progress_url": reverse("admin:campaigns_campaign_progress", args=[campaign.pk]),
    }


def progress_context(campaign: Campaign, states: dict[str, int]) -> dict[str, Any]:
    """How far it is, and in what states its rows are."""
    total = sum(states.values())
    left = sum(states.get(state, 0) for state in OPEN)
    deliveries = reverse("admin:campaigns_delivery_changelist")
    done = total - left
    return {
        "is_open": campaign.status == Campaign.Status.RUNNING and (left > 0 or total == 0),
        "has_rows": total > 0,
        "told": _("%(done)s of %(total)s") % {"done": number(done), "total": number(total)},
        "percent": done * 100 // total if total else 0,
        "states": [
            {
                "word": word,
                "count": number(states[state]),
                "kind": kind or "plain",
                "url": f"{deliveries}?campaign__id__exact={campaign.pk}&state__exact={state}",
            }
            for state, (word, kind) in STATES.items()
            if states.get(state)
        ],
    }


def progress_cell(found: Progress) -> str:
    """How far a campaign of the list is; above what is counted only that there is more."""
    if not found.total:
        return "–"
    if not found.is_counted:
        told = f"{number(found.total)}+"
        return told if not found.waiting else f"{told}, " + _("sending")
    done = found.total - found.waiting
    return format_html(
        '<span class="job-progress">{}<span class="bg-base-200 dark:bg-base-700">'
        '<span class="bg-primary-600" style="width:{}%"></span></span></span>',
        f"{number(done)} / {number(found.total)}",
        done * 100 // found.total,
    )


def _steps(campaign: Campaign) -> list[dict[str, Any]]:
    status = campaign.status
    names = dict(Campaign.Status.choices)
    if status == Campaign.Status.CANCELLED:
        return [{"name": names[status], "is_now": True}]
    now = "running" if status == Campaign.Status.PAUSED else status
    at = _STEPS.index(now)
    return [
        {
            "name": names[status] if number_ == at else names[Campaign.Status(step)],
            "is_now": number_ == at,
            "is_done": number_ < at,
        }
        for number_, step in enumerate(_STEPS)
    ]


def _next_step(request: HttpRequest, campaign: Campaign, states: dict[str, int]) -> str:
    """A sentence about what was done and what comes."""
    people = persons_of(each for each in (campaign.submitted_by, campaign.approved_by) if each)
    by = people.get(campaign.submitted_by, "")
    match campaign.status:
        case "draft":
            return _("Nobody gets anything yet. When it is right, hand it in.")
        case "submitted" if campaign.submitted_by == actor_of(request):
            return _("You have handed it in: somebody else has to approve it.")
        case "submitted":
            return _("%(who)s has handed it in: look at it, and approve it.") % {"who": by}
        case "approved":
            who = people.get(campaign.approved_by, "")
            return _("%(who)s has approved it. It goes out once it is scheduled.") % {"who": who}
        case "scheduled" | "running" if campaign.scheduled_at is not None:
            moment = {"moment": said(campaign.scheduled_at)}
            return _("It was scheduled on %(moment)s and goes out by itself.") % moment
        case "paused":
            return _("Nothing is sent until it is resumed.")
        case "finished" | "cancelled" if campaign.finished_at is not None:
            ended = _("It ended on %(moment)s.") % {"moment": said(campaign.finished_at)}
            if any(states.get(state) for state in _WENT_OUT):
                return ended
            why = (
                _("Nobody got it: their rows below say why.")
                if states
                else _("Nobody got it: nobody was in its audience.")
            )
            return f"{ended} {why}"
    return ""
