"""What a checkout asks of the customer, in its one statement."""

import pytest
from django.db import connection

from customers.queries.facts import EARLIER_ORDERS, WHO
from tests.api import DAY, NOON

pytestmark = pytest.mark.django_db

ORDER = {
    "customer_id": "c1", "currency": "EUR",
    "lines": [{"line_id": "1", "sku": "A", "quantity": 1, "unit_price": 5}],
}  # fmt: skip


def asked(customer, order=None, now=NOON):
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {WHO} SELECT (SELECT id IS NOT NULL FROM who),"
            f" (SELECT is_registered FROM who), {EARLIER_ORDERS}",
            {"customer": customer, "order": order, "now": now},
        )
        return cursor.fetchone()


def test_a_guest_and_a_stranger_are_nobody():
    assert asked(None) == asked("c9") == (None, None, 0)


def test_who_is_registered(api):
    api.put("/customers/c1", {})
    assert asked("c1") == (True, False, 0)
    api.put("/customers/c1", {"registered_at": "2026-01-01T00:00:00Z"})
    assert asked("c1") == (True, True, 0)


def test_earlier_orders_are_those_before_now_that_were_not_cancelled(api):
    for name, status, at in [
        ("before", "paid", NOON - DAY), ("cancelled", "cancelled", NOON - DAY),
        ("at-once", "paid", NOON), ("later", "paid", NOON + DAY),
    ]:  # fmt: skip
        api.put(f"/orders/{name}", ORDER | {"status": status, "placed_at": at.isoformat()})
    api.put("/orders/other", ORDER | {"customer_id": "c2", "placed_at": (NOON - DAY).isoformat()})
    assert asked("c1")[2] == 1
    assert asked("c1", now=NOON + 2 * DAY)[2] == 3


def test_an_order_is_never_an_earlier_order_of_itself(api):
    api.put("/orders/o1", ORDER | {"placed_at": (NOON - DAY).isoformat()})
    assert asked("c1")[2] == 1
    assert asked("c1", order="o1")[2] == 0
    assert asked("c1", order="o2")[2] == 1
