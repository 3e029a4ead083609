"""Random rules over a random crowd: the compiled SQL and a reference that knows the contract alone."""

import os
from collections import defaultdict

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as drawing

from customers.domain.rules import OPS, leaves_of
from customers.queries.fields.registry import known_fields
from customers.queries.rules import read_rule
from customers.queries.segment_book import current_segments
from customers.queries.segment_sql import leaves_of_one_sql, members_sql
from tests.customers.segments import world
from tests.customers.segments.drawn import KINDS, rules
from tests.kept import kept
from tests.reference.segments import holds, leaf_holds

TIMES = 2 if os.environ.get("SLOW") == "1" else 1
PEOPLE = 120
NESTED = {
    "ruled": {"any": [{"field": "customer.country", "op": "eq", "value": "DE"},
                      {"field": "orders.count", "op": "gt", "value": 1}]},
    "nested": {"not": {"field": "segment", "op": "in", "value": ["ruled", "list-1"]}},
}  # fmt: skip


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """The crowd, told to the service, and two segments with rules."""
    people = world.crowd(PEOPLE)
    with kept(django_db_blocker) as api:
        world.tell(api, people)
        for name, rule in NESTED.items():
            body = {"name": name, "kind": "dynamic", "rule": rule, "at": world.NOW}
            assert api.put(f"/segments/{name}", body).status == 201
        yield people


@pytest.fixture
def people(told, db):
    """The crowd; what a test does to it is taken back."""
    return told


def thorough(examples):
    """So many examples, twice as many when there is time."""
    return drawing(
        max_examples=examples * TIMES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def test_sql_and_reference_agree_on_rules(people):
    @thorough(80)
    @given(rule=rules())
    def agree(rule):
        for now in world.MOMENTS:
            expected = {one["customer_id"] for one in people if is_in(rule, one, now)}
            assert members(rule, now) == expected

    agree()


def test_they_agree_where_nobody_asks_about_the_past(people, settings):
    """As in production: without the test clock nothing comes back later than now."""
    settings.TEST_CLOCK = False

    @thorough(60)
    @given(rule=rules())
    def agree(rule):
        expected = {one["customer_id"] for one in people if is_in(rule, one, world.NOW)}
        assert members(rule, world.NOW) == expected

    agree()


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_and_comparison_parts_the_crowd_as_the_reference_does(people, kind):
    """Each is true of 5 to 95 in a hundred in some case: it tells something."""
    telling = defaultdict(set)

    @thorough(EXAMPLES.get(kind, 40))
    @given(leaf=KINDS[kind]())
    def agree(leaf):
        expected = {one["customer_id"] for one in people if is_in(leaf, one, world.NOW)}
        assert members(leaf, world.NOW) == expected
        if 0.05 * len(people) <= len(expected) <= 0.95 * len(people):
            is_attribute = leaf["field"].startswith("customer.attributes.")
            telling["customer.attributes." if is_attribute else leaf["field"]].add(leaf["op"])

    agree()

    asked = {name: set(OPS[known_fields()[name].kind]) for name in FIELDS_OF[kind]}
    silent = {name: ops - telling[name] for name, ops in asked.items()}
    assert {name: ops for name, ops in silent.items() if ops} == {}


#: Where there are many fields and comparisons.
EXAMPLES = {"texts": 300, "numbers": 500, "attributes": 400, "orders": 700, "order_days": 200,
            "events": 150, "codes": 500, "cashback": 500, "campaigns": 100}  # fmt: skip
FIELDS_OF = {
    "texts": [
        "customer.country", "customer.city", "customer.postal_code", "customer.locale",
        "customer.gender", "customer.email_domain",
    ],
    "numbers": [
        "customer.age", "customer.days_since_registered", "customer.birth_month",
        "customer.birthday_in_days",
    ],
    "attributes": ["customer.attributes."],
    "consents": ["customer.consent"],
    "orders": ["orders.count", "orders.total", "orders.average", "orders.items"],
    "order_days": ["orders.days_since_first", "orders.days_since_last"],
    "events": ["events.count"],
    "memberships": ["membership"],
    "segments": ["segment"],
    "samples": ["sample"],
    "codes": ["codes.unused", "codes.redeemed", "codes.expiring"],
    "cashback": ["cashback.available", "cashback.pending", "cashback.expiring"],
    "campaigns": ["campaign.sent", "campaign.clicked"],
}  # fmt: skip


def test_every_field_is_compared_here_or_told_apart():
    """Buyers are judged by quintiles of everybody, which the contract leaves to the service. Of what
    is not built yet nothing has happened to anybody.
    """
    compared = {name for names in FIELDS_OF.values() for name in names}
    assert set(known_fields()) - compared - {"campaign.converted"} == {"orders.rfm"}


def test_each_condition_holds_of_one_customer_as_it_does_among_all(people):
    book, key_of = current_segments(), keys()

    @thorough(40)
    @given(rule=rules())
    def agree(rule):
        leaves = list(leaves_of(read_rule(rule)))
        if not leaves:
            return
        sql = leaves_of_one_sql(leaves, book.by_reference)
        for one in people[::10]:
            binds = {"customer": key_of[one["customer_id"]], "now": world.NOW}
            with connection.cursor() as cursor:
                cursor.execute(sql, binds)
                row = cursor.fetchone()
            expected = [
                leaf_holds(as_given(leaf), one, segments=SEGMENTS, now=world.NOW,
                           shop_zone=world.SHOP_ZONE)
                for leaf in leaves
            ]  # fmt: skip
            assert list(row[1::2]) == expected

    agree()


SEGMENTS = {**dict.fromkeys(world.LISTS), **NESTED}


def is_in(rule, one, now):
    if one["profile"]["is_restricted"]:
        return False
    return holds(rule, one, segments=SEGMENTS, now=now, shop_zone=world.SHOP_ZONE)


def members(rule, now):
    sql = members_sql(read_rule(rule), current_segments().by_reference)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT reference FROM customers_customer WHERE id IN ({sql})", {"now": now}
        )
        return {reference for (reference,) in cursor.fetchall()}


def keys():
    with connection.cursor() as cursor:
        cursor.execute("SELECT reference, id FROM customers_customer")
        return dict(cursor.fetchall())


def as_given(leaf):
    """The condition as it was sent."""
    options = {name: getattr(leaf.options, name) for name in leaf.options.__struct_fields__}
    given = {name: plain(value) for name, value in options.items() if value is not None}
    return {"field": leaf.field, "op": leaf.op, "value": leaf.value, **given}


def plain(value):
    if hasattr(value, "__struct_fields__"):
        parts = {name: getattr(value, name) for name in value.__struct_fields__}
        return {name: part for name, part in parts.items() if part is not None}
    return getattr(value, "value", value)
