"""Returns over HTTP: single sentences of the contract. Random steps are in `test_returns_steps`."""

import pytest

from tests.api import DAY, NOON
from tests.checkout.till import line

#: 3 at 10.00 and 1 at 5.00, less 1.00: 0.86 and 0.14 by what they cost.
LINES = [line("a", quantity=3), line("b", sku="CUP", unit_price=500)]
ONE_OFF = {"kind": "fixed_amount", "amount": 100}


@pytest.fixture
def sell(till):
    """Sells the two lines with 1.00 off and 4.95 for shipping, as the order o1."""

    def sell(*more, code="TEA-2026", **fields):
        till.offer(code=code, **{"effect": ONE_OFF, **fields})
        made = till.redeem("o1", *LINES, *more, codes=[code], shipping_amount=495)
        assert made.status == 201, made
        return made

    return sell


def test_the_answer_says_what_goes_back_for_what(till, sell):
    assert [row["discount"] for row in sell()["lines"]] == [86, 14]

    first = till.give_back("o1", "r1", {"a": 2, "b": 1})

    # 86 over three units: 29, 29, 28.
    assert first.status == 201
    assert first.body == {
        "return_id": "r1",
        "order_id": "o1",
        "refund_amount": 971 * 2 + 486,
        "discount_reversed": 29 * 2 + 14,
        "shipping_refunded": 0,
        "cashback_restored": 0,
        "cashback_reversed": 0,
        "cashback_debt": 0,
        "clawback_offset": 0,
        "codes_restored": [],
        "conditions_no_longer_met": [],
        "lines": [
            {"line_id": "a", "quantity": 2, "refund_amount": 1942},
            {"line_id": "b", "quantity": 1, "refund_amount": 486},
        ],
    }
    last = till.give_back("o1", "r2", {"a": 1}, shipping=True)
    assert (last["refund_amount"], last["shipping_refunded"]) == (972 + 495, 495)
    assert (last["discount_reversed"], last["codes_restored"]) == (28, ["TEA-2026"])
    order = till.api.get("/orders/o1")
    assert order["returns"] == [first.body, last.body]
    assert [row["returned_quantity"] for row in order["lines"]] == [3, 1]


def test_a_known_return_gets_its_first_answer(till, sell):
    sell()
    first = till.give_back("o1", "r1", {"a": 1, "b": 1})

    same = till.give_back("o1", "r1", {"b": 1, "a": 1})

    assert (same.status, same.body) == (200, first.body)
    assert "Idempotency-Replayed" not in same.headers
    assert till.api.get("/orders/o1")["lines"][0]["returned_quantity"] == 1


@pytest.mark.parametrize(
    ("units", "shipping"), [({"a": 2}, False), ({"b": 1}, False), ({"a": 1}, True), ({}, True)]
)
def test_a_known_return_of_other_content_is_refused(till, sell, units, shipping):
    sell()
    till.give_back("o1", "r1", {"a": 1})

    other = till.give_back("o1", "r1", units, shipping=shipping)

    assert (other.status, other["code"]) == (409, "return_id_reused")
    assert till.api.get("/orders/o1")["returns"][0]["lines"][0]["quantity"] == 1


def test_a_return_id_belongs_to_its_order(till, sell):
    sell()
    till.redeem("o2", *LINES)

    assert till.give_back("o1", "r1", {"a": 1}).status == 201
    assert till.give_back("o2", "r1", {"a": 2}).status == 201


def test_an_unknown_order_is_not_found(till):
    missing = till.give_back("nowhere", "r1", {"a": 1})

    assert (missing.status, missing["code"]) == (404, "not_found")


def test_a_cancelled_order_gives_nothing_back_but_known_answers(till, sell):
    till.cancel(sell())

    for units, shipping in (({"a": 1}, False), ({}, True), ({"a": 9}, False)):
        refused = till.give_back("o1", "r1", units, shipping=shipping)
        assert (refused.status, refused["code"]) == (409, "state_transition_not_allowed")


