"""Refreshing segments: only what changed is written, who passed is noted, and nobody waits for it."""

import pytest
from django.db import connection
from django.utils import timezone

from customers.actions import refresh
from customers.actions.refresh import refresh_due, refresh_segment
from customers.models import Segment, SegmentPassage
from journal.actions import run_next_job
from tests.api import DAY, NOON
from tests.customers.segments.test_dynamic_api import BUYERS, customer, member_ids, order, put

LATELY = BUYERS | {"within_days": 30}


@pytest.fixture
def lately(api):
    customer(api, "c1")
    customer(api, "c2")
    order(api, "o1", "c1", at=NOON - DAY)
    assert put(api, "lately", LATELY, at=NOON).status == 201


def written(act):
    """Rows of members and passages that were inserted or deleted."""
    before = _written()
    act()
    return _written() - before


def _written():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(n_tup_ins + n_tup_del + n_tup_upd) FROM pg_stat_xact_user_tables"
            " WHERE relname IN ('customers_segmentmember', 'customers_segmentpassage')"
        )
        return int(cursor.fetchone()[0])


def passages():
    rows = SegmentPassage.objects.order_by("id")
    return list(rows.values_list("customer__reference", "entered", "at"))


def test_who_is_in_at_the_first_filling_has_not_entered(api, lately):
    assert member_ids(api, "lately") == ["c1"]
    assert passages() == []


def test_who_enters_and_who_leaves_is_noted(api, lately):
    order(api, "o2", "c2", at=NOON + 20 * DAY)
    later = NOON + 40 * DAY
    done = refresh_segment(reference="lately", now=later)
    assert (done.entered, done.left, done.members) == (1, 1, 1)
    assert sorted(passages()) == [("c1", False, later), ("c2", True, later)]
    assert member_ids(api, "lately") == ["c2"]


def test_an_unchanged_refresh_writes_no_member(api, lately):
    assert written(lambda: refresh_segment(reference="lately", now=NOON + DAY)) == 0
    assert api.get("/segments/lately")["evaluated_at"] == "2026-03-11T12:00:00Z"


def test_whom_another_rule_takes_in_has_not_entered(api, lately):
    put(api, "lately", {"not": LATELY}, at=NOON)
    assert member_ids(api, "lately") == ["c2"]
    assert passages() == []


def test_what_is_fresh_is_left_alone(api, lately):
    assert refresh_due(now=NOON + refresh.FRESH_FOR / 2) == 0
    assert refresh_due(now=NOON + refresh.FRESH_FOR) == 1
    assert refresh_due(now=NOON + refresh.FRESH_FOR) == 0


def test_a_large_shop_fills_in_background_each_segment_once(api, lately, monkeypatch):
    monkeypatch.setattr(refresh, "FILLED_AT_ONCE", -2)
    got = put(api, "others", {"not": LATELY}, at=NOON)
    assert (got["member_count"], got["evaluated_at"]) == (0, None)

    assert refresh_due(now=NOON + DAY) == 1
    assert refresh_due(now=NOON + DAY) == 0
    while run_next_job(now=timezone.now):
        pass
    assert member_ids(api, "others") == ["c2"]
    assert set(Segment.objects.values_list("evaluated_at", flat=True)) == {NOON, NOON + DAY}


def test_checkout_asks_the_rule_and_not_the_list(api, lately):
    api.put("/promotions/p", {
        "name": "p", "status": "active", "activation": "automatic",
        "effect": {"kind": "percentage", "percent": "10", "on": "lines"},
        "audience": {"segments": ["lately"]},
    })  # fmt: skip
    cart = {
        "customer_id": "c1", "currency": "EUR",
        "lines": [{"line_id": "1", "sku": "A", "quantity": 1, "unit_price": 1000}],
    }  # fmt: skip
    assert api.post("/checkout/validate", {**cart, "at": NOON})["total"] == 900
    # By then the order is too long ago; the list of members is as it was.
    assert api.post("/checkout/validate", {**cart, "at": NOON + 60 * DAY})["total"] == 1000
    assert member_ids(api, "lately") == ["c1"]
