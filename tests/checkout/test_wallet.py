"""The wallet: what a customer has here, and that checkout says the same."""

import itertools
import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from promotions.models import Code, Promotion
from promotions.queries.wallet import MOST_OPEN, MOST_OVER, MOST_SHARED_OF_ONE
from tests.api import DAY, HOUR, NOON, Api, Got
from tests.races.offers import cart, codes

AT = NOON.isoformat()
MEMBERS = {"field": "membership", "op": "in", "value": ["club"]}
#: A Tuesday, as NOON is.
CLOSED = {"days": [3], "from": "10:00", "until": "20:00"}


@pytest.fixture
def shop(api: Api) -> Api:
    """A shop with Ada, who is registered and of the club, and Bob, who is neither."""
    api.put("/customers/ada", {"first_name": "Ada", "registered_at": (NOON - DAY).isoformat()})
    api.put("/customers/bob", {})
    name = {"de": "Teeclub", "en": "Tea club"}
    plan = {"name": name, "price": 4900, "currency": "EUR", "period": "year"}
    api.put("/membership-plans/club", {**plan, "benefits": {"en": ["Free shipping"]}})
    api.put("/customers/ada/memberships/club", {"starts_at": AT, "at": AT})
    api.put("/segments/members", {"name": "Members", "kind": "dynamic", "rule": MEMBERS, "at": AT})
    return api


def promotion(api: Api, name: str, **more: Any) -> None:
    body = {
        "name": name, "title": {"en": f"{name} for you", "de": f"{name} für Sie"},
        "status": "active", "effect": {"kind": "percentage", "percent": "10"}, **more,
    }  # fmt: skip
    got = api.put(f"/promotions/{name}", body)
    assert got.status == 201, got


def code(api: Api, name: str, promotion_id: str, **more: Any) -> None:
    got = api.post(f"/promotions/{promotion_id}/codes", {"code": name, **more})
    assert got.status == 201, got


def wallet(api: Api, customer: str = "ada", at: datetime = NOON, **headers: Any) -> Got:
    text = at.isoformat().replace("+", "%2B")
    return api.get(f"/customers/{customer}/wallet?at={text}", **headers)


def statuses(api: Api, customer: str = "ada", at: datetime = NOON) -> dict[str, str]:
    return {row["code"]: row["status"] for row in wallet(api, customer, at)["codes"]}


def is_taken(api: Api, given: str, customer: str = "ada", at: datetime = NOON) -> bool:
    asked = api.post("/checkout/validate", cart(given, customer=customer) | {"at": at.isoformat()})
    assert asked.status == 200, asked
    return asked["codes"][0]["status"] in {"applied", "skipped"}


def redeem(api: Api, given: str, order: str, customer: str = "ada") -> None:
    body = cart(given, customer=customer) | {"order_id": order, "at": AT}
    assert api.post("/checkout/redemptions", body).status == 201


def test_a_code_of_ones_own_is_told_with_all_that_a_page_needs(shop: Api):
    until = (NOON + 3 * DAY).isoformat()
    terms = {"de": "Nur diese Woche.", "en": "This week only."}
    promotion(shop, "tea", terms=terms, schedule={"ends_at": (NOON + 9 * DAY).isoformat()})
    code(shop, "tea-7kq2", "tea", customer_id="ada", valid_until=until)

    assert wallet(shop)["codes"] == [
        {
            "promotion_id": "tea", "title": "tea for you", "terms": "This week only.",
            "status": "usable", "valid_from": None, "valid_until": "2026-03-13T12:00:00Z",
            "code": "tea-7kq2",
        }
    ]  # fmt: skip
    german = wallet(shop, accept_language="de")["codes"][0]
    assert (german["title"], german["terms"]) == ("tea für Sie", "Nur diese Woche.")
    assert wallet(shop, "bob")["codes"] == []


