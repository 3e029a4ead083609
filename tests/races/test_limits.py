"""No limit and no budget is passed, however many checkouts run at once."""

import random
from functools import partial

import pytest

from tests.api import NOON
from tests.races.offers import (
    cart,
    code_counts,
    codes,
    counter,
    customer_counts,
    customers,
    money,
    promotion,
    uses,
)
from tests.races.storm import by_status, storm

pytestmark = pytest.mark.postgres15


def test_a_limit_of_50_gives_50_of_400_attempts_over_different_orders_and_codes(shop, seed):
    owner = promotion("fifty", limits={"redemptions": 50})
    names = codes(owner, [f"FIFTY{n:03}" for n in range(400)])
    people = customers(40)
    jobs = [
        (n, partial(shop.redeem, cart(name, customer=people[n % 40]), f"o{n}", at=NOON))
        for n, name in enumerate(names)
    ]

    told = by_status(storm(jobs, seed=seed))

    assert {status: len(attempts) for status, attempts in told.items()} == {201: 50, 422: 350}
    assert {reason for a in told[422] for reason in a.told.reasons} == {"usage_limit_reached"}
    assert counter(owner) == (50, 0)
    assert uses(owner) == {"used": 50}


def test_holds_count_like_uses_towards_a_limit(shop, seed):
    owner = promotion("fifty", limits={"redemptions": 50})
    names = codes(owner, [f"FIFTY{n:03}" for n in range(200)])
    jobs = [
        (
            "reserve" if n % 2 else "redeem",
            partial(shop.reserve, cart(name), at=NOON)
            if n % 2
            else partial(shop.redeem, cart(name), f"o{n}", at=NOON),
        )
        for n, name in enumerate(names)
    ]

    told = by_status(storm(jobs, seed=seed))

    assert {status: len(attempts) for status, attempts in told.items()} == {201: 50, 422: 150}
    kinds = [attempt.tag for attempt in told[201]]
    assert counter(owner) == (kinds.count("redeem"), kinds.count("reserve"))
    assert {reason for a in told[422] for reason in a.told.reasons} <= {
        "usage_limit_reached",
        "held_by_other_checkout",
    }


def test_a_personal_code_tried_100_times_gives_one(shop, seed):
    owner = promotion("birthday")
    codes(owner, ["ADA2026"], customer="ada")
    jobs = [(n, partial(shop.redeem, cart("ADA2026"), f"o{n}", at=NOON)) for n in range(100)]

    told = by_status(storm(jobs, seed=seed))

    assert {status: len(attempts) for status, attempts in told.items()} == {201: 1, 422: 99}
    assert {reason for a in told[422] for reason in a.told.reasons} == {"code_already_used"}
    assert code_counts("ADA2026") == {"ADA2026": (1, 0)}


def test_each_customer_gets_as_many_as_the_promotion_grants_each(shop, seed):
    owner = promotion("twice", limits={"per_customer": 2})
    codes(owner, ["TWICE"])
    jobs = [
        ((who, n), partial(shop.redeem, cart("TWICE", customer=who), f"{who}-{n}", at=NOON))
        for who in customers(5)
        for n in range(20)
    ]

    told = by_status(storm(jobs, seed=seed))

    assert {status: len(attempts) for status, attempts in told.items()} == {201: 10, 422: 90}
    assert {reason for a in told[422] for reason in a.told.reasons} == {"customer_limit_reached"}
    assert customer_counts(owner) == dict.fromkeys([f"c{n:03}" for n in range(5)], (2, 0))


def test_a_customer_whom_nobody_has_seen_gets_no_more_than_others(shop, seed):
    """Neither the customer nor their count has a row when the storm begins."""
    owner = promotion("once", limits={"per_customer": 1})
    codes(owner, ["ONCE"])
    jobs = [
        (n, partial(shop.redeem, cart("ONCE", customer="new"), f"o{n}", at=NOON)) for n in range(40)
    ]

    assert len(by_status(storm(jobs, seed=seed))[201]) == 1
    assert customer_counts(owner) == {"new": (1, 0)}


def test_each_code_gives_what_its_own_limit_says(shop, seed):
    owner = promotion("several")
    codes(owner, ["THREE1", "THREE2"], max_redemptions=3)
    codes(owner, ["FIVE5"], max_redemptions=5)
    jobs = [
        ((name, n), partial(shop.redeem, cart(name), f"{name}-{n}", at=NOON))
        for name in ("THREE1", "THREE2", "FIVE5")
        for n in range(25)
    ]

    told = by_status(storm(jobs, seed=seed))

    assert {status: len(attempts) for status, attempts in told.items()} == {201: 11, 422: 64}
    assert code_counts("THREE1", "THREE2", "FIVE5") == {
        "THREE1": (3, 0),
        "THREE2": (3, 0),
        "FIVE5": (5, 0),
    }


def test_a_budget_is_never_exceeded_and_only_too_large_awards_are_refused(shop, seed):
    """Carts whose 10 % is 1 to 999; the attempts together ask for several times the budget."""
    chance = random.Random(seed)
    budget = 20_000
    owner = promotion(
        "budget", effect={"kind": "percentage", "percent": "10"}, limits={"discount_budget": budget}
    )
    codes(owner, ["TENPERCENT"])
    awards = [chance.randint(1, 999) for _ in range(120)]
    jobs = [
        (
            award,
            partial(shop.reserve, cart("TENPERCENT", price=10 * award), at=NOON)
            if n % 3 == 0
            else partial(shop.redeem, cart("TENPERCENT", price=10 * award), f"o{n}", at=NOON),
        )
        for n, award in enumerate(awards)
    ]

    told = by_status(storm(jobs, seed=seed))

    given = sum(attempt.tag for attempt in told[201])
    assert sum(money(owner)) == given <= budget
    assert {reason for a in told[422] for reason in a.told.reasons} <= {
        "budget_exhausted",
        "held_by_other_checkout",
    }
    assert budget - given < min(attempt.tag for attempt in told[422])
