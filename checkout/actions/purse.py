"""What the checkout does to cashback: holds it, spends it, lets orders earn it, and gives it back.

The locks of orders and customers' figures are had before, those of counts and codes come after.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from msgspec.structs import replace

from cashback.actions import holds, returns
from cashback.actions.dates import date_order
from cashback.actions.earn import EarningOrder, earn
from cashback.actions.errors import CashbackInsufficient
from cashback.actions.payments import Payment
from cashback.actions.wallets import lock_wallets
from cashback.domain.booking import Source
from cashback.domain.clawback import TakenBack
from cashback.domain.earning import Purchase
from cashback.domain.rules import EarningRule
from cashback.queries.lots import shares_of_order
from cashback.queries.rule_book import RuleBook, current_rules
from cashback.queries.shop import shop_zone
from checkout.domain.earnings import Earner, cart_lines, kept_bases
from checkout.domain.priced import PricedCart
from checkout.queries.earning import earning_facts
from common.cart import Cart
from customers.domain.orders import KnownOrder
from promotions.actions.counters import LimitRaced


class HoldEnded(Exception):
    """What a reservation held was given back: its time was over, by somebody else's clock."""


class Sale(NamedTuple):
    """A redeemed cart: what it earns, by what, and what is promised of that."""

    answer: PricedCart
    cart: Cart
    rules: Sequence[EarningRule] = ()
    segments: frozenset[str] = frozenset()


class OwnHold(NamedTuple):
    """Whose cashback a reservation holds, before its cart is changed."""

    customer_key: int | None
    currency: str
    amount: int


def hold_for(
    reservation_id: UUID,
    *,
    customer_key: int | None,
    answer: PricedCart,
    expires_at: datetime,
    former: OwnHold | None = None,
    now: datetime,
) -> None:
    """Hold what the cart spends, in place of what its former hold had. No statement where there is neither.

    Raises:
        LimitRaced: it was spent meanwhile.
    """
    wanted = answer.cashback.spent
    if former is not None and former.amount and former.customer_key is not None:
        old = (former.customer_key, former.currency)
        if customer_key is None or old != (customer_key, answer.currency):
            # Both at once, sorted: another swap may go the other way.
            new = [(customer_key, answer.currency)] if customer_key is not None else []
            lock_wallets([old, *new])
            holds.release(references=[reservation_id], now=now)
        elif not wanted:
            holds.release(references=[reservation_id], now=now)
    if not wanted:
        return
    assert customer_key is not None, "a guest spends nothing"
    try:
        holds.hold(
            customer_key=customer_key,
            currency=answer.currency,
            amount=wanted,
            reference=reservation_id,
            swaps=former is not None,
            expires_at=expires_at,
            now=now,
        )
    except CashbackInsufficient as error:
        raise LimitRaced from error


def sale_of_promise(
    cart: Cart, answer: PricedCart, *, customer_key: int | None, rules: RuleBook, now: datetime
) -> Sale:
    """A reserved cart that is redeemed: it earns by the rules of this moment, and the promised bonuses."""
    if customer_key is None:
        return Sale(answer, cart)
    facts = earning_facts(customer_key=customer_key, currency=cart.currency, rules=rules, now=now)
    earner = Earner(
        rules=rules.rules,
        segments=facts.segments,
        given_this_month=facts.cashback.given_this_month,
        currency=cart.currency,
        lines=cart.lines,
        now=now,
        shop_zone=shop_zone(),
    )
    earned = earner.earned(answer.bases, answer.bonuses)
    return Sale(_earning(answer, earned), cart, rules.rules, facts.segments)


def as_earned(sale: Sale, known: KnownOrder | None) -> Sale:
    """The sale for an order that was recorded before: once it was recorded as paid it may have earned
    already, and an order earns once.
    """
    if known is None or known.status == "placed" or not shares_of_order(known.key):
        return sale
    return sale._replace(answer=_earning(replace(sale.answer, bonuses=[]), 0), rules=())