def test_without_terms_it_says_what_the_promotion_does_and_nothing_of_the_shops_own(shop: Api):
    limits = {"per_customer": 1, "redemptions": 500, "discount_budget": 90000}
    promotion(shop, "tea", currency="EUR", limits=limits, audience={"segments": ["members"]})
    code(shop, "TEA1", "tea", customer_id="ada")

    assert wallet(shop)["codes"][0]["terms"] == (
        "10\N{NO-BREAK SPACE}% off the whole order, once per customer."
    )


PERIOD = {"starts_at": (NOON + DAY).isoformat()}
STANDS: dict[str, tuple[str | None, dict[str, Any], dict[str, Any]]] = {
    "nothing in its way": ("usable", {}, {}),
    "begins tomorrow": ("upcoming", {}, {"valid_from": (NOON + DAY).isoformat()}),
    "its promotion begins tomorrow": ("upcoming", {"schedule": PERIOD}, {}),
    "ended at noon": ("expired", {}, {"valid_until": AT}),
    "its promotion ended at noon": ("expired", {"schedule": {"ends_at": AT}}, {}),
    "open on Wednesdays": ("upcoming", {"schedule": {"weekly": [CLOSED]}}, {}),
    "open on Wednesdays, and over before": (
        "expired",
        {"schedule": {"weekly": [CLOSED], "ends_at": (NOON + HOUR).isoformat()}},
        {},
    ),
    "paused": ("upcoming", {"status": "paused"}, {}),
    "a draft": (None, {"status": "draft"}, {}),
    "archived": ("expired", {"status": "archived"}, {}),
    "for members": ("usable", {"audience": {"segments": ["members"]}}, {}),
    "not for members": (None, {"audience": {"exclude_segments": ["members"]}}, {}),
    "for the registered": ("usable", {"audience": {"registered": True}}, {}),
    "for the first order": ("usable", {"conditions": {"nth_order": 1}}, {}),
    "for the second order": ("upcoming", {"conditions": {"nth_order": 2}}, {}),
    "ends before its promotion begins": (
        "expired",
        {"schedule": PERIOD},
        {"valid_until": (NOON + HOUR).isoformat()},
    ),
    "ends before its promotion opens": (
        "expired",
        {"schedule": {"weekly": [CLOSED]}},
        {"valid_until": (NOON + HOUR).isoformat()},
    ),
    "begins when its promotion has ended": (
        "expired",
        {"schedule": {"ends_at": (NOON + HOUR).isoformat()}},
        {"valid_from": (NOON + DAY).isoformat()},
    ),
    "begins on a Thursday, open on Wednesdays": (
        "upcoming",
        {"schedule": {"weekly": [CLOSED]}},
        {"valid_from": (NOON + 2 * DAY).isoformat()},
    ),
    "only from 100 euros": ("usable", {"conditions": {"min_quantity": 50}}, {}),
}


@pytest.mark.parametrize(("status", "promoted", "own"), STANDS.values(), ids=STANDS)
def test_how_a_code_of_ones_own_stands(
    shop: Api, status: str | None, promoted: dict[str, Any], own: dict[str, Any]
):
    promotion(shop, "tea", **promoted)
    code(shop, "TEA1", "tea", customer_id="ada", **own)

    assert statuses(shop) == ({"TEA1": status} if status else {})


def test_a_code_that_was_used_stays_used_whatever_ends(shop: Api):
    promotion(shop, "tea", limits={"redemptions": 1})
    code(shop, "TEA1", "tea", customer_id="ada")
    code(shop, "TEA2", "tea", customer_id="ada")
    redeem(shop, "TEA1", "o1")

    assert statuses(shop) == {"TEA1": "used", "TEA2": "expired"}
    shop.patch("/promotions/tea", {"status": "archived"})
    assert statuses(shop) == {"TEA1": "used", "TEA2": "expired"}


def test_a_disabled_code_has_expired(shop: Api):
    promotion(shop, "tea")
    code(shop, "TEA1", "tea", customer_id="ada")
    shop.patch("/promotions/tea/codes/TEA1", {"status": "disabled"})

    assert statuses(shop) == {"TEA1": "expired"}


