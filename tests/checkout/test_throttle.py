"""Guessing codes: ten wrong ones in ten minutes, then calls with codes wait. Races are in tests/races."""

import os
from contextlib import closing
from datetime import timedelta
from functools import partial

import pytest
from django.conf import settings
from django.db import connection

from stack.testing import web_processes, with_database
from tests.api import NOON, Api, make_key
from tests.races.offers import cart, codes, promotion
from tests.races.shops import OverHttp
from tests.races.storm import all_counted, storm

WINDOW = timedelta(minutes=10)
NOWHERE = "redis://127.0.0.1:1/0"


def ask(api: Api, *given: str, at=NOON, customer="eve", path="/checkout/validate", **more):
    """A call with these codes."""
    key = more.pop("idempotency_key", None)
    body = {**cart(*given, customer=customer), "at": at.isoformat(), **more}
    return api.post(path, body, **({"idempotency_key": key} if key else {}))


def guess(api: Api, count: int, **more):
    """So many different wrong codes, one by one; the statuses."""
    return [ask(api, f"GUESS{n:03}", **more).status for n in range(count)]


def test_the_eleventh_wrong_code_is_not_looked_at(api: Api):
    assert guess(api, 10) == [200] * 10

    shut = ask(api, "GUESS999")
    assert (shut.status, shut["code"]) == (429, "too_many_failed_codes")
    assert int(shut.headers["Retry-After"]) == 600
    assert "codes" not in shut.body


def test_the_window_closes_behind_each_guess(api: Api):
    guess(api, 5)
    guess(api, 12, at=NOON + WINDOW / 2)[5:]

    assert ask(api, "X-1234", at=NOON + WINDOW - timedelta(seconds=1)).status == 429
    assert ask(api, "X-1234", at=NOON + WINDOW * 2).status == 200


def test_one_wrong_code_in_any_spelling_is_one_guess(api: Api):
    spellings = ["wrong-code", "WRONGCODE", "wrong code", "WrongCode"] * 5

    assert {ask(api, given).status for given in spellings} == {200}


def test_several_wrong_codes_of_one_call_are_several_guesses(api: Api):
    assert ask(api, *[f"MANY{n}" for n in range(10)]).status == 200
    assert ask(api, "ONEMORE").status == 429


def test_somebody_elses_personal_code_is_a_wrong_guess(api: Api):
    owner = promotion("personal")
    codes(owner, [f"FORADA{n}" for n in range(11)], customer="ada")

    told = [ask(api, f"FORADA{n}").status for n in range(11)]

    assert told == [200] * 10 + [429]


def test_codes_that_exist_are_no_guesses_whatever_becomes_of_them(api: Api):
    codes(promotion("rich", conditions={"min_subtotal": 10**6}), ["RICH"])
    codes(promotion("over", status="archived"), [f"OVER{n}" for n in range(12)])

    assert {ask(api, "RICH", f"OVER{n}").status for n in range(12)} == {200}


def test_every_call_that_carries_codes_waits_and_no_other(api: Api):
    codes(promotion("spring"), ["SPRING"])
    held = ask(api, "SPRING", path="/checkout/reservations")["reservation_id"]
    kept = f"/checkout/reservations/{held}"
    done = ask(api, "SPRING", path="/checkout/redemptions", order_id="o1")["redemption_id"]
    guess(api, 10)

    shut = [
        ask(api, "SPRING"),
        ask(api, "SPRING", path="/checkout/reservations"),
        ask(api, "SPRING", path="/checkout/redemptions", order_id="o2"),
        api.put(kept, {**cart("SPRING", customer="eve"), "at": NOON.isoformat()}),
    ]
    assert {(one.status, one["code"]) for one in shut} == {(429, "too_many_failed_codes")}

    at = {"at": NOON.isoformat()}
    redeemed = {"reservation_id": held, "order_id": "o3", **at}
    assert ask(api).status == 200
    assert ask(api, path="/checkout/reservations").status == 201
    assert ask(api, path="/checkout/redemptions", order_id="o2").status == 201
    assert api.post(f"{kept}/extend", {"ttl_seconds": 600, **at}).status == 200
    assert api.post("/checkout/redemptions", redeemed).status == 201
    assert api.post(f"/checkout/redemptions/{done}/cancel", at).status == 200
    assert ask(api, "SPRING", customer="ada").status == 200


def test_an_address_counts_only_where_the_shop_tells_it(api: Api):
    """Headers of proxies are whatever the shopper wrote: they are never read."""
    body = {"at": NOON.isoformat()}
    for n in range(12):
        asked = {**cart(f"GUESS{n}", customer=f"c{n}"), **body}
        told = api.post("/checkout/validate", asked, x_forwarded_for="192.0.2.7")
        assert told.status == 200
    told = [
        ask(api, f"GUESS{n}", customer=f"d{n}", client_ip="192.0.2.7").status for n in range(12)
    ]
    assert told == [200] * 10 + [429] * 2
    assert ask(api, "GUESS99", customer=None, client_ip="192.0.2.7").status == 429
    assert ask(api, "GUESS99", customer=None, client_ip="192.0.2.8").status == 200


def test_being_made_to_wait_does_not_bind_the_idempotency_key(api: Api):
    codes(promotion("spring"), ["SPRING"])
    guess(api, 10)
    call = partial(ask, api, "SPRING", path="/checkout/reservations", idempotency_key="k" * 16)

    assert call().status == 429
    assert call(at=NOON + WINDOW * 2).status == 201


def test_a_refused_guess_is_counted_once_however_often_it_is_replayed(api: Api):
    call = partial(ask, api, "WRONG1", path="/checkout/reservations", idempotency_key="k" * 16)
    assert {call().status for _ in range(12)} == {422}
    assert guess(api, 9) == [200] * 9
    assert ask(api, "WRONG2").status == 429


@pytest.mark.django_db(transaction=True)
def test_without_redis_guesses_are_counted_and_honest_checkouts_go_on():
    """Nothing listens where Redis should be, and calls of a key are limited, too."""
    codes(promotion("spring"), ["SPRING"])
    database = with_database(os.environ["DATABASE_URL"], str(connection.settings_dict["NAME"]))
    env = {
        "TEST_CLOCK": "1",
        "SECRET_KEY": settings.SECRET_KEY,
        "EMAIL_URL": os.environ["EMAIL_URL"],
        "RATE_LIMIT_PER_MINUTE": "5",
    }
    with (
        web_processes(database_url=database, redis_url=NOWHERE, env=env) as urls,
        all_counted(),
        closing(OverHttp(urls, make_key())) as shop,
    ):
        jobs = [
            ("guess", partial(shop.validate, cart(f"GUESS{n:03}", customer="eve"), at=NOON))
            for n in range(60)
        ]
        jobs += [
            ("honest", partial(shop.redeem, cart(customer="eve"), f"o{n}", at=NOON))
            for n in range(20)
        ]
        jobs += [
            ("honest", partial(shop.redeem, cart("SPRING"), f"s{n}", at=NOON)) for n in range(20)
        ]
        attempts = storm(jobs, seed=0)

    told = [a.told.status for a in attempts if a.tag == "guess"]
    assert (told.count(200), told.count(429)) == (10, 50)
    assert {a.told.status for a in attempts if a.tag == "honest"} == {201}
