"""Earning over HTTP: what a cart would earn, what orders earn, once, and from when on it may be spent."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cashback.queries.verify import breaches
from customers.models import Order
from journal.models import OutboxEvent
from tests.api import DAY, NOON
from tests.checkout.purses import balance, credit, partner, rule
from tests.checkout.till import line
from tests.promotions.effects import bonus_cashback

TEAS = line(quantity=3)
CUP = line("2", sku="CUP", categories=["cups"], unit_price=500)


@pytest.fixture(autouse=True)
def proven(db):
    """Whatever a test has done, the ledger proves itself."""
    yield
    assert list(breaches(every_row=True)) == []


def earned(found):
    return found["cashback"]["earned"]


def shown(till, order_id="o1", **changes):
    """The order's cashback; `changes` are what is not 0 or null."""
    nothing = {"spent": 0, "restored": 0, "earned": 0, "reversed": 0, "available_at": None}
    return till.api.get(f"/orders/{order_id}")["cashback"] == nothing | changes


def test_validate_tells_what_the_order_would_earn_and_books_nothing(till):
    rule(percent="2")

    assert earned(till.validate(TEAS)) == 60
    assert balance(till.api) == {}


def test_the_base_is_net_of_discounts_without_shipping_and_without_what_cashback_paid(till):
    rule(percent="10")
    credit(amount=1000)
    till.offer(activation="automatic")

    found = till.validate(TEAS, shipping_amount=495, cashback_amount=1000)

    # 3000 less 300, of 3195 together 845 of the 1000: 1855.
    assert found["lines"][0]["cashback"] == 845
    assert earned(found) == 186


def test_a_guest_earns_nothing(till):
    rule()

    assert earned(till.validate(TEAS, customer=None)) == 0
    till.redeem("o1", TEAS, customer=None)
    till.put_order("o2", TEAS, customer_id=None)
    assert till.api.get("/orders/o1")["cashback"] is None


def test_an_order_earns_what_validate_told_once_at_its_redemption(till):
    rule(percent="2")
    rule("cups", percent="5", items={"include": {"categories": ["cups"]}})
    told = earned(till.validate(TEAS, CUP))

    sold = till.redeem("o1", TEAS, CUP)
    for status in ("placed", "paid", "shipped", "delivered"):
        till.put_order("o1", TEAS, CUP, status=status)

    assert told == earned(sold) == 85
    assert shown(till, earned=85, available_at="2026-03-24T12:00:00Z")
    assert balance(till.api) == {"pending": 85}
    assert [event.payload["amount"] for event in events("cashback.earned")] == [85]


def events(type):
    return list(OutboxEvent.objects.filter(type=type).order_by("id"))


def test_an_order_without_a_redemption_earns_when_it_is_first_told_as_paid(till):
    rule(percent="2")

    till.put_order("o1", TEAS, status="placed")
    assert balance(till.api) == {}
    for status in ("paid", "paid", "delivered", "delivered"):
        till.put_order("o1", TEAS, status=status)

    assert balance(till.api) == {"pending": 60}
    assert len(events("cashback.earned")) == 1


@pytest.mark.parametrize("status", ["paid", "shipped", "delivered"])
def test_an_order_may_be_told_as_whatever_comes_later_at_once(till, status):
    rule(percent="2")

    till.put_order("o1", TEAS, status=status)

    assert balance(till.api) == {"pending": 60}


def test_imported_history_earns_nothing_and_an_imported_order_that_is_paid_later_does(till):
    rule(percent="2")
    rows = [
        {"order_id": f"o-{status}", "customer_id": "ada", "currency": "EUR", "status": status,
         "lines": [TEAS]}
        for status in ("placed", "delivered")
    ]  # fmt: skip
    till.api.post("/orders/batch", {"orders": rows, "at": NOON.isoformat()})
    assert balance(till.api) == {}

    till.put_order("o-delivered", TEAS, status="delivered")
    till.put_order("o-placed", TEAS, status="paid")

    assert balance(till.api) == {"pending": 60}