def test_what_a_cart_holds_comes_later_and_is_back_at_its_end_without_a_sweep(shop: Api):
    promotion(shop, "tea")
    code(shop, "TEA1", "tea", customer_id="ada")
    held = shop.post("/checkout/reservations", cart("TEA1") | {"at": AT, "ttl_seconds": 900})

    assert held.status == 201
    assert statuses(shop) == {"TEA1": "upcoming"}
    assert statuses(shop, at=NOON + timedelta(minutes=15)) == {"TEA1": "usable"}


def test_a_budget_that_is_spent_leaves_nothing_to_use(shop: Api):
    promotion(
        shop, "tea", currency="EUR", limits={"discount_budget": 100},
        effect={"kind": "fixed_amount", "amount": 100},
    )  # fmt: skip
    code(shop, "TEA1", "tea", customer_id="ada")
    code(shop, "TEA2", "tea", customer_id="ada")
    redeem(shop, "TEA1", "o1")

    assert statuses(shop) == {"TEA1": "used", "TEA2": "expired"}


@pytest.mark.parametrize(
    "effect",
    [
        {"kind": "fixed_amount", "amount": 300},
        {"kind": "tiered", "by": "subtotal", "tiers": [{"from": 0, "amount": 300}]},
    ],
    ids=["amount", "tiers"],
)
def test_a_budget_that_no_longer_holds_the_promised_amount_leaves_nothing_to_use(
    shop: Api, effect: dict[str, Any]
):
    promotion(shop, "tea", currency="EUR", limits={"discount_budget": 599}, effect=effect)
    code(shop, "TEA1", "tea", customer_id="ada")
    code(shop, "TEA2", "tea", customer_id="ada")
    redeem(shop, "TEA1", "o1")

    assert statuses(shop) == {"TEA1": "used", "TEA2": "expired"}
    assert "TEA2" not in wallet(shop)["next_step"]


def test_a_code_that_never_comes_takes_no_place_of_those_that_do(shop: Api):
    promotion(shop, "tea", schedule=PERIOD)
    owner = Promotion.objects.get(reference="tea")
    codes(owner, [f"DEAD{n:05}" for n in range(120)], customer="ada", valid_until=NOON + HOUR)
    code(shop, "NEXT", "tea", customer_id="ada")

    shown = statuses(shop)
    assert shown["NEXT"] == "upcoming"
    assert list(shown.values()).count("expired") == MOST_OVER


def test_without_a_title_it_says_what_the_promotion_gives_never_what_staff_call_it(shop: Api):
    items = {"include": {"categories": ["tea"]}}
    promotion(shop, "q3-big-spenders", title={}, items=items)
    promotion(shop, "q3-vips", title={}, activation="automatic", audience={"segments": ["members"]})
    code(shop, "TEA1", "q3-big-spenders", customer_id="ada")

    english, german = wallet(shop), wallet(shop, accept_language="de")
    assert english["codes"][0]["title"] == "10 % off tea"
    assert german["codes"][0]["title"] == "10 % auf tea"
    assert german["offers"][0]["title"] == "10 % auf die ganze Bestellung"
    assert "q3" not in english["next_step"] + german["next_step"]


def test_a_group_shares_codes_and_nobody_else_is_told_of_them(shop: Api):
    promotion(shop, "for-members", audience={"segments": ["members"]})
    promotion(shop, "for-accounts", audience={"registered": True}, limits={"per_customer": 1})
    promotion(shop, "for-all")
    for name in ("for-members", "for-accounts", "for-all"):
        code(shop, name, name)

    assert statuses(shop) == {"for-members": "usable", "for-accounts": "usable"}
    assert statuses(shop, "bob") == {}
    redeem(shop, "for-accounts", "o1")
    assert statuses(shop) == {"for-members": "usable", "for-accounts": "used"}
    ended = shop.delete(f"/customers/ada/memberships/club?at={AT.replace('+', '%2B')}")
    assert ended.status == 204
    assert statuses(shop) == {"for-accounts": "used"}


