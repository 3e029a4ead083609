"""What is done with a campaign on its page. Each act is the API's, as the person who does it."""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.enums import ActionVariant

from campaigns.actions import approvals
from campaigns.actions.campaigns import delete_campaign
from campaigns.admin.looks import CampaignLooks
from campaigns.admin.words import sentences
from campaigns.domain.definition import CampaignDefinition
from campaigns.domain.triggers import Once
from campaigns.models import Campaign
from campaigns.queries.campaigns import definition_of, expiry_of, is_enlisted
from common.admin import actor_of
from common.words import language_in_use, number
from customers.queries.audience_keys import reach_of

_ALIVE = {"scheduled", "running"}
_OVER = {"finished", "cancelled"}


class CampaignActs(CampaignLooks):
    """Its buttons: those that fit how the campaign stands, for those who may."""

    actions_detail: Any = (
        "submit",
        "approve",
        "schedule",
        "pause",
        "resume",
        "show_preview",
        "show_report",
        # Behind one button, or the campaign's id had no room beside them.
        {
            "title": _("More"),
            "icon": "more_horiz",
            "items": ["send_test", "show_deliveries", "cancel", "remove"],
        },
    )

    def has_submit_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may_act(request, object_id, {"draft"})

    def has_approve_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Somebody else than who handed it in."""
        if not request.user.has_perm("campaigns.approve_campaign"):
            return False
        found = self._standing(request, object_id, {"submitted"})
        return found is not None and found.submitted_by != actor_of(request)

    def has_schedule_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may_act(request, object_id, {"approved"})

    def has_pause_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may_act(request, object_id, _ALIVE)

    def has_resume_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may_act(request, object_id, {"paused"})

    def has_cancel_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may_act(request, object_id, set(Campaign.Status.values) - _OVER)

    def has_remove_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Only what nobody was enlisted for; the rest can be cancelled."""
        if not object_id or not request.user.has_perm("campaigns.delete_campaign"):
            return False
        found = self._looked_up(request, object_id)
        return found is not None and not is_enlisted(found.pk)

    def _may_act(self, request: HttpRequest, object_id: Any, statuses: set[str]) -> bool:
        if not request.user.has_perm("campaigns.change_campaign"):
            return False
        return self._standing(request, object_id, statuses) is not None

    @action(
        description=_("Hand in"), icon="send", url_path="submit", permissions=["submit"],
        variant=ActionVariant.PRIMARY,
    )  # fmt: skip
    def submit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._act(
            request,
            object_id,
            act=approvals.submit,
            done=gettext("The campaign is handed in. Somebody else approves it."),
            tells_reach=True,
            title=gettext("Hand in this campaign?"),
            consequence=gettext(
                "Somebody else looks at it and approves it. Whatever is changed afterwards makes it a draft"
                " again."
            ),
            button=gettext("Hand in"),
        )

    @action(
        description=_("Approve"), icon="check", url_path="approve", permissions=["approve"],
        variant=ActionVariant.PRIMARY,
    )  # fmt: skip
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._act(
            request,
            object_id,
            act=approvals.approve,
            done=gettext("The campaign is approved. It waits to be scheduled."),
            tells_reach=True,
            title=gettext("Approve this campaign?"),
            consequence=gettext(
                "You have read its letters, and who gets them. It can then be scheduled."
            ),
            button=gettext("Approve"),
        )

    @action(
        description=_("Schedule"), icon="event_available", url_path="schedule",
        permissions=["schedule"], variant=ActionVariant.PRIMARY,
    )  # fmt: skip
    def schedule(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._act(
            request,
            object_id,
            act=approvals.schedule,
            done=gettext("The campaign is scheduled."),
            tells_reach=True,
            title=gettext("Schedule this campaign?"),
            consequence=gettext("From now on it goes out by itself."),
            button=gettext("Schedule"),
        )

    @action(description=_("Pause"), icon="pause", url_path="pause", permissions=["pause"])
    def pause(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._act(
            request,
            object_id,
            act=approvals.pause,
            done=gettext("The campaign is paused."),
            title=gettext("Pause this campaign?"),
            consequence=gettext(
                "Nothing more is sent from the next message on, until it is resumed."
            ),
            button=gettext("Pause"),
        )

    @action(
        description=_("Resume"), icon="play_arrow", url_path="resume", permissions=["resume"],
        variant=ActionVariant.PRIMARY,
    )  # fmt: skip
    def resume(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._act(
            request,
            object_id,
            act=approvals.resume,
            done=gettext("The campaign goes on."),
            title=gettext("Resume this campaign?"),
            consequence=gettext("What became due meanwhile is sent now, unless it has expired."),
            button=gettext("Resume"),
        )

    @action(
        description=_("Cancel the campaign"), icon="cancel", url_path="cancel",
        permissions=["cancel"], variant=ActionVariant.DANGER,
    )  # fmt: skip
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._act(
            request,
            object_id,
            act=approvals.cancel,
            done=gettext("The campaign is cancelled."),
            title=gettext("Cancel this campaign for good?"),
            consequence=gettext(
                "Nothing more is sent, and personal codes that nobody got are disabled. This cannot be"
                " undone."
            ),
            button=gettext("Cancel the campaign"),
            is_final=True,
        )

    @action(
        description=_("Delete"), icon="delete", url_path="remove", permissions=["remove"],
        variant=ActionVariant.DANGER,
    )  # fmt: skip
    def remove(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._act(
            request,
            object_id,
            act=delete_campaign,
            done=gettext("The campaign is deleted."),
            title=gettext("Delete this campaign?"),
            consequence=gettext("Nobody was enlisted for it. This cannot be undone."),
            button=gettext("Delete"),
            is_final=True,
            done_at=reverse("admin:campaigns_campaign_changelist"),
        )

    def _act(
        self,
        request: HttpRequest,
        object_id: str,
        *,
        act: Callable[..., Any],
        done: str,
        done_at: str | None = None,
        tells_reach: bool = False,
        **words: Any,
    ) -> HttpResponse:
        """Asked by GET, done by POST; back to the campaign."""
        campaign = self.row(request, object_id)
        back = reverse("admin:campaigns_campaign_change", args=[campaign.pk])
        if request.method == "POST":

            def told() -> str:
                act(campaign_id=campaign.reference, actor=actor_of(request), now=timezone.now())
                return done

            return self.done(request, told, back=done_at or back)
        if tells_reach:
            words["consequence"] = " ".join((words["consequence"], *_what_and_whom(campaign)))
        return self.ask(request, about=campaign.name, back=back, **words)


def _moment(campaign: Campaign, definition: CampaignDefinition) -> str:
    """What became of a moment that has passed."""
    trigger, now = definition.trigger, timezone.now()
    if not isinstance(trigger, Once):
        return gettext("What happened before it is scheduled does not set it off.")
    if trigger.at > now or definition.channel == "placement":
        return ""
    patience = expiry_of(campaign)
    if patience is not None and trigger.at + patience <= now:
        return gettext(
            "Its moment has passed, and longer ago than it may be late: nobody would get it."
        )
    return gettext("Its moment has passed: it goes out as soon as it is scheduled.")


def _what_and_whom(campaign: Campaign) -> Iterator[str]:
    """What whoever answers has to know: the plain sentence, whether its moment is over, and how many that
    is now.
    """
    definition = definition_of(campaign)
    yield sentences(definition)[language_in_use()]
    if moment := _moment(campaign, definition):
        yield moment
    found = reach_of(
        segments=definition.audience.segments,
        exclude_segments=definition.audience.exclude_segments,
        channel=definition.channel,
    )
    if found is None:
        return
    members = gettext("At this moment %(count)s customers are meant") % {
        "count": number(found.members)
    }
    if definition.purpose == "marketing" and definition.channel != "placement":
        agreed = gettext("%(count)s of them have agreed") % {"count": number(found.agreed)}
        yield f"{members}; {agreed}."
    else:
        yield f"{members}."
