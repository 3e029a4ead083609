"""Steps of an order, as the shop tells of them."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import strategies as some
from hypothesis.stateful import precondition, rule

from tests.cashback.buying import Buying
from tests.cashback.comparing import Comparing, one_of_its
from tests.cashback.world import CARTS
from tests.reference.cashback.orders import STEPS
from tests.reference.units import Json


def orders_in(*statuses: str) -> Callable[[Comparing], list[str]]:
    return lambda machine: machine.orders(lambda order: order.status in statuses)


def recorded(machine: Comparing) -> list[str]:
    """Known, but not redeemed, and nothing of it has come back."""
    return machine.orders(lambda order: not order.is_redeemed and not order.returns)


def cancellable(machine: Comparing) -> list[str]:
    """Redeemed, and by the rules' leave; else whatever there is."""
    may = machine.orders(
        lambda order: order.is_redeemed and order.status in STEPS[:2] and not order.returns
    )
    return may or machine.orders(lambda order: order.status != "delivered")


def returnable(machine: Comparing) -> list[str]:
    """Paid or redeemed, and something of it is still out."""
    return machine.orders(
        lambda order: (
            order.status != "cancelled"
            and (order.is_redeemed or order.status != "placed")
            and any(order.units.values())
        )
    )


def earners(machine: Comparing) -> list[str]:
    """What they earned is not pending any more; those before others whose credit was spent."""
    matured, spent = [], []
    for name in returnable(machine):
        parts = [lot.parts for lot in machine.shop.orders[name].lots]
        matured += [name] if any(not one["pending"] for one in parts) else []
        spent += [name] if any(one["settled"] + one["payout_clearing"] for one in parts) else []
    return spent or matured


class Selling(Buying):
    """Orders are recorded, paid, delivered, cancelled, and come back."""

    @rule(
        cart=CARTS,
        status=some.sampled_from(["placed", "paid"]),
        partner_id=some.sampled_from([None, "roaster"]),
        again=some.booleans(),
    )
    def record_order(self, cart: Json, status: str, partner_id: str | None, again: bool) -> None:
        told = cart | {"cashback_amount": 0, "partner_id": partner_id}
        self.moves(self.number("o"), status, again=again, cart=told)

    @rule(
        cart=CARTS,
        days=some.sampled_from([0, 3, 3, 20]),
        then=some.sampled_from(["keep", "keep", "spend", "return"]),
        again=some.booleans(),
    )
    def sell_and_deliver(self, cart: Json, days: int, then: str, again: bool) -> None:
        """So that there is enough that has matured, and was spent before the order comes back."""
        order_id = self.number("o")
        self.moves(order_id, "paid", again=again, cart=cart | {"cashback_amount": 0})
        self.moves(order_id, "delivered", days=days, again=again)
        if cart["customer_id"] is not None and then != "keep":
            self.spends_everything(cart["customer_id"], cart["currency"], again=again)
            if then == "return":
                self.returns_everything(order_id, again=again)

    @precondition(recorded)
    @rule(order_id=one_of_its(recorded), is_other=some.sampled_from([False, False, True]))
    def redeem_recorded(self, order_id: str, is_other: bool) -> None:
        """The order was known before; `is_other`: but not so."""
        cart = self.carts()[order_id] | {"cashback_amount": "max"}
        if is_other:
            more = [line | {"quantity": line["quantity"] + 1} for line in cart["lines"]]
            cart = cart | {"lines": more}
        self.does("redeem", label="redeem recorded", order_id=order_id, cart=cart, again=False)

    @precondition(orders_in("placed", "paid", "shipped"))
    @rule(
        order_id=one_of_its(orders_in("placed", "paid", "shipped")),
        step=some.integers(0, 2),
        days=some.sampled_from([0, 0, 1, 3, 3, 20]),
        again=some.booleans(),
    )
    def order_moves_on(self, order_id: str, step: int, days: int, again: bool) -> None:
        ahead = STEPS[STEPS.index(self.shop.orders[order_id].status) + 1 :]
        self.moves(order_id, ahead[min(step, len(ahead) - 1)], days=days, again=again)

    @precondition(orders_in("placed", "paid", "shipped", "cancelled"))
    @rule(
        order_id=some.one_of(
            one_of_its(cancellable),
            one_of_its(orders_in("placed", "paid", "shipped", "cancelled")),
        ),
        by_put=some.sampled_from([False, False, True]),
        again=some.booleans(),
    )
    def cancel(self, order_id: str, by_put: bool, again: bool) -> None:
        if by_put or not self.shop.orders[order_id].is_redeemed:
            self.moves(order_id, "cancelled", again=again)
        else:
            self.does("cancel", order_id=order_id, again=again)

    @precondition(returnable)
    @rule(
        order_id=one_of_its(returnable),
        wanted=some.lists(some.integers(0, 3), min_size=3, max_size=3),
        refund_shipping=some.booleans(),
        is_too_much=some.sampled_from([False, False, False, True]),
        again=some.booleans(),
    )
    def return_lines(
        self,
        order_id: str,
        wanted: list[int],
        refund_shipping: bool,
        is_too_much: bool,
        again: bool,
    ) -> None:
        order = self.shop.orders[order_id]
        quantities = {
            line_id: min(quantity, len(units) + is_too_much)
            for quantity, (line_id, units) in zip(wanted, order.units.items(), strict=False)
            if min(quantity, len(units) + is_too_much)
        }
        if not is_too_much:
            refund_shipping = refund_shipping and not order.is_shipping_back
        if quantities or refund_shipping:
            self.does(
                "return_lines",
                order_id=order_id,
                return_id=self.number("r"),
                quantities=quantities,
                refund_shipping=refund_shipping,
                again=again,
            )

    @precondition(earners)
    @rule(order_id=one_of_its(earners), again=some.booleans())
    def return_everything(self, order_id: str, again: bool) -> None:
        self.returns_everything(order_id, again=again)

    def returns_everything(self, order_id: str, *, again: bool) -> None:
        order = self.shop.orders[order_id]
        self.does(
            "return_lines",
            order_id=order_id,
            return_id=self.number("r"),
            quantities={name: len(units) for name, units in order.units.items() if units},
            refund_shipping=not order.is_shipping_back,
            again=again,
        )

    def moves(
        self, order_id: str, status: str, *, again: bool, cart: Json | None = None, days: int = 0
    ) -> None:
        """`days` ago it was delivered; whatever is recorded now became so now."""
        if cart is None:
            cart = self.carts()[order_id]
        order = self.shop.orders.get(order_id)
        delivered = self.now - timedelta(days=days) if status == "delivered" else None
        self.tells(
            "record_order",
            order_id=order_id,
            cart=cart,
            status=status,
            paid_at=order.paid_at if order else None,
            delivered_at=delivered,
            again=again,
        )

    def carts(self) -> dict[str, Json]:
        return {
            name: {
                "customer_id": order.customer_id,
                "currency": order.currency,
                "lines": order.lines,
                "shipping_amount": order.shipping_paid + order.shipping_cashback,
                "partner_id": order.partner_id,
            }
            for name, order in self.shop.orders.items()
        }
