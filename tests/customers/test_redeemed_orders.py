"""Orders that a redemption makes, or finds."""

import pytest
from msgspec import structs

from common.cart import CartLine
from common.statements import run_together
from customers.actions import orders
from customers.actions.orders import OrderDiffersFromRedemption
from customers.actions.people import ensure_customer
from customers.actions.recorded_orders import put_order
from customers.domain.orders import OrderLineState, OrderState, RedeemedLine
from customers.queries.metrics import metrics_breaches
from customers.queries.orders import order_by_reference
from tests.api import NOON

pytestmark = pytest.mark.django_db

TEA = CartLine(line_id="1", sku="TEA-1", quantity=2, unit_price=1299, categories=["tea"])
GIFT = CartLine(line_id="g", sku="MUG", quantity=1, unit_price=0)
POT = CartLine(line_id="2", sku="POT", quantity=1, unit_price=2400, tags=["a", "b"])


def redeem(*lines, reference="o1", customer="c1", currency="EUR", **more):
    key = ensure_customer(reference=customer, now=NOON) if customer else None
    written = orders.write_redeemed_order(
        reference=reference,
        customer_key=key,
        currency=currency,
        channel="web",
        shipping_amount=495,
        shipping_discount=95,
        lines=[RedeemedLine(line, discount) for line, discount in lines],
        now=NOON,
        **more,
    )
    run_together(written.uncounted)
    return written


def test_an_unknown_order_is_made_as_placed_with_the_carts_lines():
    written = redeem((TEA, 520), (POT, 0))
    order = order_by_reference("o1")
    assert written.created
    assert (order.key, order.status, order.placed_at) == (written.order_key, "placed", NOON)
    assert order.is_redeemed
    assert [(line.sku, line.discount_amount, line.is_redeemed) for line in order.lines] == [
        ("TEA-1", 520, True),
        ("POT", 0, True),
    ]
    assert order.lines[0].categories == ("tea",)
    assert order.lines[1].tags == ("a", "b")


def test_a_redeemed_order_is_not_redeemed_again():
    redeem((TEA, 520))
    with pytest.raises(OrderDiffersFromRedemption):
        redeem((TEA, 520))


def told(*lines, status="placed", customer="c1", currency="EUR", discount=0, **more):
    return OrderState(
        currency=currency,
        customer_id=customer,
        status=status,
        lines=[
            OrderLineState(
                line_id=line.line_id, sku=line.sku, quantity=line.quantity,
                unit_price=line.unit_price, discount_amount=discount, name="as told",
            )
            for line in lines
        ],
        **more,
    )  # fmt: skip


def put(state, reference="o1"):
    put_order(reference=reference, state=state, if_match=None, actor="test", now=NOON)
    return order_by_reference(reference)


@pytest.mark.parametrize("status", ["placed", "paid"])
def test_a_known_order_takes_the_redemptions_amounts_and_keeps_the_rest(status):
    known = put(told(TEA, POT, GIFT, status=status, discount=0, channel="app", shipping_amount=990))
    written = redeem((TEA, 520), (POT, 7))
    order = order_by_reference("o1")
    assert (written.order_key, written.created) == (known.key, False)
    assert (order.status, order.channel, order.is_redeemed) == (status, "app", True)
    assert (order.shipping_amount, order.shipping_discount) == (495, 95)
    assert [(line.name, line.discount_amount, line.is_redeemed) for line in order.lines] == [
        ("as told", 520, True), ("as told", 7, True), ("as told", 0, False),
    ]  # fmt: skip
    assert order.revision == known.revision + 1


@pytest.mark.parametrize(
    "state",
    {
        "another customer": told(TEA, POT, customer="c2"),
        "a guest": told(TEA, POT, customer=None),
        "another currency": told(TEA, POT, currency="USD"),
        "a line less": told(TEA),
        "a line more": told(TEA, POT, structs.replace(POT, line_id="3")),
        "another quantity": told(structs.replace(TEA, quantity=3), POT),
        "another price": told(structs.replace(TEA, unit_price=1300), POT),
        "another sku": told(structs.replace(TEA, sku="TEA-2"), POT),
        "another line's id": told(structs.replace(TEA, line_id="9"), POT),
        "a shipped one": told(TEA, POT, status="shipped"),
        "a cancelled one": told(TEA, POT, status="cancelled"),
    }.values(),
)
def test_a_known_order_that_differs_is_refused(state):
    before = put(state)
    with pytest.raises(OrderDiffersFromRedemption):
        redeem((TEA, 520), (POT, 0))
    assert order_by_reference("o1") == before


