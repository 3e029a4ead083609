"""The main job over HTTP: from a personal code's making to its return."""

from datetime import timedelta

import pytest

from tests.api import HOUR, NOON, Api

SPRING = {
    "name": "Spring 20 %",
    "status": "active",
    "currency": "EUR",
    "effect": {"kind": "percentage", "percent": "20", "on": "lines"},
    "items": {"include": {"categories": ["tea"]}},
    "conditions": {"min_subtotal": 2000},
    "limits": {"redemptions": 10, "per_customer": 1, "discount_budget": 5000},
}


def cart(*, customer="ada", codes=(), quantity=2, at=NOON, **more):
    return {
        "customer_id": customer,
        "currency": "EUR",
        "shipping_amount": 495,
        "lines": [
            {
                "line_id": "1",
                "sku": "TEA-1",
                "categories": ["tea"],
                "quantity": quantity,
                "unit_price": 1299,
            }
        ],
        "codes": list(codes),
        "at": at.isoformat(),
        **more,
    }


@pytest.fixture
def shop(api: Api) -> Api:
    api.put("/customers/ada", {"registered_at": NOON.isoformat()})
    api.put("/customers/bob", {})
    assert api.put("/promotions/spring", SPRING).status == 201
    made = api.post("/promotions/spring/codes", {"code": "ADA-2026", "customer_id": "ada"})
    assert made.status == 201, made
    return api


def test_a_personal_code_is_validated_reserved_redeemed_and_returned(shop: Api):
    quote = shop.post("/checkout/validate", cart(codes=["ada2026"]))
    assert quote.status == 200, quote
    assert (quote["item_discount"], quote["total"]) == (520, 2598 - 520 + 495)
    assert quote["codes"] == [
        {"code": "ada2026", "status": "applied", "promotion_id": "spring", "reason": None}
    ]

    held = shop.post("/checkout/reservations", cart(codes=["ada2026"]))
    assert (held.status, held["status"], held["total"]) == (201, "active", 2573)

    elsewhere = shop.post("/checkout/validate", cart(codes=["ADA-2026"]))
    assert elsewhere["codes"][0]["reason"]["code"] == "held_by_other_checkout"

    redeemed = shop.post(
        "/checkout/redemptions",
        {"reservation_id": held["reservation_id"], "order_id": "o1", "at": NOON.isoformat()},
    )
    assert (redeemed.status, redeemed["status"], redeemed["order_id"]) == (201, "redeemed", "o1")

    again = shop.post("/checkout/validate", cart(codes=["ADA-2026"]))
    assert again["codes"][0]["reason"]["code"] == "code_already_used"

    back = shop.post(
        "/orders/o1/returns",
        {"return_id": "r1", "lines": [{"line_id": "1", "quantity": 1}], "at": NOON.isoformat()},
    )
    assert (back.status, back["refund_amount"], back["discount_reversed"]) == (201, 1039, 260)
    assert back["conditions_no_longer_met"] == ["spring"]
    rest = shop.post(
        "/orders/o1/returns",
        {
            "return_id": "r2",
            "lines": [{"line_id": "1", "quantity": 1}],
            "refund_shipping": True,
            "at": NOON.isoformat(),
        },
    )
    assert rest["refund_amount"] == 1039 + 495
    assert rest["codes_restored"] == ["ADA-2026"]
    assert shop.post("/checkout/validate", cart(codes=["ADA-2026"]))["item_discount"] == 520


def test_a_stranger_learns_nothing(shop: Api):
    foreign = shop.post("/checkout/validate", cart(customer="bob", codes=["ADA-2026"]))
    unknown = shop.post("/checkout/validate", cart(customer="bob", codes=["ADA-2027"]))

    assert foreign["codes"][0]["reason"]["code"] == "code_not_valid"
    assert foreign["codes"][0]["reason"] == unknown["codes"][0]["reason"]
    assert foreign["codes"][0]["promotion_id"] is None


def test_what_is_missing_is_said_in_money(shop: Api):
    quote = shop.post("/checkout/validate", cart(codes=["ADA-2026"], quantity=1))

    assert quote["codes"][0]["reason"]["params"] == {
        "required": 2000,
        "current": 1299,
        "missing": 701,
    }
    assert [row["promotion_id"] for row in quote["nearly"]] == ["spring"]


