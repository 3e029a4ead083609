"""What the state machine asks of a service, and the model bound to it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from tests.reference.cashback.books import Refused
from tests.reference.cashback.earning import RuleBook
from tests.reference.cashback.ledger import OF_LOTS
from tests.reference.cashback.shop import Shop
from tests.reference.units import Json


class Service(Protocol):
    """A shop in which nothing has happened yet.

    Every act answers what the contract shows of it, cut down to what `ModelService` answers, or
    {"refused": code}. A cart is as for `tests.reference.cashback.purchases.Purchases`; the discount
    of its lines has been found already: a binding must see to it that pricing finds the same. Ids
    of orders and returns are the caller's; so are those of reservations and payouts, which a
    binding maps to the ids that it was given. `at` never goes back, but that a call which is
    repeated under its key is sent with its first `at`.
    """

    def set_up(self, world: Json) -> None:
        """`rules` and `partners` by id (bodies of PUT), `segments`: members by id, `shop_zone`."""

    def reserve(
        self, *, reservation_id: str, cart: Json, ttl_seconds: int, key: str, at: datetime
    ) -> Json: ...

    def change_reservation(
        self, *, reservation_id: str, cart: Json, ttl_seconds: int | None, at: datetime
    ) -> Json: ...

    def extend_reservation(
        self, *, reservation_id: str, ttl_seconds: int, key: str, at: datetime
    ) -> Json: ...

    def release_reservation(self, *, reservation_id: str, at: datetime) -> Json: ...

    def redeem(self, *, order_id: str, cart: Json, key: str, at: datetime) -> Json: ...

    def redeem_reservation(
        self, *, order_id: str, reservation_id: str, key: str, at: datetime
    ) -> Json: ...

    def record_order(
        self,
        *,
        order_id: str,
        cart: Json,
        status: str,
        paid_at: datetime | None,
        delivered_at: datetime | None,
        at: datetime,
    ) -> Json: ...

    def return_lines(
        self,
        *,
        order_id: str,
        return_id: str,
        quantities: dict[str, int],
        refund_shipping: bool,
        key: str,
        at: datetime,
    ) -> Json: ...

    def cancel(self, *, order_id: str, key: str, at: datetime) -> Json: ...

    def request_payout(
        self,
        *,
        payout_id: str,
        customer_id: str,
        currency: str,
        amount: int,
        key: str,
        at: datetime,
    ) -> Json: ...

    def move_payout(self, *, payout_id: str, to: str, key: str, at: datetime) -> Json:
        """`to`: approved, rejected, submitted, paid, failed."""

    def adjust(
        self,
        *,
        customer_id: str,
        currency: str,
        amount: int,
        expires_at: datetime | None,
        key: str,
        at: datetime,
    ) -> Json: ...

    def run_clock(self, *, at: datetime) -> Json:
        """All that is due is booked."""

    def balances(self, *, customer_id: str, at: datetime) -> dict[str, Json]:
        """By currency, as `GET /customers/{id}/cashback` has them."""

    def lots(self, *, customer_id: str, at: datetime) -> list[Json] | None:
        """`currency`, `expires_at`, `pending`, `available`, `held` of each lot that has any left;
        null where a service cannot tell."""

    def shop_accounts(self, *, at: datetime) -> dict[str, int] | None:
        """Credits less debits of the accounts of the shop and its partners, by currency and name,
        where that is not 0; null where a service cannot tell."""

    def breaches(self, *, at: datetime) -> list[str]:
        """Whatever its own proof finds wrong."""


class ModelService:
    """The reference as a service. `make_shop`: another one in its place, to see what is noticed."""

    def __init__(self, make_shop: Callable[[RuleBook], Shop] = Shop) -> None:
        self.make_shop = make_shop

    def set_up(self, world: Json) -> None:
        rule_book = RuleBook(world["rules"], world["partners"], world["shop_zone"])
        self.shop = self.make_shop(rule_book)
        for segment, members in world["segments"].items():
            for customer_id in members:
                self.shop.segments.setdefault(customer_id, set()).add(segment)

    def _answer(self, act: Callable[..., Any], *, at: datetime, **arguments: Any) -> Json:
        # A repeated call comes with its first instant; it is answered all the same.
        now = max(at, self.shop.now or at)
        try:
            return act(**arguments, at=now) or {}
        except Refused as refusal:
            return {"refused": refusal.code}

    def reserve(self, **call: Any) -> Json:
        return self._answer(self.shop.reserve, **call)

    def change_reservation(self, **call: Any) -> Json:
        return self._answer(self.shop.change_reservation, **call)

    def extend_reservation(self, **call: Any) -> Json:
        return self._answer(self.shop.extend_reservation, **call)

    def release_reservation(self, **call: Any) -> Json:
        return self._answer(self.shop.release_reservation, **call)

    def redeem(self, **call: Any) -> Json:
        return self._answer(self.shop.redeem, **call)

    def redeem_reservation(self, **call: Any) -> Json:
        return self._answer(self.shop.redeem_reservation, **call)

    def record_order(self, **call: Any) -> Json:
        return self._answer(self.shop.record_order, **call)

    def return_lines(self, **call: Any) -> Json:
        return self._answer(self.shop.return_lines, **call)

    def cancel(self, **call: Any) -> Json:
        # The contract shows nothing of what a cancel gives back; balances do.
        answer = self._answer(self.shop.cancel, **call)
        return {name: code for name, code in answer.items() if name == "refused"}

    def request_payout(self, **call: Any) -> Json:
        return self._answer(self.shop.request_payout, **call)

    def move_payout(self, **call: Any) -> Json:
        return self._answer(self.shop.move_payout, **call)

    def adjust(self, **call: Any) -> Json:
        return self._answer(self.shop.adjust, **call)

    def run_clock(self, **call: Any) -> Json:
        return self._answer(self.shop.book_due, **call)

    def balances(self, *, customer_id: str, at: datetime) -> dict[str, Json]:
        return self.shop.balances(customer_id, at=at)

    def lots(self, *, customer_id: str, at: datetime) -> list[Json] | None:
        self.shop.book_due(at)
        return [
            {"currency": lot.currency, "expires_at": lot.expires_at}
            | {name: lot.parts[name] for name in OF_LOTS}
            for lot in self.shop.ledger.lots
            if lot.customer_id == customer_id and lot.remaining
        ]

    def shop_accounts(self, *, at: datetime) -> dict[str, int] | None:
        self.shop.book_due(at)
        return {
            f"{currency} {account.name}": found
            for (account, currency), found in self.shop.ledger.sums.items()
            if account.customer_id is None and found
        }

    def breaches(self, *, at: datetime) -> list[str]:
        self.shop.book_due(at)
        return self.shop.breaches()