@pytest.mark.parametrize(
    ("units", "pointers"),
    [
        ({"a": 4}, ["/lines/0/quantity"]),
        ({"b": 1, "a": 4}, ["/lines/1/quantity"]),
        ({"z": 1}, ["/lines/0/line_id"]),
        ({"a": 10, "b": 10}, ["/lines/0/quantity", "/lines/1/quantity"]),
    ],
    ids=str,
)
def test_more_than_was_bought_is_refused_whole(till, sell, units, pointers):
    sell()

    refused = till.give_back("o1", "r1", units)

    assert (refused.status, refused["code"]) == (422, "return_exceeds_order")
    assert refused.pointers == pointers
    assert till.api.get("/orders/o1")["returns"] == []
    # Its id stays free.
    assert till.give_back("o1", "r1", {"a": 3}).status == 201
    assert till.give_back("o1", "r2", {"a": 1}).status == 422


def test_a_line_that_is_named_twice_counts_together(till, sell):
    sell()
    both = [{"line_id": "a", "quantity": 2}, {"line_id": "a", "quantity": 2}]

    refused = till.api.post("/orders/o1/returns", {"return_id": "r1", "lines": both})
    both[1]["quantity"] = 1
    made = till.api.post("/orders/o1/returns", {"return_id": "r1", "lines": both})

    assert (refused.status, refused["code"]) == (422, "return_exceeds_order")
    assert (made.status, made["refund_amount"]) == (201, 3000 - 86)


def test_shipping_goes_back_once_also_where_there_was_none(till, sell):
    sell()
    till.redeem("free", *LINES)

    for order_id, amount in (("o1", 495), ("free", 0)):
        alone = till.give_back(order_id, "r1", {}, shipping=True)
        assert (alone.status, alone["refund_amount"], alone["lines"]) == (201, amount, [])
        twice = till.give_back(order_id, "r2", {"a": 1}, shipping=True)
        assert (twice.status, twice["code"]) == (422, "return_exceeds_order")
        assert twice.pointers == ["/refund_shipping"]
        assert till.give_back(order_id, "r2", {"a": 1}).status == 201


def test_shipping_does_not_belong_to_what_completes_the_order(till, sell):
    sell()

    assert till.give_back("o1", "r1", {}, shipping=True)["codes_restored"] == []
    assert till.give_back("o1", "r2", {"a": 3, "b": 1})["codes_restored"] == ["TEA-2026"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"return_id": "r1"}, "/lines"),
        ({"return_id": "r1", "lines": []}, "/lines"),
        ({"return_id": "r1", "lines": [{"line_id": "a", "quantity": 0}]}, "/lines/0/quantity"),
        ({"return_id": "r1", "lines": [{"line_id": "a", "quantity": -1}]}, "/lines/0/quantity"),
        ({"return_id": "r1", "lines": [{"line_id": "a", "quantity": 1.5}]}, "/lines/0/quantity"),
        ({"return_id": "r1", "lines": [{"line_id": "a"}]}, "/lines/0/quantity"),
        ({"lines": [{"line_id": "a", "quantity": 1}]}, "/return_id"),
        ({"return_id": "r 1", "lines": [{"line_id": "a", "quantity": 1}]}, "/return_id"),
        ({"return_id": "r1", "refund_shipping": 1}, "/refund_shipping"),
        ({"return_id": "r1", "refund_shiping": True}, "/refund_shiping"),
    ],
    ids=str,
)
def test_what_is_no_return_is_refused_by_the_fields_name(till, sell, body, pointer):
    sell()

    refused = till.api.post("/orders/o1/returns", body)

    assert (refused.status, refused["code"], refused.pointers) == (
        422,
        "validation_failed",
        [pointer],
    )


@pytest.mark.parametrize(("after", "free"), [("restore", True), ("keep", False)])
def test_the_completing_return_gives_back_what_a_cancel_would(till, sell, after, free):
    limits = {"redemptions": 1, "per_customer": 1, "per_code": 1, "discount_budget": 100}
    sell(limits=limits, after_cancel=after)
    again = {"codes": ["TEA-2026"], "customer": "ada"}

    part = till.give_back("o1", "r1", {"a": 3})
    assert (part["codes_restored"], till.why(*LINES, **again)) == ([], "code_already_used")
    last = till.give_back("o1", "r2", {"b": 1})

    assert last["codes_restored"] == (["TEA-2026"] if free else [])
    assert till.why(*LINES, **again) == (None if free else "code_already_used")
    assert till.code("TEA-2026") == ((0, 0) if free else (1, 0))
    # Once: what is used now is not given back by a repeated call.
    if free:
        assert till.redeem("o2", *LINES, **again).status == 201
        assert till.give_back("o1", "r2", {"b": 1}).body == last.body
        assert till.code("TEA-2026") == (1, 0)


