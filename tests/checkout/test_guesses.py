"""Guessing codes ends after ten; an honest checkout goes on."""

from datetime import timedelta

import pytest

from tests.api import NOON
from tests.checkout.till import cart

ADDRESS = "203.0.113.9"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop(till):
    till.offer(code="TEA-2026")
    return till


def guess(shop, count, *, customer="eve", start=0, at=NOON, **fields):
    for number in range(start, start + count):
        shop.validate(codes=[f"GUESS{number:03}"], customer=customer, at=at, **fields)


def ask(shop, *, at=NOON, path="validate", **fields):
    return shop.api.post(f"/checkout/{path}", cart(codes=["TEA-2026"], at=at, **fields))


def test_calls_with_codes_are_refused_everywhere_and_the_wait_is_told(shop):
    held = shop.reserve(customer="eve")
    guess(shop, 10)

    refusals = [
        ask(shop, customer="eve"),
        ask(shop, customer="eve", path="reservations"),
        ask(shop, customer="eve", path="redemptions", order_id="o1"),
        shop.swap(held, customer="eve", codes=["TEA-2026"]),
    ]

    for refused in refusals:
        assert (refused.status, refused["code"]) == (429, "too_many_failed_codes")
        assert 1 <= int(refused.headers["Retry-After"]) <= 601
    assert shop.code("TEA-2026") == (0, 0)


def test_what_carries_no_code_still_works(shop):
    held = shop.reserve(customer="eve", codes=["TEA-2026"])
    guess(shop, 10)

    assert shop.validate(customer="eve")["total"] == 3000
    assert shop.redeem("o1", customer="eve").status == 201
    assert shop.extend(held, 900).status == 200
    assert shop.redeem_held(held, "o2")["total"] == 2700


def test_the_tenth_is_still_answered_and_a_repeated_one_counts_once(shop):
    guess(shop, 9)
    for spelling in ("guess 001", "GUESS-001"):
        assert shop.why(codes=[spelling], customer="eve") == "code_not_valid"

    assert ask(shop, customer="eve").status == 200
    assert shop.why(codes=["GUESS009"], customer="eve") == "code_not_valid"
    assert ask(shop, customer="eve").status == 429


def test_ten_in_one_call_are_ten(shop):
    shop.validate(codes=[f"GUESS{number}" for number in range(10)], customer="eve")

    assert ask(shop, customer="eve").status == 429


def test_somebody_elses_code_counts_like_an_unknown_one(shop):
    for number in range(10):
        shop.issue(f"BOBS-OWN{number}", customer_id="bob")
        shop.validate(codes=[f"BOBS-OWN{number}"], customer="eve")

    assert ask(shop, customer="eve").status == 429
    assert ask(shop, customer="bob").status == 200


def test_refused_writes_count_too(shop):
    for number in range(5):
        shop.reserve(codes=[f"RESERVE{number}"], customer="eve")
        shop.redeem("o1", codes=[f"REDEEM{number}"], customer="eve")

    assert ask(shop, customer="eve").status == 429


def test_an_address_counts_over_all_its_customers_and_only_where_it_is_sent(shop):
    for number in range(10):
        guess(shop, 1, customer=f"eve{number}", start=number, client_ip=ADDRESS)

    assert ask(shop, customer="mallory", client_ip=ADDRESS).status == 429
    assert ask(shop, customer=None, client_ip=ADDRESS).status == 429
    assert ask(shop, customer="mallory").status == 200
    assert ask(shop, customer="mallory", client_ip="203.0.113.10").status == 200
    # Proxy headers are never read.
    forwarded = shop.api.post("/checkout/validate", cart(codes=["X1X1"]), x_forwarded_for=ADDRESS)
    assert forwarded.status == 200


def test_other_reasons_are_no_guesses(shop):
    for number in range(12):
        shop.issue(f"PAUSED{number:02}")
        shop.change_code(f"PAUSED{number:02}", status="disabled")
        assert shop.why(codes=[f"PAUSED{number:02}"], customer="eve") == "code_disabled"

    assert ask(shop, customer="eve").status == 200


def test_ten_minutes_after_the_first_guess_one_more_is_free(shop):
    guess(shop, 5)
    guess(shop, 5, start=5, at=NOON + 5 * MINUTE)

    assert ask(shop, customer="eve", at=NOON + 9 * MINUTE).status == 429
    refused = ask(shop, customer="eve", at=NOON + 9 * MINUTE)
    opens = NOON + 9 * MINUTE + timedelta(seconds=int(refused.headers["Retry-After"]))
    assert ask(shop, customer="eve", at=opens).status == 200
    assert opens <= NOON + 10 * MINUTE + timedelta(seconds=2)