def test_single_uses_are_not_shared_nor_many_of_one_promotion(shop: Api):
    promotion(shop, "cards", audience={"registered": True})
    promotion(shop, "one-each", audience={"registered": True}, limits={"per_code": 1})
    for number in range(MOST_SHARED_OF_ONE + 1):
        code(shop, f"CARD{number}", "cards", max_redemptions=1)
        code(shop, f"EACH{number}", "one-each")
        code(shop, f"MANY{number}", "cards", max_redemptions=100)

    assert statuses(shop) == {f"MANY{number}": "usable" for number in range(MOST_SHARED_OF_ONE)}


def test_offers_that_need_no_code_are_those_for_a_group(shop: Api):
    automatic = {"activation": "automatic"}
    promotion(shop, "shipping", **automatic, audience={"segments": ["members"]})
    promotion(shop, "sale", **automatic, audience={"registered": True}, schedule=PERIOD)
    promotion(shop, "everybody", **automatic)
    promotion(shop, "others", **automatic, audience={"segments": ["members"]}, status="draft")

    rows = wallet(shop)["offers"]
    assert [(row["promotion_id"], row["status"]) for row in rows] == [
        ("shipping", "usable"), ("sale", "upcoming"),
    ]  # fmt: skip
    assert rows[1]["valid_from"] == "2026-03-11T12:00:00Z"
    assert wallet(shop, "bob")["offers"] == []


def test_memberships_are_told_in_the_language_of_the_call_and_nobody_has_cashback_yet(shop: Api):
    club = {
        "plan_id": "club", "name": "Tea club", "benefits": ["Free shipping"], "status": "active",
        "starts_at": "2026-03-10T12:00:00Z", "ends_at": None,
    }  # fmt: skip
    assert wallet(shop)["memberships"] == [club]
    # Benefits that are not told in German are told in English.
    german = wallet(shop, accept_language="de")
    assert german["memberships"] == [club | {"name": "Teeclub"}]
    assert wallet(shop)["cashback"] == []


def test_a_membership_still_to_come_is_shown_and_one_that_ended_is_not(shop: Api):
    before, after = wallet(shop, at=NOON - HOUR), wallet(shop, at=NOON + 2 * DAY)
    assert [row["status"] for row in before["memberships"]] == ["upcoming"]
    assert "membership" not in before["next_step"]
    assert [row["status"] for row in after["memberships"]] == ["active"]
    shop.put("/customers/ada/memberships/club", {"ends_at": (NOON + DAY).isoformat()})
    assert wallet(shop, at=NOON + 2 * DAY)["memberships"] == []


def test_usable_comes_first_then_what_may_be_and_what_is_over_newest_first(shop: Api):
    promotion(shop, "tea")
    for name, days in (("LATE", 9), ("OVER1", -2), ("SOON", 1), ("OVER2", -1)):
        at = (NOON + days * DAY).isoformat()
        code(shop, name, "tea", customer_id="ada", valid_until=at)
    code(shop, "OPEN", "tea", customer_id="ada")
    code(shop, "NEXT", "tea", customer_id="ada", valid_from=(NOON + DAY).isoformat())

    assert list(statuses(shop)) == ["SOON", "LATE", "OPEN", "NEXT", "OVER2", "OVER1"]


def test_ten_thousand_codes_are_read_in_a_few_statements_and_shown_in_part(
    shop: Api, django_assert_num_queries: Any
):
    promotion(shop, "tea")
    promotion(shop, "group", audience={"segments": ["members"]})
    owner = Promotion.objects.get(reference="tea")
    codes(owner, [f"OLD{n:05}" for n in range(9_800)], customer="ada", valid_until=NOON)
    codes(owner, [f"NEW{n:05}" for n in range(200)], customer="ada")
    Code.objects.filter(code="NEW00007").update(valid_until=NOON + DAY)
    wallet(shop)

    # The key, the customer, the promotions, the facts, the codes, terms of two kinds, memberships,
    # cashback.
    with django_assert_num_queries(9):
        rows = wallet(shop)["codes"]

    assert [row["status"] for row in rows] == ["usable"] * MOST_OPEN + ["expired"] * MOST_OVER
    assert rows[0]["code"] == "NEW00007"
    assert [row["code"] for row in rows[-2:]] == ["OLD09751", "OLD09750"]


