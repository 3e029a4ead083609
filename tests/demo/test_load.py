"""The tea shop: the same each time, safe to load again, and nothing in it contradicts itself."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction

from checkout.actions.roll_up import roll_up
from config.demo.groups import RULES
from config.demo.load import load
from config.demo.people import midnight_of
from promotions.actions.budgets import announce_budgets
from promotions.domain.refusal import Reason
from tests.demo.loaded import NOW, count, rows

#: Enough to see whether it is the same, and quick.
SMALL = {"customers": 80, "orders": 200}
TABLES = (
    "customers_customer", "customers_membership", "customers_order", "customers_orderreturn", "customers_consentrecord",
    "promotions_promotion", "promotions_code", "promotions_promotionuse", "promotions_codebatch",
    "promotions_codeimport", "checkout_redemption", "checkout_reservation", "checkout_decision",
    "journal_auditentry", "journal_outboxevent", "auth_user",
    "campaigns_campaign", "campaigns_delivery", "customers_event",
)  # fmt: skip
#: What a load writes, but for ids, and codes drawn by chance.
PICTURES = (
    """
    SELECT customer.reference, o.reference, o.status, o.placed_at, o.channel, o.shipping_discount,
        sum(line.discount_amount), sum(line.returned_quantity)
    FROM customers_order o
    JOIN customers_orderline line ON line.order_id = o.id
    LEFT JOIN customers_customer customer ON customer.id = o.customer_id
    GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 2
    """,
    """
    SELECT reference, first_name, last_name, email, birth_date, city, registered_at, member.ids
    FROM customers_customer AS customer CROSS JOIN LATERAL (
        SELECT array_agg(s.reference ORDER BY s.reference) AS ids FROM customers_segmentmember m
        JOIN customers_segment s ON s.id = m.segment_id WHERE m.customer_id = customer.id) AS member
    ORDER BY 1
    """,
    """
    SELECT customer.reference, plan.reference, starts_at, ends_at
    FROM customers_membership JOIN customers_customer AS customer ON customer.id = customer_id
    JOIN customers_membershipplan AS plan ON plan.id = plan_id ORDER BY 1
    """,
    """
    SELECT promotion.reference, used, spent, held FROM promotions_promotioncounter counter
    JOIN promotions_promotion promotion ON promotion.id = counter.promotion_id ORDER BY 1
    """,
    """
    SELECT reference, name, status, trigger::text, content::text, scheduled_at
    FROM campaigns_campaign ORDER BY 1
    """,
    """
    SELECT decision.kind, content->>'at', content->>'total', code->>'status', code->'reason'
    FROM checkout_decision decision
    LEFT JOIN LATERAL jsonb_array_elements(content->'codes') AS code ON true
    ORDER BY 2, 1, 3, 4, 5
    """,
)


def picture():
    return [rows(statement) for statement in PICTURES]


def test_there_is_as_much_of_everything_as_it_says(shop):
    assert (shop.customers, shop.orders, shop.is_new) == (2_000, 4_000, True)
    assert shop.promotions == count("promotions_promotion") > 30
    assert count("customers_customer") == 2_000
    assert count("customers_order") == 4_000
    [(days,)] = rows(
        "SELECT extract(day FROM max(placed_at) - min(placed_at)) FROM customers_order"
    )
    assert 700 < days < 800
    statuses = dict(rows("SELECT status, count(*) FROM customers_order GROUP BY 1"))
    assert statuses.keys() == {"placed", "paid", "shipped", "delivered", "cancelled"}
    assert statuses["cancelled"] > 100
    assert count("customers_orderreturn") > 80
    redeemed = dict(rows("SELECT status, count(*) FROM checkout_redemption GROUP BY 1"))
    assert redeemed["redeemed"] > 300
    assert redeemed["cancelled"] > 10
    members = dict(rows("SELECT reference, member_count FROM customers_segment"))
    assert len(members) == 6 + len(RULES)
    assert min(members.values()) > 10, members
    states = rows("SELECT DISTINCT channel, purpose, state FROM customers_consent")
    assert {("email", "marketing", "granted"), ("email", "marketing", "withdrawn")} <= {*states}


def test_codes_came_by_batch_by_segment_by_file_and_one_by_one(shop):
    batches = rows("""
        SELECT s.reference, b.count, s.member_count, (
            SELECT count(*) FROM promotions_code c WHERE c.batch_id = b.id)
        FROM promotions_codebatch b LEFT JOIN customers_segment s ON s.id = b.segment_id
        ORDER BY s.reference NULLS FIRST
    """)
    assert [segment for segment, *_ in batches] == [None, "lange-nicht-da", "stammkunden"]
    assert batches[0][1:] == (3_000, None, 3_000)
    assert all(ordered == members == made > 100 for _, ordered, members, made in batches[1:])
    [(lines, good, rejected)] = rows("SELECT rows, good, rejected FROM promotions_codeimport")
    assert (lines, rejected) == (good + 5, 5)
    assert good > 300
    [(singly,)] = rows("""
        SELECT count(*) FROM promotions_code c JOIN promotions_promotion p ON p.id = c.promotion_id
        WHERE c.batch_id IS NULL AND c.customer_id IS NOT NULL AND p.reference <> 'gutscheinheft'
    """)
    assert singly > 80


def test_whoever_asks_why_finds_every_reason(shop):
    refused = {
        code
        for (code,) in rows("""
            SELECT DISTINCT code->'reason'->>'code' FROM checkout_decision,
                jsonb_array_elements(content->'codes') AS code
        """)
        if code is not None
    }
    assert refused == {reason.value for reason in Reason}


def test_each_promotion_is_in_use_or_says_why_not(shop):
    found = {
        name: (status, used, starts_at, ends_at)
        for name, status, used, starts_at, ends_at in rows("""
            SELECT p.reference, p.status, c.used, p.starts_at, p.ends_at FROM promotions_promotion p
            JOIN promotions_promotioncounter c ON c.promotion_id = p.id
        """)
    }
    upcoming = {
        name for name, (_, _, starts_at, _) in found.items() if starts_at and starts_at > NOW
    }
    ended = {name for name, (*_, ends_at) in found.items() if ends_at and ends_at < NOW}
    unused = {name for name, (_, used, *_) in found.items() if not used}
    assert {status for status, *_ in found.values()} == {"active", "draft", "paused", "archived"}
    assert len(upcoming) == 5
    assert unused == upcoming
    assert ended == {"jubel-15"}


def test_one_budget_is_nearly_used_up_and_one_limit_quite(shop):
    [(spent, budget)] = rows("""
        SELECT spent, discount_budget FROM promotions_promotion p
        JOIN promotions_promotioncounter c ON c.promotion_id = p.id WHERE reference = 'gluecksschwein'
    """)
    assert budget * 0.8 < spent <= budget
    [(used, limit)] = rows("""
        SELECT used, redemptions_limit FROM promotions_promotion p
        JOIN promotions_promotioncounter c ON c.promotion_id = p.id WHERE reference = 'matcha-30'
    """)
    assert used == limit


def test_a_budget_was_told_of_when_it_was_spent(shop):
    """Each at an order of its own, of which it is the sum so far; the tick has nothing to add."""
    alerts = rows("""
        SELECT percent, t.spent, reached_at, (SELECT sum(amount) FROM promotions_promotionuse u
            JOIN checkout_redemption r ON r.id = u.redemption_id
            WHERE u.promotion_id = p.id AND r.redeemed_at <= t.reached_at)
        FROM promotions_budgetthreshold t JOIN promotions_promotion p ON p.id = t.promotion_id
        WHERE reference = 'gluecksschwein' ORDER BY percent
    """)
    told = rows("""
        SELECT (payload->>'percent')::int, occurred_at FROM journal_outboxevent
        WHERE type = 'promotion.budget_threshold' AND payload->>'promotion_id' = 'gluecksschwein'
        ORDER BY 1
    """)
    assert [(percent, at) for percent, _, at, _ in alerts] == told
    assert [percent for percent, *_ in alerts] == [50, 80]
    assert alerts[0][2] < alerts[1][2] < NOW
    for _, spent, _, uses in alerts:
        assert spent <= uses
    assert announce_budgets(now=NOW) == 0


def test_limits_figures_and_reports_agree_with_a_recount(shop, capsys):
    roll_up()
    for command in ("verify_limits", "verify_metrics", "verify_reports"):
        call_command(command)
    assert capsys.readouterr().out.count("agree") == 3


def test_loading_it_again_changes_nothing(shop):
    before = [count(table) for table in TABLES], picture()

    # What readers were given would expire after thirteen days, whoever looks.
    again = load(clock=lambda: NOW + timedelta(days=10))

    assert (again.customers, again.orders, again.is_new) == (2_000, 4_000, False)
    assert ([count(table) for table in TABLES], picture()) == before


def test_staff_can_log_in_but_never_where_it_looks_like_production(shop, settings):
    staff = authenticate(username="demo", password="demo")
    assert staff is not None
    assert staff.is_staff
    settings.SECURE_TLS = True
    with pytest.raises(CommandError, match="production"):
        call_command("load_demo_shop")


def test_two_loads_at_one_moment_give_the_same_shop(db):
    pictures = []
    for _ in range(2):
        with transaction.atomic():
            assert load(clock=lambda: NOW, **SMALL).is_new
            pictures.append(picture())
            transaction.set_rollback(True)
    for first, second in zip(*pictures, strict=True):
        assert first
        assert first == second


def test_an_interrupted_load_is_completed(db, monkeypatch):
    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("config.demo.load.live_through", interrupted)
        with pytest.raises(KeyboardInterrupt):
            load(clock=lambda: NOW, **SMALL)
    assert count("checkout_redemption") == 0

    assert load(clock=lambda: NOW + timedelta(days=1), **SMALL).is_new
    assert count("customers_order") == SMALL["orders"]
    assert count("checkout_redemption") > 10
    last = rows("SELECT max(placed_at) FROM customers_order")[0][0]
    assert last < midnight_of(NOW), "of the first load"