ORDER = {
    "customer_id": "c1", "currency": "EUR", "shipping_amount": 495, "channel": "web",
    "lines": [
        {"line_id": "1", "sku": "TEA-1", "quantity": 2, "unit_price": 1299},
        {"line_id": "2", "sku": "POT", "quantity": 1, "unit_price": 2400},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    "sent",
    {
        "discounts left out": {},
        "other discounts": {"lines": [row | {"discount_amount": 1} for row in ORDER["lines"]]},
        "other shipping": {"shipping_amount": 0},
        "the lines in another order": {"lines": ORDER["lines"][::-1]},
    }.values(),
)
def test_a_later_put_keeps_what_the_redemption_gave(api, sent):
    redeem((TEA, 520), (POT, 7))
    answer = api.put("/orders/o1", ORDER | {"status": "paid"} | sent)
    assert (answer.status, answer["status"]) == (200, "paid")
    assert (answer["shipping_amount"], answer["shipping_discount"]) == (495, 95)
    assert {row["line_id"]: row["discount_amount"] for row in answer["lines"]} == {"1": 520, "2": 7}


def test_gifts_may_be_added_changed_and_left_out(api):
    redeem((TEA, 520), (POT, 7))
    gift = {"line_id": "g", "sku": "MUG", "quantity": 1, "unit_price": 0}
    assert len(api.put("/orders/o1", ORDER | {"lines": [*ORDER["lines"], gift]})["lines"]) == 3
    more = [*ORDER["lines"], gift | {"quantity": 2}]
    assert api.put("/orders/o1", ORDER | {"lines": more})["lines"][2]["quantity"] == 2
    assert len(api.put("/orders/o1", ORDER)["lines"]) == 2


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"customer_id": "c2"}, "/customer_id"),
        ({"customer_id": None}, "/customer_id"),
        ({"currency": "USD"}, "/currency"),
        ({"lines": ORDER["lines"][:1]}, "/lines"),
        ({"lines": [ORDER["lines"][0] | {"quantity": 1}, ORDER["lines"][1]]}, "/lines/0"),
        ({"lines": [ORDER["lines"][0], ORDER["lines"][1] | {"unit_price": 2401}]}, "/lines/1"),
        ({"lines": [ORDER["lines"][0], ORDER["lines"][1] | {"sku": "CUP"}]}, "/lines/1"),
        ({"lines": [*ORDER["lines"], ORDER["lines"][0] | {"line_id": "3"}]}, "/lines/2"),
    ],
)
def test_a_later_put_that_differs_is_refused(api, change, pointer):
    redeem((TEA, 520), (POT, 7))
    before = api.get("/orders/o1").body
    refused = api.put("/orders/o1", ORDER | change)
    assert (refused.status, refused["code"]) == (409, "order_differs_from_redemption")
    assert refused.pointers == [pointer]
    assert api.get("/orders/o1").body == before


def redeem_over_http(api):
    cart = {name: value for name, value in ORDER.items() if name != "shipping_amount"}
    made = api.post("/checkout/redemptions", cart | {"shipping_amount": 495, "order_id": "o1"})
    assert made.status == 201
    return made["redemption_id"]


def test_a_put_with_cancelled_cancels_the_redemption_once(api):
    redemption = redeem_over_http(api)
    assert api.get("/orders/o1")["redemption"] == {
        "redemption_id": redemption, "status": "redeemed",
    }  # fmt: skip
    for _ in range(2):
        cancelled = api.put("/orders/o1", ORDER | {"status": "cancelled", "channel": "desk"})
        assert (cancelled.status, cancelled["status"]) == (200, "cancelled")
        assert cancelled["channel"] == "desk"
        assert cancelled["redemption"] == {"redemption_id": redemption, "status": "cancelled"}
    again = api.post(f"/checkout/redemptions/{redemption}/cancel", {})
    assert (again.status, again["code"]) == (409, "already_cancelled")
    assert metrics_breaches() == []


def test_history_cancels_no_redemption(api):
    redeem_over_http(api)
    row = ORDER | {"order_id": "o1", "status": "cancelled"}
    done = api.post("/orders/batch", {"orders": [row]})
    assert [error["errors"][0]["pointer"] for error in done["errors"]] == ["/status"]
    assert api.get("/orders/o1")["redemption"]["status"] == "redeemed"
    differs = row | {"status": "paid", "lines": ORDER["lines"][:1]}
    done = api.post("/orders/batch", {"orders": [differs]})
    assert done["errors"][0]["errors"][0]["code"] == "order_differs_from_redemption"


def give_back(api, quantity=1, *, shipping=False):
    body = {"return_id": "r1", "lines": [{"line_id": "1", "quantity": quantity}],
            "refund_shipping": shipping}  # fmt: skip
    made = api.post("/orders/o1/returns", body)
    assert made.status == 201
    return made


@pytest.mark.parametrize("is_redeemed", [True, False])
def test_what_came_back_of_stays_as_it_was_sold(api, is_redeemed):
    if is_redeemed:
        redeem_over_http(api)
    else:
        api.put("/orders/o1", ORDER)
    back = give_back(api, shipping=True)
    shown = api.get("/orders/o1")
    assert shown["returns"] == [back.body]
    assert [row["returned_quantity"] for row in shown["lines"]] == [1, 0]
    assert api.put("/orders/o1", ORDER | {"status": "shipped"}).status == 200
    assert api.put("/orders/o1", ORDER | {"status": "cancelled"}).status == 409
    changes = [{"lines": [ORDER["lines"][0] | {"quantity": 3}, ORDER["lines"][1]]},
               {"lines": ORDER["lines"][1:]}]  # fmt: skip
    if not is_redeemed:
        changes += [
            {"lines": [ORDER["lines"][0] | {"discount_amount": 5}, ORDER["lines"][1]]},
            {"shipping_amount": 490},
        ]
    for change in changes:
        refused = api.put("/orders/o1", ORDER | {"status": "shipped"} | change)
        assert refused.status == 409
    assert metrics_breaches() == []


def test_lines_of_which_nothing_came_back_may_change(api):
    api.put("/orders/o1", ORDER)
    give_back(api)
    lines = [ORDER["lines"][0], {"line_id": "3", "sku": "CUP", "quantity": 1, "unit_price": 300}]
    changed = api.put("/orders/o1", ORDER | {"lines": lines})
    assert [(row["sku"], row["returned_quantity"]) for row in changed["lines"]] == [
        ("TEA-1", 1), ("CUP", 0),
    ]  # fmt: skip
    assert metrics_breaches() == []


def test_a_placed_order_with_a_return_is_not_cancelled(api):
    api.put("/orders/o1", ORDER)
    give_back(api)
    refused = api.put("/orders/o1", ORDER | {"status": "cancelled"})
    assert (refused.status, refused["code"]) == (409, "state_transition_not_allowed")
