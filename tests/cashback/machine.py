"""The life of credit as a state machine: any service against the model.

`CashbackMachine(service, counts)`: bind the service by `tests.cashback.service.Service`. After every
step all balances, all lots and all answers must agree and no invariant may be broken. `counts` says
how often each act was done, each refusal was given and each booking was made, over all runs that
share it.
"""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as some
from hypothesis.stateful import precondition, rule

from tests.cashback.comparing import Comparing, one_of_its
from tests.cashback.passages import FAILURE, REJECTION, SUCCESS, Passages
from tests.cashback.world import ADJUSTMENTS, CARTS, MONEY, PEOPLE
from tests.reference.units import Json

PAYOUT_WAYS = some.sampled_from([SUCCESS, FAILURE, REJECTION])
SECOND = timedelta(seconds=1)


def payouts(machine: Comparing) -> list[str]:
    """Those that are on their way, before any that ended."""
    found = machine.shop.payouts.values()
    is_open = [payout.payout_id for payout in found if payout.status in SUCCESS]
    return is_open or list(machine.shop.payouts)


class CashbackMachine(Passages):
    """Whatever can happen to credit, in any order."""

    @rule(
        customer_id=PEOPLE,
        currency=MONEY,
        share=some.sampled_from([1, 2, 3]),
        beyond=some.sampled_from([0, 0, 0, 1]),
        ways=PAYOUT_WAYS,
        steps=some.sampled_from([0, 1, 3, 3]),
        again=some.booleans(),
    )
    def request_payout(
        self,
        customer_id: str,
        currency: str,
        share: int,
        beyond: int,
        ways: dict[str, str],
        steps: int,
        again: bool,
    ) -> None:
        available = self.shop.wallet(customer_id, currency).balance("available")
        if not available:
            self.adjusts(customer_id, currency, 500, days=7, again=again)
            available = self.shop.wallet(customer_id, currency).balance("available")
        amount = max(1, available // share) + beyond * available
        self.requests_payout(customer_id, currency, amount, ways, steps=steps, again=again)

    @precondition(lambda self: self.shop.payouts)
    @rule(
        name=one_of_its(payouts),
        ways=PAYOUT_WAYS,
        steps=some.integers(1, 3),
        again=some.booleans(),
    )
    def payout_moves_on(self, name: str, ways: dict[str, str], steps: int, again: bool) -> None:
        self.moves_payout(name, ways, steps=steps, again=again)

    @rule(
        customer_id=PEOPLE,
        currency=MONEY,
        amount=ADJUSTMENTS,
        is_there=some.booleans(),
        days=some.sampled_from([None, 1, 7, 40]),
        again=some.booleans(),
    )
    def adjust(
        self,
        customer_id: str,
        currency: str,
        amount: int,
        is_there: bool,
        days: int | None,
        again: bool,
    ) -> None:
        """`is_there`: not more is taken than there is."""
        if is_there:
            available = self.shop.wallet(customer_id, currency).balance("available")
            amount = max(amount, -available) or 1
        self.adjusts(customer_id, currency, amount, days=days, again=again)

    @rule(
        span=some.one_of(
            some.timedeltas(SECOND, timedelta(days=1)),
            some.integers(1, 3).map(lambda days: timedelta(days=days)),
            some.integers(4, 45).map(lambda days: timedelta(days=days)),
        )
    )
    def let_time_pass(self, span: timedelta) -> None:
        self.now += timedelta(seconds=int(span.total_seconds()))
        self.tells("run_clock", again=False)

    @precondition(lambda self: self.instants())
    @rule(
        instant=one_of_its(lambda machine: machine.instants()),
        beside=some.sampled_from([-SECOND, 0 * SECOND, SECOND]),
        is_run=some.booleans(),
    )
    def wait_for_what_is_due(self, instant: datetime, beside: timedelta, is_run: bool) -> None:
        """ "What is due counts from its instant, whether or not a job has run." """
        self.now = max(self.now, instant + beside)
        if is_run:
            self.tells("run_clock", again=False)

    def instants(self) -> list[datetime]:
        """When something will be due, soonest first."""
        lots = self.shop.ledger.lots
        dates = [lot.available_at for lot in lots if lot.parts["pending"]]
        dates += [lot.expires_at for lot in lots if lot.remaining]
        dates += [
            reservation.expires_at
            for reservation in self.shop.reservations.values()
            if reservation.status == "active"
        ]
        return sorted(date.astimezone(UTC) for date in dates if date and date > self.now)[:3]

    @precondition(lambda self: self.calls)
    @rule(
        call=some.one_of(
            one_of_its(lambda machine: machine.calls),
            # A refusal may have lost its reason meanwhile.
            one_of_its(lambda machine: machine.refused_calls or machine.calls),
        )
    )
    def repeat_an_earlier_call(self, call: tuple[str, Json, datetime]) -> None:
        self.repeats(call)


class LongRun(CashbackMachine):
    """What seldom comes about by chance comes more often: who waits for it alone does the rest a thousand
    times.
    """

    @rule(cart=CARTS, by_put=some.booleans())
    def buy_and_cancel_and_say_so_again(self, cart: Json, by_put: bool) -> None:
        self.buy_and_cancel(cart=cart, by_put=by_put, again=True)

    @rule(cart=CARTS, other=CARTS, customer_id=PEOPLE)
    def put_aside_think_again_and_buy_and_say_so_again(
        self, cart: Json, other: Json, customer_id: str
    ) -> None:
        self.put_aside_think_again_and_buy(
            cart=cart, other=other, customer_id=customer_id, again=True
        )
