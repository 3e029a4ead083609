"""Our ledger as the state machine asks for it: actions and queries of cashback, called as checkout does.

What a checkout would decide (which units come back, what they cost) is reckoned by its own domain or by
`our_orders`; what becomes of credit is the ledger's alone.
"""

from datetime import datetime

from cashback.actions import holds, payouts, returns
from cashback.actions.adjust import adjust
from cashback.actions.dates import date_order
from cashback.actions.errors import CashbackInsufficient
from cashback.domain.booking import Source
from tests.cashback.our_checkout import OurCheckout, net_of
from tests.cashback.our_orders import Given, KnownOrder, Refusal
from tests.reference.units import Json

PAYOUT_STEPS = {
    "approved": "requested",
    "rejected": "requested",
    "submitted": "approved",
    "paid": "submitted",
    "failed": "submitted",
}


class OurService(OurCheckout):
    """See `tests.cashback.service.Service`."""

    def set_up(self, world: Json) -> None:
        super().set_up(world)
        self.payouts: dict[str, str] = {}

    def record_order(
        self,
        *,
        order_id: str,
        cart: Json,
        status: str,
        paid_at: datetime | None,
        delivered_at: datetime | None,
        at: datetime,
    ) -> Json:
        def act() -> Json:
            order = self.order(order_id, cart)
            if order_id not in self.orders:
                net = net_of(cart)
                order.pay([0] * len(order.lines), of_shipping=0, shipping=net[-1])
                self.orders[order_id] = order
            if status == "cancelled":
                if order.status != "cancelled":
                    self._cancel(order, name=f"cancel {order_id}")
                self.try_again(f"cancel {order_id}")
                return {}
            order.move_to(status, paid_at=paid_at, delivered_at=delivered_at, at=self.now)
            if status != "placed" and not order.is_redeemed:
                self.earn(order)
            if order.customer_id is not None:
                date_order(
                    customer_key=self.customer_key(order.customer_id),
                    currency=order.currency,
                    order_key=order.order_key,
                    paid_at=order.paid_at,
                    delivered_at=order.delivered_at,
                    now=self.now,
                )
            return {}

        answer = self.answer(act, at=at)
        self.try_again(f"earn {order_id}")
        return answer

    def return_lines(
        self,
        *,
        order_id: str,
        return_id: str,
        quantities: dict[str, int],
        refund_shipping: bool,
        key: str,
        at: datetime,
    ) -> Json:
        content = {"quantities": quantities, "refund_shipping": refund_shipping}

        def act() -> Json:
            order = self.orders[order_id]
            if order.status == "cancelled":
                raise Refusal("state_transition_not_allowed")
            if return_id in order.returns:
                kept, answer = order.returns[return_id]
                if kept != content:
                    raise Refusal("return_id_reused")
                return answer
            given = order.give_back(quantities, with_shipping=refund_shipping)
            answer = self._returned(order, return_id, given)
            order.returns[return_id] = (content, answer)
            return answer

        return self.once(key, ("return", order_id, return_id, content), act, at=at)

    def _returned(self, order: KnownOrder, return_id: str, given: Given) -> Json:
        source = returns.return_source(order_key=order.order_key, return_id=return_id)
        taken = self._give_back(order, source, given)
        return {
            "refund_amount": given.refund - taken.offset,
            "discount_reversed": given.discount,
            "shipping_refunded": given.shipping,
            "cashback_restored": given.restored,
            "cashback_reversed": taken.amount,
            "cashback_debt": taken.debt,
            "clawback_offset": taken.offset,
            "lines": given.lines,
        }

    def _give_back(
        self, order: KnownOrder, source: Source, given: Given | None, *, name: str | None = None
    ) -> returns.TakenBack:
        """Without `given`: all that is left."""
        if order.customer_id is None:
            return returns.NOTHING
        of_order = {
            "customer_key": self.customer_key(order.customer_id),
            "currency": order.currency,
            "order_key": order.order_key,
            "source": source,
        }
        amount = given.restored if given else None
        self.book(returns.restore, name=name, **of_order, amount=amount)
        lines = given.earned if given else None
        refund = given.refund if given else 0
        taken: returns.TakenBack = self.book(
            returns.take_back, name=name, **of_order, lines=lines, refund=refund
        )
        return taken

    def cancel(self, *, order_id: str, key: str, at: datetime) -> Json:
        def act() -> Json:
            order = self.orders[order_id]
            if order.status == "cancelled":
                raise Refusal("already_cancelled")
            self._cancel(order)
            return {}

        return self.once(key, ("cancel", order_id), act, at=at)

    def _cancel(self, order: KnownOrder, *, name: str | None = None) -> None:
        order.check_cancellable()
        source = returns.cancel_source(order_key=order.order_key)
        self._give_back(order, source, None, name=name)
        order.status = "cancelled"

    def request_payout(
        self,
        *,
        payout_id: str,
        customer_id: str,
        currency: str,
        amount: int,
        key: str,
        at: datetime,
    ) -> Json:
        def act() -> Json:
            try:
                self.book(
                    holds.hold,
                    customer_key=self.customer_key(customer_id),
                    currency=currency,
                    amount=amount,
                    reference=self.references[payout_id],
                    purpose="payout",
                )
            except CashbackInsufficient as refusal:
                raise Refusal(refusal.code) from None
            self.payouts[payout_id] = "requested"
            return {"status": "requested"}

        return self.once(key, ("payout", customer_id, currency, amount), act, at=at)

    def move_payout(self, *, payout_id: str, to: str, key: str, at: datetime) -> Json:
        def act() -> Json:
            if self.payouts[payout_id] != PAYOUT_STEPS[to]:
                raise Refusal("state_transition_not_allowed")
            reference = self.references[payout_id]
            if to == "rejected":
                self.book(holds.release, references=[reference], purpose="payout")
            elif to != "approved":
                step = {"submitted": payouts.submit, "paid": payouts.pay, "failed": payouts.fail}
                self.book(step[to], reference=reference)
            self.payouts[payout_id] = to
            return {"status": to}

        return self.once(key, ("move", payout_id, to), act, at=at)

    def adjust(
        self,
        *,
        customer_id: str,
        currency: str,
        amount: int,
        expires_at: datetime | None,
        key: str,
        at: datetime,
    ) -> Json:
        def act() -> Json:
            try:
                self.book(
                    adjust,
                    adjustment_id=self.references[key],
                    customer_key=self.customer_key(customer_id),
                    currency=currency,
                    amount=amount,
                    reason="sorry",
                    expires_at=expires_at,
                    actor="staff:1",
                )
            except CashbackInsufficient as refusal:
                raise Refusal(refusal.code) from None
            return {}

        return self.once(key, ("adjust", customer_id, currency, amount, expires_at), act, at=at)
