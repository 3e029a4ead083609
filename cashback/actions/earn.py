"""What orders earn, pending until they are delivered or paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from cashback.actions.book import Booked, book
from cashback.actions.due import due_bookings, touch_wallets
from cashback.actions.opening import lock_or_open_wallets
from cashback.actions.payments import Payment, holds_for, pay
from cashback.actions.wallets import Owner, lock_wallet_with_lots
from cashback.domain.earning import Earned, Purchase, book_earned, month_of
from cashback.domain.earning import earn as decide
from cashback.domain.rules import EarningRule
from cashback.queries.lots import given_by_rules
from cashback.queries.shop import shop_zone
from common.statements import Insert, run_together


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningOrder:
    """An order that earns: its row, whose it is, what was bought, and what is told of its dates."""

    order_key: int
    #: The shop's id.
    order_id: str
    customer_key: int
    purchase: Purchase
    paid_at: datetime | None = None
    delivered_at: datetime | None = None
    #: What of it is paid with cashback, spent together with what is earned.
    payment: Payment | None = None

    @property
    def owner(self) -> Owner:
        return self.customer_key, self.purchase.currency


class Earnings(NamedTuple):
    """What an order has earned, minor units: in all, and of each line in the order's order."""

    amount: int
    lines: Sequence[int]


def earn(
    *,
    order: EarningOrder,
    rules: Sequence[EarningRule],
    first: Sequence[Insert] = (),
    now: datetime,
) -> Earnings:
    """Book what the order earns by the rules (`rule_book.rules_at(...).rules`) and its bonuses.

    Part of the caller's transaction, which holds the order's lock and knows that the order has not earned
    yet: a second time is refused by the database. Guests do not come here. What the caller has to write
    before any wallet is locked goes `first`, in the round trip of that lock. No round trip where nothing is
    earned or paid; else 2, 1 more where a rule has a monthly cap, 2 more where something is due, and 3 more
    for a customer's first wallet.

    Raises:
        CashbackInsufficient, NotHeld: of the order's payment. Nothing was written.
    """
    return earn_all(orders=[order], rules=rules, first=first, now=now)[0]


def earn_all(
    *,
    orders: Sequence[EarningOrder],
    rules: Sequence[EarningRule],
    first: Sequence[Insert] = (),
    now: datetime,
) -> list[Earnings]:
    """As `earn`, of many orders in the statements of one."""
    zone = shop_zone()
    decided = [decide(order.purchase, rules, now=now, shop_zone=zone) for order in orders]
    acting = [order for order, found in zip(orders, decided, strict=True) if found or order.payment]
    if not acting:
        run_together(first)
        return [_earnings(order, ()) for order in orders]
    bookings = _bookings(acting, first=first, now=now)
    _pay(bookings, acting, now=now)
    given = _given(bookings, decided, now=now)
    result = []
    for order, found in zip(orders, decided, strict=True):
        if found and given is not None:
            found = _within_month(order, rules, given[order.owner], now=now)
        if found:
            book_earned(
                bookings[order.owner].booking,
                found,
                lines=[line.line_id for line in order.purchase.lines],
                order_key=order.order_key,
                order_id=order.order_id,
                paid_at=order.paid_at,
                delivered_at=order.delivered_at,
                now=now,
                zone=zone,
            )
        result.append(_earnings(order, found))
    book(bookings.values(), now=now)
    _touch_due(bookings, now=now)
    return result


def _bookings(
    orders: Sequence[EarningOrder], *, first: Sequence[Insert], now: datetime
) -> dict[Owner, Booked]:
    """Bookings on the wallets, locked once `first` is written; the lots are read only where something is due
    or spent at once.
    """
    owners = sorted({order.owner for order in orders})
    spending = {order.owner for order in orders if order.payment and not order.payment.is_held}
    if len(owners) == 1 and spending:
        [owner] = owners
        wallet, lots = lock_wallet_with_lots(owner, first=first)
        if wallet is not None and not wallet.is_due(now):
            return {owner: Booked(wallet, wallet.booking(lots))}
        # What was written first was written.
        first = ()
    wallets = lock_or_open_wallets(owners, first=first, now=now)
    needed = [one for owner, one in wallets.items() if owner in spending or one.is_due(now)]
    known = due_bookings(needed, now=now)
    return {
        owner: Booked(wallet, known[wallet.key] if wallet.key in known else wallet.booking())
        for owner, wallet in wallets.items()
    }


def _pay(
    bookings: Mapping[Owner, Booked], orders: Sequence[EarningOrder], *, now: datetime
) -> None:
    paid = [(order, order.payment) for order in orders if order.payment is not None]
    holds = holds_for([payment for _, payment in paid])
    for order, payment in paid:
        booking = bookings[order.owner].booking
        pay(booking, payment, order_key=order.order_key, holds=holds, now=now)


def _given(
    bookings: Mapping[Owner, Booked], earned: Sequence[Sequence[Earned]], *, now: datetime
) -> dict[Owner, dict[int, int]] | None:
    """What capped rules gave this month, by wallet and rule; None where no rule is capped."""
    rules = [one.rule for found in earned for one in found if one.rule is not None]
    capped = {rule.key for rule in rules if rule.max_per_customer_month is not None}
    if not capped:
        return None
    since, until = month_of(now, zone=shop_zone())
    keys = [booked.wallet.key for booked in bookings.values()]
    found = given_by_rules(sorted(capped), keys, since=since, until=until)
    return {owner: found.get(booked.wallet.key, {}) for owner, booked in bookings.items()}


def _within_month(
    order: EarningOrder,
    rules: Sequence[EarningRule],
    given: dict[int, int],
    *,
    now: datetime,
) -> list[Earned]:
    """Decided again with what was given this month, which grows by what is given now."""
    purchase = replace(order.purchase, given_this_month=given)
    found = decide(purchase, rules, now=now, shop_zone=shop_zone())
    for one in found:
        if one.rule is not None:
            given[one.rule.key] = given.get(one.rule.key, 0) + one.amount
    return found


def _earnings(order: EarningOrder, earned: Sequence[Earned]) -> Earnings:
    count = len(order.purchase.lines)
    lines = [sum(one.shares[at] for one in earned) for at in range(count)]
    return Earnings(sum(lines), lines)


def _touch_due(bookings: Mapping[Owner, Booked], *, now: datetime) -> None:
    """An order that is told long after its delivery earns what is due at once."""
    due = [
        owner
        for owner, (_, booking) in bookings.items()
        if booking.due_at is not None and booking.due_at <= now
    ]
    if due:
        touch_wallets(sorted(due), now=now)
