"""Whatever happens to one wallet at once has happened in some order: the model tells the same of it."""

import random
from collections import defaultdict
from copy import deepcopy
from datetime import timedelta
from functools import partial
from threading import Lock
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from cashback.actions import holds
from cashback.actions.earn import EarningOrder, earn
from cashback.domain.earning import Purchase
from cashback.queries.verify import breaches
from tests.api import NOON
from tests.cashback.comparing import in_one_order, some_of
from tests.cashback.money import cancel, customer, give, hold, kept_rule, line, pay_with, wallet
from tests.cashback.our_service import OurService
from tests.cashback.service import ModelService
from tests.cashback.world import START, WORLD, numbered
from tests.races.storm import Told, by_status, storm
from tests.races.test_cashback import told
from tests.reference.units import Json

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres15]

DAY = timedelta(days=1)
THEN = START + 2 * DAY
OF_ADA = {"customer_id": "ada", "currency": "EUR"}
#: Reservations, payouts and orders of each sort.
EACH = 5
PLACES = """
    SELECT min(id) FROM cashback_posting WHERE xid = %s
        AND kind NOT IN ('mature', 'expire', 'release') HAVING count(*) > 0
    UNION ALL SELECT min(id) FROM cashback_posting WHERE xid = %s HAVING count(*) > 0 LIMIT 1
"""


class Watched(OurService):
    """It remembers by which transaction each call was done."""

    def set_up(self, world: Json) -> None:
        super().set_up(world)
        self.transactions: dict[str, int] = {}

    def answer(self, act: Any, *, at: Any) -> Json:
        def watched() -> Json:
            answer: Json = act()
            with connection.cursor() as cursor:
                cursor.execute("SELECT txid_current()")
                self.transactions[self.of_thread.key] = cursor.fetchone()[0]
            return answer

        return super().answer(watched, at=at)


def cart(amount: int, *, quantity: int = 1, **more: Any) -> Json:
    lines = numbered([{"sku": "TEA", "quantity": quantity, "unit_price": 700}])
    return OF_ADA | {"lines": lines, "shipping_amount": 0, "cashback_amount": amount} | more


def key(name: str) -> str:
    return f"{name:*>16}"


def before() -> list[tuple[str, Json]]:
    """What both sides are told at first: credit that is about to expire, holds about to end, ..."""
    calls: list[tuple[str, Json]] = []
    for n, days in enumerate((1, 1, 3, 4, 40)):
        ends = {"amount": 2_000, "expires_at": START + days * DAY}
        calls.append(("adjust", OF_ADA | ends | {"key": key(f"give {n}")}))
    for n in range(EACH):
        told_of = {"order_id": f"earned {n}", "cart": cart(0, quantity=2), "paid_at": None}
        calls += [
            ("record_order", told_of | {"status": "delivered", "delivered_at": START}),
            ("redeem", {"order_id": f"paid {n}", "cart": cart(500), "key": key(f"paid {n}")}),
            (
                "redeem",
                {"order_id": f"both {n}", "cart": cart(90, quantity=3), "key": key(f"b {n}")},
            ),
            (
                "reserve",
                {"reservation_id": f"v{n}", "cart": cart(300), "key": key(f"v{n}")}
                | {"ttl_seconds": 900 if n % 2 else 86_400},
            ),
            ("request_payout", OF_ADA | {"payout_id": f"p{n}", "amount": 200, "key": key(f"p{n}")}),
        ]
        if n % 2:
            for to in ("approved", "submitted"):
                calls.append(
                    ("move_payout", {"payout_id": f"p{n}", "to": to, "key": key(f"{to} {n}")})
                )
    return calls


def at_once(chance: random.Random) -> list[tuple[str, str, Json]]:
    """Whose turns these have to take (an order's, a payout's), and the call."""
    calls: list[tuple[str, str, Json]] = []
    for n in range(EACH):
        for order_id, quantity in ((f"earned {n}", 1), (f"earned {n}", 1), (f"both {n}", 2)):
            number = len(calls)
            back = {"order_id": order_id, "return_id": f"r{number}", "quantities": {"1": quantity}}
            more = {"refund_shipping": False, "key": key(f"r{number}")}
            calls.append((order_id, "return_lines", back | more))
        calls.append((f"paid {n}", "cancel", {"order_id": f"paid {n}", "key": key(f"c{n}")}))
        step = {
            "payout_id": f"p{n}",
            "to": "failed" if n % 2 else "rejected",
            "key": key(f"end{n}"),
        }
        calls.append((f"p{n}", "move_payout", step))
        asked = {"payout_id": f"q{n}", "amount": chance.randint(100, 900), "key": key(f"q{n}")}
        calls.append((f"q{n}", "request_payout", OF_ADA | asked))
        change = {"amount": chance.choice([150, -400]), "expires_at": None, "key": key(f"a{n}")}
        calls.append((f"a{n}", "adjust", OF_ADA | change))
        for part in "xyz":
            name = f"{part}{n}"
            spent = cart(chance.randint(600, 1_400), quantity=2)
            calls.append((name, "redeem", {"order_id": name, "cart": spent, "key": key(name)}))
    return calls


