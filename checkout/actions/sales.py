"""Orders earn: what was promised with a redemption's price, or what rules say when they are first paid.

The locks of orders and customers' figures are had before, those of counts and codes come after.
"""

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec import structs

from cashback.actions.earn import EarningOrder, earn
from cashback.actions.errors import CashbackInsufficient
from cashback.actions.holds import NotHeld
from cashback.actions.payments import Payment
from cashback.domain.earning import Earned, Purchase
from cashback.queries.lots import shares_of_order
from cashback.queries.rule_book import RuleBook, current_rules
from cashback.queries.shop import shop_zone
from checkout.domain.earnings import Earner, cart_lines, kept_bases
from checkout.domain.priced import PricedCart
from checkout.queries.earning import EarningFacts, earning_facts
from common.cart import Cart
from common.statements import Insert, run_together
from customers.domain.orders import KnownOrder
from promotions.actions.counters import LimitRaced


class HoldEnded(Exception):
    """What a reservation held was given back: its time was over, by somebody else's clock."""


class Sale(NamedTuple):
    """A redeemed cart, and what it earns: by rule and promotion. The answer has promised the sum."""

    answer: PricedCart
    earner: Earner
    earned: Sequence[Earned] = ()


def sale_of_promise(
    cart: Cart, answer: PricedCart, *, customer_key: int | None, rules: RuleBook, now: datetime
) -> Sale:
    """A reserved cart that is redeemed: it earns by the rules of this moment, and the promised bonuses."""
    facts = EarningFacts()
    if customer_key is not None:
        facts = earning_facts(
            customer_key=customer_key, currency=cart.currency, rules=rules, now=now
        )
    earner = Earner(
        rules=rules.rules if customer_key is not None else (),
        segments=facts.segments,
        given_this_month=facts.cashback.given_this_month,
        currency=cart.currency,
        lines=cart.lines,
        partner_id=cart.partner_id,
        partner=rules.partners.get(cart.partner_id or ""),
        now=now,
        shop_zone=shop_zone(),
    )
    return _earning(answer, earner)


def sale_of_known(sale: Sale, known: KnownOrder | None, *, rules: RuleBook) -> Sale:
    """The sale for an order that was recorded before: perhaps as a partner's; and once it was recorded as
    paid it may have earned already, and an order earns once.
    """
    if known is None:
        return sale
    if known.status != "placed" and shares_of_order(known.key):
        answer = structs.replace(sale.answer, bonuses=[])
        return _earning(answer, dataclasses.replace(sale.earner, rules=()))
    if known.partner_reference in ("", sale.earner.partner_id):
        return sale
    earner = dataclasses.replace(
        sale.earner,
        partner_id=known.partner_reference,
        partner=rules.partners.get(known.partner_reference),
    )
    return _earning(sale.answer, earner)


def settle_sale(
    sale: Sale,
    *,
    order_key: int,
    order_id: str,
    customer_key: int | None,
    known: KnownOrder | None,
    payment: Payment,
    first: Sequence[Insert],
    now: datetime,
) -> None:
    """Write `first`, spend what the order is paid with, and book what it earns. 1 statement where there is
    neither.

    Raises:
        LimitRaced: the wallet has changed meanwhile.
        HoldEnded
    """
    if customer_key is None:
        run_together(first)
        return
    purchase = sale.earner.purchase(sale.answer.bases, sale.answer.bonuses)
    order = EarningOrder(
        order_key=order_key,
        order_id=order_id,
        customer_key=customer_key,
        paid_at=known.paid_at if known else None,
        delivered_at=None,
        payment=payment if payment.amount else None,
        # What was given this month is asked again once the wallet is locked.
        purchase=dataclasses.replace(purchase, given_this_month=None),
    )
    try:
        earned = earn(order=order, rules=sale.earner.rules, first=first, now=now)
    except CashbackInsufficient as error:
        raise LimitRaced from error
    except NotHeld as error:
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
                partner_id=order.partner_reference or None,
                partner=rules.partners.get(order.partner_reference),
                returned={line_id: units for line_id, units in returned.items() if units},
            ),
        ),
        rules=rules.rules,
        now=now,
    )


def _earning(answer: PricedCart, earner: Earner) -> Sale:
    earned = earner.earned(answer.bases, answer.bonuses)
    cashback = structs.replace(answer.cashback, earned=sum(one.amount for one in earned))
    return Sale(structs.replace(answer, cashback=cashback), earner, earned)