def test_a_customer_whom_nobody_knows_or_who_was_erased_has_no_wallet(shop: Api):
    got = shop.get("/customers/nobody/wallet", accept_language="de")
    assert (got.status, got["detail"]) == (404, "Diese Kundin oder diesen Kunden gibt es nicht.")
    promotion(shop, "tea")
    code(shop, "TEA1", "tea", customer_id="ada")
    shop.post("/customers/ada/erase", {})
    assert shop.get("/customers/ada/wallet").status == 404
    shop.put("/customers/ada", {})
    assert wallet(shop)["codes"] == []


STATES = ["active"] * 6 + ["paused", "archived", "draft"]
INSTANTS = [None] * 8 + [NOON - DAY, NOON, NOON + HOUR, NOON + 2 * DAY]


def drawn(chance: random.Random, number: int) -> dict[str, Any]:
    """A promotion of which any rule that looks at no cart may say no."""
    starts, ends = chance.choice(INSTANTS), chance.choice(INSTANTS)
    if starts and ends and ends <= starts:
        ends = None
    audience = {
        "registered": chance.random() < 0.2,
        "segments": chance.choice([[], [], [], ["members"], ["nobody"]]),
        "exclude_segments": chance.choice([[], [], [], [], ["members"]]),
    }
    weekly = chance.choice([[], [], [], [CLOSED], [CLOSED | {"days": [2]}]])
    return {
        "status": chance.choice(STATES),
        "currency": "EUR",
        "effect": {"kind": "fixed_amount", "amount": 100 + number},
        "conditions": {"nth_order": chance.choice([None, None, None, 1, 2, 4])},
        "audience": audience,
        "schedule": {
            "starts_at": starts and starts.isoformat(), "ends_at": ends and ends.isoformat(),
            "weekly": weekly,
        },
        "limits": {
            "redemptions": chance.choice([None, None, 1, 2]),
            "per_customer": chance.choice([None, None, 1, 2]),
            "discount_budget": chance.choice([None, None, 100 + number, 1000]),
        },
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_usable_is_what_validate_takes_and_nothing_else(shop: Api, seed: int):
    """Over promotions drawn at random, used and held at random, at several instants."""
    chance = random.Random(seed)
    shop.put("/segments/nobody", {"name": "Nobody"})
    given: list[str] = []
    for number in range(40):
        name = f"p{number}"
        promotion(shop, name, **drawn(chance, number))
        for kind, owner in (("OWN", {"customer_id": "ada"}), ("GROUP", {})):
            more = {"max_redemptions": chance.choice([None, 2, 3])} | owner
            until = chance.choice(INSTANTS)
            code(shop, f"{kind}{number}", name, valid_until=until and until.isoformat(), **more)
            given.append(f"{kind}{number}")
    orders = itertools.count()
    usable = [name for name, status in statuses(shop).items() if status == "usable"]
    for used in chance.choices(usable, k=40):
        body = cart(used) | {"at": AT}
        if chance.random() < 0.5:
            shop.post("/checkout/redemptions", body | {"order_id": f"o{next(orders)}"})
        else:
            shop.post("/checkout/reservations", body | {"ttl_seconds": 3600})

    seen: set[str] = set()
    for at in (NOON, NOON + timedelta(minutes=30), NOON + 3 * HOUR, NOON + DAY + HOUR):
        shown = statuses(shop, at=at)
        seen |= set(shown.values())
        own = [name for name in given if name.startswith("OWN") or name in shown]
        assert {name: shown.get(name) == "usable" for name in own} == {
            name: is_taken(shop, name, at=at) for name in own
        }
    assert seen == {"usable", "upcoming", "used", "expired"}
