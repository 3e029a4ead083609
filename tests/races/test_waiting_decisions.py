"""Decisions of validate wait in Redis: none is lost, counted twice or out of reach while it does."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
from django.db import connection

from checkout.actions import waiting
from checkout.actions.roll_up import roll_up
from checkout.actions.waiting import write_down
from checkout.models import CallDay, Decision, Uncounted
from common.redis import ask
from tests.api import Api, make_key
from tests.checkout.till import Till
from tests.races.storm import forget_decisions

pytestmark = pytest.mark.django_db(transaction=True)

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def shop(clock: None) -> Till:
    forget_decisions()
    found = Till(Api(make_key()))
    found.offer(code="TEA-2026")
    return found


def place() -> str:
    return f"promotions:decisions:{connection.settings_dict['NAME']}"


def kept_in_redis() -> dict[bytes, bytes]:
    told = ask("HGETALL", place())
    return dict(zip(told[::2], told[1::2], strict=True))


def why(shop: Till, answer: Any) -> Any:
    return shop.api.get(f"/decisions/{answer['decision_id']}")


def test_they_wait_until_somebody_asks(shop):
    quotes = [shop.validate(codes=["TEA-2026"]) for _ in range(5)]
    assert len(kept_in_redis()) == 5
    assert not Decision.objects.exists()

    told = why(shop, quotes[3])

    assert (told.status, told["decision"]["total"]) == (200, quotes[3]["total"])
    assert Decision.objects.count() == Uncounted.objects.count() == 5
    assert kept_in_redis() == {}


def test_a_report_counts_those_that_wait(shop):
    for _ in range(3):
        shop.validate(codes=["TEA-2026"])

    assert shop.api.get("/promotions/tea/report")["validated"] == 3


def test_without_redis_they_are_written_at_once(shop, settings):
    away = msgspec.json.decode(msgspec.json.encode(settings.CACHES))
    away["default"]["LOCATION"] = NOWHERE
    settings.CACHES = away

    quote = shop.validate(codes=["TEA-2026"])

    assert Decision.objects.count() == Uncounted.objects.count() == 1
    assert why(shop, quote)["decision"]["total"] == quote["total"]


def test_a_redis_that_is_emptied_takes_explanations_and_nothing_else(shop):
    quote = shop.validate(codes=["TEA-2026"])
    ask("FLUSHDB")

    assert why(shop, quote).status == 404
    assert shop.redeem("o1", codes=["TEA-2026"]).status == 201
    assert why(shop, shop.validate()).status == 200


def test_whoever_dies_before_forgetting_has_them_written_once(shop):
    for _ in range(7):
        shop.validate(codes=["TEA-2026"])
    before = kept_in_redis()
    write_down()
    ask("HSET", place(), *[part for row in before.items() for part in row])

    roll_up()

    assert Decision.objects.count() == 7
    assert [row.calls for row in CallDay.objects.all()] == [7]


def test_many_may_write_them_down_at_once(shop, monkeypatch):
    monkeypatch.setattr(waiting, "PIECE", 20)
    for _ in range(300):
        shop.validate(codes=["TEA-2026"])
    start = threading.Barrier(6)

    def work() -> int:
        start.wait()
        try:
            return write_down()
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        done = [threads.submit(work) for _ in range(6)]
    assert sum(one.result() for one in done) >= 300

    assert Decision.objects.count() == Uncounted.objects.count() == 300
    assert kept_in_redis() == {}


def test_a_call_writes_them_down_where_nobody_else_does(shop, monkeypatch):
    monkeypatch.setattr(waiting, "MOST_WAITING", 10)
    monkeypatch.setattr(waiting, "_LOOKED_AFTER", 1)

    for _ in range(25):
        shop.validate(codes=["TEA-2026"])

    assert len(kept_in_redis()) <= 11
    assert Decision.objects.count() + len(kept_in_redis()) == 25
