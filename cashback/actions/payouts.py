"""What becomes of money that is held for a payout: handed to the provider, then paid or brought back.

`holds.hold(purpose="payout")` holds it, `holds.release(purpose="payout")` gives back what was rejected.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from cashback.actions.book import Booked, book
from cashback.actions.due import due_booking
from cashback.actions.holds import NotHeld
from cashback.actions.wallets import lock_wallets_of_holds
from cashback.domain import life
from cashback.domain.booking import Booking
from cashback.queries.holds import KeptHold, holds_of


def submit(*, reference: UUID, now: datetime) -> None:
    """The payout is handed to its provider: held → payout_clearing. 3 or 4 statements.

    Raises:
        NotHeld: nothing is held under this reference.
    """

    def write(booking: Booking, kept: KeptHold) -> None:
        life.submit(booking, hold_id=kept.hold_id, amount=kept.amount, now=now)

    _end(reference, lambda kept: kept.is_held, write, now=now)


def pay(*, reference: UUID, now: datetime) -> None:
    """The provider has paid: payout_clearing → settled. 3 or 4 statements.

    Raises:
        NotHeld: it is not with a provider.
    """

    def write(booking: Booking, kept: KeptHold) -> None:
        life.pay(booking, hold_id=kept.hold_id, amount=kept.amount, now=now)

    _end(reference, lambda kept: kept.is_in_clearing, write, now=now)


def fail(*, reference: UUID, now: datetime) -> None:
    """The provider has not paid: payout_clearing → available, to the original lots. 4 statements.

    Raises:
        NotHeld: it is not with a provider.
    """

    def write(booking: Booking, kept: KeptHold) -> None:
        life.fail(booking, kept.held, now=now)

    _end(reference, lambda kept: kept.is_in_clearing, write, now=now)


def _end(
    reference: UUID,
    is_meant: Callable[[KeptHold], bool],
    write: Callable[[Booking, KeptHold], None],
    *,
    now: datetime,
) -> None:
    """Part of the caller's transaction, which holds the payout's lock."""
    wallets = list(lock_wallets_of_holds([reference], purpose="payout").values())
    found = holds_of([reference], purpose="payout").get(reference, [])
    meant = [kept for kept in found if is_meant(kept)]
    if not wallets or not meant:
        raise NotHeld
    booking = due_booking(wallets[0], now=now, named=list(meant[0].kept))
    write(booking, meant[0])
    book([Booked(wallets[0], booking)], now=now)
