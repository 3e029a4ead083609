"""Redeeming: the offers of an order are used, once, and the order keeps its discounts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from cashback.actions.payments import Payment
from cashback.queries.rule_book import rules_at
from checkout.actions.decide import decide
from checkout.actions.price import check_applicable, price_cart
from checkout.actions.reserve import ReservationNotActive, lock_active, thaw
from checkout.actions.sales import (
    HoldEnded,
    Sale,
    sale_of_known,
    sale_of_promise,
    settle_sale,
)
from checkout.actions.settle import ReservationExpired, check_holds
from checkout.domain.carts import check_cart
from checkout.domain.earnings import why_cashback
from checkout.domain.minimums import Minimum, minimums_of
from checkout.domain.priced import PricedCart
from checkout.domain.why import Why
from checkout.models import Decision, Redemption, Reservation
from checkout.queries.checkouts import redemption_of_order
from common.cart import Cart
from common.errors import DomainError
from common.ids import new_id, public_id
from common.statements import Insert, Statement
from customers.actions import orders
from customers.actions.people import create_customer
from customers.domain.orders import RedeemedLine
from journal.actions import event_insert
from promotions.actions import uses
from promotions.actions.counters import Changes

_ROW = Statement(
    "redemption",
    """
    INSERT INTO checkout_redemption (id, order_id, reservation_id, customer_id, status, quote,
        minimums, decision_id, redeemed_at)
    VALUES (%(id)s::uuid, %(order)s::bigint, %(reservation)s::uuid, %(customer)s::bigint,
        %(status)s::text, %(quote)s::jsonb, %(minimums)s::jsonb, %(decision)s::uuid,
        %(now)s::timestamptz)
    """,
)


class OrderAlreadyRedeemed(DomainError):
    """The order has a redemption, perhaps a cancelled one."""

    code = "order_already_redeemed"


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A redemption and the closing statement of the act that made it."""

    redemption: Redemption
    order_id: str
    answer: PricedCart
    closing: Callable[[], None] | None = None


def redeem_cart(*, cart: Cart, order_id: str, now: datetime, swept: bool) -> Redeemed:
    """Price the cart and use its offers at once. Part of the caller's transaction.

    Raises:
        CartTooLarge, ValidationFailed, TooManyFailedCodes, OffersNotApplicable,
        OrderAlreadyRedeemed, OrderDiffersFromRedemption, HoldsInTheWay, LimitRaced
    """
    check_cart(cart)
    priced = price_cart(cart=cart, now=now, order_id=order_id)
    if priced.facts.redemption_id is not None:
        raise _already_redeemed(order_id, priced.facts.redemption_id)
    check_holds(priced, swept=swept)
    check_applicable(priced, kind=Decision.Kind.REDEEM)
    customer_key = priced.facts.customer_key
    if customer_key is None and cart.customer_id is not None:
        customer_key = create_customer(reference=cart.customer_id, now=now)
    redemption = Redemption(id=new_id(), customer_id=customer_key, redeemed_at=now)
    order = _write_order(order_id, cart, customer_key, priced.answer, now)
    sale = Sale(priced.answer, priced.earner, priced.earned)
    sale = sale_of_known(sale, order.known, rules=priced.rules)
    priced = replace(priced, answer=sale.answer, earned=sale.earned)
    changes = Changes()
    used = uses.use(
        changes,
        priced.quote.applied,
        redemption_id=redemption.pk,
        customer_key=customer_key,
        currency=cart.currency,
        now=now,
    )
    minimums = minimums_of(priced.quote, cart)
    record = _record(redemption, order_id, order, sale.answer, minimums, priced.why())
    payment = Payment(sale.answer.cashback.spent, redemption.pk)
    _settle(sale, redemption, order_id, order, payment, first=[*order.uncounted, *used, *record])
    return Redeemed(redemption, order_id, sale.answer, changes.apply())


