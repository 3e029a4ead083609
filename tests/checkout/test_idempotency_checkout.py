"""Idempotency at the checkout: which answers bind a key, and what a repeated call finds."""

import pytest

from checkout.models import Redemption, Reservation
from tests.api import DAY, NOON
from tests.checkout.till import cart

KEY = "a-key-of-16-signs-or-more"
OTHER_KEY = "another-key-of-16-signs-or-more"


@pytest.fixture
def shop(till):
    """One use of one code."""
    till.offer(code="TEA-2026", limits={"redemptions": 1})
    return till


def calls(shop):
    """Each call that needs a key: its path and body."""
    held = shop.reserve()
    redeemed = shop.redeem("known")
    return {
        "/checkout/reservations": cart(codes=["TEA-2026"]),
        "/checkout/redemptions": {
            "reservation_id": held["reservation_id"],
            "order_id": "o1",
            "at": NOON.isoformat(),
        },
        "/orders/known/returns": {
            "return_id": "r1",
            "lines": [{"line_id": "1", "quantity": 1}],
            "at": NOON.isoformat(),
        },
        f"/checkout/redemptions/{shop.redeem('next')['redemption_id']}/cancel": {
            "at": NOON.isoformat()
        },
    } | ({} if redeemed.status == 201 else {"unexpected": redeemed})


@pytest.mark.parametrize("key", [None, "", "short", "x" * 15, "x" * 256, "käse-käse-käse-käse"])
def test_a_key_is_required(shop, key):
    for path, body in calls(shop).items():
        refused = shop.api.post(path, body, idempotency_key=key)
        assert (refused.status, refused["code"]) == (400, "idempotency_key_required"), path
    assert shop.code("TEA-2026") == (0, 0)


def test_the_same_call_gets_the_first_answer_byte_for_byte(shop):
    for path, body in calls(shop).items():
        first = shop.api.post(path, body, idempotency_key=KEY)
        # The same JSON in other words, and the key in quotes.
        again = shop.api.post(path, dict(reversed(body.items())), idempotency_key=f'"{KEY}"')

        assert first.status in (200, 201), first
        assert "Idempotency-Replayed" not in first.headers
        assert (again.status, again.raw) == (first.status, first.raw)
        assert again.headers["Idempotency-Replayed"] == "true"
        assert again.headers["Content-Type"] == first.headers["Content-Type"]


def test_another_body_under_the_key_is_refused_and_another_path_is_another_call(shop):
    """Equal keys on different paths do not meet: `calls` above used one key for all."""
    for path, body in calls(shop).items():
        assert shop.api.post(path, body, idempotency_key=KEY).status in (200, 201)
        other = body | {"at": (NOON + DAY).isoformat()}
        refused = shop.api.post(path, other, idempotency_key=KEY)
        assert (refused.status, refused["code"]) == (422, "idempotency_key_reused"), path


def test_a_refused_offer_binds_the_key(shop):
    shop.offer(status="paused")
    body = cart(codes=["TEA-2026"], order_id="o1")
    first = shop.api.post("/checkout/redemptions", body, idempotency_key=KEY)
    assert (first.status, first["code"]) == (422, "offers_not_applicable")

    shop.offer(limits={"redemptions": 1})
    again = shop.api.post("/checkout/redemptions", body, idempotency_key=KEY)
    anew = shop.api.post("/checkout/redemptions", body, idempotency_key=OTHER_KEY)

    assert (again.status, again.raw) == (422, first.raw)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Content-Type"] == "application/problem+json"
    assert anew.status == 201


def test_missing_cashback_and_too_many_returned_units_bind_the_key_as_well(shop):
    shop.redeem("o1")
    refusals = {
        "/checkout/reservations": cart(cashback_amount=1),
        "/orders/o1/returns": {"return_id": "r1", "lines": [{"line_id": "1", "quantity": 4}]},
    }
    for path, body in refusals.items():
        first = shop.api.post(path, body, idempotency_key=KEY)
        again = shop.api.post(path, body, idempotency_key=KEY)
        assert first["code"] in ("cashback_insufficient", "return_exceeds_order")
        assert (first.status, again.raw) == (422, first.raw)
        assert again.headers["Idempotency-Replayed"] == "true"


def test_everything_else_leaves_the_key_free(shop):
    """The order differs, then it does not."""
    body = cart(codes=["TEA-2026"], order_id="o1")
    shop.put_order("o1", currency="USD", customer_id="ada")
    first = shop.api.post("/checkout/redemptions", body, idempotency_key=KEY)
    assert (first.status, first["code"]) == (409, "order_differs_from_redemption")

    mended = body | {"order_id": "o2"}
    assert shop.api.post("/checkout/redemptions", mended, idempotency_key=KEY).status == 201


def test_a_replay_makes_nothing(shop):
    body = cart(codes=["TEA-2026"])
    for _ in range(3):
        shop.api.post("/checkout/reservations", body, idempotency_key=KEY)
        shop.api.post("/checkout/redemptions", cart(order_id="o1"), idempotency_key=KEY)

    assert (Reservation.objects.count(), Redemption.objects.count()) == (1, 1)
    assert shop.code("TEA-2026") == (0, 1)


def test_a_replay_is_the_first_answer_even_after_things_went_on(shop):
    body = cart(codes=["TEA-2026"])
    first = shop.api.post("/checkout/reservations", body, idempotency_key=KEY)
    shop.release(first)

    again = shop.api.post("/checkout/reservations", body, idempotency_key=KEY)

    assert again.raw == first.raw
    assert shop.look(first)["status"] == "released"


def test_a_key_is_honoured_where_it_is_not_required(shop):
    first = shop.api.post("/checkout/validate", cart(), idempotency_key=KEY)
    again = shop.api.post("/checkout/validate", cart(), idempotency_key=KEY)
    other = shop.api.post("/checkout/validate", cart(customer="bob"), idempotency_key=KEY)

    assert again.raw == first.raw
    assert (other.status, other["code"]) == (422, "idempotency_key_reused")
    assert shop.validate()["decision_id"] != shop.validate()["decision_id"] != first["decision_id"]


def test_the_language_of_a_replay_is_that_of_the_first_answer(shop):
    body = cart(codes=["NOSUCHCODE"])
    first = shop.api.post("/checkout/reservations", body, idempotency_key=KEY, accept_language="de")
    again = shop.api.post("/checkout/reservations", body, idempotency_key=KEY)

    assert again.raw == first.raw
