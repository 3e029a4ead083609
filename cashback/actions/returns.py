"""An order, or a part of it, comes back: what it had spent is restored, what it had earned is taken back."""

from collections.abc import Mapping
from datetime import datetime

from cashback.actions.book import Booked, book
from cashback.actions.due import due_booking
from cashback.actions.wallets import lock_wallets
from cashback.domain import clawback, life
from cashback.domain.booking import Source
from cashback.domain.clawback import TakenBack
from cashback.queries.holds import hold_of_order
from cashback.queries.lots import expired_of, shares_of_order
from cashback.queries.shop import shop_zone

NOTHING = TakenBack()


def return_source(*, order_key: int, return_id: str) -> Source:
    """What a return is booked as: `return_id` is the shop's, unique within the order."""
    return Source("return", f"{order_key}/{return_id}")


def cancel_source(*, order_key: int) -> Source:
    """What the cancel of an order is booked as."""
    return Source("cancel", str(order_key))


def restore(
    *,
    customer_key: int,
    currency: str,
    order_key: int,
    source: Source,
    amount: int | None = None,
    now: datetime,
) -> int:
    """Give back cashback that has paid for an order: so much of it, or (None) all that is left; how much.

    It goes to the lots it came from, those first that were spent last; what has expired meanwhile becomes a
    new lot for 30 days; debt is repaid first. Call it before `take_back`, which then finds it there. Part of
    the caller's transaction, which holds the order's lock. No statement for an amount of 0, else 4.

    Raises:
        Overdrawn: less was spent and not restored.
    """
    if amount == 0:
        return 0
    wallet = lock_wallets([(customer_key, currency)]).get((customer_key, currency))
    spent = hold_of_order(order_key) if wallet is not None else None
    if wallet is None or spent is None:
        if amount:
            raise life.Overdrawn(f"{amount} more than was spent")
        return 0
    restored = sum(spent.kept.values()) if amount is None else amount
    if restored:
        booking = due_booking(wallet, now=now, named=list(spent.kept))
        life.restore(
            booking,
            spent.held,
            source=source,
            order_key=order_key,
            amount=restored,
            now=now,
            zone=shop_zone(),
        )
        book([Booked(wallet, booking)], now=now)
    return restored


def take_back(
    *,
    customer_key: int,
    currency: str,
    order_key: int,
    source: Source,
    lines: Mapping[str, int] | None = None,
    refund: int = 0,
    now: datetime,
) -> TakenBack:
    """Take back what an order has earned: amounts by `line_id`, or (None) all that is left.

    `refund` is the money that is paid back for it: rules with `offset_refund` take from that, and what is
    taken is `offset`; a cancel, which tells no refund, leaves it at 0 so that it becomes debt. How the amounts
    are found and split: `cashback.domain.clawback.take_back`. Part of the caller's transaction, which holds
    the order's lock. 1 statement where the order has earned nothing, else 5.

    Raises:
        Overdrawn: a line has less left to be taken back.
    """
    if lines is not None and not any(lines.values()):
        return NOTHING
    wallet = lock_wallets([(customer_key, currency)]).get((customer_key, currency))
    shares = shares_of_order(order_key) if wallet is not None else []
    if wallet is None or (lines is None and not any(share.left for share in shares)):
        return NOTHING
    keys = sorted({share.lot_key for share in shares})
    booking = due_booking(wallet, now=now, named=keys)
    taken = clawback.take_back(
        booking,
        source=source,
        order_key=order_key,
        shares=shares,
        lines=lines,
        expired=expired_of(keys),
        refund=refund,
        now=now,
    )
    book([Booked(wallet, booking)], now=now)
    return taken
