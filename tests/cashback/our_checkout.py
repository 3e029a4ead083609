"""Our ledger at checkout: put aside by a reservation, spent on an order, and earned by it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Literal
from uuid import UUID, uuid4

from cashback.actions import earn as earning
from cashback.actions import holds
from cashback.actions.earn import EarningOrder
from cashback.actions.errors import CashbackInsufficient
from cashback.domain.earning import Purchase
from cashback.domain.spending import quote_spending
from common.money import allocate
from tests.cashback.our_books import OurBooks
from tests.cashback.our_orders import KnownOrder, Refusal
from tests.reference.units import Json

DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Reserved:
    """A reservation; what it holds the ledger knows by `reference`."""

    reference: UUID
    made_at: datetime
    expires_at: datetime
    cart: Json
    spent: int
    status: Literal["active", "redeemed", "released"] = "active"

    def until(self, at: datetime, ttl_seconds: int) -> datetime:
        return min(at + timedelta(seconds=ttl_seconds), self.made_at + DAY)


def net_of(cart: Json) -> list[int]:
    """By line, and at last the shipping: what is to be paid, before cashback."""
    lines = [line["quantity"] * line["unit_price"] - line["discount"] for line in cart["lines"]]
    return [*lines, cart.get("shipping_amount", 0)]


class OurCheckout(OurBooks):
    """Carts are as for `tests.cashback.service.Service`."""

    def set_up(self, world: Json) -> None:
        super().set_up(world)
        self.reservations: dict[str, Reserved] = {}
        self.orders: dict[str, KnownOrder] = {}

    def _quote(self, cart: Json) -> int:
        """So much of it is paid with cashback."""
        customer_id = cart["customer_id"]
        quote = quote_spending(
            asked=cart["cashback_amount"],
            available=self.available(customer_id, cart["currency"]) if customer_id else 0,
            total=sum(net_of(cart)),
            minimum=0,
            signed_in=customer_id is not None,
        )
        if quote.reason is not None:
            raise Refusal("offers_not_applicable")
        return quote.spent

    def _hold(self, reserved: Reserved, *, swaps: bool = False, name: str | None = None) -> None:
        cart = reserved.cart
        if cart["customer_id"] is None:
            holds.release(references=[reserved.reference], now=self.now)
            return
        call = partial(
            holds.hold,
            customer_key=self.customer_key(cart["customer_id"]),
            currency=cart["currency"],
            amount=reserved.spent,
            reference=reserved.reference,
            expires_at=reserved.expires_at,
        )
        try:
            if swaps:
                call(swaps=True, now=self.now)
            else:
                self.book(holds.hold, **call.keywords)
        except CashbackInsufficient:
            raise Refusal("offers_not_applicable") from None

    def reserve(
        self, *, reservation_id: str, cart: Json, ttl_seconds: int, key: str, at: datetime
    ) -> Json:
        def act() -> Json:
            spent = self._quote(cart)
            ends_at = at + timedelta(seconds=ttl_seconds)
            reserved = Reserved(self.references[reservation_id], at, ends_at, cart, spent)
            self._hold(reserved)
            self.reservations[reservation_id] = reserved
            return {"cashback_spent": spent, "total": sum(net_of(cart)) - spent}

        return self.once(key, ("reserve", cart, ttl_seconds), act, at=at)

    def change_reservation(
        self, *, reservation_id: str, cart: Json, ttl_seconds: int | None, at: datetime
    ) -> Json:
        def act() -> Json:
            reserved = self._active(reservation_id)
            if cart["cashback_amount"] == "max" or cart["customer_id"] is None:
                # How much that is nobody knows before what was held is back.
                holds.release(references=[reserved.reference], now=self.now)
                spent = self._quote(cart)
            else:
                spent = min(cart["cashback_amount"], sum(net_of(cart)))
            until = reserved.until(at, ttl_seconds) if ttl_seconds else reserved.expires_at
            changed = replace(reserved, cart=cart, spent=spent, expires_at=until)
            self._hold(changed, swaps=True)
            self.reservations[reservation_id] = changed
            return {"cashback_spent": spent, "total": sum(net_of(cart)) - spent}

        return self.answer(act, at=at)

    def extend_reservation(
        self, *, reservation_id: str, ttl_seconds: int, key: str, at: datetime
    ) -> Json:
        def act() -> Json:
            reserved = self._active(reservation_id)
            until = reserved.until(at, ttl_seconds)
            holds.extend(reference=reserved.reference, expires_at=until, now=self.now)
            self.reservations[reservation_id] = replace(reserved, expires_at=until)
            return {}

        return self.once(key, ("extend", reservation_id, ttl_seconds), act, at=at)

    def release_reservation(self, *, reservation_id: str, at: datetime) -> Json:
        def act() -> Json:
            reserved = self.reservations[reservation_id]
            if reserved.status == "released":
                holds.release(references=[reserved.reference], now=self.now)
                return {}
            reserved = self._active(reservation_id)
            holds.release(references=[reserved.reference], now=self.now)
            self.reservations[reservation_id] = replace(reserved, status="released")
            return {}

        return self.answer(act, at=at)

    def _active(self, reservation_id: str) -> Reserved:
        reserved = self.reservations[reservation_id]
        if reserved.status != "active":
            raise Refusal("reservation_not_active")
        if reserved.expires_at <= self.now:
            raise Refusal("reservation_expired")
        return reserved

    def redeem(self, *, order_id: str, cart: Json, key: str, at: datetime) -> Json:
        def act() -> Json:
            self._check_may_be_redeemed(order_id, cart)
            spent = self._quote(cart)
            order = self.order(order_id, cart)
            if spent:
                self._spend(order, spent)
            return self._redeemed(order, cart, spent)

        return self.once(key, ("redeem", order_id, cart), act, at=at)

    def _spend(self, order: KnownOrder, amount: int) -> None:
        assert order.customer_id is not None
        try:
            self.book(
                holds.spend_at_once,
                customer_key=self.customer_key(order.customer_id),
                currency=order.currency,
                amount=amount,
                reference=uuid4(),
                order_key=order.order_key,
            )
        except CashbackInsufficient:
            raise Refusal("offers_not_applicable") from None

    def redeem_reservation(
        self, *, order_id: str, reservation_id: str, key: str, at: datetime
    ) -> Json:
        def act() -> Json:
            self._check_may_be_redeemed(order_id, self.reservations[reservation_id].cart)
            reserved = self._active(reservation_id)
            order = self.order(order_id, reserved.cart)
            spent = self.book(holds.spend, reference=reserved.reference, order_key=order.order_key)
            assert spent == reserved.spent, (spent, reserved)
            self.reservations[reservation_id] = replace(reserved, status="redeemed")
            return self._redeemed(order, reserved.cart, spent)

        return self.once(key, ("redeem", order_id, reservation_id), act, at=at)

    def _check_may_be_redeemed(self, order_id: str, cart: Json) -> None:
        order = self.orders.get(order_id)
        if order is None:
            return
        if order.is_redeemed:
            raise Refusal("order_already_redeemed")
        asked = KnownOrder("", 0, cart["customer_id"], cart["currency"], cart["lines"], 0)
        if order.status not in ("placed", "paid") or order.bought != asked.bought:
            raise Refusal("order_differs_from_redemption")

    def order(self, order_id: str, cart: Json) -> KnownOrder:
        """It is remembered only when all has gone well."""
        if order_id in self.orders:
            return self.orders[order_id]
        customer_id, currency = cart["customer_id"], cart["currency"]
        key = self.new_order_key(order_id, customer_id, currency)
        shipping, partner_id = cart.get("shipping_amount", 0), cart.get("partner_id")
        return KnownOrder(order_id, key, customer_id, currency, cart["lines"], shipping, partner_id)

    def _redeemed(self, order: KnownOrder, cart: Json, spent: int) -> Json:
        net = net_of(cart)
        *lines, of_shipping = allocate(spent, net)
        order.lines = cart["lines"]
        order.pay(lines, of_shipping=of_shipping, shipping=net[-1])
        order.is_redeemed = True
        self.orders[order.order_id] = order
        return {
            "cashback_spent": spent,
            "shipping_cashback": of_shipping,
            "total": sum(net) - spent,
            "earned": sum(self.earn(order)),
            "lines": lines,
        }

    def earn(self, order: KnownOrder) -> Sequence[int]:
        """By line, what it earns now."""
        if order.has_earned or order.customer_id is None:
            return ()
        purchase = Purchase(
            currency=order.currency,
            lines=order.cart_lines,
            bases=order.bases,
            segments=frozenset(self.segments[order.customer_id]),
            partner_id=order.partner_id,
            partner=self.partners.get(order.partner_id or ""),
        )
        earned = self.book(
            earning.earn,
            name=f"earn {order.order_id}",
            rules=self.rules,
            order=EarningOrder(
                order_key=order.order_key,
                order_id=order.order_id,
                customer_key=self.customer_key(order.customer_id),
                purchase=purchase,
                paid_at=order.paid_at,
                delivered_at=order.delivered_at,
            ),
        )
        order.has_earned = True
        order.earn(earned.lines)
        return list(earned.lines)
