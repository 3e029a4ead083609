"""Asking for a payout, and deciding on it. From the request on its money is held."""

from datetime import datetime
from uuid import UUID

import msgspec
from django.conf import settings

from cashback.actions import holds
from cashback.actions.errors import insufficient
from cashback.actions.payout_states import (
    FourEyesRequired,
    Status,
    TransitionNotAllowed,
    forget_if_over,
    known,
    move,
    note,
    tell,
)
from cashback.channels.providers import check_set_up
from cashback.domain.payouts import (
    POLICY,
    Destination,
    SepaDestination,
    as_kept,
    masked,
    needs_approval,
    refusals,
)
from cashback.models import Payout, Wallet
from cashback.queries.payouts import SEALED_FOR
from common.errors import ValidationFailed
from common.ids import new_id
from common.seals import seal
from customers.queries.people import customer_by_reference

#: What an approval leads to.
_APPROVED = (Status.APPROVED, Status.SUBMITTED, Status.PAID, Status.FAILED)


def request_payout(
    *,
    customer_id: str,
    currency: str,
    amount: int,
    destination: Destination,
    actor: str,
    now: datetime,
) -> Payout:
    """Hold so much (minor units) of what is available, for a payout.

    Up to the setting PAYOUT_APPROVAL_ABOVE it is approved at once, by policy. Part of the caller's
    transaction.

    Raises:
        ValidationFailed: the destination is not one.
        ProviderNotSetUp: the shop does not pay out there.
        CashbackInsufficient: less is available, or nobody has this id.
    """
    if errors := list(refusals(destination, currency=currency)):
        raise ValidationFailed(errors=errors)
    provider = (
        Payout.Provider.SEPA if isinstance(destination, SepaDestination) else Payout.Provider.STRIPE
    )
    if provider == Payout.Provider.STRIPE:
        check_set_up("stripe")
    customer = customer_by_reference(customer_id)
    if customer is None:
        raise insufficient(0, currency=currency)
    payout_id = new_id()
    holds.hold(
        customer_key=customer.pk, currency=currency, amount=amount, reference=payout_id,
        purpose="payout", now=now,
    )  # fmt: skip
    kept = as_kept(destination)
    Payout.objects.create(
        id=payout_id,
        wallet=Wallet.objects.get(customer=customer, currency=currency),
        amount=amount,
        provider=provider,
        destination=seal(msgspec.json.encode(kept), purpose=SEALED_FOR),
        masked=masked(kept),
        requested_by=actor,
        requested_at=now,
    )
    return _requested(payout_id, actor=actor, now=now)


def _requested(payout_id: UUID, *, actor: str, now: datetime) -> Payout:
    payout = known(payout_id)
    tell(payout, now=now)
    note(
        payout, action="request", actor=actor, amount=payout.amount,
        currency=payout.wallet.currency, provider=payout.provider, now=now,
    )  # fmt: skip
    if needs_approval(payout.amount, above=settings.PAYOUT_APPROVAL_ABOVE):
        return payout
    return approve(payout_id=payout_id, actor=POLICY, now=now)


def approve(*, payout_id: UUID, actor: str, now: datetime) -> Payout:
    """Let it be paid. Repeated by who approved it, it does nothing. Part of the caller's transaction.

    Raises:
        NotFound, FourEyesRequired
        TransitionNotAllowed: somebody else has decided.
    """
    done = move(
        payout_id, since=[Status.REQUESTED], not_requested_by=actor,
        status=Status.APPROVED, approved_by=actor, approved_at=now,
    )  # fmt: skip
    if done is not None:
        note(done, action="approve", actor=actor, now=now)
        return done
    found = known(payout_id)
    if found.approved_by == actor and found.status in _APPROVED:
        return found
    raise _refusal(found, actor=actor)


def reject(*, payout_id: UUID, reason: str, actor: str, now: datetime) -> Payout:
    """Give the money back: before it is handed to a provider, also after an approval.

    Repeated by who rejected it, it does nothing. Part of the caller's transaction.

    Raises:
        NotFound, FourEyesRequired
        TransitionNotAllowed: it is handed on, or is over.
    """
    done = move(
        payout_id, since=[Status.REQUESTED, Status.APPROVED], not_requested_by=actor,
        status=Status.REJECTED, rejected_by=actor, reason=reason, ended_at=now,
    )  # fmt: skip
    if done is not None:
        released = holds.release(references=[payout_id], purpose="payout", now=now)
        assert released == 1, "the status said that it was held"
        tell(done, now=now)
        note(done, action="reject", actor=actor, now=now)
        forget_if_over(done)
        return done
    found = known(payout_id)
    if found.rejected_by == actor:
        return found
    raise _refusal(found, actor=actor)


def _refusal(payout: Payout, *, actor: str) -> FourEyesRequired | TransitionNotAllowed:
    if payout.requested_by == actor:
        return FourEyesRequired()
    return TransitionNotAllowed(f"The payout is {payout.status} already.")
