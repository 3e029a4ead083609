"""Ten wrong guesses are answered, however many are made at once; honest checkouts go on."""

from functools import partial

import pytest

from tests.api import NOON
from tests.races.offers import cart, codes, promotion
from tests.races.storm import storm

pytestmark = pytest.mark.postgres15

ANSWERED = {200, 422}


def test_of_200_guesses_at_once_ten_are_answered(shop, seed):
    """By one customer, with 200 different codes, at validate, reserve and redeem."""
    attempts = storm(_guesses(shop, 200, customer="eve"), seed=seed)

    _assert_ten_answered([a.told for a in attempts])


def test_guesses_from_one_address_count_together_whoever_makes_them(shop, seed):
    """Each by another customer; the shop tells the shopper's address."""
    jobs = [
        (n, partial(call, {**asked, "client_ip": "192.0.2.7", "customer_id": f"eve{n}"}, at=NOON))
        for n, (call, asked) in enumerate(_calls(shop, 60))
    ]

    _assert_ten_answered([a.told for a in storm(jobs, seed=seed)])


def test_customers_and_addresses_in_any_mixture_do_not_wait_in_a_ring(shop, seed):
    """Every call counts against one of four customers and one of four addresses."""
    jobs = [
        (n, partial(call, {**asked, "client_ip": f"192.0.2.{n // 4 % 4}"}, at=NOON))
        for n, (call, asked) in enumerate(_calls(shop, 80))
    ]
    for n, (_, job) in enumerate(jobs):
        job.args[0]["customer_id"] = f"eve{n % 4}"

    told = [a.told for a in storm(jobs, seed=seed)]

    assert sum(one.status in ANSWERED for one in told) <= 40
    assert {one.status for one in told} == ANSWERED | {429}


def test_an_honest_checkout_goes_on_beside_a_storm_of_guesses(shop, seed):
    """Of the very customer for whom others guess: no codes, or a promise made before."""
    codes(promotion("spring"), ["SPRING"])
    held = [
        shop.reserve(cart("SPRING", customer="eve"), at=NOON)["reservation_id"] for _ in range(10)
    ]
    plain = cart(customer="eve")
    jobs = _guesses(shop, 60, customer="eve")
    jobs += [("honest", partial(shop.validate, plain, at=NOON)) for _ in range(10)]
    jobs += [("honest", partial(shop.redeem, plain, f"o{n}", at=NOON)) for n in range(10)]
    jobs += [("honest", partial(shop.redeem_held, one, f"h-{one}", at=NOON)) for one in held]

    attempts = storm(jobs, seed=seed)

    _assert_ten_answered([a.told for a in attempts if a.tag != "honest"])
    assert {a.told.status for a in attempts if a.tag == "honest"} == {200, 201}


def _calls(shop, count):
    ways = [
        lambda asked, at: shop.validate(asked, at=at),
        lambda asked, at: shop.reserve(asked, at=at),
        lambda asked, at: shop.redeem(asked, f"order-of-{asked['codes'][0]}", at=at),
    ]
    return [(ways[n % 3], cart(f"GUESS{n:04}")) for n in range(count)]


def _guesses(shop, count, *, customer):
    return [
        (n, partial(call, {**asked, "customer_id": customer}, at=NOON))
        for n, (call, asked) in enumerate(_calls(shop, count))
    ]


def _assert_ten_answered(told):
    answered = [one for one in told if one.status in ANSWERED]
    refused = [one for one in told if one.status not in ANSWERED]
    assert len(answered) == 10
    assert {reason for one in answered for reason in one.reasons} == {"code_not_valid"}
    assert {(one.status, one.code) for one in refused} == {(429, "too_many_failed_codes")}
    assert all(0 < int(one.headers["retry-after"]) <= 600 for one in refused)