def test_what_came_back_before_an_order_earns_earns_nothing(till):
    rule(percent="3.33")
    till.put_order("o1", TEAS, status="placed")
    till.give_back("o1", "r1", {"1": 1})

    till.put_order("o1", TEAS, status="paid")

    assert shown(till, earned=67, available_at="2026-03-24T12:00:00Z")
    backs = [till.give_back("o1", f"r{n}", {"1": 1})["cashback_reversed"] for n in (2, 3)]
    assert backs == [34, 33]
    assert balance(till.api) == {}


def test_a_redemption_of_an_order_that_was_told_as_paid_earns_no_second_time(till):
    rule(percent="2")
    till.put_order("o1", TEAS, status="paid")

    sold = till.redeem("o1", TEAS)

    assert (sold.status, earned(sold)) == (201, 0)
    assert balance(till.api) == {"pending": 60}


def test_a_redemption_of_an_order_that_history_told_as_paid_earns(till):
    rule(percent="2")
    row = {"order_id": "o1", "customer_id": "ada", "currency": "EUR", "status": "paid",
           "lines": [TEAS], "paid_at": NOON.isoformat()}  # fmt: skip
    till.api.post("/orders/batch", {"orders": [row], "at": NOON.isoformat()})

    sold = till.redeem("o1", TEAS)

    assert earned(sold) == 60
    assert shown(till, earned=60, available_at="2026-03-24T12:00:00Z")


def test_it_may_be_spent_after_the_days_from_payment_and_anew_from_delivery(till):
    rule(percent="2", pending_days=14)
    till.redeem("o1", TEAS)
    assert shown(till, earned=60)

    till.put_order("o1", TEAS, status="paid", at=NOON + DAY)
    assert shown(till, earned=60, available_at="2026-03-25T12:00:00Z")
    till.put_order("o1", TEAS, status="shipped", at=NOON + 2 * DAY)
    till.put_order("o1", TEAS, status="delivered", at=NOON + 5 * DAY)

    assert shown(till, earned=60, available_at="2026-03-29T12:00:00Z")
    assert balance(till.api, at=NOON + 19 * DAY - DAY / 24) == {"pending": 60}
    assert balance(till.api, at=NOON + 19 * DAY) == {"available": 60}
    found = till.validate(TEAS, cashback_amount="max", at=NOON + 19 * DAY)
    assert found["cashback_spent"] == 60


def test_dates_that_are_told_as_history_count_too(till):
    rule(percent="2", pending_days=14)
    till.redeem("o1", TEAS)
    row = {"order_id": "o1", "customer_id": "ada", "currency": "EUR", "status": "delivered",
           "lines": [TEAS], "delivered_at": NOON.isoformat()}  # fmt: skip

    done = till.api.post("/orders/batch", {"orders": [row], "at": (NOON + DAY).isoformat()})

    assert (done["updated"], done["errors"]) == (1, [])
    assert shown(till, earned=60, available_at="2026-03-24T12:00:00Z")


def test_history_that_cancels_an_order_takes_back_what_it_earned(till):
    rule(percent="2")
    till.put_order("o1", TEAS, status="paid")
    row = {"order_id": "o1", "customer_id": "ada", "currency": "EUR", "status": "cancelled",
           "lines": [TEAS]}  # fmt: skip

    done = till.api.post("/orders/batch", {"orders": [row], "at": NOON.isoformat()})

    assert (done["updated"], done["errors"]) == (1, [])
    assert balance(till.api) == {}


def test_what_is_due_is_booked_by_the_clock_and_told_once(till):
    rule(percent="2", pending_days=14, expires_after_days=30)
    till.redeem("o1", TEAS)
    till.put_order("o1", TEAS, status="delivered")
    for day in (13, 14, 14, 44, 45, 45):
        done = till.api.post("/clock/run", {"at": (NOON + day * DAY).isoformat()})
        assert done.status == 200

    assert [event.payload["amount"] for event in events("cashback.available")] == [60]
    assert [event.payload["amount"] for event in events("cashback.expired")] == [60]
    assert balance(till.api, at=NOON + 45 * DAY) == {}


