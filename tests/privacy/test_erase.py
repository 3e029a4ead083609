"""Erasure: nothing leads to the person any more, sums stay, and the address gets no mail."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from checkout.models import Reservation
from checkout.queries.recount import call_differences, redemption_differences
from checkout.queries.verify import orphaned_holds
from common.redis import ask
from customers.actions.erase import SETTLED
from customers.models import Customer, Erasure, Event, OrderLine, Segment
from customers.queries.erasure import is_suppressed
from customers.queries.metrics import metrics_breaches
from journal.models import OutboxEvent
from promotions.models import Code, PromotionCounter
from promotions.queries.verify import limit_breaches
from tests.api import NOON
from tests.privacy.life import (
    CUSTOMER,
    EMAIL,
    PLANTED,
    PROFILE,
    cart,
    dump,
    found_in,
    live,
    order,
    table_dump,
)

PATH = f"/customers/{CUSTOMER}"
LATER = (NOON + timedelta(hours=1)).isoformat()
SUMS = """
    SELECT 'lines', currency, count(*), sum(quantity * unit_price), sum(discount_amount),
        sum(returned_quantity)
    FROM customers_orderline JOIN customers_order AS placed ON placed.id = order_id GROUP BY 2
    UNION ALL SELECT 'figures', currency, sum(orders_count), sum(total_amount), sum(items_count), 0
    FROM customers_customermetrics GROUP BY 2
    UNION ALL SELECT 'returns', '', count(*), sum(refund_amount), sum(discount_reversed), 0
    FROM customers_orderreturn
    UNION ALL SELECT 'redemptions', status, count(*), sum((quote->>'total')::bigint), 0, 0
    FROM checkout_redemption GROUP BY 2
    UNION ALL SELECT 'uses', status, count(*), sum(amount), 0, 0
    FROM promotions_promotionuse WHERE status = 'used' GROUP BY 2
    UNION ALL SELECT 'counters', '', sum(used), sum(spent), 0, 0 FROM promotions_promotioncounter
    ORDER BY 1, 2
