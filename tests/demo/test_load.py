"""The tea shop: the same each time, safe to load again, and nothing in it contradicts itself."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection

from config.demo import past
from config.demo.assortment import PRODUCTS
from config.demo.load import load
from config.demo.offers import REGULARS, TEA_20, offers
from config.demo.people import BERLIN, day_of_loading, midnight_of, people
from promotions.domain.definition import definition_errors

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
TODAY = midnight_of(NOW)
TABLES = (
    "customers_customer", "customers_order", "customers_orderreturn", "promotions_promotion",
    "promotions_code", "promotions_promotionuse", "checkout_redemption", "journal_auditentry",
    "checkout_reservation", "checkout_decision", "auth_user",
)  # fmt: skip
#: What a load writes, but for counters and codes drawn by chance.
PICTURE = """
    SELECT customer.reference, o.reference, o.status, o.placed_at, sum(line.discount_amount),
        sum(line.returned_quantity)
    FROM customers_order o
    JOIN customers_orderline line ON line.order_id = o.id
    LEFT JOIN customers_customer customer ON customer.id = o.customer_id
    GROUP BY 1, 2, 3, 4 ORDER BY 2
"""


def rows(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def count(table):
    return rows(f"SELECT count(*) FROM {table}")[0][0]


@pytest.fixture
def shop(db):
    return load(clock=lambda: NOW)


def test_the_shop_is_alive_and_loading_it_again_changes_nothing(shop, settings):
    assert (shop.customers, shop.orders, shop.is_new) == (60, 200, True)
    assert count("customers_customer") == 60
    assert count("customers_order") == 200
    _much_has_happened()
    _staff_can_log_in(settings)
    before = [count(table) for table in TABLES], rows(PICTURE)

    again = load(clock=lambda: NOW + timedelta(days=40))

    assert not again.is_new
    assert ([count(table) for table in TABLES], rows(PICTURE)) == before


def _much_has_happened():
    """Uses of every running promotion, many sorts of refusal, cancels, returns, holds of today."""
    used = dict(
        rows("""
            SELECT p.reference, c.used FROM promotions_promotion p
            JOIN promotions_promotioncounter c ON c.promotion_id = p.id WHERE p.status = 'active'
        """)
    )
    assert all(used.values()), used
    refused = {
        code
        for (code,) in rows("""
            SELECT DISTINCT code->'reason'->>'code' FROM checkout_decision,
                jsonb_array_elements(content->'codes') AS code
        """)
    }
    assert refused >= {
        "code_not_valid", "code_already_used", "code_expired", "min_order_not_met",
        "nth_order_not_met", "no_qualifying_items",
    }  # fmt: skip
    assert count("customers_orderreturn") > 3
    assert count("checkout_reservation") >= 1
    statuses = dict(rows("SELECT status, count(*) FROM checkout_redemption GROUP BY 1"))
    assert statuses["redeemed"] > 50
    assert statuses["cancelled"] >= 1
    members = dict(rows("SELECT reference, member_count FROM customers_segment"))
    assert members["newsletter"] > 10
    batch = rows("SELECT count(*) FROM promotions_code WHERE batch_id IS NOT NULL")[0][0]
    assert batch == members["stammkunden"] > 2


def _staff_can_log_in(settings):
    staff = authenticate(username="demo", password="demo")
    assert staff is not None
    assert staff.is_staff
    settings.SECURE_TLS = True
    with pytest.raises(CommandError, match="production"):
        call_command("load_demo_shop")


def test_an_interrupted_load_is_completed(db, monkeypatch):
    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("config.demo.load._live_through", interrupted)
        with pytest.raises(KeyboardInterrupt):
            load(clock=lambda: NOW)
    assert count("customers_order") == 0

    assert load(clock=lambda: NOW + timedelta(days=1)).is_new
    assert count("customers_order") == 200
    assert rows("SELECT max(placed_at) FROM customers_order")[0][0] < TODAY, "of the first load"


def test_the_assortment_names_each_article_once():
    assert len(PRODUCTS) == len({product.sku for product in PRODUCTS}) == 40


def test_the_same_day_gives_the_same_past():
    first, second = people(today=TODAY), people(today=TODAY)
    assert first == second
    assert past.purchases(first, today=TODAY) == past.purchases(second, today=TODAY)


@pytest.mark.parametrize("day", ["2026-03-29", "2026-03-30", "2026-10-25", "2027-01-01"])
def test_the_past_is_past_whatever_the_day(day):
    today = datetime.fromisoformat(day).replace(tzinfo=BERLIN)
    everybody = people(today=today)
    registered = {person.customer_id: person.registered_at for person in everybody}
    bought = past.purchases(everybody, today=today)

    assert day_of_loading(everybody[0].registered_at) == today
    assert len({person.profile.email for person in everybody}) == len(everybody) == 60
    assert all(person.profile.email.endswith("@example.org") for person in everybody)
    assert [purchase.at for purchase in bought] == sorted(purchase.at for purchase in bought)
    assert bought[-1].at < today
    assert len(past.regulars(bought, by=today - timedelta(days=30))) >= 3
    assert all(
        registered[purchase.cart.customer_id] < purchase.at
        for purchase in bought
        if purchase.cart.customer_id is not None
    )


def test_every_sort_of_promotion_is_there():
    definitions = {offer.promotion_id: offer.definition for offer in offers(today=TODAY)}
    assert not [error for each in definitions.values() for error in definition_errors(each)]

    shapes = list(definitions.values())
    assert {each.activation for each in shapes} == {"code", "automatic"}
    assert {(type(each.effect).__name__, each.effect.on) for each in shapes} >= {
        ("Percentage", "order"), ("Percentage", "lines"),
        ("FixedAmount", "order"), ("FixedAmount", "unit"),
    }  # fmt: skip
    assert any(each.schedule.weekly for each in shapes)
    assert any(each.limits.discount_budget for each in shapes)
    assert any(each.limits.redemptions for each in shapes)
    assert any(each.conditions.nth_order for each in shapes)
    assert any(REGULARS in each.audience.segments for each in shapes)
    assert definitions[TEA_20].conditions.min_subtotal == 3000
