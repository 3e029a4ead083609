"""Acts on membership plans: put, and delete those that nobody was a member of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from common.answers import as_json, etag_of
from common.api.preconditions import check_if_match
from common.errors import DomainError, NotFound, ValidationFailed
from customers.domain.memberships import PlanTerms, plan_errors
from customers.models import Membership, MembershipPlan
from customers.queries.memberships import plan_by_reference, terms_of
from journal.actions import record_audit


class PlanInUse(DomainError):
    """Somebody is or was a member."""

    code = "in_use"


@dataclass(frozen=True, slots=True)
class WrittenPlan:
    """A plan after a write."""

    plan: MembershipPlan
    created: bool


def lock_plan(reference: str) -> MembershipPlan:
    """The plan, whose row is the caller's until the transaction ends.

    Raises:
        NotFound
    """
    plan = plan_by_reference(reference, lock=True)
    if plan is None:
        raise NotFound("There is no such membership plan.")
    return plan


def put_plan(
    *, reference: str, terms: PlanTerms, if_match: str | None, actor: str, now: datetime
) -> WrittenPlan:
    """Create a plan or replace what it is; memberships stay. Part of the caller's transaction.

    Raises:
        ValidationFailed, PreconditionFailed
    """
    if errors := plan_errors(terms):
        raise ValidationFailed(errors=errors)
    plan = plan_by_reference(reference, lock=True)
    check_if_match(if_match, etag_of(plan.pk, plan.revision) if plan else None)
    told = msgspec.to_builtins(terms)
    if plan is None:
        plan, created = MembershipPlan.objects.get_or_create(
            reference=reference, defaults={**told, "created_at": now}
        )
        if created:
            _audit("created", plan, None, told, actor=actor, now=now)
            return WrittenPlan(plan, created=True)
        plan = lock_plan(reference)
    before = msgspec.to_builtins(terms_of(plan))
    if as_json(before) != as_json(told):
        for name, value in told.items():
            setattr(plan, name, value)
        plan.revision += 1
        plan.save(update_fields=[*told, "revision"])
        _audit("updated", plan, before, told, actor=actor, now=now)
    return WrittenPlan(plan, created=False)


def delete_plan(*, reference: str, if_match: str | None, actor: str, now: datetime) -> None:
    """Delete a plan that nobody was ever a member of. Part of the caller's transaction.

    Whoever is just becoming a member is waited for.

    Raises:
        NotFound, PreconditionFailed, PlanInUse
    """
    plan = MembershipPlan.objects.select_for_update().filter(reference=reference).first()
    if plan is None:
        raise NotFound("There is no such membership plan.")
    check_if_match(if_match, etag_of(plan.pk, plan.revision))
    if Membership.objects.filter(plan=plan).exists():
        raise PlanInUse("Somebody is or was a member: that stays on record.")
    _audit("deleted", plan, msgspec.to_builtins(terms_of(plan)), None, actor=actor, now=now)
    plan.delete()


def _audit(
    act: str, plan: MembershipPlan, before: Any, after: Any, *, actor: str, now: datetime
) -> None:
    record_audit(
        actor=actor, action=f"membership_plan.{act}", subject_kind="membership_plan",
        subject_id=plan.reference, before=before, after=after, now=now,
    )  # fmt: skip