def test_a_rule_is_frozen_when_the_order_earns(till):
    rule(percent="2", pending_days=14)
    till.redeem("o1", TEAS)

    rule(percent="50", pending_days=0, clawback="absorb")
    till.put_order("o1", TEAS, status="delivered")

    assert shown(till, earned=60, available_at="2026-03-24T12:00:00Z")


def test_a_reservation_earns_by_the_rules_of_its_redemption(till):
    rule(percent="2")
    held = till.reserve(TEAS)
    rule(percent="3")

    sold = till.redeem_held(held, "o1")

    assert (earned(held), earned(sold)) == (60, 90)
    assert shown(till, earned=90)


def test_rules_with_segments_and_tiers_ask_who_the_customer_is(till):
    rule(percent=None, tiers=[{"segment": "gold", "percent": "10"}])
    till.api.put("/customers/ada", {})
    till.api.put("/segments/gold", {"name": "Gold", "kind": "static"})
    assert earned(till.validate(TEAS)) == 0

    till.api.put("/segments/gold/members", {"customer_ids": ["ada"]})

    assert earned(till.validate(TEAS)) == 300
    assert earned(till.validate(TEAS, customer="bob")) == 0
    held = till.reserve(TEAS)
    assert earned(till.redeem_held(held, "o1")) == earned(till.redeem("o2", TEAS)) == 300
    till.put_order("o3", TEAS)
    assert balance(till.api) == {"pending": 900}


def test_a_months_cap_clamps_what_validate_tells_and_what_is_booked(till):
    rule(percent="50", max_per_customer_month=2000, currency="EUR")
    assert earned(till.redeem("o1", TEAS)) == 1500

    assert earned(till.validate(TEAS)) == 500
    held = till.reserve(TEAS)
    assert earned(till.redeem_held(held, "o2")) == 500
    assert earned(till.redeem("o3", TEAS)) == 0
    till.put_order("o4", TEAS)
    assert balance(till.api) == {"pending": 2000}
    april = NOON + 30 * DAY
    assert earned(till.validate(TEAS, at=april)) == 1500


def test_bonuses_are_added_with_days_of_their_own(till):
    rule(percent="2")
    till.offer("bonus", code="BONUS-26", effect=bonus_cashback(amount=500, pending_days=3))

    assert earned(till.validate(TEAS, codes=["BONUS-26"])) == 560
    till.redeem("o1", TEAS, codes=["BONUS-26"])
    till.put_order("o1", TEAS, status="delivered")

    assert shown(till, earned=560, available_at="2026-03-13T12:00:00Z")
    assert balance(till.api, at=NOON + 3 * DAY) == {"pending": 60, "available": 500}


def test_a_multiplier_adds_so_many_times_what_the_rules_earn_before_cashback_is_spent(till):
    rule(percent="2")
    credit(amount=1000)
    tea = {"include": {"categories": ["tea"]}}
    till.offer("triple", activation="automatic", effect=bonus_cashback(multiplier="3"), items=tea)

    assert earned(till.validate(TEAS, CUP)) == 70 + 120
    # The rules earn on 2500 then; the bonus is what it was.
    found = till.redeem("o1", TEAS, CUP, cashback_amount=1000)
    assert earned(found) == 50 + 120
    assert balance(till.api) == {"pending": 170}


def test_a_promised_bonus_is_kept(till):
    till.offer("bonus", code="BONUS-26", effect=bonus_cashback(amount=500))
    held = till.reserve(TEAS, codes=["BONUS-26"])
    till.offer("bonus", status="archived", effect=bonus_cashback(amount=1))

    assert earned(till.redeem_held(held, "o1")) == 500
    assert balance(till.api) == {"pending": 500}


def test_a_bonus_on_lines_that_cashback_pays_for_in_full_is_none(till):
    credit(amount=9000)
    till.offer("bonus", activation="automatic", effect=bonus_cashback(amount=500))

    assert earned(till.validate(TEAS, cashback_amount="max")) == 0
    assert earned(till.redeem("o1", TEAS, cashback_amount="max")) == 0


