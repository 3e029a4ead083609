"""Reservations: what they hold, for how long, and how they change and end."""

from datetime import datetime, timedelta

import pytest

from checkout.models import Reservation
from customers.models import Customer
from tests.api import DAY, HOUR, NOON
from tests.checkout.till import cart, line

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
#: One use of everything, and a budget for exactly one cart.
ONE_OF_ALL = {
    "limits": {"redemptions": 1, "per_customer": 1, "per_code": 1, "discount_budget": 300}
}
MISSING = "rsv_" + "0" * 32


@pytest.fixture
def held(till):
    """Ada's cart with the one and only code."""
    till.offer(code="TEA-2026", **ONE_OF_ALL)
    made = till.reserve(codes=["TEA-2026"])
    assert made.status == 201, made
    return made


def ends_at(answer) -> datetime:
    return datetime.fromisoformat(answer["expires_at"])


def test_the_answer_is_validates_with_the_hold(till, held):
    quote = till.validate(codes=["TEA-2026"], customer="bob")

    assert set(held.body) - set(quote.body) == {"reservation_id", "status", "expires_at"}
    assert held["reservation_id"].startswith("rsv_")
    assert (held["status"], held["total"], held["discount_total"]) == ("active", 2700, 300)
    assert till.look(held).body == held.body


def test_it_holds_for_a_quarter_of_an_hour_unless_told_otherwise(till):
    assert ends_at(till.reserve()) == NOON + 15 * MINUTE
    assert ends_at(till.reserve(ttl_seconds=60)) == NOON + MINUTE
    assert ends_at(till.reserve(ttl_seconds=86_400)) == NOON + DAY


@pytest.mark.parametrize("ttl", [59, 0, -900, 86_401, 90.5, "900", None])
def test_shorter_or_longer_or_no_number_is_refused(till, held, ttl):
    body = {"ttl_seconds": ttl, "at": NOON.isoformat()}
    extended = till.api.post(f"/checkout/reservations/{held['reservation_id']}/extend", body)
    swapped = till.swap(held, ttl_seconds=ttl) if ttl is not None else extended

    for refused in (till.reserve(ttl_seconds=ttl), extended, swapped):
        assert (refused.status, refused["code"]) == (422, "validation_failed")
        assert refused.pointers == ["/ttl_seconds"]
    assert till.look(held).body == held.body


def test_everything_is_held_together_or_nothing(till, held):
    assert till.code("TEA-2026") == (0, 1)
    assert till.why(codes=["TEA-2026"]) == "held_by_other_checkout"

    till.offer("cups", code="CUPS-26", items={"include": {"skus": ["CUP"]}})
    till.offer("free", code="FREE-26")
    refused = till.reserve(codes=["FREE-26", "CUPS-26"])

    assert (refused.status, refused["code"]) == (422, "offers_not_applicable")
    assert till.code("FREE-26", "free") == (0, 0)


def test_a_cart_without_offers_can_be_reserved_too(till):
    held = till.reserve()

    assert (held.status, held["total"], held["applied"]) == (201, 3000, [])
    assert till.redeem_held(held, "o1").status == 201


def test_automatic_promotions_are_held_as_well(till):
    till.offer("auto", activation="automatic", limits={"redemptions": 1})
    assert till.reserve()["discount_total"] == 300

    assert till.validate()["discount_total"] == 0
    # An automatic promotion that is held is no reason to refuse a cart.
    assert till.reserve()["discount_total"] == 0
    assert till.validate(at=NOON + HOUR)["discount_total"] == 300


def test_the_end_is_its_first_instant_without_it(till, held):
    assert till.look(held, at=NOON + 15 * MINUTE - SECOND)["status"] == "active"
    assert till.code("TEA-2026") == (0, 1)

    assert till.look(held, at=NOON + 15 * MINUTE)["status"] == "expired"
    assert till.code("TEA-2026") == (0, 0)
    # Only its status has changed.
    shown = till.look(held, at=NOON + DAY)
    assert shown.body == {**held.body, "status": "expired"}


def test_what_is_due_is_given_back_before_anybody_is_refused_for_it(till, held):
    later = NOON + 15 * MINUTE

    assert till.why(codes=["TEA-2026"], customer="bob", at=later - SECOND) is not None
    assert till.why(codes=["TEA-2026"], customer="bob", at=later) is None
    assert till.look(held, at=later)["status"] == "expired"


def test_due_holds_make_room_for_a_reservation_and_a_redemption(till, held):
    later = NOON + 15 * MINUTE
    second = till.reserve(codes=["TEA-2026"], customer="bob", at=later)
    assert second.status == 201

    assert till.redeem("o1", codes=["TEA-2026"], at=later + 15 * MINUTE).status == 201
    assert till.code("TEA-2026") == (1, 0)


def test_a_swap_does_not_stand_in_its_own_way(till, held):
    swapped = till.swap(held, line(quantity=5), codes=["TEA-2026"])

    assert (swapped.status, swapped["total"], swapped["status"]) == (200, 4700, "active")
    assert swapped["reservation_id"] == held["reservation_id"]
    assert till.code("TEA-2026") == (0, 1)
    assert till.look(held).body == swapped.body
    assert till.redeem_held(held, "o1")["total"] == 4700
    assert till.code("TEA-2026") == (1, 0)


def test_a_swap_moves_the_end_only_if_told_so(till, held):
    five = NOON + 5 * MINUTE

    assert ends_at(till.swap(held, codes=["TEA-2026"], at=five)) == ends_at(held)
    assert ends_at(till.swap(held, ttl_seconds=60, at=five)) == five + MINUTE
    assert ends_at(till.swap(held, ttl_seconds=86_400, at=five)) == NOON + DAY


