"""Orders as the shop tells of them, what they earn, and what comes back."""

from dataclasses import dataclass, field
from datetime import datetime

from tests.reference.cashback.books import Books, Refused
from tests.reference.cashback.earning import Bonus
from tests.reference.cashback.instants import month_of
from tests.reference.cashback.orders import STEPS, Order
from tests.reference.cashback.wallet import Taken
from tests.reference.units import Json


@dataclass
class Purchases(Books):
    """A cart is a dict: `customer_id`, `currency`, `lines` (as the contract has them, each with the
    `discount` that pricing found), and optionally `shipping_amount` (after discount),
    `cashback_amount`, `partner_id` and `bonuses`."""

    orders: dict[str, Order] = field(default_factory=dict)

    def record_order(
        self,
        *,
        order_id: str,
        cart: Json,
        status: str,
        paid_at: datetime | None = None,
        delivered_at: datetime | None = None,
        at: datetime,
    ) -> None:
        """`PUT /orders/{id}`; its lines' `discount_amount` is `discount` here."""
        self.book_due(at)
        order = self.orders.get(order_id)
        if order is None:
            order = self._new_order(order_id, cart)
            order.share_out([0] * len(cart["lines"]))
            self.orders[order_id] = order
        if status == "cancelled":
            if order.status != "cancelled":
                self._cancel(order, event=f"cancel:{order_id}")
            return
        if order.status == "cancelled" or STEPS.index(status) < STEPS.index(order.status):
            raise Refused("state_transition_not_allowed")
        self._tell(order, status, paid_at=paid_at, delivered_at=delivered_at)
        if status != "placed" and not order.is_redeemed:
            self._earn(order, cart.get("bonuses", []))
        for lot in order.lots:
            self.date_lot(lot, paid_at=order.paid_at, delivered_at=order.delivered_at)
        self.book_due(at)

    def return_lines(
        self,
        *,
        key: str,
        order_id: str,
        return_id: str,
        quantities: dict[str, int],
        refund_shipping: bool = False,
        at: datetime,
    ) -> Json:
        content = {"quantities": quantities, "refund_shipping": refund_shipping}

        def act() -> Json:
            order = self.orders[order_id]
            if order.status == "cancelled":
                raise Refused("state_transition_not_allowed")
            if return_id in order.returns:
                first, answer = order.returns[return_id]
                if first != content:
                    raise Refused("return_id_reused")
                return answer
            if not order.may_return(quantities, refund_shipping=refund_shipping):
                raise Refused("return_exceeds_order")
            answer = self._give_back(
                order, quantities, with_shipping=refund_shipping, event=f"return:{return_id}"
            )
            order.returns[return_id] = (content, answer)
            return answer

        return self.once(key, ("return", order_id, return_id, content), act, at)

    def cancel(self, *, key: str, order_id: str, at: datetime) -> Json:
        """What the redemption's cancel does."""

        def act() -> Json:
            order = self.orders[order_id]
            if order.status == "cancelled":
                raise Refused("already_cancelled")
            return self._cancel(order, event=f"cancel:{order_id}")

        return self.once(key, ("cancel", order_id), act, at)

    def _new_order(self, order_id: str, cart: Json) -> Order:
        return Order(
            order_id=order_id,
            customer_id=cart["customer_id"],
            currency=cart["currency"],
            lines=cart["lines"],
            shipping_paid=cart.get("shipping_amount", 0),
            partner_id=cart.get("partner_id"),
        )

    def _tell(
        self, order: Order, status: str, *, paid_at: datetime | None, delivered_at: datetime | None
    ) -> None:
        """ "A status reached without its instant gets the instant of the call."""
        # Silent: a step that was skipped was not reached, so it has no instant unless told; what
        # was told once stays when a later call leaves it out.
        is_new = status != order.status
        if status == "paid" and is_new and paid_at is None and order.paid_at is None:
            paid_at = self.moment
        if status == "delivered" and is_new and delivered_at is None:
            delivered_at = self.moment
        order.status = status
        order.paid_at = paid_at or order.paid_at
        order.delivered_at = delivered_at or order.delivered_at

    def _earn(self, order: Order, bonuses: list[Bonus]) -> None:
        """ "Once per order"; "guests earn nothing"."""
        if order.has_earned or order.customer_id is None:
            return
        wallet = self.wallet(order.customer_id, order.currency)
        segments = self.segments.get(order.customer_id, set())
        earnings = self.rule_book.earnings(
            order.bought(segments=segments, at=self.moment),
            earned_this_month=lambda source: self._earned_this_month(order, source),
            bonuses=bonuses,
        )
        event = f"earn:{order.order_id}"
        self.ledger.happens(event)
        lots = [
            wallet.earn(
                earning.amount,
                order_id=order.order_id,
                terms=earning.terms,
                event=event,
                at=self.moment,
            )
            for earning in earnings
        ]
        order.earn(earnings, lots)

    def _earned_this_month(self, order: Order, source: str) -> int:
        # Silent: what was taken back since is no longer earned: who sends everything back may earn
        # it again. In the order's currency, of course.
        month = month_of(self.moment, self.shop_zone)
        return sum(
            lot.amount - lot.taken_back
            for lot in self.ledger.lots
            if (lot.customer_id, lot.currency) == (order.customer_id, order.currency)
            and lot.terms is not None
            and not lot.terms.is_bonus
            and lot.terms.source == source
            and lot.earned_at is not None
            and month_of(lot.earned_at, self.shop_zone) == month
        )

    def _cancel(self, order: Order, *, event: str) -> Json:
        if order.status not in ("placed", "paid") or order.returns:
            raise Refused("state_transition_not_allowed")
        quantities = {line_id: len(units) for line_id, units in order.units.items()}
        # Silent: a cancel tells of no money that is paid back, so none is kept: all that was spent
        # already is debt, also where a return would take it off the refund.
        answer = self._give_back(order, quantities, with_shipping=True, event=event, refunds=False)
        order.status = "cancelled"
        return answer

    def _give_back(
        self,
        order: Order,
        quantities: dict[str, int],
        *,
        with_shipping: bool,
        event: str,
        refunds: bool = True,
    ) -> Json:
        """Money, the cashback that paid, and the cashback that was earned."""
        self.ledger.happens(event)
        units = order.take_units(quantities)
        back = [unit for of_line in units.values() for unit in of_line]
        shipping, by_cashback = order.take_shipping() if with_shipping else (0, 0)
        refund = sum(unit.paid for unit in back) + shipping
        restored = sum(unit.cashback for unit in back) + by_cashback
        taken = Taken(0, 0)
        if order.customer_id is not None:
            wallet = self.wallet(order.customer_id, order.currency)
            # Silent: first the customer's own is given back, then what was earned is taken: so
            # that no debt is made that would be repaid in the same breath.
            wallet.restore(order.parts_to_restore(restored), event=event, at=self.moment)
            taken = wallet.reverse(
                order.parts_to_reverse(units),
                refund=refund if refunds else 0,
                event=event,
                at=self.moment,
            )
        return {
            "refund_amount": refund - taken.offset,
            "discount_reversed": sum(unit.discount for unit in back),
            "shipping_refunded": shipping,
            "cashback_restored": restored,
            # Whatever became of it: "reverses exactly the cashback earned".
            "cashback_reversed": sum(unit.earned for unit in back),
            "cashback_debt": taken.debt,
            "clawback_offset": taken.offset,
            "lines": [
                {
                    "line_id": line_id,
                    "quantity": len(of_line),
                    "refund_amount": sum(unit.paid for unit in of_line),
                }
                for line_id, of_line in units.items()
            ],
        }