def redeem_reservation(*, reservation_id: UUID, order_id: str, now: datetime) -> Redeemed:
    """Turn a reservation's holds into uses at the promised price. Part of the caller's transaction.

    Raises:
        NotFound, ReservationExpired, ReservationNotActive, OrderAlreadyRedeemed,
        OrderDiffersFromRedemption
    """
    try:
        reservation = lock_active(reservation_id, now=now)
    except ReservationNotActive:
        _check_not_redeemed(order_id)
        raise
    orders.lock_order_id(order_id)
    _check_not_redeemed(order_id)
    cart = msgspec.convert(reservation.cart, Cart)
    stamp: int | None = reservation.rule_stamp  # type: ignore[attr-defined]  # read with its lock
    rules = rules_at(stamp or 0)
    promised = thaw(reservation.quote)
    redemption = Redemption(
        id=new_id(), reservation=reservation, customer_id=reservation.customer_id, redeemed_at=now
    )
    order = _write_order(order_id, cart, reservation.customer_id, promised, now)
    sale = sale_of_promise(
        cart, promised, customer_key=reservation.customer_id, rules=rules, now=now
    )
    sale = sale_of_known(sale, order.known, rules=rules)
    reservation.status = Reservation.Status.REDEEMED
    reservation.ended_at = now
    reservation.save(update_fields=["status", "ended_at"])
    changes = Changes()
    uses.use_held(changes, reservation_id=reservation.pk, redemption_id=redemption.pk, now=now)
    promise = public_id("dec", reservation.decision_id)
    cashback = why_cashback(sale.answer.cashback, sale.earned)
    why = Why({"at": now.isoformat(), "promised_by": promise, **cashback})
    minimums = [msgspec.convert(kept, Minimum) for kept in reservation.minimums]
    record = _record(redemption, order_id, order, sale.answer, minimums, why)
    payment = Payment(promised.cashback.spent, reservation.pk, is_held=True)
    try:
        _settle(sale, redemption, order_id, order, payment, first=[*order.uncounted, *record])
    except HoldEnded as error:
        raise ReservationExpired(reservation.pk) from error
    return Redeemed(redemption, order_id, sale.answer, changes.apply())


def _settle(
    sale: Sale,
    redemption: Redemption,
    order_id: str,
    order: orders.OrderForRedemption,
    payment: Payment,
    *,
    first: Sequence[Insert],
) -> None:
    """After the customer's figures, which `first` changes, and before any count or code."""
    settle_sale(
        sale,
        order_key=order.order_key,
        order_id=order_id,
        customer_key=redemption.customer_id,
        known=order.known,
        payment=payment,
        first=first,
        now=redemption.redeemed_at,
    )


def _check_not_redeemed(order_id: str) -> None:
    earlier = redemption_of_order(order_id)
    if earlier is not None:
        raise _already_redeemed(order_id, earlier.pk)


def _already_redeemed(order_id: str, redemption_id: UUID) -> OrderAlreadyRedeemed:
    told = {"redemption_id": public_id("red", redemption_id), "order_id": order_id}
    return OrderAlreadyRedeemed(extension=told)


def _write_order(
    order_id: str, cart: Cart, customer_key: int | None, answer: PricedCart, now: datetime
) -> orders.OrderForRedemption:
    try:
        return orders.write_redeemed_order(
            reference=order_id,
            customer_key=customer_key,
            currency=cart.currency,
            channel=cart.channel,
            partner_id=cart.partner_id,
            shipping_amount=answer.shipping_amount,
            shipping_discount=answer.shipping_discount,
            shipping_cashback=answer.shipping_cashback,
            lines=[
                RedeemedLine(
                    line=line, discount_amount=priced.discount, cashback_amount=priced.cashback
                )
                for line, priced in zip(cart.lines, answer.lines, strict=True)
            ],
            now=now,
        )
    except orders.OrderDiffersFromRedemption:
        # Who waited for the order's turn has not seen what was redeemed meanwhile.
        _check_not_redeemed(order_id)
        raise


def _record(
    redemption: Redemption,
    order_id: str,
    order: orders.OrderForRedemption,
    answer: PricedCart,
    minimums: list[Minimum],
    why: Why,
) -> list[Insert]:
    """Fills the redemption; its row, the decision and the event, for the caller to write."""
    redemption.order_id = order.order_key
    redemption.quote = msgspec.to_builtins(answer)
    redemption.minimums = msgspec.to_builtins(minimums)
    decided = decide(
        kind=Decision.Kind.REDEEM,
        why=why,
        customer_key=redemption.customer_id,
        redemption_id=redemption.pk,
    )
    redemption.decision_id = decided.decision_id
    told = event_insert(
        type="redemption.created",
        payload={
            "redemption_id": public_id("red", redemption.pk),
            "order_id": order_id,
            "discount_total": answer.item_discount + answer.shipping_discount,
            "currency": answer.currency,
            "promotion_ids": [offer.promotion_id for offer in answer.applied],
        },
        customer_key=redemption.customer_id,
        now=redemption.redeemed_at,
    )
    return [*decided.inserts, told, _row(redemption)]


def _row(redemption: Redemption) -> Insert:
    return Insert(
        _ROW,
        {
            "id": redemption.pk,
            "order": redemption.order_id,
            "reservation": redemption.reservation_id,
            "customer": redemption.customer_id,
            "status": redemption.status,
            "quote": msgspec.json.encode(redemption.quote).decode(),
            "minimums": msgspec.json.encode(redemption.minimums).decode(),
            "decision": redemption.decision_id,
            "now": redemption.redeemed_at,
        },
    )