def place(transaction: int) -> int:
    """Of what a transaction has posted, in the order in which the wallet saw them."""
    with connection.cursor() as cursor:
        cursor.execute(PLACES, [transaction, transaction])
        return int(cursor.fetchone()[0])


def test_what_happens_to_one_wallet_at_once_has_happened_in_some_order(seed):
    shop, model = Watched(), ModelService()
    for side in (shop, model):
        side.set_up(WORLD)
    for act, call in before():
        assert getattr(shop, act)(**call, at=START) == getattr(model, act)(**call, at=START), call
    turns: dict[str, Lock] = defaultdict(Lock)
    answers: dict[str, Json] = {}

    def done(whose: str, act: str, call: Json) -> Told:
        with turns[whose]:
            answer = getattr(shop, act)(**call, at=THEN)
        answers[call["key"]] = answer
        return Told(422 if "refused" in answer else 200)

    calls = at_once(random.Random(seed))
    jobs: list[Any] = [(call["key"], partial(done, *one)) for one in calls for call in one[2:]]
    jobs += [("run", lambda: Told(200, shop.run_clock(at=THEN))) for _ in range(4)]
    attempts = by_status(storm(jobs, seed=seed))

    assert len(attempts[200]) > len(calls) / 2
    assert 422 in attempts
    assert follows(model, calls, answers, shop.transactions) == []
    for what, as_compared in (("balances", some_of), ("lots", in_one_order)):
        expected, found = (
            as_compared(getattr(side, what)(customer_id="ada", at=THEN)) for side in (model, shop)
        )
        assert found == expected
    assert shop.shop_accounts(at=THEN) == model.shop_accounts(at=THEN)
    assert shop.breaches(at=THEN) == []


def follows(
    model: ModelService,
    calls: list[tuple[str, str, Json]],
    answers: dict[str, Json],
    transactions: dict[str, int],
) -> list[str]:
    """Let the model do what was done, in the order of the postings; what of it has no place there.

    What was refused has its place somewhere between them.
    """
    by_key = {call["key"]: (act, call) for _, act, call in calls}
    refused = {name for name in by_key if "refused" in answers[name]}
    order = sorted(by_key.keys() - refused, key=lambda name: place(transactions[name]))
    wrong = []
    for name in [*order, ""]:
        for other in list(refused):
            act, call = by_key[other]
            if getattr(deepcopy(model), act)(**call, at=THEN) == answers[other]:
                refused.discard(other)
        if name:
            act, call = by_key[name]
            if (expected := getattr(model, act)(**call, at=THEN)) != answers[name]:
                wrong.append(f"{act} {call}: {answers[name]}, expected {expected}")
    return [*wrong, *(f"{by_key[name]} was refused" for name in refused)]


def test_each_of_500_orders_that_is_reversed_twice_at_once_is_reversed_once():
    people = [customer(f"c{number}") for number in range(20)]
    rule = kept_rule("half", percent="50", pending_days=0)
    orders = []
    for n in range(500):
        person = people[n % len(people)]
        give(person, 70, now=NOON)
        paid = pay_with(person, 70, now=NOON)
        bought = EarningOrder(
            order_key=paid.pk,
            order_id=paid.reference,
            customer_key=person,
            purchase=Purchase(currency="EUR", lines=[line("1", 100)], bases=[100]),
            delivered_at=NOON,
        )
        earn(order=bought, rules=[rule], now=NOON)
        orders.append((paid.pk, person))
    jobs = [
        (n, told(lambda order_key=order_key, person=person: cancel(order_key, person, now=NOON)))
        for n, (order_key, person) in enumerate(orders)
        for _ in "ab"
    ]

    attempts = storm(jobs, seed=1)

    assert [attempt.told.status for attempt in attempts] == [200] * 1000
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, count(*), count(DISTINCT order_id) FROM cashback_posting"
            " WHERE kind IN ('restore', 'take_back') GROUP BY kind ORDER BY kind"
        )
        assert cursor.fetchall() == [("restore", 500, 500), ("take_back", 500, 500)]
    assert {wallet(person) for person in people} == {(0, 25 * 70, 0, 0)}
    assert list(breaches(every_row=True)) == []


def test_swaps_between_two_wallets_in_both_directions_do_not_wait_in_a_ring(seed):
    ada, bob = customer("ada"), customer("bob")
    for person in (ada, bob):
        give(person, 10_000, now=NOON)
    reserved = [hold((ada, bob)[n % 2], 100, now=NOON) for n in range(40)]

    # As a reservation's own lock does.
    turns: dict[UUID, Lock] = defaultdict(Lock)

    def swap(reference: UUID, person: int) -> Told:
        of = {"customer_key": person, "currency": "EUR", "reference": reference}
        with turns[reference]:
            return told(lambda: holds.hold(**of, amount=100, swaps=True, now=NOON))()

    jobs = [
        (n, partial(swap, reference, person))
        for n, reference in enumerate(reserved)
        for person in (bob, ada)
    ]

    attempts = storm(jobs, seed=seed)

    assert {attempt.told.status for attempt in attempts} == {200}
    kept = [wallet(person) for person in (ada, bob)]
    assert [sum(one) for one in kept] == [10_000, 10_000]
    assert sum(held for _, _, held, _ in kept) == 40 * 100
    assert list(breaches(every_row=True)) == []
