"""Steps of a checkout."""

from datetime import timedelta

from hypothesis import strategies as some
from hypothesis.stateful import precondition, rule

from tests.cashback.comparing import Comparing, one_of_its
from tests.cashback.world import CARTS, dear_cart
from tests.reference.units import Json


def wallets_with_credit(machine: Comparing) -> list[str]:
    return [
        f"{wallet.customer_id} {wallet.currency}"
        for wallet in machine.shop.wallets.values()
        if wallet.balance("available")
    ]


def reservations(machine: Comparing) -> list[str]:
    """Those that hold something, before any that ended."""
    found = machine.shop.reservations.values()
    active = [held.reservation_id for held in found if held.status == "active"]
    return active or list(machine.shop.reservations)


class Buying(Comparing):
    """With credit or without, at once or by a reservation."""

    @rule(cart=CARTS, again=some.booleans())
    def redeem(self, cart: Json, again: bool) -> None:
        self.does("redeem", order_id=self.number("o"), cart=cart, again=again)

    @rule(
        cart=CARTS,
        ttl=some.sampled_from([60, 900, 86_400]),
        then=some.sampled_from(["wait", "buy", "leave"]),
        minutes=some.sampled_from([0, 0, 5, 20]),
        again=some.booleans(),
    )
    def reserve(self, cart: Json, ttl: int, then: str, minutes: int, again: bool) -> None:
        name = self.number("v")
        self.does("reserve", reservation_id=name, cart=cart, ttl_seconds=ttl, again=again)
        if then != "wait" and name in self.shop.reservations:
            self.now += timedelta(minutes=minutes)
            self.resolves(name, is_bought=then == "buy", again=again)

    @precondition(reservations)
    @rule(name=one_of_its(reservations), is_bought=some.booleans(), again=some.booleans())
    def resolve_reservation(self, name: str, is_bought: bool, again: bool) -> None:
        self.resolves(name, is_bought=is_bought, again=again)

    def resolves(self, name: str, *, is_bought: bool, again: bool) -> None:
        if is_bought:
            order_id = self.number("o")
            self.does("redeem_reservation", order_id=order_id, reservation_id=name, again=again)
        else:
            self.tells("release_reservation", reservation_id=name, again=again)

    @precondition(wallets_with_credit)
    @rule(name=one_of_its(wallets_with_credit), again=some.booleans())
    def spend_everything(self, name: str, again: bool) -> None:
        self.spends_everything(*name.split(), again=again)

    def spends_everything(self, customer_id: str, currency: str, *, again: bool) -> None:
        """So that there is nothing to take back but by a rule's clawback."""
        cart = dear_cart(customer_id, currency)
        self.does("redeem", order_id=self.number("o"), cart=cart, again=again)
