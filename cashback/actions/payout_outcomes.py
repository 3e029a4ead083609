"""What has become of a payout that was handed to its provider, told by whom it may be."""

import logging
from datetime import datetime
from uuid import UUID

from cashback.actions import payouts
from cashback.actions.payout_states import (
    Status,
    TransitionNotAllowed,
    forget_if_over,
    known,
    move,
    note,
    tell,
)
from cashback.models import Payout

logger = logging.getLogger(__name__)

#: Finance has said so.
BY_HAND = "by_hand"


def mark_paid(*, payout_id: UUID, reference: str = "", actor: str, now: datetime) -> Payout:
    """The money has left. Repeated, it does nothing. Part of the caller's transaction.

    `reference` is what the provider calls the payment.

    Raises:
        NotFound
        TransitionNotAllowed: it is not with a provider.
    """
    done = move(
        payout_id, since=[Status.SUBMITTED], status=Status.PAID, ended_at=now,
        provider_reference=reference, next_attempt_at=None, unknown_since=None,
    )  # fmt: skip
    if done is not None:
        payouts.pay(reference=payout_id, now=now)
        tell(done, now=now)
        note(done, action="pay", actor=actor, now=now)
        forget_if_over(done)
        return done
    found = known(payout_id)
    if found.status != Status.PAID:
        raise TransitionNotAllowed(f"The payout is {found.status}.")
    return found


def mark_failed(
    *,
    payout_id: UUID,
    failure: str,
    reason: str = "",
    reference: str = "",
    actor: str,
    now: datetime,
) -> Payout:
    """It was not paid and will not be: the money goes back to its lots. Repeated, it does nothing.

    `failure` is a code; `reason` a person's words. Part of the caller's transaction.

    Raises:
        NotFound
        TransitionNotAllowed: it is not with a provider.
    """
    done = move(
        payout_id, since=[Status.SUBMITTED], status=Status.FAILED, ended_at=now, failure=failure,
        reason=reason, provider_reference=reference, next_attempt_at=None, unknown_since=None,
    )  # fmt: skip
    if done is not None:
        payouts.fail(reference=payout_id, now=now)
        tell(done, now=now)
        note(done, action="fail", actor=actor, failure=failure, now=now)
        forget_if_over(done)
        return done
    found = known(payout_id)
    if found.status != Status.FAILED:
        raise TransitionNotAllowed(f"The payout is {found.status}.")
    return found


def note_contradiction(
    *, payout_id: UUID, contradiction: Payout.Contradiction, actor: str, now: datetime
) -> None:
    """What is over stays as it is; a person has to see that the provider says something else. Once."""
    found = Payout.objects.filter(pk=payout_id, contradiction="")
    if found.update(contradiction=contradiction) == 1:
        logger.error("payout %s is over, and its provider says: %s", payout_id, contradiction)
        note(
            known(payout_id), action="contradict", actor=actor, contradiction=contradiction, now=now
        )
