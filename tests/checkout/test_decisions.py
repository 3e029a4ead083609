"""Decisions: why a call was answered as it was, readable by the very next call."""

import pytest

from checkout.models import Decision
from tests.api import NOON, Api, make_key
from tests.checkout.till import cart, line

ADA = {
    "email": "ada.lovelace@example.org",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "phone": "+49 30 1234567",
    "birth_date": "1990-12-10",
    "city": "Musterstadt",
    "postal_code": "10115",
}
ADDRESS = "203.0.113.9"


@pytest.fixture
def shop(till):
    """Three offers: one that fits, one that is too dear, one that is worse; one for Bob alone."""
    till.api.put("/customers/ada", ADA)
    till.offer(code="TEA-2026", stacking={"group": "g"})
    till.offer("less", code="LESS-26", stacking={"group": "g"}, effect=off(100))
    till.offer("far", activation="automatic", conditions={"min_subtotal": 5000})
    till.issue("BOBS-OWN", customer_id="bob")
    return till


def off(amount):
    return {"kind": "fixed_amount", "amount": amount}


CODES = ["TEA-2026", "LESS-26"]


def why(shop, answer):
    got = shop.api.get(f"/decisions/{answer['decision_id']}")
    assert got.status == 200, got
    return got


def test_validate_is_explained_by_the_next_call(shop):
    quote = shop.validate(codes=[*CODES, "BOBS-OWN", "tea2026"])

    told = why(shop, quote)

    assert (told["decision_id"], told["kind"]) == (quote["decision_id"], "validate")
    decision = told["decision"]
    assert decision["at"] == NOON.isoformat()
    assert (decision["subtotal"], decision["total"]) == (3000, 2700)
    promotions = {row["promotion_id"]: row for row in decision["promotions"]}
    assert set(promotions) == {"tea", "less", "far"}
    assert [promotions[name]["outcome"] for name in ("tea", "less", "far")] == [
        "applied",
        "left_out",
        "refused",
    ]
    assert promotions["less"]["alone"] == 100
    (minimum,) = [row for row in promotions["far"]["rules"] if row["rule"] == "min_subtotal"]
    assert minimum == {"rule": "min_subtotal", "holds": False, "found": 3000, "required": 5000}
    assert promotions["far"]["reason"]["code"] == "min_order_not_met"
    assert decision["choice"]["chosen"] == ["tea"]
    assert decision["choice"]["over"] == ["less"]
    assert [row["status"] for row in decision["codes"]] == [row["status"] for row in quote["codes"]]
    reasons = [row["reason"] and row["reason"]["code"] for row in decision["codes"]]
    assert reasons == [None, "cannot_combine", "code_not_valid", "duplicate_code"]


def test_codes_are_told_by_their_places_and_never_by_keys_of_the_database(shop):
    told = why(shop, shop.validate(codes=["NOSUCHCODE", *CODES, "tea2026"]))

    decision = told["decision"]
    assert [row["position"] for row in decision["codes"]] == [0, 1, 2, 3]
    places = {row["promotion_id"]: row["code_position"] for row in decision["promotions"]}
    assert places == {"tea": 1, "less": 2, "far": None}
    assert b"code_id" not in told.raw
    held = shop.reserve(codes=CODES, customer="ada")
    assert held.status == 201
    assert b"code_id" not in shop.api.get("/customers/ada/export").raw


def test_reservations_swaps_and_redemptions_have_their_own(shop):
    held = shop.reserve(codes=CODES)
    swapped = shop.swap(held, line(quantity=4), codes=CODES)
    redeemed = shop.redeem_held(held, "o1")
    at_once = shop.redeem("o2", codes=CODES)

    kinds = [why(shop, answer)["kind"] for answer in (held, swapped, redeemed, at_once)]
    assert kinds == ["reserve", "reserve", "redeem", "redeem"]
    assert why(shop, redeemed)["decision"]["promised_by"] == swapped["decision_id"]
    assert why(shop, swapped)["decision"]["subtotal"] == 4000
    assert why(shop, at_once)["decision"]["choice"]["chosen"] == ["tea"]
    # Reading them later shows the decision that made them.
    assert shop.look(held)["decision_id"] == swapped["decision_id"]


