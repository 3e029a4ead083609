"""Two services side by side: each call goes to both, and all that they say is compared."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant

from tests.cashback.service import ModelService, Service
from tests.cashback.world import CUSTOMERS, START, WORLD
from tests.reference.cashback.books import BINDING
from tests.reference.cashback.orders import Order
from tests.reference.cashback.shop import Shop
from tests.reference.units import Json


class Disagreement(AssertionError):
    """The service and the model say different things, or the service is not in order."""


class Comparing(RuleBasedStateMachine):
    """`counts` is shared by runs. What may be done next is read from the model."""

    def __init__(self, service: Service, counts: Counter[str]) -> None:
        super().__init__()
        self.model, self.service, self.counts = ModelService(), service, counts
        for shop in (self.model, self.service):
            shop.set_up(WORLD)
        self.now: datetime = START
        self.numbers = count(1)
        self.calls: list[tuple[str, Json, datetime]] = []
        self.refused_calls: list[tuple[str, Json, datetime]] = []

    @property
    def shop(self) -> Shop:
        return self.model.shop

    def orders(self, wanted: Callable[[Order], bool]) -> list[str]:
        return [name for name, order in self.shop.orders.items() if wanted(order)]

    def number(self, what: str) -> str:
        return f"{what}{next(self.numbers)}"

    def does(self, act: str, *, again: bool, label: str | None = None, **arguments: Any) -> None:
        """An act under a key of its own, perhaps twice."""
        arguments["key"] = f"key-{next(self.numbers):016d}"
        answer = self.compare(act, arguments, at=self.now)
        self.counts[label or act] += "refused" not in answer
        is_bound = "refused" not in answer or answer["refused"] in BINDING
        if is_bound:
            self.calls.append((act, arguments, self.now))
            if again:
                self.repeats(self.calls[-1])
        if "refused" in answer:
            self.counts[f"{act}: {answer['refused']}"] += 1
            self.refused_calls += self.calls[-1:] if is_bound else []

    def tells(self, act: str, *, again: bool, **arguments: Any) -> None:
        """A call without a key, which may be repeated as it is."""
        for _ in range(1 + again):
            answer = self.compare(act, arguments, at=self.now)
        label = f"{act} {arguments['status']}" if "status" in arguments else act
        self.counts[f"{act}: {answer['refused']}" if "refused" in answer else label] += 1

    def repeats(self, call: tuple[str, Json, datetime]) -> None:
        act, arguments, at = call
        self.compare(act, arguments, at=at)
        self.counts[f"{act} repeated"] += 1

    def compare(self, act: str, arguments: Json, *, at: datetime) -> Json:
        expected = getattr(self.model, act)(**arguments, at=at)
        found = self.asked(act, **arguments, at=at)
        if expected != found:
            raise Disagreement(f"{act} {arguments}: {found}, expected {expected}")
        return expected

    def asked(self, what: str, **arguments: Any) -> Any:
        """What the service answers; its own books may refuse what it does before it can be compared."""
        try:
            return getattr(self.service, what)(**arguments)
        except AssertionError as refused:
            raise Disagreement(f"{what} {arguments}: {refused}") from refused

    @invariant()
    def nobody_disagrees(self) -> None:
        for customer_id in CUSTOMERS:
            self.agree("balances", some_of, customer_id=customer_id)
            self.agree("lots", in_one_order, customer_id=customer_id)
        self.agree("shop_accounts", dict)

    def agree(self, what: str, as_compared: Callable[[Any], Any], **whose: str) -> None:
        """As far as the service can tell."""
        found = self.asked(what, **whose, at=self.now)
        if found is None:
            return
        expected = as_compared(getattr(self.model, what)(**whose, at=self.now))
        if expected != as_compared(found):
            raise Disagreement(f"{what} {whose}: {as_compared(found)}, expected {expected}")

    @invariant()
    def all_that_is_always_true_is_true(self) -> None:
        if found := self.asked("breaches", at=self.now):
            raise Disagreement(found)
        assert not self.model.breaches(at=self.now)

    def teardown(self) -> None:
        # What was booked, by its kind: "mature", "expire", "hold", ... and where debt was met.
        for event in {transfer.event for transfer in self.shop.ledger.transfers}:
            self.counts[f"booked {event.split(':')[0]}"] += 1
        for transfer in self.shop.ledger.transfers:
            if "debt" in (transfer.debit.name, transfer.credit.name):
                is_made = transfer.debit.name == "debt"
                self.counts["debt made" if is_made else "debt repaid"] += 1


def one_of_its(names: Callable[[Comparing], list[str]]) -> Any:
    """One of what the machine knows at this step."""
    return some.runner().flatmap(lambda machine: some.sampled_from(names(machine)))


def some_of(balances: dict[str, Json]) -> dict[str, Json]:
    """Without currencies in which there is nothing."""
    return {currency: shown for currency, shown in balances.items() if any(shown.values())}


def in_one_order(lots: list[Json]) -> list[str]:
    return sorted(str(sorted(lot.items(), key=lambda item: item[0])) for lot in map(with_utc, lots))


def with_utc(lot: Json) -> Json:
    ends = lot["expires_at"]
    return lot | {"expires_at": ends and ends.astimezone(UTC).isoformat()}