def test_a_refused_swap_leaves_the_old_hold(till, held):
    refused = till.swap(held, line(quantity=9), codes=["TEA-2026", "NOSUCHCODE"], ttl_seconds=60)

    assert (refused.status, refused["code"]) == (422, "offers_not_applicable")
    assert till.look(held).body == held.body
    assert till.code("TEA-2026") == (0, 1)
    assert till.redeem_held(held, "o1")["total"] == held["total"]


def test_a_swap_gives_back_what_the_new_cart_does_not_need(till, held):
    till.offer("cups", code="CUPS-26", items={"include": {"skus": ["CUP"]}})

    swapped = till.swap(held, line(sku="CUP"), codes=["CUPS-26"])

    assert [row["promotion_id"] for row in swapped["applied"]] == ["cups"]
    assert till.code("TEA-2026") == (0, 0)
    assert till.code("CUPS-26", "cups") == (0, 1)
    assert till.why(codes=["TEA-2026"], customer="bob") is None


def test_a_guest_may_sign_in_at_the_last_step(till):
    till.offer("guests", code="ALL-2026")
    guest = till.reserve(codes=["ALL-2026"], customer=None)

    signed_in = till.swap(guest, codes=["ALL-2026"], customer="carla")
    till.redeem_held(guest, "o1")

    assert signed_in.status == 200
    assert till.api.get("/orders/o1")["customer_id"] == "carla"


def test_extending_counts_from_now_and_never_beyond_a_day_after_it_was_made(till, held):
    ten = NOON + 10 * MINUTE
    assert ends_at(till.extend(held, 900, at=ten)) == ten + 15 * MINUTE
    assert till.look(held, at=ten + 14 * MINUTE)["status"] == "active"
    assert ends_at(till.extend(held, 86_400, at=ten)) == NOON + DAY
    assert ends_at(till.extend(held, 86_400, at=NOON + 23 * HOUR)) == NOON + DAY

    late = till.extend(held, 86_400, at=NOON + DAY)
    assert (late.status, late["code"]) == (410, "reservation_expired")


def test_extending_changes_nothing_else(till, held):
    till.offer(effect={"kind": "fixed_amount", "amount": 100})

    extended = till.extend(held, 3600)

    assert extended.body == {**held.body, "expires_at": extended["expires_at"]}


def test_releasing_gives_everything_back_and_may_be_repeated(till, held):
    assert till.release(held).status == 204
    assert till.release(held).status == 204
    assert till.release(held, at=NOON + DAY).status == 204

    assert till.code("TEA-2026") == (0, 0)
    assert till.look(held, at=NOON + DAY)["status"] == "released"
    assert till.why(codes=["TEA-2026"], customer="bob") is None


ACTS = {
    "swap": lambda till, held, at: till.swap(held, at=at),
    "extend": lambda till, held, at: till.extend(held, 900, at=at),
    "redeem": lambda till, held, at: till.redeem_held(held, "o2", at=at),
    "release": lambda till, held, at: till.release(held, at=at),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_has_expired_is_gone_and_given_back(till, held, act):
    refused = ACTS[act](till, held, NOON + 15 * MINUTE)

    assert (refused.status, refused["code"]) == (410, "reservation_expired")
    assert till.code("TEA-2026") == (0, 0)
    assert till.look(held)["status"] == "expired"
    assert till.api.get("/orders/o2").status == 404


@pytest.mark.parametrize("act", ACTS)
def test_what_was_redeemed_stays_so(till, held, act):
    assert till.redeem_held(held, "o1").status == 201

    refused = ACTS[act](till, held, NOON)

    assert (refused.status, refused["code"]) == (409, "reservation_not_active")
    # Also long after its time would have been over.
    assert ACTS[act](till, held, NOON + DAY).status == 409
    assert till.look(held, at=NOON + DAY)["status"] == "redeemed"
    assert till.code("TEA-2026") == (1, 0)


@pytest.mark.parametrize("act", [name for name in ACTS if name != "release"])
def test_what_was_released_stays_so(till, held, act):
    till.release(held)

    refused = ACTS[act](till, held, NOON)

    assert (refused.status, refused["code"]) == (409, "reservation_not_active")
    assert till.look(held)["status"] == "released"


@pytest.mark.parametrize("reservation_id", [MISSING, "rsv_1", "nonsense", "red_" + "0" * 32])
def test_what_is_not_there_is_not_found(till, reservation_id):
    path = f"/checkout/reservations/{reservation_id}"
    body = {"reservation_id": reservation_id, "order_id": "o1"}
    answers = [
        till.api.get(path),
        till.api.put(path, cart()),
        till.api.delete(path),
        till.api.post(f"{path}/extend", {"ttl_seconds": 900}),
        till.api.post("/checkout/redemptions", body),
    ]

    assert {(answer.status, answer["code"]) for answer in answers} == {(404, "not_found")}


def test_a_customer_who_was_never_seen_is_created_by_a_write_only(till):
    till.offer(code="TEA-2026")
    before = Customer.objects.count()

    till.validate(codes=["TEA-2026"], customer="new")
    till.reserve(codes=["NOSUCHCODE"], customer="new")
    till.reserve(customer=None)
    assert Customer.objects.count() == before
    assert till.api.get("/customers/new").status == 404

    assert till.reserve(codes=["TEA-2026"], customer="new").status == 201
    assert Customer.objects.count() == before + 1
    assert till.api.get("/customers/new")["email"] is None


def test_the_cart_is_kept_without_the_shoppers_address(till):
    till.reserve(client_ip="203.0.113.9")

    assert "203.0.113.9" not in str(Reservation.objects.values_list("cart", "quote").get())