def test_a_refused_write_tells_where_it_is_explained(shop):
    held = shop.reserve(codes=CODES)
    refused = [
        shop.reserve(codes=["NOSUCHCODE", "LESS-26"]),
        shop.redeem("o1", codes=["TEA-2026", "NOSUCHCODE"]),
        shop.swap(held, codes=["NOSUCHCODE"]),
    ]

    for kind, answer in zip(("reserve", "redeem", "reserve"), refused, strict=True):
        assert (answer.status, answer["code"]) == (422, "offers_not_applicable")
        told = why(shop, answer)
        assert (told["kind"], told["decision"]["refused"]) == (kind, True)
        reasons = [row["reason"] and row["reason"]["code"] for row in told["decision"]["codes"]]
        assert reasons == [row["reason"] and row["reason"]["code"] for row in answer["codes"]]
    assert "refused" not in why(shop, held)["decision"]


def test_a_repeated_refusal_is_explained_once(shop):
    before = Decision.objects.count()
    body = cart(codes=["NOSUCHCODE"], order_id="o1")

    told = [
        shop.api.post("/checkout/redemptions", body, idempotency_key="a-key-of-16-signs")
        for _ in range(2)
    ]

    assert told[0]["decision_id"] == told[1]["decision_id"]
    assert Decision.objects.count() == before + 1


def test_what_is_refused_for_another_reason_leaves_none_behind(shop):
    shop.redeem("o1")
    before = Decision.objects.count()

    assert shop.redeem("o1").status == 409
    assert shop.reserve(line(quantity=20_000)).status == 413

    assert Decision.objects.count() == before


def test_they_hold_nothing_personal(shop):
    """Nor the codes as they were given: of somebody else's there is no trace at all."""
    given = ["TEA-2026", "BOBS-OWN", "WRONGGUESS"]
    answers = [
        shop.validate(codes=given, client_ip=ADDRESS),
        shop.reserve(codes=CODES, client_ip=ADDRESS),
        shop.redeem("o1", codes=CODES, client_ip=ADDRESS),
    ]

    for answer in answers:
        # An id is random, and may spell a short name.
        text = why(shop, answer).raw.decode().replace(answer["decision_id"], "")
        for value in [*ADA.values(), ADDRESS, "ada", "bob", *given[1:], "BOBSOWN"]:
            assert value not in text, value


def test_the_instant_of_the_call_is_told_apart_from_the_real_one(shop):
    told = why(shop, shop.validate())

    assert told["decision"]["at"] == NOON.isoformat()
    assert told["made_at"] != told["decision"]["at"]


@pytest.mark.parametrize("decision_id", ["dec_" + "0" * 32, "dec_1", "rsv_" + "0" * 32, "x"])
def test_what_is_not_there_is_not_found(api: Api, decision_id):
    missing = api.get(f"/decisions/{decision_id}")

    assert (missing.status, missing["code"]) == (404, "not_found")


def test_they_need_the_scope_of_the_checkout(shop, api_without_scope):
    quote = shop.validate()
    path = f"/decisions/{quote['decision_id']}"

    assert api_without_scope.get(path).status == 403
    assert Api(make_key("checkout", name="till")).get(path).status == 200


def test_a_large_cart_with_many_offers_is_explained_too(till):
    for at in range(14):
        till.offer(f"auto-{at:02}", activation="automatic", effect=off(at + 1))
    quote = till.api.post("/checkout/validate", cart(*(line(str(at)) for at in range(100))))

    decision = till.api.get(f"/decisions/{quote['decision_id']}")["decision"]

    assert len(decision["promotions"]) == 14
    assert decision["choice"]["best"] == quote["best"]
