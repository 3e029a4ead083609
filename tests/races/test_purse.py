"""One wallet at many tills at once: nothing is spent, earned, restored or taken back twice."""

from collections.abc import Iterator
from functools import partial

import pytest

from cashback.models import Wallet
from cashback.queries.verify import breaches
from tests.api import NOON
from tests.checkout.purses import credit, rule
from tests.races.offers import MINUTE, cart, codes, counter, promotion
from tests.races.steps import Paused
from tests.races.storm import by_status, storm

pytestmark = pytest.mark.postgres15


@pytest.fixture(autouse=True)
def proven(transactional_db: None) -> Iterator[None]:
    """Whatever a race has done, the ledger proves itself."""
    yield
    assert list(breaches(every_row=True)) == []


def wallet(customer="ada"):
    """Pending, available, held, debt."""
    found = Wallet.objects.get(customer__reference=customer)
    return found.pending, found.available, found.held, found.debt


def paying(amount, *, price=1000, **more):
    return {**cart(price=price), "cashback_amount": amount, **more}


def test_one_wallet_of_10000_spent_by_64_clients_in_hundreds_pays_for_exactly_100(shop, seed):
    credit(amount=10_000)
    jobs = [
        (
            n,
            partial(shop.redeem, paying(100), f"o{n}", at=NOON)
            if n % 2
            else partial(shop.reserve, paying(100), at=NOON),
        )
        for n in range(160)
    ]

    told = by_status(storm(jobs, seed=seed, threads=64))

    assert {status: len(attempts) for status, attempts in told.items()} == {201: 100, 422: 60}
    assert {attempt.told.code for attempt in told[422]} == {"cashback_insufficient"}
    held = sum(100 for attempt in told[201] if attempt.tag % 2 == 0)
    assert wallet() == (0, 0, held, 0)


def test_codes_and_cashback_are_held_together_or_not_at_all(shop, seed):
    owner = promotion("fifty", limits={"redemptions": 50})
    codes(owner, ["FIFTY"])
    credit(amount=3000)
    jobs = [
        (n, partial(shop.reserve, {**cart("FIFTY"), "cashback_amount": 100}, at=NOON))
        for n in range(60)
    ]

    told = by_status(storm(jobs, seed=seed))

    assert {status: len(attempts) for status, attempts in told.items()} == {201: 30, 422: 30}
    assert wallet() == (0, 0, 3000, 0)
    assert counter(owner) == (0, 30)


def test_swaps_between_two_customers_do_not_wait_for_each_other_in_a_ring(shop, seed):
    credit("ada", 1000)
    credit("bob", 1000)
    held = [
        shop.reserve(paying(100, customer_id=who), at=NOON)["reservation_id"]
        for who in ("ada", "bob") * 5
    ]
    jobs = [
        ((name, n), partial(shop.change, name, paying(100, customer_id=other), at=NOON))
        for n in range(4)
        for at, name in enumerate(held)
        for other in [("ada", "bob")[(at + n) % 2]]
    ]

    told = by_status(storm(jobs, seed=seed))

    assert set(told) == {200}
    (_, a, ada, _), (_, b, bob, _) = wallet("ada"), wallet("bob")
    assert (a + ada, b + bob, ada + bob) == (1000, 1000, 1000)


def test_the_same_return_told_many_times_at_once_restores_and_takes_back_once(shop, seed):
    credit(amount=1000)
    rule(percent="10")
    shop.redeem(paying(1000, price=3000), "o1", at=NOON)
    assert wallet() == (200, 0, 0, 0)
    jobs = [(n, partial(shop.return_units, "o1", "r1", {"1": 1}, at=NOON)) for n in range(20)]

    told = by_status(storm(jobs, seed=seed))

    assert {status: len(attempts) for status, attempts in told.items()} == {201: 1, 200: 19}
    first = told[201][0].told.body
    assert all(attempt.told.body == first for attempt in told[200])
    assert wallet() == (0, 1000, 0, 0)


def test_one_customer_spends_earns_cancels_and_returns_at_once_without_a_deadlock(shop, seed):
    credit(amount=5000)
    rule(percent="10")
    sold = [shop.redeem(paying(100), f"s{n}", at=NOON) for n in range(10)]
    jobs = [
        *((("redeem", n), partial(shop.redeem, paying(50), f"o{n}", at=NOON)) for n in range(30)),
        *(
            (("cancel", n), partial(shop.cancel, sold[n]["redemption_id"], at=NOON))
            for n in range(5)
        ),
        *(
            (("return", n), partial(shop.return_units, f"s{n}", "r1", {"1": 1}, at=NOON))
            for n in range(5, 10)
        ),
        *((("reserve", n), partial(shop.reserve, paying(20), at=NOON)) for n in range(10)),
        *((("sweep", n), partial(shop.sweep, at=NOON + 20 * MINUTE)) for n in range(2)),
    ]

    told = by_status(storm(jobs, seed=seed))

    assert set(told) <= {200, 201}
    pending, available, held, debt = wallet()
    assert (pending, available + held, debt) == (30 * 95, 5000 - 30 * 50, 0)


def test_orders_at_once_do_not_pass_a_months_cap_and_say_what_they_earned(shop, seed):
    credit(amount=1)
    rule(percent="50", max_per_customer_month=2000, currency="EUR")
    jobs = [(n, partial(shop.redeem, paying(0), f"o{n}", at=NOON)) for n in range(20)]

    attempts = storm(jobs, seed=seed)

    assert {attempt.told.status for attempt in attempts} == {201}
    assert sum(attempt.told["cashback"]["earned"] for attempt in attempts) == 2000
    assert wallet() == (2000, 1, 0, 0)


def test_a_reservation_whose_hold_has_ended_meanwhile_by_another_clock_is_over(action_shop):
    """Web processes' clocks differ: another touched the wallet a moment later."""
    credit(amount=100)
    held = action_shop.reserve(paying(100), at=NOON)["reservation_id"]
    late = action_shop.redeem(paying(60), "o1", at=NOON + 15 * MINUTE)

    told = action_shop.redeem_held(held, "o2", at=NOON + 14 * MINUTE)

    assert (late.status, told.status, told.code) == (201, 410, "reservation_expired")
    assert wallet() == (0, 40, 0, 0)


def test_who_waits_for_a_wallet_sees_what_was_spent_meanwhile(action_shop):
    credit(amount=100)
    first = Paused(
        partial(action_shop.redeem, paying(100), "o1", at=NOON),
        before="EXECUTE cashback_lock_wallets",
    )
    second = action_shop.reserve(paying(100), at=NOON)

    assert (second.status, first.resume().code) == (201, "cashback_insufficient")
    assert wallet() == (0, 0, 100, 0)
