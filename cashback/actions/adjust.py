"""A person gives or takes cashback, and says why."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cashback.actions.book import Booked, book
from cashback.actions.due import due_booking
from cashback.actions.errors import insufficient
from cashback.actions.opening import lock_or_open_wallets
from cashback.domain import life
from cashback.domain.booking import MAX_BALANCE, Balances, Source
from cashback.domain.lots import expires_on
from cashback.domain.rules import EXPIRES_AFTER_DAYS
from cashback.models import Adjustment
from cashback.queries.shop import shop_zone
from common.errors import FieldError, ValidationFailed
from common.instants import instant_errors
from journal.actions import record_audit


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A wallet after an adjustment."""

    balances: Balances
    #: Until when what was given lasts; None where it was taken, or all of it repaid debt.
    expires_at: datetime | None


def adjust(
    *,
    adjustment_id: UUID,
    customer_key: int,
    currency: str,
    amount: int,
    reason: str,
    expires_at: datetime | None = None,
    actor: str,
    now: datetime,
) -> Adjusted:
    """Give so much (minor units), or take it (below zero), with a reason.

    What is given repays debt first; the rest is available at once until `expires_at`, by default the end of
    the day in 365 days. The reason is kept apart from the ledger, where it can be erased. Part of the caller's transaction. 5 statements.

    Raises:
        ValidationFailed: 0, more than a wallet holds, or an end that is not after `now`.
        CashbackInsufficient: more is taken than is available.
    """
    _check(amount, expires_at, now)
    owner = (customer_key, currency)
    wallet = lock_or_open_wallets([owner], now=now)[owner]
    booking = due_booking(wallet, now=now)
    source = Source("adjustment", str(adjustment_id))
    ends_at = None
    if amount > 0 and sum(booking.balances) + amount > MAX_BALANCE:
        error = FieldError("/amount", "out_of_range", "No wallet holds so much.")
        raise ValidationFailed(errors=[error])
    if amount > 0:
        ends_at = expires_at or expires_on(now, days=EXPIRES_AFTER_DAYS, zone=shop_zone())
        life.give(
            booking,
            source=source,
            amount=amount,
            expires_after_days=EXPIRES_AFTER_DAYS,
            expires_at=ends_at,
            now=now,
        )
    elif booking.available < -amount:
        raise insufficient(booking.available, currency=currency)
    else:
        life.take(booking, source=source, amount=-amount, now=now)
    book([Booked(wallet, booking)], actor=actor, now=now)
    Adjustment.objects.create(
        adjustment_id=adjustment_id,
        wallet_id=wallet.key,
        amount=amount,
        reason=reason,
        actor=actor,
        created_at=now,
    )
    record_audit(
        actor=actor,
        action="adjust_cashback",
        subject_kind="customer",
        subject_id=str(customer_key),
        after={"adjustment_id": str(adjustment_id), "currency": currency, "amount": amount},
        now=now,
    )
    return Adjusted(booking.balances, ends_at if booking.available else None)


def _check(amount: int, expires_at: datetime | None, now: datetime) -> None:
    errors = instant_errors({"/expires_at": expires_at})
    if amount == 0:
        errors.append(FieldError("/amount", "out_of_range", "An amount above or below zero."))
    if expires_at is not None and (amount < 0 or expires_at <= now):
        errors.append(
            FieldError("/expires_at", "out_of_range", "An instant to come, of what is given.")
        )
    if errors:
        raise ValidationFailed(errors=errors)
