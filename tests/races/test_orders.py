"""One order is redeemed once, cancelled once, and comes back once, whoever asks how often at once."""

import random
from functools import partial

import pytest

from customers.models import Order, OrderReturn
from tests.api import NOON
from tests.races.offers import (
    MINUTE,
    cart,
    code_counts,
    codes,
    counter,
    customer_counts,
    promotion,
    uses,
)
from tests.races.storm import by_status, storm

pytestmark = pytest.mark.postgres15

LATER = NOON + MINUTE
FIVE = {"kind": "fixed_amount", "amount": 3}


def test_an_order_is_redeemed_once_and_the_others_learn_by_which_redemption(shop, seed):
    """By different keys, codes and ways at once: whole carts and reservations."""
    owner = promotion("spring")
    names = codes(owner, [f"SPRING{n:02}" for n in range(40)])
    held = [shop.reserve(cart(name), at=NOON)["reservation_id"] for name in names[:10]]
    jobs = [(name, partial(shop.redeem, cart(name), "o1", at=NOON)) for name in names[10:]]
    jobs += [(name, partial(shop.redeem_held, name, "o1", at=NOON)) for name in held]

    told = by_status(storm(jobs, seed=seed))

    assert {status: len(attempts) for status, attempts in told.items()} == {201: 1, 409: 39}
    (winner,) = told[201]
    assert {(a.told.code, a.told["redemption_id"]) for a in told[409]} == {
        ("order_already_redeemed", winner.told["redemption_id"])
    }
    assert sum(counter(owner)) == (1 + 10 if winner.tag in names else 10)


def test_a_redemption_is_cancelled_once(shop, seed):
    owner = promotion("once", limits={"redemptions": 3, "per_customer": 3})
    codes(owner, ["ONCE1"], max_redemptions=1)
    made = shop.redeem(cart("ONCE1"), "o1", at=NOON)
    jobs = [(n, partial(shop.cancel, made["redemption_id"], at=LATER)) for n in range(24)]

    told = by_status(storm(jobs, seed=seed))

    assert {status: len(attempts) for status, attempts in told.items()} == {200: 1, 409: 23}
    assert {a.told.code for a in told[409]} == {"already_cancelled"}
    assert (counter(owner), code_counts("ONCE1")) == ((0, 0), {"ONCE1": (0, 0)})


def test_an_order_told_as_cancelled_and_a_cancel_give_back_once(shop, seed):
    """Half of the orders are told by three callers each, and cancelled by three others."""
    owner = promotion("tea", limits={"redemptions": 16, "per_customer": 16})
    names = codes(owner, [f"PUT{n:02}" for n in range(16)], max_redemptions=1)
    made = {name: shop.redeem(cart(name), f"o-{name}", at=NOON) for name in names}
    line = {"line_id": "1", "sku": "TEA", "quantity": 1, "unit_price": 1000}
    told_as = {
        "customer_id": "ada", "currency": "EUR", "status": "cancelled", "lines": [line]
    }  # fmt: skip
    jobs = [
        job
        for name, told in made.items()
        for job in 3
        * [
            ((name, "put"), partial(shop.put_order, f"o-{name}", told_as, at=LATER)),
            ((name, "cancel"), partial(shop.cancel, told["redemption_id"], at=LATER)),
        ]
    ]

    attempts = storm(jobs, seed=seed)

    for name in names:
        puts = [a.told for a in attempts if a.tag == (name, "put")]
        cancels = [a.told for a in attempts if a.tag == (name, "cancel")]
        assert {(one.status, one["status"]) for one in puts} == {(200, "cancelled")}
        assert [one.status for one in cancels].count(200) <= 1
        assert {one.code for one in cancels if one.status != 200} == {"already_cancelled"}
    assert counter(owner) == (0, 0)
    assert uses(owner) == {"restored": 16}


def test_an_order_is_cancelled_or_partly_returned_but_not_both(shop, seed):
    owner = promotion("tea")
    codes(owner, ["TEA1"])
    made = {
        f"o{n}": shop.redeem(cart("TEA1", quantity=2), f"o{n}", at=NOON)["redemption_id"]
        for n in range(16)
    }
    jobs = [(("cancel", o), partial(shop.cancel, red, at=LATER)) for o, red in made.items()]
    jobs += [(("return", o), partial(shop.return_units, o, "r1", {"1": 1}, at=LATER)) for o in made]

    told = {a.tag: a.told for a in storm(jobs, seed=seed)}

    for order in made:
        cancelled, returned = told["cancel", order], told["return", order]
        assert (cancelled.status, returned.status) in {(200, 409), (409, 201)}
        loser = cancelled if cancelled.status == 409 else returned
        assert loser.code == "state_transition_not_allowed"
        assert Order.objects.get(reference=order).status == (
            "cancelled" if cancelled.status == 200 else "placed"
        )
    assert counter(owner) == (sum(told["cancel", order].status == 409 for order in made), 0)


