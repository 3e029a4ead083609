"""What every priced cart promises: sums that agree, sizes, cashback, and what is nearly reached."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.checkout.till import cart, line
from tests.promotions.domain import carts

AMOUNTS = some.one_of(some.integers(0, 60), some.integers(0, 10**5), some.sampled_from([10**12]))
LINES = some.lists(
    some.builds(
        dict,
        sku=some.sampled_from(["A", "B", "C"]),
        quantity=some.integers(1, 7),
        unit_price=AMOUNTS,
        discountable=some.sampled_from([True, True, False]),
    ),
    min_size=1,
    max_size=6,
)
EFFECTS = some.one_of(
    some.builds(
        dict,
        kind=some.just("percentage"),
        percent=some.sampled_from(["0.0001", "12.5", "33.3333", "100"]),
        on=some.sampled_from(["order", "lines"]),
        max_discount=some.sampled_from([None, 1, 777]),
    ),
    some.builds(
        dict,
        kind=some.just("fixed_amount"),
        amount=some.sampled_from([1, 99, 1000, 10**12]),
        on=some.sampled_from(["order", "line", "unit"]),
    ),
    *(carts.FIXED_PRICES, carts.BUNDLES, carts.RUNS, carts.TIERS),
    *(carts.SHIPPING, carts.GIFTS, carts.BONUSES),
)
OFFERS = some.lists(
    some.fixed_dictionaries(
        {
            "effect": EFFECTS,
            "items": some.sampled_from([{}, {"include": {"skus": ["A"]}}]),
            "activation": some.sampled_from(["automatic", "code"]),
        }
    ),
    max_size=3,
)


@given(lines=LINES, offers=OFFERS, shipping=AMOUNTS, number=some.integers(0, 10**9))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_sums_agree_to_the_cent(till, lines, offers, shipping, number):
    made = [line(str(at), **fields) for at, fields in enumerate(lines)]
    for at in range(3):
        fields = offers[at] if at < len(offers) else {"status": "archived"}
        till.offer(f"p{at}", **fields)
        path = f"/promotions/p{at}/codes"
        till.api.post(path, {"code": f"CODE{at}"})
    codes = [f"CODE{at}" for at, offer in enumerate(offers) if offer["activation"] == "code"]

    found = till.validate(*made, codes=codes, shipping_amount=shipping, cashback_amount="max")

    rows = found["lines"]
    assert found["subtotal"] == sum(row["quantity"] * row["unit_price"] for row in made)
    assert found["item_discount"] == sum(row["discount"] for row in rows)
    assert found["discount_total"] == found["item_discount"] + found["shipping_discount"]
    assert found["cashback_spent"] == found["shipping_cashback"] + sum(r["cashback"] for r in rows)
    assert found["total"] == found["shipping_total"] + sum(row["total"] for row in rows)
    assert found["total"] == (
        found["subtotal"]
        - found["item_discount"]
        + found["shipping_amount"]
        - found["shipping_discount"]
        - found["cashback_spent"]
    )
    assert [row["line_id"] for row in rows] == [row["line_id"] for row in made]
    for row, asked in zip(rows, made, strict=True):
        assert row["subtotal"] == asked["quantity"] * asked["unit_price"]
        assert row["discount"] == sum(part["amount"] for part in row["discounts"])
        assert row["total"] == row["subtotal"] - row["discount"] - row["cashback"] >= 0
        assert asked["discountable"] or row["discount"] == 0
    taken = {row["promotion_id"]: row["amount"] for row in found["applied"]}
    assert sum(taken.values()) == found["discount_total"]
    by_name = {
        name: sum(
            p["amount"] for row in rows for p in row["discounts"] if p["promotion_id"] == name
        )
        for name in taken
    }
    assert sum(by_name.values()) == found["item_discount"]
    off_shipping = [amount - by_name[name] for name, amount in taken.items()]
    assert min(off_shipping, default=0) >= 0
    assert sum(off_shipping) == found["shipping_discount"] <= shipping
    assert {gift["promotion_id"] for gift in found["gifts"]} <= {
        name for name, amount in taken.items() if amount == 0
    }
    assert found["best"] is True
    assert {row["promotion_id"] for row in found["codes"] if row["status"] == "applied"} <= set(
        taken
    )


def test_a_thousand_lines_and_ten_thousand_units_are_priced(till):
    till.offer("tenth", activation="automatic", effect={"kind": "percentage", "percent": "10"})

    found = till.validate(*(line(str(at), quantity=10) for at in range(1000)))

    assert (found["subtotal"], found["total"], found["best"]) == (10**7, 9 * 10**6, True)


@pytest.mark.parametrize(
    "lines",
    [
        [line(str(at)) for at in range(1001)],
        [line(quantity=10_001)],
        [line("1", quantity=10_000), line("2")],
    ],
    ids=["1,001 lines", "10,001 units of one line", "10,001 units of two"],
)
def test_more_is_refused_everywhere(till, lines):
    held = till.reserve()
    body = cart(*lines)
    answers = [
        till.api.post("/checkout/validate", body),
        till.api.post("/checkout/reservations", body),
        till.api.post("/checkout/redemptions", body | {"order_id": "o1"}),
        till.swap(held, *lines),
    ]

    assert {(answer.status, answer["code"]) for answer in answers} == {(413, "cart_too_large")}


@pytest.mark.parametrize("call", ["validate", "reserve", "redeem"])
def test_a_line_id_stands_once(till, call):
    lines = [line("1"), line("2"), line("1")]
    path = {"validate": "validate", "reserve": "reservations", "redeem": "redemptions"}[call]
    body = cart(*lines, **({"order_id": "o1"} if call == "redeem" else {}))

    refused = till.api.post(f"/checkout/{path}", body)

    assert (refused.status, refused["code"]) == (422, "validation_failed")
    assert refused.pointers == ["/lines/2/line_id"]


@pytest.mark.parametrize("asked", [0, "max"])
def test_as_much_cashback_as_there_is_means_none(till, asked):
    for answer in (
        till.validate(cashback_amount=asked),
        till.reserve(cashback_amount=asked),
        till.redeem("o1", cashback_amount=asked),
        till.redeem("o2", cashback_amount=asked, customer=None),
    ):
        assert answer["cashback"] == {
            "spendable": 0,
            "spent": 0,
            "earned": 0,
            "available_at": None,
            "reason": None,
        }
        assert (answer["cashback_spent"], answer["total"]) == (0, 3000)


def test_cashback_that_is_not_there_is_told_by_validate_and_refused_by_the_others(till):
    found = till.validate(cashback_amount=500)
    assert (found["cashback_spent"], found["total"]) == (0, 3000)
    assert found["cashback"]["reason"]["code"] == "cashback_insufficient"

    held = till.reserve()
    for refused in (
        till.reserve(cashback_amount=500),
        till.redeem("o1", cashback_amount=500),
        till.swap(held, cashback_amount=500),
    ):
        assert (refused.status, refused["code"]) == (422, "cashback_insufficient")
        assert refused["cashback"] == found["cashback"]
        assert refused["codes"] == []


def test_more_cashback_than_the_total_is_cut_without_a_reason(till):
    till.offer("all", activation="automatic", effect={"kind": "percentage", "percent": "100"})

    assert till.redeem("o1", cashback_amount=500)["total"] == 0


@pytest.mark.parametrize("asked", [-1, 1.5, "500", "MAX", 10**12 + 1, None])
def test_no_other_cashback_can_be_asked_for(till, asked):
    refused = till.api.post("/checkout/validate", cart(cashback_amount=asked))

    assert (refused.status, refused.pointers) == (422, ["/cashback_amount"])


@pytest.mark.parametrize(
    "pasted",
    ["", " ", "?", "x" * 256, "ä" * 1000, "TEA\x002026", "\x00", "\N{TEACUP WITHOUT HANDLE}\n\t"],
)
def test_whatever_a_shopper_pastes_as_a_code_is_answered(till, pasted):
    """Beside it the others count, and nothing else of the call is in its way."""
    till.offer(code="TEA-2026")

    found = till.validate(codes=[pasted, "tea 2026"])

    assert [(row["code"], row["status"]) for row in found["codes"]] == [
        (pasted, "inapplicable"), ("tea 2026", "applied")
    ]  # fmt: skip
    assert found["codes"][0]["reason"]["code"] == "code_not_valid"
    for call in (till.reserve, lambda **fields: till.redeem(order_id="o1", **fields)):
        refused = call(codes=[pasted])
        assert (refused.status, refused["code"]) == (422, "offers_not_applicable")
        assert refused["codes"][0]["code"] == pasted
    assert till.code("TEA-2026") == (0, 0)


def test_what_is_nearly_reached_least_missing_first(till):
    for name, minimum in {"far": 9000, "near": 3100, "nearer": 3001, "farther": 99999}.items():
        till.offer(name, activation="automatic", conditions={"min_subtotal": minimum})
    till.offer("paused", activation="automatic", status="paused")
    till.offer("elsewhere", activation="automatic", conditions={"channels": ["app"]})
    till.offer("secret", code="SECRET-1", conditions={"min_subtotal": 3002})

    found = till.validate(language="de")["nearly"]
    told = till.validate(codes=["SECRET-1"])["nearly"]

    assert [row["promotion_id"] for row in found] == ["nearer", "near", "far"]
    assert found[0] == {
        "promotion_id": "nearer",
        # Without a title it says what it does: names are the shop's own affair.
        "title": "3\xa0€ Rabatt auf die ganze Bestellung",
        "reason": {
            "code": "min_order_not_met",
            "title": "Die Bestellung ist noch etwas zu klein.",
            "detail": "Ab 30,01\xa0€ gilt diese Aktion; es fehlen noch 0,01\xa0€.",
            "params": {"required": 3001, "current": 3000, "missing": 1},
        },
    }
    assert [row["promotion_id"] for row in told] == ["nearer", "secret", "near"]


def test_titles_are_told_in_the_callers_language(till):
    title = {"de": "3 € auf Tee", "en": "3 € off tea"}
    till.offer(code="TEA-2026", title=title)

    for language, text in title.items():
        assert till.validate(codes=["TEA-2026"], language=language)["applied"] == [
            {"promotion_id": "tea", "code": "TEA-2026", "title": text, "amount": 300}
        ]


@pytest.mark.parametrize(
    "codes", [[], ["TEA-2026"], ["TEA-2026", *(f"MORE-{at}" for at in range(20))]], ids=len
)
def test_validate_takes_four_statements_at_most(till, django_assert_max_num_queries, codes):
    """The key, the facts, the segments and the decision; for a wrong guess more."""
    till.api.put("/customers/ada", {})
    till.api.put("/segments/regulars", {"name": "Regulars", "kind": "static"})
    till.api.put("/segments/regulars/members", {"customer_ids": ["ada"]})
    till.offer(code="TEA-2026", audience={"segments": ["regulars"]}, limits={"per_customer": 1})
    for at in range(10):
        till.offer(f"more-{at}", code=f"MORE-{at}", limits={"per_customer": 1})
    till.validate()

    with django_assert_max_num_queries(4):
        till.validate(codes=codes)