"""


@pytest.fixture
def shop(api):
    """A shop in which Ada has lived."""
    live(api)
    return api


def erase(shop):
    return shop.post(f"{PATH}/erase", {"at": LATER})


def sums():
    with connection.cursor() as cursor:
        cursor.execute(SUMS)
        return cursor.fetchall()


def recount():
    assert limit_breaches() == orphaned_holds() == metrics_breaches() == []
    assert redemption_differences() == call_differences(now=timezone.now()) == []


def test_before_an_erasure_all_planted_values_are_found(shop):
    """Else the test after this one would show nothing."""
    assert PLANTED.keys() - found_in(dump()).keys() == {
        "the address of the cart",
        # Sealed.
        "where a payout goes",
        "whose account that is",
    }


def test_export_erase_import_again(shop):
    before = sums()
    assert shop.get(f"{PATH}/export").status == 200

    assert erase(shop).body == {"erased_at": "2026-03-10T13:00:00Z"}

    told = table_dump("journal_outboxevent")
    assert found_in(dump().replace(told, b"")) == {}
    # The shop has to know who was erased: that event alone names the id.
    assert found_in(told).keys() == {"customer id"}
    [event] = OutboxEvent.objects.filter(payload__customer_id=CUSTOMER)
    assert (event.type, event.payload) == ("customer.erased", {"customer_id": CUSTOMER})
    waiting = ask("HGETALL", f"promotions:decisions:{connection.settings_dict['NAME']}")
    assert found_in(b" ".join(waiting or [])) == {}
    assert sums() == before
    recount()
    rows = [{"customer_id": "imported-again", **PROFILE}]
    assert shop.post("/customers/batch", {"customers": rows})["created"] == 1
    for spelling in (EMAIL, EMAIL.lower(), EMAIL.upper(), f" {EMAIL} "):
        assert is_suppressed(spelling)
    assert not is_suppressed("bob@example.org")


def test_from_then_on_the_id_is_not_found(shop):
    erase(shop)
    for path in ("", "/consents", "/segments", "/memberships", "/memberships/club", "/export"):
        assert shop.get(PATH + path).status == 404
    assert shop.patch(PATH, {"city": "Bonn"}).status == 404
    listed = shop.get("/customers?limit=200")["results"]
    assert [row["customer_id"] for row in listed] == ["bob"]


def test_the_same_id_put_again_is_a_new_customer(shop):
    erase(shop)
    assert shop.put(PATH, {"first_name": "Ada"}).status == 201
    assert shop.get(f"{PATH}/memberships")["results"] == []
    assert shop.get(f"{PATH}/consents").body == {"consents": [], "history": []}
    assert shop.get(f"/orders?customer_id={CUSTOMER}")["results"] == []
    # The limit of five uses begins anew; the pseudonym's uses still count for the promotion.
    assert shop.post("/checkout/reservations", cart("SHARED1")).status == 201
    own = shop.post("/checkout/validate", cart("ADASOWN1"))
    assert own["codes"][0]["reason"]["code"] == "code_not_valid"


def test_erasing_again_answers_the_same(shop):
    first = erase(shop)
    again = shop.post(f"{PATH}/erase", {"at": "2026-03-11T00:00:00Z"})
    assert (again.status, again.raw) == (first.status, first.raw)
    assert Erasure.objects.filter(customer__reference__startswith="erased~").count() == 2
    refused = shop.post("/customers/nobody/erase", {})
    assert (refused.status, refused["code"]) == (404, "not_found")


def test_a_second_person_of_the_same_id_is_erased_by_themselves(shop):
    erase(shop)
    shop.put(PATH, {"email": "second@example.org"})
    second = shop.post(f"{PATH}/erase", {"at": "2026-03-12T00:00:00Z"})
    assert second["erased_at"] == "2026-03-12T00:00:00Z"
    assert is_suppressed("second@example.org")
    assert shop.post(f"{PATH}/erase", {}).body == second.body


def test_what_was_held_is_given_back_and_own_codes_are_disabled(shop):
    before = PromotionCounter.objects.get()
    assert (before.used, before.held) == (2, 1)
    erase(shop)
    after = PromotionCounter.objects.get()
    assert (after.used, after.held, after.spent) == (2, 0, before.spent)
    assert not Reservation.objects.filter(status="active").exists()
    assert Code.objects.get(code="ADASOWN1").status == "disabled"
    assert Code.objects.get(code="SHARED1").status == "active"


def test_orders_keep_a_pseudonym_and_can_still_be_told_and_returned(shop):
    erase(shop)
    pseudonym = shop.get("/orders/o1")["customer_id"]
    assert pseudonym.startswith("erased~")
    assert shop.get("/orders/o2")["customer_id"] == pseudonym
    for told in (CUSTOMER, None, "somebody"):
        put = shop.put("/orders/o1", order(customer_id=told, tracking_url="https://a.example/1"))
        assert (put.status, put["customer_id"], put["tracking_url"]) == (200, pseudonym, None)
    patched = shop.patch("/orders/o1", {"status": "delivered"})
    assert (patched.status, patched["customer_id"]) == (200, pseudonym)
    back = {"return_id": "r2", "lines": [{"line_id": "1", "quantity": 1}]}
    assert shop.post("/orders/o2/returns", back)["refund_amount"] == 1350
    assert not Customer.objects.filter(reference__in=[CUSTOMER, "somebody"]).exists()
    recount()


def test_lists_are_one_shorter(shop):
    erase(shop)
    regulars = shop.get("/segments/regulars")
    members = shop.get("/segments/regulars/members")["results"]
    assert (regulars["member_count"], [row["customer_id"] for row in members]) == (1, ["bob"])
    assert Segment.objects.get(reference="regulars").member_count == 1


def test_why_is_still_counted_but_not_told(shop):
    seen = shop.post("/checkout/validate", cart("SHARED1"))["decision_id"]
    erase(shop)
    told = shop.get(f"/decisions/{seen}")
    assert (told.status, told["decision"]) == (200, {"at": "2026-03-10T12:00:00+00:00"})


def test_an_answer_about_them_is_not_given_again(shop):
    """The same key is a new call then: of whoever has the id by then."""
    key = "the-key-of-a-checkout-1"
    first = shop.post("/checkout/reservations", cart("SHARED1"), idempotency_key=key)
    erase(shop)
    again = shop.post("/checkout/reservations", cart("SHARED1"), idempotency_key=key)
    assert "Idempotency-Replayed" not in again.headers
    assert again["reservation_id"] != first["reservation_id"]


def test_what_a_call_under_way_still_wrote_goes_with_the_sweep(shop):
    key = Customer.objects.get(reference=CUSTOMER).pk
    erase(shop)
    Event.objects.create(
        event_id="late", customer_id=key, name="late", occurred_at=NOON, received_at=NOON
    )
    Code.objects.filter(code="ADASOWN1").update(status="active")
    soon = NOON + timedelta(hours=1) + SETTLED

    shop.post("/clock/run", {"at": (soon - timedelta(seconds=1)).isoformat()})
    assert Event.objects.filter(event_id="late").exists()
    shop.post("/clock/run", {"at": soon.isoformat()})
    assert not Event.objects.filter(event_id="late").exists()
    assert Code.objects.get(code="ADASOWN1").status == "disabled"
    assert not Erasure.objects.filter(swept_at=None).exists()


def test_somebody_of_whom_nothing_is_known_is_erased_as_well(api):
    api.put("/customers/empty", {})
    assert api.post("/customers/empty/erase", {}).status == 200
    assert api.get("/customers/empty").status == 404


def test_a_purchase_of_lines_is_not_touched(shop):
    lines = list(OrderLine.objects.order_by("pk").values())
    erase(shop)
    assert list(OrderLine.objects.order_by("pk").values()) == lines