def settle_sale(
    sale: Sale,
    *,
    order_key: int,
    order_id: str,
    customer_key: int | None,
    known: KnownOrder | None,
    payment: Payment,
    rules: RuleBook,
    now: datetime,
) -> None:
    """Spend what the order is paid with, and book what it earns. No statement where there is neither.

    Raises:
        LimitRaced: the wallet has changed meanwhile.
        HoldEnded
    """
    if customer_key is None:
        return
    order = EarningOrder(
        order_key=order_key,
        order_id=order_id,
        customer_key=customer_key,
        paid_at=known.paid_at if known else None,
        delivered_at=None,
        payment=payment if payment.amount else None,
        purchase=Purchase(
            currency=sale.cart.currency,
            lines=sale.cart.lines,
            bases=sale.answer.bases,
            segments=sale.segments,
            partner=rules.partners.get(known.partner_reference) if known else None,
            bonuses=sale.answer.bonuses,
        ),
    )
    try:
        earned = earn(order=order, rules=sale.rules, now=now)
    except CashbackInsufficient as error:
        raise LimitRaced from error
    except holds.NotHeld as error:
        raise HoldEnded from error
    if earned.amount != sale.answer.cashback.earned:
        # Another order of this month was faster.
        raise LimitRaced


def earn_told(order: KnownOrder, *, now: datetime) -> None:
    """An order that is recorded as paid earns; what came back before earns nothing. 1 statement where
    there are no rules.
    """
    if order.customer_key is None:
        return
    rules = current_rules()
    if not rules.rules:
        return
    facts = earning_facts(
        customer_key=order.customer_key, currency=order.currency, rules=rules, now=now
    )
    returned = {line.line_id: line.returned_quantity for line in order.lines}
    earn(
        order=EarningOrder(
            order_key=order.key,
            order_id=order.reference,
            customer_key=order.customer_key,
            paid_at=order.paid_at,
            delivered_at=order.delivered_at,
            purchase=Purchase(
                currency=order.currency,
                lines=cart_lines(order),
                bases=kept_bases(order),
                segments=facts.segments,
                partner=rules.partners.get(order.partner_reference),
                returned={line_id: units for line_id, units in returned.items() if units},
            ),
        ),
        rules=rules.rules,
        now=now,
    )


def date(order: KnownOrder, *, now: datetime) -> None:
    """Payment or delivery of an order is told: what it earned may be spent from then on."""
    if order.customer_key is not None:
        date_order(
            customer_key=order.customer_key,
            currency=order.currency,
            order_key=order.key,
            paid_at=order.paid_at,
            delivered_at=order.delivered_at,
            now=now,
        )


def undo(
    *, customer_key: int | None, currency: str, order_key: int, spent: int, now: datetime
) -> None:
    """An order is cancelled: what it was paid with is restored, then what it earned is taken back.

    1 statement where the customer has no wallet, 2 where the order has neither spent nor earned.
    """
    if customer_key is None:
        return
    source = returns.cancel_source(order_key=order_key)
    if spent:
        returns.restore(
            customer_key=customer_key,
            currency=currency,
            order_key=order_key,
            source=source,
            now=now,
        )
    returns.take_back(
        customer_key=customer_key, currency=currency, order_key=order_key, source=source, now=now
    )


class Undone(NamedTuple):
    """What a return did to cashback, minor units."""

    restored: int = 0
    taken: TakenBack = returns.NOTHING


def undo_units(
    order: KnownOrder,
    *,
    source: Source,
    restored: int,
    reversed_by_line: dict[str, int] | None,
    refund: int,
    now: datetime,
) -> Undone:
    """A part of an order comes back, or (None) all that was left of it: first its share of what it was paid
    with, then what it had earned, some of which may go off the `refund`.
    """
    if order.customer_key is None:
        return Undone()
    back = returns.restore(
        customer_key=order.customer_key,
        currency=order.currency,
        order_key=order.key,
        source=source,
        amount=restored,
        now=now,
    )
    taken = returns.take_back(
        customer_key=order.customer_key,
        currency=order.currency,
        order_key=order.key,
        source=source,
        lines=reversed_by_line,
        refund=refund,
        now=now,
    )
    return Undone(back, taken)


def _earning(answer: PricedCart, earned: int) -> PricedCart:
    return replace(answer, cashback=replace(answer.cashback, earned=earned))
