"""Acts: write, edit and delete a partner."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from cashback.actions.rules import raise_stamp
from cashback.domain.rules import PartnerDefinition
from cashback.models import Partner
from cashback.queries.partners import definition_of, has_paid, rules_of
from common.answers import etag_of
from common.api.preconditions import check_if_match
from common.errors import DomainError, FieldError, NotFound, ValidationFailed
from common.money import parse_percent
from journal.actions import record_audit

#: How many of those that name a partner a refusal tells.
NAMED_RULES = 10


class PartnerInUse(DomainError):
    """A rule names the partner, or the books do."""

    code = "in_use"


@dataclass(frozen=True, slots=True)
class WrittenPartner:
    """A partner after a write."""

    partner: Partner
    created: bool


def put_partner(
    *,
    partner_id: str,
    definition: PartnerDefinition,
    if_match: str | None = None,
    actor: str,
    now: datetime,
) -> WrittenPartner:
    """Create or replace a partner; their share in what was earned stays as it was.

    Part of the caller's transaction. Edits of rules and partners queue on their stamp, which is locked
    first.

    Raises:
        ValidationFailed: the name cannot be read.
        PreconditionFailed
    """
    _check(definition)
    raise_stamp()
    partner = _locked(partner_id)
    check_if_match(if_match, _etag(partner))
    if partner is None:
        partner = Partner(reference=partner_id, created_at=now)
        _fill(partner, definition)
        partner.save(force_insert=True)
        _audit("created", partner, None, definition_of(partner), actor=actor, now=now)
        return WrittenPartner(partner, created=True)
    return _change(partner, definition, actor=actor, now=now)


def edit_partner(
    *,
    partner_id: str,
    edit: Callable[[PartnerDefinition], PartnerDefinition],
    if_match: str | None = None,
    actor: str,
    now: datetime,
) -> WrittenPartner:
    """Replace a partner by what `edit` makes of them, read under the lock; else as `put_partner`.

    Raises:
        NotFound, ValidationFailed, PreconditionFailed
    """
    raise_stamp()
    partner = _locked(partner_id)
    if partner is None:
        raise NotFound("There is no such partner.")
    check_if_match(if_match, _etag(partner))
    definition = edit(definition_of(partner))
    _check(definition)
    return _change(partner, definition, actor=actor, now=now)


def delete_partner(
    *, partner_id: str, if_match: str | None = None, actor: str, now: datetime
) -> None:
    """Delete a partner whom no rule names and who never had a share. Part of the caller's transaction.

    Raises:
        NotFound, PreconditionFailed, PartnerInUse
    """
    raise_stamp()
    partner = _locked(partner_id)
    if partner is None:
        raise NotFound("There is no such partner.")
    check_if_match(if_match, _etag(partner))
    if named := rules_of(partner.pk):
        more = ", ..." if len(named) > NAMED_RULES else ""
        paths = ", ".join(f"cashback/rules/{name}" for name in named[:NAMED_RULES])
        raise PartnerInUse(f"The partner is named by {paths + more}.")
    if has_paid(partner.pk):
        raise PartnerInUse("The partner has a share in what was earned: that stays on record.")
    before = definition_of(partner)
    _audit("deleted", partner, before, None, actor=actor, now=now)
    partner.delete()


def _change(
    partner: Partner, definition: PartnerDefinition, *, actor: str, now: datetime
) -> WrittenPartner:
    before = definition_of(partner)
    _fill(partner, definition)
    partner.revision += 1
    partner.save(force_update=True)
    _audit("changed", partner, before, definition_of(partner), actor=actor, now=now)
    return WrittenPartner(partner, created=False)


def _check(definition: PartnerDefinition) -> None:
    if not definition.name.strip():
        error = FieldError("/name", "required", "A partner has a name that can be read.")
        raise ValidationFailed(errors=[error])


def _fill(partner: Partner, definition: PartnerDefinition) -> None:
    partner.name = definition.name
    partner.share_percent = parse_percent(definition.share_percent)


def _locked(partner_id: str) -> Partner | None:
    rows = Partner.objects.select_for_update(no_key=True)
    return rows.filter(reference=partner_id).first()


def _etag(partner: Partner | None) -> str | None:
    return etag_of(partner.pk, partner.revision) if partner is not None else None


def _audit(
    act: str,
    partner: Partner,
    before: PartnerDefinition | None,
    after: PartnerDefinition | None,
    *,
    actor: str,
    now: datetime,
) -> None:
    told: tuple[Any, Any] = (
        msgspec.to_builtins(before) if before else None,
        msgspec.to_builtins(after) if after else None,
    )
    record_audit(
        actor=actor, action=f"cashback_partner.{act}", subject_kind="cashback_partner",
        subject_id=partner.reference, before=told[0], after=told[1], now=now,
    )  # fmt: skip
