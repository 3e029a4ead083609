"""A stranger learns nothing: somebody's personal code and a code that does not exist are answered alike.

A thousand pairs, each by a customer of its own, asked in turns so that whatever else the machine does
falls on both alike. SLOW=1 asks a thousand at each of the three places.
"""

import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from django.db import connection

from customers.actions.people import ensure_customers
from promotions.models import Code
from tests.api import DAY, NOON, Api, Got
from tests.races.offers import cart, codes, promotion

#: At each place, in each round. A round more is asked while the medians are not yet near.
PAIRS = 1000 if os.environ.get("SLOW") == "1" else 100
ROUNDS = 8
CLOSE_ENOUGH = 0.05
NEAR = 0.04
KINDS = (
    "usable",
    "expired",
    "not started",
    "disabled",
    "used up",
    "held",
    "archived",
    "unaffordable",
)
PLACES = ("/checkout/validate", "/checkout/reservations", "/checkout/redemptions")

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Seen:
    """What a stranger can see of one answer, and what it cost."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: Any
    statements: int
    seconds: float


@pytest.fixture
def shop(api: Api) -> Api:
    """Ada's codes, of every kind: eight for each kind, so that no row is hotter than the others."""
    return furnished(api)


def furnished(api: Api) -> Api:
    """The shop with Ada's codes."""
    limits = {"redemptions": 1000, "per_customer": 500, "discount_budget": 10**6}
    spring = promotion("spring", limits=limits)
    for kind in KINDS:
        owner = spring
        if kind == "archived":
            owner = promotion("archived", status="archived", limits=limits)
        if kind == "unaffordable":
            owner = promotion("unaffordable", conditions={"min_subtotal": 10**6})
        codes(owner, [foreign(kind, n) for n in range(8)], customer="ada", **_columns(kind))
    for n in range(8):
        use = {**cart(foreign("used up", n)), "order_id": f"ada-{n}", "at": NOON.isoformat()}
        assert api.post("/checkout/redemptions", use).status == 201
        hold = {**cart(foreign("held", n)), "ttl_seconds": 86_400, "at": NOON.isoformat()}
        assert api.post("/checkout/reservations", hold).status == 201
    assert Code.objects.filter(used=1).count() == Code.objects.filter(held=1).count() == 8
    return api


def foreign(kind: str, number: int) -> str:
    """The n-th of Ada's codes of this kind; as long as any other code here."""
    return f"ADA{KINDS.index(kind):02}A{number:06}"


def test_a_thousand_pairs_cannot_be_told_apart(shop: Api):
    """Body, status, headers and the number of statements in each pair; times in the median."""
    taken: dict[str, tuple[list[float], list[float]]] = {place: ([], []) for place in PLACES}
    for number in range(ROUNDS):
        for place, pair in pairs(shop, seed=number):
            assert_same(*pair)
            for times, seen in zip(taken[place], pair, strict=True):
                times.append(seen.seconds)
        apart = {place: relative(*times) for place, times in taken.items()}
        if max(apart.values()) <= NEAR:
            break
    for place, difference in apart.items():
        foreign_ms, unknown_ms = (median(times) * 1e3 for times in taken[place])
        print(f"{place}: {len(taken[place][0])} pairs, foreign {foreign_ms:.2f} ms,")
        print(f"    unknown {unknown_ms:.2f} ms, {difference:.2%} apart")
    assert max(apart.values()) <= CLOSE_ENOUGH, apart


def test_the_holder_sees_the_difference(shop: Api):
    """The codes are what they claim to be: their holder gets eight different answers."""
    told = [ask(shop, "/checkout/validate", foreign(kind, 0), "ada").body for kind in KINDS]

    assert [row["codes"][0]["reason"] and row["codes"][0]["reason"]["code"] for row in told] == [
        None,
        "code_expired",
        "code_not_started",
        "code_disabled",
        "code_already_used",
        "held_by_other_checkout",
        "promotion_not_running",
        "min_order_not_met",
    ]


@pytest.mark.parametrize("place", PLACES)
def test_a_guest_cannot_tell_them_apart_either(shop: Api, place):
    for kind in KINDS:
        assert_same(see(shop, place, foreign(kind, 0), None), see(shop, place, unknown(0), None))


