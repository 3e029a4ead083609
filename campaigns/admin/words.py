"""What staff read of campaigns and deliveries: states, reasons, obstacles."""

from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.domain.definition import LANGUAGES, CampaignDefinition
from campaigns.domain.summary import summary
from campaigns.domain.trigger_words import when
from campaigns.domain.triggers import Trigger
from campaigns.models import Campaign, Delivery
from campaigns.queries.silence import Quiet
from common.sentence_words import Language
from common.words import day, language_in_use, said

#: What a delivery's state is called, and in which colour it is shown.
STATES: dict[str, tuple[Any, str]] = {
    "pending": (_("waits"), ""),
    "claimed": (_("is being prepared"), "info"),
    "submitting": (_("is being handed over"), "info"),
    "accepted": (_("sent"), "success"),
    "delivered": (_("delivered"), "success"),
    "bounced": (_("came back"), "danger"),
    "complained": (_("reported as spam"), "danger"),
    "no_consent": (_("not allowed"), "warning"),
    "suppressed": (_("suppressed"), "warning"),
    "capped": (_("too much already"), "warning"),
    "held_out": (_("held out"), ""),
    "expired": (_("too late"), "warning"),
    "render_failed": (_("something was missing"), "danger"),
    "failed": (_("failed"), "danger"),
    "cancelled": (_("cancelled"), ""),
    "unknown": (_("unknown"), "danger"),
}
_REASONS: dict[str, Any] = {
    "no_consent": _("They have not agreed to marketing."),
    "restricted": _("They have restricted the use of their data."),
    "under_age": _("They are too young for marketing."),
    "suppressed": _("Mail to this address bounced, or was reported as spam."),
    "erased": _("They were erased."),
    "capped": _("They have had as much marketing as the shop or they themselves allow."),
    "paused": _("They have paused mail for a while."),
    "held_out": _("They belong to those who get nothing, so that the effect can be told."),
    "expired": _("It could not be sent before it expired."),
    "quiet_hours": _("It would have expired before the end of their quiet hours."),
    "no_address": _("There is no address."),
    "bad_address": _("The address is none."),
    "no_such_address": _("The mail server knows no such address."),
    "refused_by_server": _("The mail server refused it."),
    "server_busy": _("The mail server was busy for too long."),
    "no_connection": _("The mail server cannot be reached."),
    "sender_refused": _("The mail server does not take our sender address."),
    "promotion_not_running": _("The promotion of its code did not run."),
    "usage_limit_reached": _(
        "All uses of its promotion were used up: a code would have been of no use."
    ),
    "budget_exhausted": _(
        "The budget of its promotion was spent: a code would have been of no use."
    ),
    "campaign_cancelled": _("The campaign was cancelled before."),
    "connection_lost": _(
        "The connection broke while it was handed over: it may have left, and is not sent again."
    ),
    "worker_lost": _(
        "The sender died while it was handed over: it may have left, and is not sent again."
    ),
}
_NO_ROW: dict[str, Any] = {
    "not_started": _("It has not been scheduled."),
    "cancelled": _("It was cancelled."),
    "paused": _("It is paused."),
    "not_in_audience": _("They are not in its audience."),
    "was_not_in_audience": _("They were not in its audience when it went out."),
    "being_enlisted": _("Its moment is about to come, or has just come: it is looked at shortly."),
    "no_birthday": _("Their birthday is not known."),
    "erased": _("They were erased."),
}
#: Why the moment of a campaign has not come, by what sets it off.
_NO_OCCASION: dict[str, Any] = {
    "birthday": _("Their birthday has not come since it was scheduled."),
    "anniversary": _("The day of their registration has not come round since it was scheduled."),
    "inactive": _("They have not come to so many days without an order since it was scheduled."),
    "order": _("No order of theirs has come to this status since it was scheduled."),
    "event": _("The shop has told no such event of them since it was scheduled."),
    "segment_entered": _("They have not come into this segment since it was scheduled."),
    "code_expiring": _("No code of theirs that could be used has come close to its end."),
    "cashback_available": _("No cashback of theirs has become available since it was scheduled."),
    "cashback_expiring": _("No cashback of theirs has come close to its end."),
    "membership_ending": _("No membership of theirs has come close to its end."),
}


def state_word(state: str) -> str:
    """As staff call it."""
    return str(STATES[state][0]) if state in STATES else state


def reason_text(row: Delivery) -> str:
    """Why nothing was accepted, as a sentence; empty where something was, or is still to be done."""
    if not row.reason:
        return ""
    if row.state == Delivery.State.RENDER_FAILED:
        return gettext("The letter needs “%(name)s”, which is not known of them.") % {
            "name": row.reason
        }
    return reason_word(row.reason)


def reason_word(reason: str) -> str:
    """A reason or an obstacle as a sentence; a code that has no words stays one."""
    return str(_REASONS.get(reason, reason))


def quiet_text(quiet: Quiet) -> str:
    """Why there is no row, as a sentence."""
    if quiet.at is not None:
        return gettext("It goes out on %(moment)s.") % {"moment": said(quiet.at)}
    if quiet.day is not None:
        return gettext("It goes out next on %(day)s.") % {"day": day(quiet.day)}
    if quiet.reason == "no_occasion":
        return str(_NO_OCCASION[quiet.campaign.trigger["kind"]])
    return str(_NO_ROW[quiet.reason])


def obstacle_text(obstacle: str | None) -> str:
    """What would stop an e-mail now."""
    return gettext("Nothing stands in the way.") if obstacle is None else reason_word(obstacle)


def sentences(definition: CampaignDefinition | None) -> dict[Language, str]:
    """What a campaign does, in both languages; none of one that is not there yet."""
    if definition is None:
        return {}
    zone = ZoneInfo(settings.SHOP_TIME_ZONE)
    return {
        language: summary(definition, shop_zone=zone, language=language) for language in LANGUAGES
    }


def when_told(campaign: Campaign) -> str:
    """When it goes out, in the language of the page."""
    return when(
        msgspec.convert(campaign.trigger, Trigger),
        timezone=campaign.timezone,
        shop_zone=ZoneInfo(settings.SHOP_TIME_ZONE),
        language=language_in_use(),
    )