def test_a_redemption_is_given_back_once_by_a_cancel_or_a_whole_return(shop, seed):
    owner = promotion("tea", limits={"per_customer": 100})
    names = codes(owner, [f"WHOLE{n}" for n in range(12)], max_redemptions=1)
    made = {name: shop.redeem(cart(name), f"o-{name}", at=NOON)["redemption_id"] for name in names}
    jobs = [(("cancel", n), partial(shop.cancel, red, at=LATER)) for n, red in made.items()]
    jobs += [
        (("return", name), partial(shop.return_units, f"o-{name}", "r1", {"1": 1}, at=LATER))
        for name in names
    ]

    told = {a.tag: a.told for a in storm(jobs, seed=seed)}

    for name in names:
        assert sorted([told["cancel", name].status, told["return", name].status]) in (
            [200, 409],
            [201, 409],
        )
    assert counter(owner) == (0, 0)
    assert uses(owner) == {"restored": 12}
    assert code_counts(*names) == dict.fromkeys(names, (0, 0))


def test_a_return_id_is_one_return(shop, seed):
    codes(promotion("tea"), ["TEA1"])
    shop.redeem(cart("TEA1", quantity=3), "o1", at=NOON)
    jobs = [
        (n, partial(shop.return_units, "o1", "r1", {"1": 1 + (n % 8 == 0)}, at=LATER))
        for n in range(32)
    ]

    attempts = storm(jobs, seed=seed)

    told = by_status(attempts)
    (first,) = told[201]
    same = first.told["lines"][0]["quantity"]
    assert all(a.told.body == first.told.body for a in told[200])
    assert len(told[200]) == (28 if same == 1 else 4) - 1
    assert {a.told.code for a in told[409]} == {"return_id_reused"}
    assert OrderReturn.objects.count() == 1


def test_five_units_come_back_five_times_and_the_money_adds_up(shop, seed):
    """Fifteen returns of one unit each, and shipping asked for by three of them."""
    codes(promotion("tea", effect=FIVE), ["TEA1"])
    paid = {**cart("TEA1", quantity=5, price=333), "shipping_amount": 495}
    shop.redeem(paid, "o1", at=NOON)
    jobs = [(n, partial(shop.return_units, "o1", f"r{n}", {"1": 1}, at=LATER)) for n in range(15)]
    jobs += [
        (f"s{n}", partial(shop.return_units, "o1", f"s{n}", {}, shipping=True, at=LATER))
        for n in range(5)
    ]

    told = by_status(storm(jobs, seed=seed))

    assert {status: len(attempts) for status, attempts in told.items()} == {201: 6, 422: 14}
    assert {a.told.code for a in told[422]} == {"return_exceeds_order"}
    assert sum(a.told["refund_amount"] for a in told[201]) == 5 * 333 + 495 - 3
    assert sum(a.told["codes_restored"] == ["TEA1"] for a in told[201]) == 1


def test_one_customer_orders_cancels_and_returns_at_once_without_a_deadlock(shop, seed):
    """All of them want the customer's figures, their counts, the codes and the counters."""
    chance = random.Random(seed)
    limits = {"per_customer": 1000, "redemptions": 1000}
    owners = [promotion(f"p{n}", limits=limits) for n in range(3)]
    names = [codes(owner, [f"CODE{n}"])[0] for n, owner in enumerate(owners)]

    def some() -> dict:
        return cart(*chance.sample(names, chance.randint(1, 3)))

    made = {f"old{n}": shop.redeem(some(), f"old{n}", at=NOON) for n in range(40)}
    jobs = [(f"new{n}", partial(shop.redeem, some(), f"new{n}", at=LATER)) for n in range(40)]
    for number, (order, told) in enumerate(made.items()):
        act = (
            partial(shop.cancel, told["redemption_id"], at=LATER)
            if number % 2
            else partial(shop.return_units, order, "r1", {"1": 1}, at=LATER)
        )
        jobs.append((order, act))

    told = by_status(storm(jobs, seed=seed))

    assert {status: len(attempts) for status, attempts in told.items()} == {201: 60, 200: 20}
    kept = [a.told for a in told[201] if a.tag.startswith("new")]
    for owner in owners:
        applied = sum(owner.reference in _applied(one) for one in kept)
        assert customer_counts(owner) == {"ada": (applied, 0)}


def _applied(told):
    return {row["promotion_id"] for row in told["applied"]}