def test_an_order_of_a_partner_is_paid_for_by_the_partner_in_part(till):
    rule(percent="2", partner=partner("acme"))
    rule("others", percent="5", partner=partner("other"))

    till.put_order("o1", TEAS, partner_id="acme")

    assert shown(till, earned=60, available_at="2026-03-24T12:00:00Z")


def test_an_order_that_was_told_as_a_partners_earns_by_no_other_partners_rules(till):
    rule(percent="2", partner=partner("acme"))
    rule("others", percent="5", partner=partner("other"))
    till.put_order("o1", TEAS, partner_id="acme", status="placed")
    till.put_order("o2", TEAS, partner_id="acme", status="placed")
    assert earned(till.validate(TEAS)) == 150

    assert earned(till.redeem("o1", TEAS)) == 60
    assert earned(till.redeem_held(till.reserve(TEAS), "o2")) == 60
    assert balance(till.api) == {"pending": 120}


def test_an_order_that_is_cancelled_earns_nothing_in_the_end(till):
    rule(percent="2")
    sold = till.redeem("o1", TEAS)
    till.cancel(sold)
    till.put_order("o2", TEAS, status="paid")
    till.put_order("o2", TEAS, status="cancelled")
    till.redeem("o3", TEAS)
    till.put_order("o3", TEAS, status="cancelled")

    assert balance(till.api) == {}
    assert shown(till, earned=60, reversed=60)
    assert shown(till, "o2", earned=60, reversed=60, available_at="2026-03-24T12:00:00Z")
    assert Order.objects.filter(status="cancelled").count() == 3


def test_spending_and_earning_in_one_order(till):
    rule(percent="2")
    credit(amount=500)

    sold = till.redeem("o1", TEAS, cashback_amount=500)

    assert earned(sold) == 50
    assert balance(till.api) == {"pending": 50}
    assert shown(till, spent=500, earned=50)
    till.cancel(sold)
    assert shown(till, spent=500, restored=500, earned=50, reversed=50)
    assert balance(till.api) == {"available": 500}


def cost(act):
    """Round trips to the database apart from savepoints."""
    with CaptureQueriesContext(connection) as queries:
        assert act().status == 201
    return len([one for one in queries.captured_queries if "SAVEPOINT" not in one["sql"]])


def test_redeeming_takes_one_round_trip_more_to_earn_or_to_spend_and_no_other_for_both(till):
    till.offer(code="TEA-2026")
    credit(amount=1000)
    codes = {"codes": ["TEA-2026"]}
    till.redeem("o0", TEAS, **codes)
    plain = cost(lambda: till.redeem("o1", TEAS, **codes))
    held = till.reserve(TEAS, **codes)
    plain_held = cost(lambda: till.redeem_held(held, "o2"))
    rule(percent="2")
    till.validate()

    assert plain <= 10
    assert cost(lambda: till.redeem("o3", TEAS, **codes)) == plain + 1
    assert cost(lambda: till.redeem("o4", TEAS, cashback_amount=100, **codes)) == plain + 1
    held = till.reserve(TEAS, cashback_amount=100, **codes)
    assert cost(lambda: till.redeem_held(held, "o5")) == plain_held + 2


def test_the_decision_says_which_rule_gave_what(till):
    two = rule(percent="2")
    credit(amount=500)
    till.offer("bonus", activation="automatic", effect=bonus_cashback(amount=100))
    found = till.redeem("o1", TEAS, cashback_amount=500)

    told = till.api.get(f"/decisions/{found['decision_id']}")["decision"]["cashback"]

    assert told == {
        "spent": 500, "reason": None, "earned": 150, "available": 500,
        "by": [
            {"rule_id": "two", "revision": two.revision, "percent": 20_000, "base": 2500,
             "earned": 50},
            {"promotion_id": "bonus", "amount": 100, "earned": 100},
        ],
    }  # fmt: skip
    plain = till.api.get(f"/decisions/{till.validate(customer=None)['decision_id']}")
    assert "cashback" not in plain["decision"]
