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
        other=CARTS,
        ttl=some.sampled_from([60, 900, 86_400, 86_400]),
        then=some.sampled_from(
            ["", "buy", "leave", "change buy", "extend buy", "change extend", "extend change buy"]
        ),
        minutes=some.sampled_from([0, 0, 0, 5, 20]),
        again=some.booleans(),
    )
    def reserve(
        self, cart: Json, other: Json, ttl: int, then: str, minutes: int, again: bool
    ) -> None:
        """And perhaps the customer has more to do with it, some minutes later. `"max"` never fails."""
        name = self.number("v")
        self.does("reserve", reservation_id=name, cart=cart, ttl_seconds=ttl, again=again)
        if name not in self.shop.reservations:
            cart = cart | {"cashback_amount": "max"}
            self.does("reserve", reservation_id=name, cart=cart, ttl_seconds=ttl, again=again)
        self.now += timedelta(minutes=minutes)
        for step in then.split():
            if step == "change":
                of_same = {field: cart[field] for field in ("customer_id", "currency")}
                self.changes(name, other | of_same, None, again=again)
            elif step == "extend":
                self.extends(name, ttl, again=again)
            else:
                self.resolves(name, is_bought=step == "buy", again=again)

    @precondition(reservations)
    @rule(
        name=one_of_its(reservations),
        cart=CARTS,
        ttl=some.sampled_from([None, 60, 86_400]),
        again=some.booleans(),
    )
    def change_reservation(self, name: str, cart: Json, ttl: int | None, again: bool) -> None:
        self.changes(name, cart, ttl, again=again)

    def changes(self, name: str, cart: Json, ttl: int | None, *, again: bool) -> None:
        self.tells(
            "change_reservation", reservation_id=name, cart=cart, ttl_seconds=ttl, again=again
        )

    @precondition(reservations)
    @rule(
        name=one_of_its(reservations),
        ttl=some.sampled_from([60, 900, 86_400]),
        again=some.booleans(),
    )
    def extend_reservation(self, name: str, ttl: int, again: bool) -> None:
        self.extends(name, ttl, again=again)

    def extends(self, name: str, ttl: int, *, again: bool) -> None:
        self.does("extend_reservation", reservation_id=name, ttl_seconds=ttl, again=again)

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
