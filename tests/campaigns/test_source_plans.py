"""Sources of a large shop: the few who are due are found by an index, not by reading everybody."""

import pytest
from django.db import connection

from customers.models import Customer
from promotions.models import Promotion
from tests.api import HOUR, NOON
from tests.campaigns.due import source_for

#: Sources, and the index that leads to those in the window however little there is.
PLANS = {
    "birthday": ({}, "customers_customer_by_birthday"),
    "anniversary": ({}, "customers_customer_anniversary"),
    "segment_entered": ({"segment_id": "lately"}, "customers_passage"),
}
#: Those of an index that is worth its while once there are some thousands of rows.
PLANS_OF_MANY = {
    "inactive": ({"days": 60}, "customers_order_by_instants"),
    "order": ({"status": "shipped"}, "customers_order_by_instants"),
    "event": ({"name": "search"}, "customers_event_occurred"),
    "code_expiring": ({}, "promotions_code_by_end"),
    "membership_ending": ({}, "customers_membership_by_end"),
}
_FILL = (
    """
    INSERT INTO customers_order (reference, customer_id, currency, status, placed_at, shipped_at,
        channel, partner_reference, shipping_amount, shipping_discount, shipping_cashback,
        shipping_refunded, tracking_url, is_redeemed, created_at, revision)
    SELECT nth::text, %(customer)s + mod(nth, 1000), 'EUR', 'shipped', made.at, made.at, '', '', 0, 0, 0, false, '',
        false, made.at, 1
    FROM generate_series(1, 20000) AS nth
    CROSS JOIN LATERAL (SELECT %(now)s - nth * interval '1 hour' AS at) AS made
    """,
    """
    INSERT INTO customers_event (event_id, customer_id, name, occurred_at, properties, received_at)
    SELECT nth::text, %(customer)s + mod(nth, 1000), 'search', made.at, '{}', made.at
    FROM generate_series(1, 20000) AS nth
    CROSS JOIN LATERAL (SELECT %(now)s - nth * interval '1 hour' AS at) AS made
    """,
    """
    INSERT INTO promotions_code (promotion_id, code, spelling, customer_id, status, valid_until,
        used, held, created_at, revision)
    SELECT %(promotion)s, nth::text, nth::text, %(customer)s + mod(nth, 1000), 'active', made.at, 0, 0, %(now)s, 1
    FROM generate_series(1, 20000) AS nth
    CROSS JOIN LATERAL (SELECT %(now)s - nth * interval '1 hour' AS at) AS made
    """,
    """
    INSERT INTO customers_membershipplan (reference, name, benefits, price, currency, period, created_at,
        revision)
    SELECT 'plan-' || nth, '{}', '{}', 0, 'EUR', 'year', %(now)s, 1 FROM generate_series(1, 20) AS nth
    """,
    """
    INSERT INTO customers_membership (plan_id, customer_id, starts_at, ends_at, created_at, revision)
    SELECT plan.id, %(customer)s + nth, made.at - interval '1 year', made.at, %(now)s, 1
    FROM customers_membershipplan AS plan, generate_series(0, 999) AS nth
    CROSS JOIN LATERAL (SELECT %(now)s - nth * interval '1 hour' AS at) AS made
    """,
    (
        "ANALYZE customers_customer, customers_order, customers_event, promotions_code,"
        " customers_membership"
    ),
)


def plan_of(kind, fields):
    """What PostgreSQL would do, were reading everybody out of the question."""
    source = source_for({"kind": kind, **fields})
    window = {"since": NOON - HOUR, "until": NOON}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {source.sql}", {**source.binds, **window})
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.parametrize("kind", PLANS)
def test_who_is_due_is_found_by_an_index(kind):
    fields, index = PLANS[kind]
    assert index in plan_of(kind, fields)


@pytest.mark.django_db
def test_of_many_orders_events_and_codes_those_of_the_window_are_read():
    crowd = Customer.objects.bulk_create(
        Customer(reference=f"c{nth}", created_at=NOON) for nth in range(1000)
    )
    rows = {
        "customer": crowd[0].pk,
        "promotion": Promotion.objects.create(
            reference="tea", effect={}, stamp=1, created_at=NOON
        ).pk,
        "now": NOON,
    }
    with connection.cursor() as cursor:
        for statement in _FILL:
            cursor.execute(statement, rows)
    for kind, (fields, index) in PLANS_OF_MANY.items():
        assert index in plan_of(kind, fields), kind
