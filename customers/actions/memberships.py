"""Acts on memberships: record from when to when, and end them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from common.answers import etag_of
from common.api.preconditions import check_if_match
from common.errors import NotFound, ValidationFailed
from customers.actions.people import lock_customer
from customers.domain.memberships import MembershipPeriod, period_errors
from customers.models import Membership
from customers.queries.memberships import membership_of
from journal.actions import record_audit


@dataclass(frozen=True, slots=True)
class WrittenMembership:
    """A membership after a write."""

    membership: Membership
    created: bool


def lock_membership(*, customer: str, plan: str) -> Membership:
    """The membership; its customer's row is the caller's until the transaction ends.

    Raises:
        NotFound
    """
    key = lock_customer(customer).pk
    membership = membership_of(customer_key=key, plan=plan)
    if membership is None:
        raise NotFound("There is no such membership.")
    return membership


def put_membership(
    *,
    customer: str,
    plan: str,
    period: MembershipPeriod,
    if_match: str | None,
    actor: str,
    now: datetime,
) -> WrittenMembership:
    """Record a membership, or replace its period. Part of the caller's transaction.

    Raises:
        NotFound: there is no such customer or plan.
        ValidationFailed, PreconditionFailed
    """
    key = lock_customer(customer).pk
    plan_key = _hold_plan(plan)
    known = membership_of(customer_key=key, plan=plan)
    check_if_match(if_match, etag_of(known.pk, known.revision) if known else None)
    starts_at = period.starts_at or (known.starts_at if known else now)
    if errors := period_errors(starts_at, period.ends_at):
        raise ValidationFailed(errors=errors)
    if known is None:
        made = Membership(
            customer_id=key, plan_id=plan_key, starts_at=starts_at, ends_at=period.ends_at,
            created_at=now,
        )  # fmt: skip
        made.save(force_insert=True)
        _audit("recorded", key, plan, ["starts_at", "ends_at"], actor=actor, now=now)
    else:
        _change(known, starts_at, period.ends_at, plan=plan, actor=actor, now=now)
    membership = membership_of(customer_key=key, plan=plan)
    assert membership is not None
    return WrittenMembership(membership, created=known is None)


def end_membership(
    *, customer: str, plan: str, if_match: str | None, actor: str, now: datetime
) -> None:
    """End a membership now; one that has not begun is ended before it begins, an ended one stays as
    it is. Part of the caller's transaction.

    Raises:
        NotFound, PreconditionFailed
    """
    known = lock_membership(customer=customer, plan=plan)
    check_if_match(if_match, etag_of(known.pk, known.revision))
    ends_at = max(known.starts_at, now)
    if known.ends_at is not None and known.ends_at <= ends_at:
        return
    known.ends_at = ends_at
    known.revision += 1
    known.save(update_fields=["ends_at", "revision"])
    _audit("ended", known.customer_id, plan, ["ends_at"], actor=actor, now=now)


def _change(
    known: Membership,
    starts_at: datetime,
    ends_at: datetime | None,
    *,
    plan: str,
    actor: str,
    now: datetime,
) -> None:
    after = {"starts_at": starts_at, "ends_at": ends_at}
    changed = [name for name, value in after.items() if getattr(known, name) != value]
    if not changed:
        return
    known.starts_at, known.ends_at = starts_at, ends_at
    known.revision += 1
    known.save(update_fields=[*changed, "revision"])
    _audit("recorded", known.customer_id, plan, changed, actor=actor, now=now)


def _hold_plan(reference: str) -> int:
    """The plan's key; nobody deletes it before the transaction ends.

    Raises:
        NotFound
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM customers_membershipplan WHERE reference = %s FOR KEY SHARE",
            [reference],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound("There is no such membership plan.")
    key: int = row[0]
    return key


def _audit(
    act: str, customer_key: int, plan: str, fields: Sequence[str], *, actor: str, now: datetime
) -> None:
    """Of customers the trail has no values, only that some changed."""
    record_audit(
        actor=actor, action=f"customer.membership_{act}", subject_kind="customer",
        subject_id=str(customer_key), after={"plan_id": plan, "fields": list(fields)}, now=now,
    )  # fmt: skip
