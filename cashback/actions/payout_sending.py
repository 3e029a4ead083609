"""Acts: hand approved payouts to a provider that is called, and ask what became of those that are unknown.

Claim, call, record: a claim is a conditional update in a transaction of its own, by which the money is in
clearing; no transaction is open during the call; what came of it is recorded in another. A process that
dies in between leaves a payout that is due again after its lease. Whoever goes on asks the provider by our
own id before telling it again, and tells it again under the same idempotency key. A time-out and a 5xx are
unknown, never failed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from cashback.actions import payouts
from cashback.actions.payout_outcomes import mark_failed, mark_paid, note_contradiction
from cashback.actions.payout_states import Status, TransitionNotAllowed, known, note
from cashback.channels.providers import (
    CalledProvider,
    Outcome,
    PaymentOrder,
    is_set_up,
    stripe_provider,
)
from cashback.domain.payouts import pause_after
from cashback.models import Payout
from cashback.queries.payouts import destination_of

#: Longer than any call takes.
LEASE = timedelta(minutes=2)
#: As the audit trail names the provider.
STRIPE = "stripe"

_CLAIM_NEW = """
    UPDATE cashback_payout
    SET status = 'submitted', submitted_at = %(now)s, attempts = 1, next_attempt_at = %(lease)s
    WHERE status = 'approved' AND id = (
        SELECT id FROM cashback_payout WHERE status = 'approved' AND provider = 'stripe'
        ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id
"""
_CLAIM_DUE = """
    UPDATE cashback_payout SET attempts = attempts + 1, next_attempt_at = %(lease)s
    WHERE status = 'submitted' AND id = (
        SELECT id FROM cashback_payout
        WHERE status = 'submitted' AND provider = 'stripe' AND next_attempt_at <= %(now)s
        ORDER BY next_attempt_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id
"""


@dataclass(frozen=True, slots=True)
class _Claim:
    """A payout that is ours to call for, until its lease ends."""

    payout: Payout
    is_new: bool

    @property
    def order(self) -> PaymentOrder | None:
        """What the provider is told; None where nobody can read any more where the money goes."""
        destination = destination_of(self.payout)
        if destination is None:
            return None
        wallet = self.payout.wallet
        return PaymentOrder(self.payout.pk, self.payout.amount, wallet.currency, destination)


def send_due(
    *, now: datetime, wall: Callable[[], datetime], within: timedelta | None = None
) -> int:
    """Call for all that are due at `now`, one after the other; how many calls led to an end.

    After `within` on the clock `wall` no call is begun any more; None takes as long as it takes.
    """
    if not is_set_up("stripe"):
        return 0
    ends_at = None if within is None else wall() + within
    provider = stripe_provider()
    ended = 0
    while ends_at is None or wall() < ends_at:
        claim = _claim(now=now)
        if claim is None:
            break
        ended += _record(claim, _call(provider, claim), now=now)
    return ended


def _claim(*, now: datetime) -> _Claim | None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            row, is_new = _take(cursor, _CLAIM_DUE, now=now), False
            if row is None:
                row, is_new = _take(cursor, _CLAIM_NEW, now=now), True
        if row is None:
            return None
        claim = _Claim(known(row), is_new)
        if is_new:
            payouts.submit(reference=claim.payout.pk, now=now)
            note(claim.payout, action="submit", actor=STRIPE, now=now)
    return claim


def _take(cursor: CursorWrapper, sql: str, *, now: datetime) -> UUID | None:
    cursor.execute(sql, {"now": now, "lease": now + LEASE})
    row = cursor.fetchone()
    return row[0] if row else None


def _call(provider: CalledProvider, claim: _Claim) -> Outcome:
    order = claim.order
    if order is None:
        return Outcome("unknown", "destination_unreadable")
    found = None if claim.is_new else provider.find(order)
    return found or provider.send(order)


def _record(claim: _Claim, outcome: Outcome, *, now: datetime) -> bool:
    """Whether the payout is at its end."""
    payout_id = claim.payout.pk
    with transaction.atomic():
        if outcome.kind == "paid":
            record_paid(payout_id=payout_id, reference=outcome.reference, now=now)
            return True
        if outcome.kind == "declined":
            record_declined(
                payout_id=payout_id, failure=outcome.answer, reference=outcome.reference, now=now
            )
            return True
        rows = Payout.objects.filter(pk=payout_id, status=Status.SUBMITTED)
        rows.update(
            next_attempt_at=now + pause_after(claim.payout.attempts),
            last_answer=outcome.answer,
            provider_reference=outcome.reference,
        )
        if outcome.kind == "unknown":
            rows.filter(unknown_since=None).update(unknown_since=now)
    return False


def record_paid(*, payout_id: UUID, reference: str, now: datetime) -> None:
    """The provider has paid; where the payout had failed, a person has to know."""
    try:
        mark_paid(payout_id=payout_id, reference=reference, actor=STRIPE, now=now)
    except TransitionNotAllowed:
        note_contradiction(
            payout_id=payout_id, contradiction=Payout.Contradiction.PAID, actor=STRIPE, now=now
        )


def record_declined(*, payout_id: UUID, failure: str, reference: str, now: datetime) -> None:
    """The provider will not pay, or took it back; where it was paid, a person has to know."""
    try:
        mark_failed(
            payout_id=payout_id, failure=failure, reference=reference, actor=STRIPE, now=now
        )
    except TransitionNotAllowed:
        note_contradiction(
            payout_id=payout_id, contradiction=Payout.Contradiction.REVERSED, actor=STRIPE, now=now
        )