def test_an_expired_code_is_given_back_and_stays_expired(till, sell):
    sell(schedule={"ends_at": (NOON + DAY).isoformat()})
    later = NOON + 2 * DAY

    back = till.give_back("o1", "r1", {"a": 3, "b": 1}, at=later)

    assert back["codes_restored"] == ["TEA-2026"]
    assert till.why(*LINES, codes=["TEA-2026"], at=later) == "code_expired"


def test_automatic_promotions_come_back_without_a_code(till):
    till.offer("auto", activation="automatic", limits={"redemptions": 1})
    till.redeem("o1", *LINES)
    assert till.validate(*LINES)["applied"] == []

    assert till.give_back("o1", "r1", {"a": 3, "b": 1})["codes_restored"] == []

    assert till.validate(*LINES)["discount_total"] == 300


def test_gifts_that_the_shop_put_in_belong_to_the_order(till, sell):
    sell()
    gift = line("gift", sku="MUG", unit_price=0)
    assert till.put_order("o1", *LINES, gift).status == 200

    assert till.give_back("o1", "r1", {"a": 3, "b": 1})["codes_restored"] == []
    last = till.give_back("o1", "r2", {"gift": 1})

    assert (last["refund_amount"], last["codes_restored"]) == (0, ["TEA-2026"])


def test_promotions_whose_minimum_is_missed_are_named_for_the_shop_to_decide(till):
    contains = [{"include": {"skus": ["CUP"]}}]
    till.offer("three", activation="automatic", conditions={"min_quantity": 4})
    till.offer("big", activation="automatic", conditions={"min_subtotal": 2500})
    till.offer("cup", activation="automatic", conditions={"contains": contains})
    till.offer("any", activation="automatic")
    sold = till.redeem("o1", *LINES)
    assert sold["discount_total"] == 1200

    names = [
        till.give_back("o1", f"r{number}", units)["conditions_no_longer_met"]
        for number, units in enumerate([{"b": 1}, {"a": 1}, {"a": 2}])
    ]

    # Nothing is missed any more once nothing is kept.
    assert names == [["cup", "three"], ["big", "cup", "three"], []]


def test_later_changes_of_the_promotion_alter_nothing(till, sell):
    sell(conditions={"min_subtotal": 3500})
    till.offer(status="archived", effect={"kind": "fixed_amount", "amount": 3000})

    back = till.give_back("o1", "r1", {"a": 3})

    assert (back["refund_amount"], back["discount_reversed"]) == (3000 - 86, 86)
    assert back["conditions_no_longer_met"] == ["tea"]


def test_orders_without_a_redemption_can_be_returned_too(till):
    lines = [{**LINES[0], "discount_amount": 100}, LINES[1]]
    till.put_order("o1", *lines, status="delivered", shipping_amount=495)

    first = till.give_back("o1", "r1", {"a": 2})
    rest = till.give_back("o1", "r2", {"a": 1, "b": 1}, shipping=True)

    assert (first["refund_amount"], first["discount_reversed"]) == (2000 - 34 - 33, 67)
    assert (rest["refund_amount"], rest["discount_reversed"]) == (1000 - 33 + 500 + 495, 33)
    assert (rest["codes_restored"], rest["conditions_no_longer_met"]) == ([], [])


def test_a_guests_order_comes_back_as_well(till):
    till.offer(code="TEA-2026", limits={"redemptions": 1})
    till.redeem("o1", *LINES, codes=["TEA-2026"], customer=None)

    assert till.give_back("o1", "r1", {"a": 3, "b": 1})["refund_amount"] == 3200
    assert till.code("TEA-2026") == (0, 0)
