"""Acts: submit, approve, schedule, pause, resume and cancel a campaign.

Whoever submits cannot approve, and what is approved is a hash of all that recipients would see: a
change afterwards makes it a draft again. Pausing and cancelling hold for the next message that is
sent: the claim asks for the campaign's status.
"""

from collections.abc import Collection, Iterator
from datetime import datetime

from campaigns.actions.campaigns import (
    CampaignTransitionNotAllowed,
    Status,
    audit,
    has_begun,
    known_campaign,
)
from campaigns.channels.push import is_push_set_up
from campaigns.channels.sms import is_sms_set_up
from campaigns.domain.definition import CampaignDefinition, content_hash, readiness_errors
from campaigns.domain.triggers import SegmentEntered
from campaigns.models import Campaign
from campaigns.queries.campaigns import definition_of
from common import alarm
from common.errors import DomainError, FieldError, ValidationFailed
from customers.queries.segments import segments_named

#: Rung when something may be due.
TICK = "config.campaigns"


class CampaignFourEyesRequired(DomainError):
    """Who submitted it cannot approve it."""

    code = "four_eyes_required"


def submit(*, campaign_id: str, actor: str, now: datetime) -> Campaign:
    """Hand a draft in for approval. Part of the caller's transaction, as all acts here.

    Raises:
        NotFound, CampaignTransitionNotAllowed
        ValidationFailed: something is missing.
    """
    campaign = _in(campaign_id, {Status.DRAFT}, "Only a draft is submitted.")
    definition = definition_of(campaign)
    if errors := [*readiness_errors(definition), *_useless_names(campaign, definition)]:
        raise ValidationFailed(errors=errors)
    campaign.content_hash = content_hash(definition)
    campaign.submitted_by = actor
    return _move(campaign, Status.SUBMITTED, actor=actor, now=now)


def approve(*, campaign_id: str, actor: str, now: datetime) -> Campaign:
    """Approve what was submitted, by somebody else.

    Raises:
        NotFound, CampaignTransitionNotAllowed, CampaignFourEyesRequired
    """
    campaign = _in(campaign_id, {Status.SUBMITTED}, "Only what was submitted is approved.")
    if campaign.submitted_by == actor:
        raise CampaignFourEyesRequired
    assert bytes(campaign.content_hash or b"") == content_hash(definition_of(campaign))
    campaign.approved_by = actor
    return _move(campaign, Status.APPROVED, actor=actor, now=now)


def schedule(*, campaign_id: str, actor: str, now: datetime) -> Campaign:
    """From now on it happens by itself: what its trigger says, from this instant on.

    Raises:
        NotFound, CampaignTransitionNotAllowed
        ValidationFailed: the shop cannot send by this channel.
    """
    campaign = _in(campaign_id, {Status.APPROVED}, "Only what was approved is scheduled.")
    if not _is_sent_by(campaign.channel):
        detail = "The shop does not send by this channel."
        raise ValidationFailed(errors=[FieldError("/channel", "not_set_up", detail)])
    campaign.scheduled_at = now
    alarm.ring(TICK)
    return _move(campaign, Status.SCHEDULED, actor=actor, now=now)


def pause(*, campaign_id: str, actor: str, now: datetime) -> Campaign:
    """Send nothing more until it is resumed; what became due meanwhile is sent then, unless it is expired.

    Raises:
        NotFound, CampaignTransitionNotAllowed
    """
    campaign = _in(
        campaign_id,
        {Status.SCHEDULED, Status.RUNNING},
        "Only what is scheduled or runs is paused.",
    )
    return _move(campaign, Status.PAUSED, actor=actor, now=now)


def resume(*, campaign_id: str, actor: str, now: datetime) -> Campaign:
    """Go on, also where it has stopped by itself: what bounced before does not stop it again. Before its
    moment it is scheduled again.

    Raises:
        NotFound, CampaignTransitionNotAllowed
    """
    campaign = _in(campaign_id, {Status.PAUSED}, "Only what is paused is resumed.")
    campaign.watched_since = now
    alarm.ring(TICK)
    status = Status.RUNNING if has_begun(campaign, now=now) else Status.SCHEDULED
    return _move(campaign, status, actor=actor, now=now)


def cancel(*, campaign_id: str, actor: str, now: datetime) -> Campaign:
    """End it: nothing more is sent, and what waits is closed with its reason.

    Raises:
        NotFound, CampaignTransitionNotAllowed
    """
    ended = {Status.FINISHED, Status.CANCELLED}
    campaign = _in(campaign_id, set(Status) - ended, "It has ended already.")
    campaign.finished_at = now
    alarm.ring(TICK)
    return _move(campaign, Status.CANCELLED, actor=actor, now=now)


def _useless_names(campaign: Campaign, definition: CampaignDefinition) -> Iterator[FieldError]:
    """A name that is none would leave out whom it should not, or nobody; a code that applies by itself is
    none.
    """
    audience, trigger = definition.audience, definition.trigger
    entered = [trigger.segment_id] if isinstance(trigger, SegmentEntered) else []
    named = {*audience.segments, *audience.exclude_segments, *entered}
    known = {segment.reference for segment in segments_named(named)}
    for name, segments in (
        ("segments", audience.segments),
        ("exclude_segments", audience.exclude_segments),
    ):
        for at, segment in enumerate(segments):
            if segment not in known:
                detail = "There is no such segment."
                yield FieldError(f"/audience/{name}/{at}", "unknown", detail)
    if not known.issuperset(entered):
        yield FieldError("/trigger/segment_id", "unknown", "There is no such segment.")
    promotion = campaign.promotion
    is_placed = campaign.channel == Campaign.Channel.PLACEMENT
    if promotion is not None and promotion.activation == "automatic" and not is_placed:
        detail = "It applies by itself: there are no codes of it."
        yield FieldError("/promotion_id", "not_allowed", detail)


def _is_sent_by(channel: str) -> bool:
    """Whether the shop has this way."""
    match channel:
        case Campaign.Channel.SMS:
            return is_sms_set_up()
        case Campaign.Channel.PUSH:
            return is_push_set_up()
    return True


def _in(campaign_id: str, statuses: Collection[str], otherwise: str) -> Campaign:
    campaign = known_campaign(campaign_id)
    if campaign.status not in statuses:
        raise CampaignTransitionNotAllowed(otherwise)
    return campaign


def _move(campaign: Campaign, status: Status, *, actor: str, now: datetime) -> Campaign:
    before = campaign.status
    campaign.status = status
    campaign.pause_reason = ""
    campaign.revision += 1
    campaign.save(force_update=True)
    audit(campaign, str(status), {"status": before}, {"status": status}, actor=actor, now=now)
    return campaign