def test_an_expired_hold_is_given_back(shop: Api):
    held = shop.post("/checkout/reservations", cart(codes=["ADA-2026"]))
    later = NOON + HOUR

    late = shop.post(
        "/checkout/redemptions",
        {"reservation_id": held["reservation_id"], "order_id": "o1", "at": later.isoformat()},
    )
    assert (late.status, late["code"]) == (410, "reservation_expired")
    free = shop.post("/checkout/validate", cart(codes=["ADA-2026"], at=later))
    assert free["codes"][0]["status"] == "applied"


def test_a_cancel_gives_everything_back_once(shop: Api):
    made = shop.post("/checkout/redemptions", cart(codes=["ADA-2026"], order_id="o1"))
    assert made.status == 201, made
    path = f"/checkout/redemptions/{made['redemption_id']}/cancel"

    cancelled = shop.post(path, {"at": NOON.isoformat()})
    assert (cancelled.status, cancelled["status"]) == (200, "cancelled")
    assert shop.get("/orders/o1")["status"] == "cancelled"
    twice = shop.post(path, {"at": NOON.isoformat()})
    assert (twice.status, twice["code"]) == (409, "already_cancelled")
    assert shop.post("/checkout/validate", cart(codes=["ADA-2026"]))["item_discount"] == 520


def test_a_hold_swaps_without_standing_in_its_own_way(shop: Api):
    held = shop.post("/checkout/reservations", cart(codes=["ADA-2026"]))
    path = f"/checkout/reservations/{held['reservation_id']}"

    swapped = shop.put(path, cart(codes=["ADA-2026"], quantity=3))
    assert (swapped.status, swapped["item_discount"]) == (200, 779)
    refused = shop.put(path, cart(codes=["ADA-2026"], quantity=1))
    assert (refused.status, refused["code"]) == (422, "offers_not_applicable")
    assert (
        shop.get(path + "?at=" + NOON.isoformat().replace("+", "%2B"))["total"] == swapped["total"]
    )
    assert shop.delete(path + "?at=" + NOON.isoformat().replace("+", "%2B")).status == 204
    assert shop.delete(path + "?at=" + NOON.isoformat().replace("+", "%2B")).status == 204


def test_a_replayed_call_answers_byte_for_byte(shop: Api):
    key = "a-key-of-sixteen-or-more"
    first = shop.post(
        "/checkout/redemptions", cart(codes=["ADA-2026"], order_id="o1"), idempotency_key=key
    )
    second = shop.post(
        "/checkout/redemptions", cart(codes=["ADA-2026"], order_id="o1"), idempotency_key=key
    )
    other = shop.post(
        "/checkout/redemptions", cart(codes=["ADA-2026"], order_id="o2"), idempotency_key=key
    )

    assert (first.status, second.status, second.raw) == (201, 201, first.raw)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert (other.status, other["code"]) == (422, "idempotency_key_reused")


def test_guessing_ends_after_ten(shop: Api):
    for number in range(10):
        quote = shop.post("/checkout/validate", cart(customer="bob", codes=[f"GUESS{number}"]))
        assert quote.status == 200
    shut = shop.post("/checkout/validate", cart(customer="bob", codes=["ANOTHER1"]))
    assert (shut.status, shut["code"]) == (429, "too_many_failed_codes")
    assert int(shut.headers["Retry-After"]) > 0
    assert shop.post("/checkout/validate", cart(customer="bob")).status == 200
    later = NOON + timedelta(minutes=11)
    assert (
        shop.post("/checkout/validate", cart(customer="bob", codes=["X1234"], at=later)).status
        == 200
    )


def test_a_decision_explains_the_very_next_call(shop: Api):
    quote = shop.post("/checkout/validate", cart(codes=["ADA-2026"], quantity=1))
    why = shop.get(f"/decisions/{quote['decision_id']}")
    assert why.status == 200
    assert why["decision"]["codes"][0]["reason"]["code"] == "min_order_not_met"
