"""What is counted in the background: when, from what, and how little is written."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.actions import refresh as acts
from catalog.actions.refresh import refresh, refresh_due
from catalog.models import Bestseller, Pair, Product, Refresh
from journal.actions import run_next_job
from journal.models import Job
from tests.api import NOON, Api, make_key
from tests.catalog.shop import LONG_AGO, buy, noise, recommended, sell, skus


@pytest.fixture
def shop(api: Api) -> Api:
    noise(api)
    sell(api, "A", "B", "C", categories=["letters"])
    buy(api, "A", "B", times=10)
    buy(api, "C", times=10)
    return api


def pairs() -> dict[tuple[str, str], tuple[int, int]]:
    return {
        (row.product.sku, row.other.sku): (row.together, row.chance)
        for row in Pair.objects.select_related("product", "other")
    }


def test_pairs_stand_from_both_sides_with_how_likely_each_is(shop: Api) -> None:
    buy(shop, "A", times=10)
    refresh(now=NOON)
    assert pairs() == {("A", "B"): (10, 500_000), ("B", "A"): (10, 1_000_000)}


@pytest.mark.parametrize(
    ("together", "alone", "is_found"),
    [(5, 0, True), (4, 0, False), (10, 5, True), (6, 40, False)],
    ids=["enough orders", "too few orders", "mostly together", "mostly apart"],
)
def test_a_pair_needs_support_and_lift(api: Api, together: int, alone: int, is_found: bool) -> None:
    noise(api)
    sell(api, "A", "B")
    buy(api, "A", "B", times=together)
    buy(api, "A", times=alone)
    buy(api, "B", times=alone)
    refresh(now=NOON)
    assert bool(pairs()) is is_found


def test_what_everybody_buys_at_one_season_is_no_pair(api: Api) -> None:
    """Stollen and Advent tea are bought together as often as chance has it, all of it in December."""
    sell(api, "STOLLEN", "ADVENT", "ROSES", "LILIES", "N")
    december, june = NOON - timedelta(days=90), NOON - timedelta(days=270)
    for at, one, other in ((december, "STOLLEN", "ADVENT"), (june, "ROSES", "LILIES")):
        buy(api, one, other, times=20, at=at)
        buy(api, one, times=20, at=at)
        buy(api, other, times=20, at=at)
        buy(api, "N", times=20, at=at)
    refresh(now=NOON)
    assert pairs() == {}


def test_one_order_counts_once_whatever_stands_twice_in_it(api: Api) -> None:
    sell(api, "A", "B")
    noise(api)
    line = {"quantity": 5, "unit_price": 1}
    lines = [{"line_id": str(at), "sku": sku, **line} for at, sku in enumerate("AABB")]
    buy(api, times=5, lines=lines)
    refresh(now=NOON)
    assert pairs()["A", "B"] == (5, 1_000_000)


def test_an_order_of_very_many_products_makes_no_pairs(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise(api)
    sell(api, "A", "B", "C")
    buy(api, "A", "B", "C", times=10)
    monkeypatch.setattr(acts, "MOST_PRODUCTS", 2)
    refresh(now=NOON)
    assert pairs() == {}
    assert Bestseller.objects.filter(product__sku="A", orders=10).exists()


def test_orders_older_than_the_time_looked_at_do_not_count(shop: Api, settings: Any) -> None:
    settings.RECOMMENDATIONS_DAYS = 30
    refresh(now=NOON)
    assert not Pair.objects.exists()
    assert not Bestseller.objects.exists()


def test_bestsellers_are_kept_for_each_category_and_the_shop(shop: Api) -> None:
    buy(shop, "C", times=5)
    refresh(now=NOON)
    found = {
        (row.category, row.product.sku): row.orders
        for row in Bestseller.objects.select_related("product")
    }
    assert found["letters", "C"] == found["", "C"] == 15
    assert found["noise", "N0"] == 4
    assert ("letters", "N0") not in found


def test_an_unchanged_refresh_writes_no_row_and_a_change_only_what_differs(shop: Api) -> None:
    first = refresh(now=NOON)
    assert first.written == Pair.objects.count() + Bestseller.objects.count()
    assert refresh(now=NOON).written == 0

    Product.objects.filter(sku="B").delete()
    told = "the pair, B among the bestsellers, and what share of its category A and C have"
    assert refresh(now=NOON).written == 2 + 2 + 2, told
    assert not Pair.objects.exists()


def test_it_locks_no_order_and_no_product(shop: Api) -> None:
    before = locked()
    with CaptureQueriesContext(connection) as captured:
        refresh(now=NOON)
    assert {name for name, _mode in locked() - before} <= {
        "catalog_pair", "catalog_bestseller", "catalog_refresh"
    }  # fmt: skip
    assert not any("FOR UPDATE" in query["sql"] for query in captured)


def locked() -> set[tuple[str, str]]:
    """Tables that this transaction has locked for more than reading."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, mode FROM pg_locks JOIN pg_class ON pg_class.oid = relation"
            " WHERE relkind = 'r' AND pid = pg_backend_pid() AND mode <> 'AccessShareLock'"
        )
        return set(cursor.fetchall())


def test_a_small_shop_is_always_up_to_date_for_whoever_asks(shop: Api) -> None:
    shop.put("/customers/ada", {})
    buy(shop, "A", customer="ada")
    assert skus(recommended(shop, "ada"))[0] == "B"
    sell(shop, "D")
    buy(shop, "A", "D", times=15)
    assert skus(recommended(shop, "ada"))[0] == "D"


def test_a_large_shop_is_refreshed_by_a_job_every_so_often(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("catalog.actions.refresh", "catalog.queries.recommendations"):
        monkeypatch.setattr(f"{place}.FEW_ORDERS", 10)
    shop.put("/customers/ada", {})
    assert skus(recommended(shop, "ada")) == [], "nobody waits for it in a call"

    assert refresh_due(now=NOON) == 1
    assert refresh_due(now=NOON + timedelta(minutes=59)) == 0
    assert Job.objects.get().kind == acts.JOB_KIND
    buy(shop, "A", at=timezone.now() - timedelta(days=1), times=3)
    assert run_next_job(now=timezone.now)
    job = Job.objects.get()
    assert (job.status, job.result["orders"]) == ("succeeded", Refresh.objects.get().orders)

    assert refresh_due(now=NOON + timedelta(minutes=60)) == 1
    assert Job.objects.count() == 2


def test_the_timetable_does_it_for_a_small_shop(shop: Api) -> None:
    done = shop.post("/clock/run", {"at": NOON.isoformat()})["done"]
    assert done["recommendations_refreshed"] > 0
    assert pairs()
    again = shop.post("/clock/run", {"at": NOON.isoformat()})["done"]
    assert again["recommendations_refreshed"] == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_does_it(transactional_db: None, clock: None) -> None:
    shop = Api(make_key())
    sell(shop, "A")
    buy(shop, "A", at=LONG_AGO)
    found: list[int | None] = []

    def other() -> None:
        found.append(refresh(now=NOON).orders)
        connection.close()

    with transaction.atomic():
        assert refresh(now=NOON).orders == 1
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert found == [None]
