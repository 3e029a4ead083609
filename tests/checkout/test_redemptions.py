"""Redemptions: what a whole cart or a reservation makes of an order, known or not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Customer, Order
from tests.api import DAY, HOUR, NOON
from tests.checkout.till import cart, line, moment

TWO = [line("a", quantity=2), line("b", sku="CUP", categories=["cups"], unit_price=500)]


@pytest.fixture
def shop(till):
    """3.00 off with a code for everybody."""
    till.offer(code="TEA-2026")
    return till


def test_redeeming_a_cart_takes_ten_statements_at_most(till):
    """Apart from savepoints: those of the caller's key and its answer, the facts, the order, what is
    recorded of it, and the counters of customer, code and promotion.
    """
    limits = {"redemptions": 10, "per_customer": 5, "discount_budget": 10_000}
    till.offer(code="TEA-2026", limits=limits)
    till.api.put("/customers/ada", {})
    till.validate()

    with CaptureQueriesContext(connection) as queries:
        assert till.redeem("o1", codes=["TEA-2026"]).status == 201

    sent = [query["sql"] for query in queries.captured_queries]
    assert len([sql for sql in sent if "SAVEPOINT" not in sql]) <= 10, sent


def test_it_makes_the_order_as_placed_with_the_carts_lines(shop):
    redeemed = shop.redeem("o1", *TWO, codes=["TEA-2026"], shipping_amount=495, channel="web")

    assert redeemed.status == 201, redeemed
    order = shop.api.get("/orders/o1")
    assert (order["status"], order["customer_id"], order["channel"]) == ("placed", "ada", "web")
    assert (order["shipping_amount"], order["currency"]) == (495, "EUR")
    assert [
        (row["line_id"], row["sku"], row["quantity"], row["unit_price"], row["discount_amount"])
        for row in order["lines"]
    ] == [("a", "TEA", 2, 1000, 240), ("b", "CUP", 1, 500, 60)]
    assert order["redemption"] == {
        "redemption_id": redeemed["redemption_id"],
        "status": "redeemed",
    }


def test_the_answer_is_validates_with_the_redemption(shop):
    quote = shop.validate(*TWO, codes=["TEA-2026"], shipping_amount=495)

    redeemed = shop.redeem("o1", *TWO, codes=["TEA-2026"], shipping_amount=495)

    assert (redeemed["status"], redeemed["order_id"]) == ("redeemed", "o1")
    assert redeemed["redemption_id"].startswith("red_")
    for name in set(quote.body) - {"decision_id"}:
        assert redeemed[name] == quote[name], name


def test_it_is_read_by_its_id_and_by_its_order(shop):
    redeemed = shop.redeem("o1", codes=["TEA-2026"])
    path = f"/checkout/redemptions/{redeemed['redemption_id']}"

    by_id = shop.api.get(path)
    by_order = shop.api.get("/checkout/redemptions?order_id=o1")

    assert by_id.body == redeemed.body
    assert by_order.body == {"results": [redeemed.body], "next_cursor": None}
    assert shop.api.get("/checkout/redemptions?order_id=o2")["results"] == []
    nameless = shop.api.get("/checkout/redemptions")
    assert (nameless.status, nameless.pointers) == (422, ["/order_id"])
    german = shop.api.get(path, accept_language="de")
    [there], [here] = german["applied"], redeemed["applied"]
    assert there["title"] == "3\xa0€ Rabatt auf die ganze Bestellung"
    assert {**there, "title": here["title"]} == here


def test_a_reservation_keeps_its_way_to_the_order(shop):
    held = shop.reserve(*TWO, codes=["TEA-2026"], shipping_amount=495)

    redeemed = shop.redeem_held(held, "o1")

    assert redeemed["reservation_id"] == held["reservation_id"]
    assert {name: redeemed[name] for name in ("total", "lines", "applied", "codes")} == {
        name: held[name] for name in ("total", "lines", "applied", "codes")
    }
    assert shop.look(held)["status"] == "redeemed"


@pytest.mark.parametrize("status", ["placed", "paid"])
def test_a_known_order_gets_the_redemptions_discounts(shop, status):
    told = [{**TWO[0], "discount_amount": 999, "name": "Green tea"}, TWO[1]]
    shop.put_order("o1", *told, status=status, placed_at=(NOON - HOUR).isoformat())

    assert shop.redeem("o1", *TWO, codes=["TEA-2026"]).status == 201

    order = shop.api.get("/orders/o1")
    assert order["status"] == status
    assert order["placed_at"] == "2026-03-10T11:00:00Z"
    assert [row["discount_amount"] for row in order["lines"]] == [240, 60]
    assert order["lines"][0]["name"] == "Green tea"


DIFFERENCES = {
    "customer": {"customer": "bob"},
    "customer nobody knows": {"customer": "stranger"},
    "guest": {"customer": None},
    "currency": {"currency": "USD"},
    "line_id": {"lines": [line("z", quantity=2), TWO[1]]},
    "sku": {"lines": [line("a", quantity=2, sku="OTHER"), TWO[1]]},
    "quantity": {"lines": [line("a", quantity=1), TWO[1]]},
    "unit_price": {"lines": [line("a", quantity=2, unit_price=1001), TWO[1]]},
    "a line less": {"lines": TWO[:1]},
    "a line more": {"lines": [*TWO, line("c")]},
}


@pytest.mark.parametrize("difference", DIFFERENCES.values(), ids=DIFFERENCES)
@pytest.mark.parametrize("way", ["cart", "reservation"])
def test_an_order_that_differs_is_refused_and_nothing_is_used(shop, difference, way):
    shop.put_order("o1", *TWO)
    shop.api.put("/customers/bob", {})
    before = shop.api.get("/orders/o1").body
    people = Customer.objects.count()
    fields = {name: value for name, value in difference.items() if name != "lines"}
    lines = difference.get("lines", TWO)

    if way == "cart":
        refused = shop.redeem("o1", *lines, **fields)
        assert Customer.objects.count() == people
    else:
        held = shop.reserve(*lines, **fields)
        refused = shop.redeem_held(held, "o1")
        assert shop.look(held)["status"] == "active"

    assert (refused.status, refused["code"]) == (409, "order_differs_from_redemption")
    assert shop.api.get("/orders/o1").body == before


def test_what_an_order_may_differ_in(shop):
    """Order of the lines, words, channel and shipping; gifts may stand beside."""
    gift = line("gift", sku="MUG", unit_price=0)
    shop.put_order("o1", TWO[1], {**TWO[0], "categories": ["old"]}, gift, shipping_amount=1)

    redeemed = shop.redeem("o1", *TWO, codes=["TEA-2026"], shipping_amount=495)

    assert redeemed.status == 201, redeemed
    assert shop.api.get("/orders/o1")["shipping_amount"] == 495


@pytest.mark.parametrize("status", ["shipped", "delivered", "cancelled"])
def test_an_order_that_went_on_is_refused(shop, status):
    shop.put_order("o1", *TWO, status=status)

    refused = shop.redeem("o1", *TWO, codes=["TEA-2026"])

    assert (refused.status, refused["code"]) == (409, "order_differs_from_redemption")
    assert shop.code("TEA-2026") == (0, 0)


@pytest.mark.parametrize("cancelled", [False, True], ids=["redeemed", "cancelled"])
def test_an_order_is_redeemed_once(shop, cancelled):
    first = shop.redeem("o1", *TWO, codes=["TEA-2026"])
    held = shop.reserve(*TWO, codes=["TEA-2026"])
    if cancelled:
        shop.cancel(first)
    used = shop.code("TEA-2026")

    for again in (shop.redeem("o1", *TWO), shop.redeem_held(held, "o1")):
        assert (again.status, again["code"]) == (409, "order_already_redeemed")
        assert again["redemption_id"] == first["redemption_id"]
    # Even if its own reservation is asked to do it once more.
    assert shop.code("TEA-2026") == used
    assert shop.look(held)["status"] == "active"


def test_a_redeemed_reservation_names_the_redemption_to_whoever_repeats_the_call(shop):
    held = shop.reserve(*TWO)
    first = shop.redeem_held(held, "o1")

    again = shop.redeem_held(held, "o1")

    assert (again.status, again["code"]) == (409, "order_already_redeemed")
    assert again["redemption_id"] == first["redemption_id"]


@pytest.mark.parametrize("known", [False, True], ids=["unknown order", "known order"])
def test_an_order_is_never_an_earlier_order_of_itself(shop, known):
    shop.offer("welcome", code="WELCOME1", conditions={"nth_order": 1})
    if known:
        shop.put_order("o1", *TWO, placed_at=(NOON - DAY).isoformat())
        # Nobody says at validate which order this will be.
        assert shop.why(*TWO, codes=["WELCOME1"]) == "nth_order_not_met"

    assert shop.redeem("o1", *TWO, codes=["WELCOME1"]).status == 201
    second = shop.redeem("o2", *TWO, codes=["WELCOME1"], at=NOON + DAY)
    assert second["codes"][0]["reason"]["params"] == {"required": 1, "current": 2}


def test_an_order_placed_at_this_instant_or_later_is_not_earlier(shop):
    shop.offer("welcome", code="WELCOME1", conditions={"nth_order": 1})
    shop.redeem("now", *TWO)
    shop.redeem("later", *TWO, at=NOON + DAY)

    assert shop.why(*TWO, codes=["WELCOME1"]) is None
    assert shop.why(*TWO, codes=["WELCOME1"], at=NOON + HOUR) == "nth_order_not_met"


def test_a_refused_redemption_makes_neither_order_nor_customer(shop):
    people, orders = Customer.objects.count(), Order.objects.count()

    assert shop.redeem("o1", codes=["NOSUCHCODE"], customer="new").status == 422
    assert shop.validate(customer="new", codes=["TEA-2026"])["discount_total"] == 300

    assert (Customer.objects.count(), Order.objects.count()) == (people, orders)
    assert shop.redeem("o1", customer="new").status == 201
    assert shop.api.get("/customers/new").status == 200


def test_the_dearest_cart_of_all_can_be_sold_shipped_and_given_back(shop):
    dearest = [line(str(at), quantity=100, unit_price=10**12) for at in range(100)]
    shop.offer("half", activation="automatic", effect={"kind": "percentage", "percent": "50"})
    assert shop.redeem("o1", *dearest)["total"] == 10**16 // 2

    assert shop.put_order("o1", *dearest, status="shipped").status == 200
    back = shop.give_back("o1", "r1", {row["line_id"]: 100 for row in dearest})

    assert (back.status, back["refund_amount"]) == (201, 10**16 // 2)


def test_guests_buy_too(shop):
    redeemed = shop.redeem("o1", codes=["TEA-2026"], customer=None)

    assert (redeemed.status, redeemed["discount_total"]) == (201, 300)
    assert shop.api.get("/orders/o1")["customer_id"] is None


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (cart(), "/order_id"),
        (cart(order_id=""), "/order_id"),
        (cart(order_id="a b"), "/order_id"),
        (cart(order_id="x" * 129), "/order_id"),
        ({"order_id": "o1"}, "/currency"),
        ({"reservation_id": "rsv_1"}, "/order_id"),
        (cart(reservation_id="rsv_1", order_id="o1"), "/customer_id"),
        (cart(order_id="o1", ttl_seconds=900), "/ttl_seconds"),
    ],
    ids=str,
)
def test_what_is_no_redemption_is_refused_by_the_fields_name(shop, body, pointer):
    refused = shop.api.post("/checkout/redemptions", body)

    assert (refused.status, refused["code"]) == (422, "validation_failed")
    assert refused.pointers == [pointer]


def test_the_test_clock_reads_what_was_made(shop):
    redeemed = shop.redeem("o1", at=NOON - HOUR)
    path = f"/checkout/redemptions/{redeemed['redemption_id']}?at={moment(NOON)}"

    assert shop.api.get(path)["redeemed_at"] == "2026-03-10T11:00:00Z"
