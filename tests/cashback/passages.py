"""Whole passages of a customer's life, so that what is rare is met often enough."""

from datetime import timedelta

from hypothesis import strategies as some
from hypothesis.stateful import rule

from tests.cashback.selling import Selling
from tests.cashback.world import CARTS, MONEY, PEOPLE, dear_cart
from tests.reference.units import Json

# What may become of a payout.
SUCCESS = {"requested": "approved", "approved": "submitted", "submitted": "paid"}
FAILURE = SUCCESS | {"submitted": "failed"}
REJECTION = {"requested": "rejected"}


class Passages(Selling):
    """Several acts in a row, each of which may also happen alone."""

    @rule(customer_id=PEOPLE, currency=MONEY, amount=some.integers(3, 900), again=some.booleans())
    def pay_out_in_every_way(
        self, customer_id: str, currency: str, amount: int, again: bool
    ) -> None:
        self.adjusts(customer_id, currency, 3 * amount, days=None, again=again)
        for ways in (SUCCESS, FAILURE, REJECTION):
            self.requests_payout(customer_id, currency, amount, ways, steps=3, again=again)

    @rule(cart=CARTS, by_put=some.booleans(), again=some.booleans())
    def buy_and_cancel(self, cart: Json, by_put: bool, again: bool) -> None:
        """The shop has told of the order before it is redeemed."""
        order_id = self.number("o")
        self.moves(order_id, "placed", again=again, cart=cart | {"cashback_amount": 0})
        more = {"order_id": order_id, "cart": cart | {"cashback_amount": "max"}}
        self.does("redeem", label="redeem recorded", again=again, **more)
        if by_put:
            self.moves(order_id, "cancelled", again=again)
        else:
            self.does("cancel", order_id=order_id, again=again)

    @rule(cart=CARTS, customer_id=PEOPLE, amount=some.integers(1, 3000), again=some.booleans())
    def owe_and_repay(self, cart: Json, customer_id: str, amount: int, again: bool) -> None:
        """What an order earned is spent, the order comes back, and more credit comes in."""
        order_id = self.number("o")
        told = cart | {"customer_id": customer_id, "cashback_amount": 0}
        self.moves(order_id, "shipped", again=again, cart=told)
        self.moves(order_id, "delivered", days=3, again=again)
        self.spends_everything(customer_id, cart["currency"], again=again)
        self.returns_everything(order_id, again=again)
        self.adjusts(customer_id, cart["currency"], amount, days=7, again=again)

    @rule(cart=CARTS, customer_id=PEOPLE, amount=some.integers(2, 3000), again=some.booleans())
    def put_aside_and_let_go(self, cart: Json, customer_id: str, amount: int, again: bool) -> None:
        """And staff take back half of what they have given."""
        name, currency = self.number("v"), cart["currency"]
        self.adjusts(customer_id, currency, amount, days=1, again=again)
        wanted = cart | {"customer_id": customer_id, "cashback_amount": "max"}
        self.does("reserve", reservation_id=name, cart=wanted, ttl_seconds=900, again=again)
        self.tells("release_reservation", reservation_id=name, again=again)
        half = min(amount // 2, self.shop.wallet(customer_id, currency).balance("available"))
        if half:
            self.adjusts(customer_id, currency, -half, days=None, again=again)

    @rule(cart=CARTS, other=CARTS, customer_id=PEOPLE, again=some.booleans())
    def put_aside_think_again_and_buy(
        self, cart: Json, other: Json, customer_id: str, again: bool
    ) -> None:
        name = self.number("v")
        whose = {"customer_id": customer_id, "currency": cart["currency"], "cashback_amount": "max"}
        self.adjusts(customer_id, cart["currency"], 700, days=7, again=again)
        wanted = cart | whose
        self.does("reserve", reservation_id=name, cart=wanted, ttl_seconds=900, again=again)
        self.changes(name, other | whose, None, again=again)
        self.extends(name, 86_400, again=again)
        self.resolves(name, is_bought=True, again=again)

    @rule(customer_id=PEOPLE, currency=MONEY, amount=some.integers(1, 3000), again=some.booleans())
    def pay_from_several_lots_and_return_a_part(
        self, customer_id: str, currency: str, amount: int, again: bool
    ) -> None:
        for days in (40, 7):
            self.adjusts(customer_id, currency, amount, days=days, again=again)
        order_id, cart = self.number("o"), dear_cart(customer_id, currency)
        self.does("redeem", order_id=order_id, cart=cart, again=again)
        self.does(
            "return_lines",
            order_id=order_id,
            return_id=self.number("r"),
            quantities={"1": 1},
            refund_shipping=False,
            again=again,
        )

    @rule(
        cart=CARTS,
        customer_id=PEOPLE,
        amount=some.integers(1, 900),
        is_spent=some.booleans(),
        again=some.booleans(),
    )
    def return_when_all_has_expired(
        self, cart: Json, customer_id: str, amount: int, is_spent: bool, again: bool
    ) -> None:
        """What an order earned has expired, and nobody has touched the wallet since; or it was spent
        before, and comes back when its lot is over.
        """
        order_id, spent_on, currency = self.number("o"), self.number("o"), cart["currency"]
        told = cart | {"customer_id": customer_id, "cashback_amount": 0}
        self.moves(order_id, "delivered", days=3, again=again, cart=told)
        if is_spent:
            dear = dear_cart(customer_id, currency)
            self.does("redeem", order_id=spent_on, cart=dear, again=again)
        self.now += timedelta(days=45)
        if is_spent:
            self.returns_everything(spent_on, again=again)
            self.adjusts(customer_id, currency, amount, days=1, again=again)
        self.returns_everything(order_id, again=again)

    def requests_payout(
        self,
        customer_id: str,
        currency: str,
        amount: int,
        ways: dict[str, str],
        *,
        steps: int,
        again: bool,
    ) -> None:
        payout_id = self.number("p")
        self.does(
            "request_payout",
            payout_id=payout_id,
            customer_id=customer_id,
            currency=currency,
            amount=amount,
            again=again,
        )
        if payout_id in self.shop.payouts:
            self.moves_payout(payout_id, ways, steps=steps, again=again)

    def moves_payout(self, name: str, ways: dict[str, str], *, steps: int, again: bool) -> None:
        """Some steps further; where there is none, one that is not allowed."""
        for step in range(steps):
            if step and self.shop.payouts[name].status not in ways:
                return
            to = ways.get(self.shop.payouts[name].status, "approved")
            self.does("move_payout", label=f"payout {to}", payout_id=name, to=to, again=again)

    def adjusts(
        self, customer_id: str, currency: str, amount: int, *, days: int | None, again: bool
    ) -> None:
        ends = None if days is None or amount < 0 else self.now + timedelta(days=days)
        self.does(
            "adjust",
            label="adjust up" if amount > 0 else "adjust down",
            customer_id=customer_id,
            currency=currency,
            amount=amount,
            expires_at=ends,
            again=again,
        )
