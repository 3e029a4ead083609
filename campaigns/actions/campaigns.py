"""Acts: write, edit and delete a campaign."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from campaigns.domain.definition import CampaignDefinition, content_hash, definition_errors
from campaigns.domain.triggers import Once, Recurring
from campaigns.models import Campaign, Occurrence
from campaigns.queries.campaigns import definition_of, is_enlisted
from common.answers import etag_of
from common.api.preconditions import check_if_match
from common.errors import DomainError, FieldError, NotFound, ValidationFailed
from common.money import parse_percent
from journal.actions import record_audit
from promotions.queries.definitions import promotion_key

Status = Campaign.Status
#: What is being decided or about to be done: a change takes it back to the beginning.
_REOPENED = {Status.SUBMITTED, Status.APPROVED, Status.SCHEDULED}


class CampaignInUse(DomainError):
    """Somebody was enlisted for it; cancel it."""

    code = "in_use"


class CampaignTransitionNotAllowed(DomainError):
    """The campaign's status does not allow this."""

    code = "state_transition_not_allowed"


@dataclass(frozen=True, slots=True)
class WrittenCampaign:
    """A campaign after a write."""

    campaign: Campaign
    created: bool = False


def put_campaign(
    *,
    campaign_id: str,
    definition: CampaignDefinition,
    if_match: str | None = None,
    actor: str,
    now: datetime,
) -> WrittenCampaign:
    """Create or replace a campaign; one that was submitted is a draft again. Part of the caller's
    transaction.

    Raises:
        ValidationFailed: its fields contradict each other, or there is no such promotion.
        PreconditionFailed: it is not what `if_match` names.
        CampaignTransitionNotAllowed: it runs or has run, and more than its name would change.
    """
    _check(definition)
    campaign = lock_campaign(campaign_id)
    check_if_match(if_match, etag(campaign))
    if campaign is not None:
        return _change(campaign, definition, actor=actor, now=now)
    campaign = Campaign(reference=campaign_id, created_at=now)
    _fill(campaign, definition)
    try:
        with transaction.atomic():
            campaign.save(force_insert=True)
    except IntegrityError:  # somebody wrote it just now
        there = lock_campaign(campaign_id)
        if there is None:
            raise
        check_if_match(if_match, etag(there))
        return _change(there, definition, actor=actor, now=now)
    after = msgspec.to_builtins(definition)
    audit(campaign, "created", None, after, actor=actor, now=now)
    return WrittenCampaign(campaign, created=True)


def edit_campaign(
    *,
    campaign_id: str,
    edit: Callable[[CampaignDefinition], CampaignDefinition],
    if_match: str | None = None,
    actor: str,
    now: datetime,
) -> WrittenCampaign:
    """Replace a campaign by what `edit` makes of it, read under its lock; else as `put_campaign`.

    Raises:
        NotFound, ValidationFailed, PreconditionFailed, CampaignTransitionNotAllowed
    """
    campaign = known_campaign(campaign_id)
    check_if_match(if_match, etag(campaign))
    definition = edit(definition_of(campaign))
    _check(definition)
    return _change(campaign, definition, actor=actor, now=now)


def delete_campaign(
    *, campaign_id: str, if_match: str | None = None, actor: str, now: datetime
) -> None:
    """Delete a campaign for which nobody was enlisted. Part of the caller's transaction.

    Raises:
        NotFound, PreconditionFailed, CampaignInUse
    """
    campaign = known_campaign(campaign_id)
    check_if_match(if_match, etag(campaign))
    _wait_for_enlisters(campaign)
    if is_enlisted(campaign.pk):
        raise CampaignInUse("Somebody was enlisted for it: cancel it.")
    before = msgspec.to_builtins(definition_of(campaign))
    campaign.delete()
    audit(campaign, "deleted", before, None, actor=actor, now=now)


def _wait_for_enlisters(campaign: Campaign) -> None:
    """Until whoever is enlisting for it is done, and then nobody begins; in the order in which they lock."""
    occurrences = Occurrence.objects.select_for_update(of=("self",)).filter(campaign=campaign)
    list(occurrences.values_list("pk", flat=True))
    Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)


def lock_campaign(campaign_id: str) -> Campaign | None:
    """The campaign's row, held until the transaction ends; whoever enlists or sends does not wait."""
    rows = Campaign.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("promotion").filter(reference=campaign_id).first()


def known_campaign(campaign_id: str) -> Campaign:
    """As `lock_campaign`.

    Raises:
        NotFound
    """
    campaign = lock_campaign(campaign_id)
    if campaign is None:
        raise NotFound("There is no such campaign.")
    return campaign


def etag(campaign: Campaign | None) -> str | None:
    """The ETag of the row."""
    return etag_of(campaign.pk, campaign.revision) if campaign is not None else None


def audit(
    campaign: Campaign, act: str, before: Any, after: Any, *, actor: str, now: datetime
) -> None:
    """Note in the audit trail who did what."""
    record_audit(
        actor=actor, action=f"campaign.{act}", subject_kind="campaign",
        subject_id=campaign.reference, before=before, after=after, now=now,
    )  # fmt: skip


def _change(
    campaign: Campaign, definition: CampaignDefinition, *, actor: str, now: datetime
) -> WrittenCampaign:
    former = definition_of(campaign)
    if content_hash(definition) != content_hash(former):
        is_open = campaign.status in {Status.DRAFT, *_REOPENED}
        if not is_open and (campaign.status != Status.PAUSED or has_begun(campaign, now=now)):
            detail = "Once it runs, only its name can be changed."
            raise CampaignTransitionNotAllowed(detail)
        reopen(campaign)
    _fill(campaign, definition)
    campaign.revision += 1
    campaign.save(force_update=True)
    before, after = msgspec.to_builtins(former), msgspec.to_builtins(definition)
    changed = [name for name in after if after[name] != before[name]]
    audit(
        campaign, "changed", {name: before[name] for name in changed},
        {name: after[name] for name in changed}, actor=actor, now=now,
    )  # fmt: skip
    return WrittenCampaign(campaign)


def has_begun(campaign: Campaign, *, now: datetime) -> bool:
    """Whether the moment has come, of a campaign that was scheduled."""
    trigger = definition_of(campaign).trigger
    if isinstance(trigger, Once):
        return trigger.at <= now
    # Nobody is enlisted for a place on the site.
    is_placed = campaign.channel == Campaign.Channel.PLACEMENT
    if isinstance(trigger, Recurring) and not is_placed:
        return Occurrence.objects.filter(campaign=campaign).exists()
    return True


def reopen(campaign: Campaign) -> None:
    """What was approved is not what it is now."""
    campaign.status = Status.DRAFT
    campaign.content_hash = None
    campaign.submitted_by = campaign.approved_by = ""
    campaign.scheduled_at = None
    campaign.pause_reason = ""


def _check(definition: CampaignDefinition) -> None:
    if errors := definition_errors(definition):
        raise ValidationFailed(errors=errors)


def _fill(campaign: Campaign, definition: CampaignDefinition) -> None:
    """The definition as the table keeps it."""
    columns: dict[str, Any] = msgspec.to_builtins(definition)
    promotion_id = columns.pop("promotion_id")
    columns["holdout_percent"] = parse_percent(definition.holdout_percent)
    for name, value in columns.items():
        setattr(campaign, name, value)
    campaign.promotion_id = None
    if promotion_id is not None:
        key = promotion_key(promotion_id)
        if key is None:
            detail = "There is no such promotion."
            raise ValidationFailed(errors=[FieldError("/promotion_id", "unknown", detail)])
        campaign.promotion_id = key