@pytest.mark.parametrize("place", PLACES)
def test_a_stranger_whom_nobody_has_seen_cannot_tell_them_apart_either(shop: Api, place):
    for number, kind in enumerate(KINDS):
        assert_same(
            see(shop, place, foreign(kind, 0), f"new-{number}"),
            see(shop, place, unknown(0), f"new-{number}"),
        )


@pytest.mark.parametrize("place", PLACES)
def test_beside_a_code_of_ones_own_a_foreign_one_is_as_good_as_none(shop: Api, place):
    codes(promotion("own"), ["MYVERYOWN01"])
    ask(shop, "/checkout/validate", "MYVERYOWN01", "warm")  # the process learns the promotion
    for number, kind in enumerate(KINDS):
        who = f"mixed-{number}"
        assert_same(
            see(shop, place, foreign(kind, 0), who, "MYVERYOWN01"),
            see(shop, place, unknown(0), who, "MYVERYOWN01"),
        )


def pairs(api: Api, *, seed: int) -> Iterator[tuple[str, tuple[Seen, Seen]]]:
    """PAIRS pairs at each place: (foreign, unknown), asked in a random order."""
    chance = random.Random(seed)
    strangers = [f"s{seed}-{n:04}" for n in range(PAIRS)]
    ensure_customers(references=strangers, now=NOON)
    for n, who in enumerate(strangers):
        for place in PLACES:
            asked = [foreign(KINDS[n % len(KINDS)], n % 8), unknown(chance.randrange(10**6))]
            turns = [0, 1] if chance.random() < 0.5 else [1, 0]
            seen = {turn: see(api, place, asked[turn], who) for turn in turns}
            yield place, (seen[0], seen[1])


def unknown(number: int) -> str:
    """A code that does not exist."""
    return f"ADA99A{number:06}"


def see(api: Api, place: str, code: str, who: str | None, *more: str) -> Seen:
    """Ask and look: what is left when ids and the code itself are taken away."""
    count = 0

    def counting(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        # The key's last use is written once a minute, whatever is asked.
        count += not sql.startswith('UPDATE "access_apikey"')
        return execute(sql, params, many, context)

    body = _body(place, code, who, *more)
    with connection.execute_wrapper(counting):
        began = time.perf_counter()
        got = api.post(place, body, idempotency_key=uuid4().hex)
        seconds = time.perf_counter() - began
    return Seen(got.status, _headers(got), _without_ids(got, code), count, seconds)


def ask(api: Api, place: str, code: str, who: str | None) -> Got:
    """The plain call."""
    return api.post(place, _body(place, code, who))


def assert_same(one: Seen, other: Seen) -> None:
    """All that can be seen is equal, and it is what a stranger gets."""
    assert (one.status, one.headers, one.body) == (other.status, other.headers, other.body)
    assert one.statements == other.statements
    assert b"code_not_valid" in one.body


def relative(one: list[float], other: list[float]) -> float:
    """How far the medians are apart, as a share of the larger."""
    first, second = median(one), median(other)
    return abs(first - second) / max(first, second)


def _body(place: str, code: str, who: str | None, *more: str) -> dict[str, Any]:
    body = {**cart(code, *more, customer=who), "at": NOON.isoformat()}
    return body | ({"order_id": "stranger"} if place.endswith("redemptions") else {})


def _headers(got: Got) -> tuple[tuple[str, str], ...]:
    return tuple(
        sorted((k, v) for k, v in got.headers.items() if k not in {"X-Request-Id", "Date"})
    )


def _without_ids(got: Got, code: str) -> bytes:
    body = {k: v for k, v in got.body.items() if k not in {"decision_id", "request_id"}}
    assert code.encode() in msgspec.json.encode(body)
    return msgspec.json.encode(body).replace(code.encode(), b"CODE")


def _columns(kind: str) -> dict[str, Any]:
    week = timedelta(days=7)
    windows: dict[str, dict[str, datetime]] = {
        "expired": {"valid_until": NOON - DAY},
        "not started": {"valid_from": NOON + week},
    }
    return windows.get(kind) or ({"status": "disabled"} if kind == "disabled" else {})
