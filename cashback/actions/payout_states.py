"""What all acts on payouts share: a state is left once, told once, and noted in the audit trail.

A payout's row is locked before its wallet: by the conditional update that changes its state, whose row
count says who was first.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from cashback.models import Payout, SepaFile
from cashback.queries.payouts import payout_by_id
from common.errors import DomainError, NotFound
from common.ids import public_id
from journal.actions import record_audit, record_event

Status = Payout.Status


class TransitionNotAllowed(DomainError):
    """The payout is not in a state in which this can be done."""

    code = "state_transition_not_allowed"


class FourEyesRequired(DomainError):
    """Who asked for it cannot decide on it."""

    code = "four_eyes_required"


def move(
    payout_id: UUID,
    *,
    since: Collection[Status],
    not_requested_by: str | None = None,
    **changes: Any,
) -> Payout | None:
    """Change the payout if it is in one of these states still; None where it is not.

    Part of the caller's transaction; its row is locked from then on.
    """
    rows = Payout.objects.filter(pk=payout_id, status__in=since)
    if not_requested_by is not None:
        rows = rows.exclude(requested_by=not_requested_by)
    if rows.update(**changes) != 1:
        return None
    return known(payout_id)


def known(payout_id: UUID) -> Payout:
    """The payout as it stands.

    Raises:
        NotFound
    """
    found = payout_by_id(payout_id)
    if found is None:
        raise NotFound("There is no such payout.")
    return found


def tell(payout: Payout, *, now: datetime) -> None:
    """Tell the outside of the state that the payout has just come to."""
    told = {
        "payout_id": public_id("pay", payout.pk),
        "amount": payout.amount,
        "currency": payout.wallet.currency,
    }
    if payout.status == Status.FAILED:
        told["failure"] = payout.failure or None
    record_event(
        type=f"payout.{payout.status}",
        payload=told,
        customer_key=payout.wallet.customer_id,
        now=now,
    )


def note(payout: Payout, *, action: str, actor: str, now: datetime, **after: Any) -> None:
    """Note in the audit trail who did what; never where the money goes, nor why in anybody's words."""
    record_audit(
        actor=actor,
        action=f"payout.{action}",
        subject_kind="payout",
        subject_id=public_id("pay", payout.pk),
        after={"status": payout.status, **after},
        now=now,
    )


def forget_if_over(payout: Payout) -> None:
    """Empty what leads to a customer who was erased while their payout was under way."""
    if not payout.forgets_at_end:
        return
    Payout.objects.filter(pk=payout.pk).update(
        destination=b"", masked="", reason="", forgets_at_end=False
    )
    SepaFile.objects.filter(payouts=payout).update(content=b"")
