"""Checkout: paying with cashback, at once or by a reservation."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.reference.cashback.books import Hold, Refused, Reservation
from tests.reference.cashback.orders import Order
from tests.reference.cashback.purchases import Purchases
from tests.reference.cashback.wallet import Part
from tests.reference.paying import PaidWithCashback, pay_with_cashback
from tests.reference.units import Json, subtotal


def totals(cart: Json) -> list[int]:
    """Each line after its discount."""
    return [subtotal([line]) - line.get("discount", 0) for line in cart["lines"]]


def bought(order: Order) -> Json:
    """What a redemption must agree in."""
    named = ("line_id", "sku", "quantity", "unit_price")
    return {
        "customer_id": order.customer_id,
        "currency": order.currency,
        "lines": sorted([line[name] for name in named] for line in order.lines),
    }


@dataclass
class Till(Purchases):
    """Carts as for `Purchases`."""

    def reserve(
        self, *, key: str, reservation_id: str, cart: Json, ttl_seconds: int = 900, at: datetime
    ) -> Json:
        def act() -> Json:
            paid = self._paid_with_cashback(cart)
            spent = sum(paid.lines) + paid.shipping
            wallet = self.wallet(cart["customer_id"] or "", cart["currency"])
            self.reservations[reservation_id] = Reservation(
                reservation_id=reservation_id,
                made_at=at,
                expires_at=at + timedelta(seconds=ttl_seconds),
                hold=self.hold(wallet, spent, event=f"hold:{reservation_id}"),
                cart=cart,
                spent=spent,
            )
            return {"cashback_spent": spent, "total": self._total(cart) - spent}

        return self.once(key, ("reserve", cart, ttl_seconds), act, at)

    def change_reservation(
        self, *, reservation_id: str, cart: Json, ttl_seconds: int | None = None, at: datetime
    ) -> Json:
        """ "The hold is swapped atomically, not standing in its own way; if refused the old hold
        stays; `expires_at` changes only if `ttl_seconds` is sent." """
        self.book_due(at)
        reservation = self._active(reservation_id)
        paid = self._paid_with_cashback(cart, instead_of=reservation.hold)
        spent = sum(paid.lines) + paid.shipping
        # Silent: what was held goes back first, so that of the new hold, too, what expires first
        # is taken first; what has expired meanwhile is not held again.
        reservation.changes += 1
        name = f"{reservation_id}.{reservation.changes}"
        self.release(reservation.hold, event=f"release:{name}")
        self.book_due(at)
        wallet = self.wallet(cart["customer_id"] or "", cart["currency"])
        reservation.hold = self.hold(wallet, spent, event=f"hold:{name}")
        reservation.cart, reservation.spent = cart, spent
        if ttl_seconds is not None:
            reservation.extend(at, ttl_seconds)
        return {"cashback_spent": spent, "total": self._total(cart) - spent}

    def extend_reservation(
        self, *, key: str, reservation_id: str, ttl_seconds: int, at: datetime
    ) -> Json:
        def act() -> Json:
            self._active(reservation_id).extend(at, ttl_seconds)
            return {}

        return self.once(key, ("extend", reservation_id, ttl_seconds), act, at)

    def _active(self, reservation_id: str) -> Reservation:
        reservation = self.reservations[reservation_id]
        if reservation.status != "active":
            raise Refused(_why_not(reservation))
        return reservation

    def release_reservation(self, *, reservation_id: str, at: datetime) -> None:
        """A second release changes nothing."""
        self.book_due(at)
        reservation = self.reservations[reservation_id]
        if reservation.status == "active":
            self.end(reservation, "released")
            self.book_due(at)
        elif reservation.status != "released":
            raise Refused(_why_not(reservation))

    def redeem(self, *, key: str, order_id: str, cart: Json, at: datetime) -> Json:
        """A whole cart at once."""

        def act() -> Json:
            self._refuse_second_redemption(order_id, cart)
            paid = self._paid_with_cashback(cart)
            wallet = self.wallet(cart["customer_id"] or "", cart["currency"])
            spent = sum(paid.lines) + paid.shipping
            hold = self.hold(wallet, spent, event=f"hold:{order_id}")
            return self._redeem(order_id, cart, paid, hold.parts)

        return self.once(key, ("redeem", order_id, cart), act, at)

    def redeem_reservation(
        self, *, key: str, order_id: str, reservation_id: str, at: datetime
    ) -> Json:
        """ "A promised price is kept", and what was held pays, whether its lots have expired
        meanwhile or not."""

        def act() -> Json:
            self._refuse_second_redemption(order_id, self.reservations[reservation_id].cart)
            reservation = self._active(reservation_id)
            reservation.status = "redeemed"
            paid = self._pay(reservation.cart, reservation.spent, reservation.spent)
            return self._redeem(order_id, reservation.cart, paid, reservation.hold.parts)

        return self.once(key, ("redeem", order_id, reservation_id), act, at)

    def _total(self, cart: Json) -> int:
        return sum(totals(cart)) + cart.get("shipping_amount", 0)

    def _pay(self, cart: Json, wanted: int | str, available: int) -> PaidWithCashback:
        return pay_with_cashback(
            lines=totals(cart),
            shipping=cart.get("shipping_amount", 0),
            wanted=wanted,
            available=available,
        )

    def _paid_with_cashback(
        self, cart: Json, *, instead_of: Hold | None = None
    ) -> PaidWithCashback:
        """ "More than the total is cut to it without a reason; `"max"` never fails"; all else that
        is not there is refused."""
        wanted = cart.get("cashback_amount", 0)
        if cart["customer_id"] is None:
            # Silent: a guest is refused for an amount, but `"max"` never fails: there is nothing.
            if wanted != "max" and min(wanted, self._total(cart)):
                raise Refused("offers_not_applicable")
            return self._pay(cart, 0, 0)
        wallet = self.wallet(cart["customer_id"], cart["currency"])
        available = wallet.balance("available")
        if instead_of is not None and instead_of.wallet is wallet:
            available += self._coming_back(instead_of)
        if wanted != "max" and min(wanted, self._total(cart)) > available:
            raise Refused("offers_not_applicable")
        return self._pay(cart, wanted, available)

    def _coming_back(self, hold: Hold) -> int:
        """What may be spent again of what was held: less what has expired, and less the debt that
        it repays first (with what has expired as with the rest)."""
        whole = sum(part.amount for part in hold.parts)
        late = sum(part.amount for part in hold.parts if part.lot.has_expired(self.moment))
        debt = hold.wallet.balance("debt")
        return whole - late - max(0, debt - late) if debt < whole else 0

    def _refuse_second_redemption(self, order_id: str, cart: Json) -> None:
        """ "If the order is known already, it must be `placed` or `paid`, not redeemed, and agree in
        customer, currency and each line." """
        order = self.orders.get(order_id)
        if order is None:
            return
        if order.is_redeemed:
            raise Refused("order_already_redeemed")
        # What came back of it before is not modelled.
        assert not order.returns
        if order.status not in ("placed", "paid") or bought(order) != bought(
            self._new_order("", cart)
        ):
            raise Refused("order_differs_from_redemption")

    def _redeem(self, order_id: str, cart: Json, paid: PaidWithCashback, parts: list[Part]) -> Json:
        order = self.orders.get(order_id) or self._new_order(order_id, cart)
        self.orders[order_id] = order
        order.is_redeemed = True
        order.lines = cart["lines"]
        order.shipping_paid = cart.get("shipping_amount", 0) - paid.shipping
        order.shipping_cashback = paid.shipping
        order.share_out(paid.lines)
        order.spent = parts
        event = f"spend:{order_id}"
        self.ledger.happens(event)
        for lot, amount in parts:
            self.ledger.move(event, lot, amount, source="held", target="settled", at=self.moment)
        # Silent: by the rules of this moment, also for a reservation: "earned at its redemption".
        # What was recorded as paid before has earned already, and this earns nothing.
        known = sum(lot.amount for lot in order.lots)
        self._earn(order, cart.get("bonuses", []))
        spent = sum(paid.lines) + paid.shipping
        return {
            "cashback_spent": spent,
            "shipping_cashback": paid.shipping,
            "total": self._total(cart) - spent,
            "earned": sum(lot.amount for lot in order.lots) - known,
            "lines": list(paid.lines),
        }


def _why_not(reservation: Reservation) -> str:
    return "reservation_expired" if reservation.status == "expired" else "reservation_not_active"
