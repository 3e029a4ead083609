"""When several reasons hold at once, the first of the policy's order is told: over HTTP, by pairs.

Each flaw stands in the way by itself (`reasons/` shows it). Neighbours in the order are paired, and
each flaw with others far below. What was used or held before happened while the offer was still
good. Pairs that cannot hold at once are named in NEVER.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest

from tests.api import DAY, NOON
from tests.checkout.till import Till, merged
from tests.promotions.effects import (
    bonus_cashback,
    bundle_price,
    buy_x_get_y,
    fixed_price,
    free_shipping,
    tiered,
)

YESTERDAY, TOMORROW = (NOON - DAY).isoformat(), (NOON + DAY).isoformat()


@dataclass(frozen=True)
class Flaw:
    """What makes an offer fail for this reason, put over a good one."""

    reason: str
    offer: Mapping[str, Any] = field(default_factory=dict)
    code: Mapping[str, Any] = field(default_factory=dict)
    cart: Mapping[str, Any] = field(default_factory=dict)
    happened: Callable[[Till], object] | None = None
    #: Instead of the shop's own code.
    foreign: bool = False


def use(till: Till) -> None:
    assert till.redeem("past", codes=["TEA-2026"], at=NOON - DAY).status == 201


def hold(till: Till) -> None:
    assert till.reserve(codes=["TEA-2026"], customer="ada").status == 201


#: In the order of rules.md, "Which reason".
ORDER = [
    Flaw("code_not_valid", foreign=True),
    Flaw("code_disabled", code={"status": "disabled"}),
    Flaw("promotion_not_running", offer={"status": "paused"}),
    Flaw("code_not_started", code={"valid_from": TOMORROW}),
    Flaw("code_expired", offer={"schedule": {"ends_at": YESTERDAY}}),
    Flaw(
        "outside_time_window",
        offer={"schedule": {"weekly": [{"days": [3], "from": "08:00", "until": "20:00"}]}},
    ),
    Flaw("currency_not_supported", cart={"currency": "USD"}),
    Flaw("channel_not_eligible", offer={"conditions": {"channels": ["app"]}}),
    Flaw("country_not_eligible", offer={"conditions": {"countries": ["AT"]}}),
    Flaw("payment_method_not_eligible", offer={"conditions": {"payment_methods": ["card"]}}),
    Flaw("shipping_not_eligible", offer={"conditions": {"shipping_methods": ["parcel"]}}),
    Flaw("sign_in_required", offer={"audience": {"registered": True}}, cart={"customer": None}),
    Flaw("customer_not_eligible", offer={"audience": {"registered": True}}),
    Flaw("nth_order_not_met", offer={"conditions": {"nth_order": 9}}),
    Flaw("code_already_used", offer={"limits": {"per_code": 1}}, happened=use),
    Flaw("customer_limit_reached", offer={"limits": {"per_customer": 1}}, happened=use),
    Flaw("usage_limit_reached", offer={"limits": {"redemptions": 1}}, happened=use),
    Flaw("budget_exhausted", offer={"limits": {"discount_budget": 599}}, happened=use),
    Flaw("no_qualifying_items", offer={"items": {"include": {"skus": ["CUP"]}}}),
    Flaw("excluded_items_only", offer={"items": {"exclude": {"skus": ["TEA"]}}}),
    Flaw(
        "required_items_missing",
        offer={"conditions": {"contains": [{"include": {"skus": ["POT"]}}]}},
    ),
    Flaw("min_quantity_not_met", offer={"conditions": {"min_quantity": 4}}),
    Flaw("min_order_not_met", offer={"conditions": {"min_subtotal": 3001}}),
    Flaw("max_order_exceeded", offer={"conditions": {"max_subtotal": 2999}}),
    Flaw("no_effect", offer={"effect": {"kind": "percentage", "percent": "0.0001"}}),
]
#: What takes nothing exhausts no budget; a cart is not too small and too large.
NEVER = {
    ("budget_exhausted", "no_qualifying_items"),
    ("budget_exhausted", "excluded_items_only"),
    ("budget_exhausted", "no_effect"),
    ("min_order_not_met", "max_order_exceeded"),
}
HOPS = (1, 2, 9)
PAIRS = [
    pytest.param(
        ORDER[at], ORDER[at + hop], id=f"{ORDER[at].reason} before {ORDER[at + hop].reason}"
    )
    for hop in HOPS
    for at in range(len(ORDER) - hop)
    if (ORDER[at].reason, ORDER[at + hop].reason) not in NEVER
]


def reason_of(till: Till, *flaws: Flaw) -> str | None:
    """What is told of an offer with all these flaws, once it was good and things happened."""
    till.offer(code="TEA-2026")
    for act in {flaw.happened for flaw in flaws if flaw.happened}:
        act(till)
    till.offer(**merged(*(flaw.offer for flaw in flaws)))
    code = "TEA-2026"
    if any(flaw.foreign for flaw in flaws):
        till.issue(code := "BOBS-OWN", customer_id="bob")
    if terms := merged(*(flaw.code for flaw in flaws)):
        till.change_code(code, **terms)
    return till.why(codes=[code], **merged(*(flaw.cart for flaw in flaws)))


@pytest.mark.parametrize("flaw", [pytest.param(flaw, id=flaw.reason) for flaw in ORDER])
def test_each_flaw_is_one(till, flaw):
    assert reason_of(till, flaw) == flaw.reason


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_of_two_the_first_of_the_order_is_told(till, first, second):
    assert reason_of(till, first, second) == first.reason


def test_all_at_once_the_very_first_is_told(till):
    no_twins = [flaw for flaw in ORDER if flaw.reason != "min_order_not_met"]

    assert reason_of(till, *no_twins) == "code_not_valid"


@pytest.mark.parametrize(
    ("code", "schedule", "reason"),
    [
        ({"valid_until": YESTERDAY}, {"starts_at": TOMORROW}, "code_expired"),
        ({"valid_from": TOMORROW}, {"ends_at": YESTERDAY}, "code_not_started"),
    ],
    ids=["an expired code of a promotion to come", "a code to come of an expired promotion"],
)
def test_the_codes_own_window_goes_before_the_promotions(till, code, schedule, reason):
    flaws = Flaw("", code=code), Flaw("", offer={"schedule": schedule})

    assert reason_of(till, *flaws) == reason


#: Effects that do nothing to three teas at 10.00 without shipping.
IDLE = [
    fixed_price(1000),
    bundle_price(3, 3000),
    buy_x_get_y(3, 1),
    buy_x_get_y(1, 1, get_items={"include": {"skus": ["CUP"]}}),
    tiered({3001: "10"}),
    free_shipping(),
    bonus_cashback(multiplier="2"),
]


@pytest.mark.parametrize("effect", IDLE, ids=lambda effect: effect["kind"])
@pytest.mark.parametrize("first", ["no_qualifying_items", "min_quantity_not_met", None])
def test_that_an_effect_does_nothing_is_told_last(till, effect, first):
    flaws = [flaw for flaw in ORDER if flaw.reason == first]

    assert reason_of(till, *flaws, Flaw("", offer={"effect": effect})) == (first or "no_effect")


GUEST = Flaw(
    "sign_in_required", offer={"effect": bonus_cashback(amount=5)}, cart={"customer": None}
)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ("shipping_not_eligible", "shipping_not_eligible"),
        ("code_already_used", "sign_in_required"),
        ("no_qualifying_items", "sign_in_required"),
    ],
)
def test_a_bonus_asks_guests_to_sign_in_in_its_turn(till, other, told):
    flaws = [flaw for flaw in ORDER if flaw.reason == other]

    assert reason_of(till, GUEST, *flaws) == told


def test_a_budget_too_small_for_the_shipping_comes_before_the_items(till):
    flaws = [flaw for flaw in ORDER if flaw.reason == "required_items_missing"]
    budget = Flaw(
        "",
        offer={"effect": free_shipping(), "limits": {"discount_budget": 494}},
        cart={"shipping_amount": 495},
    )

    assert reason_of(till, budget, *flaws) == "budget_exhausted"


HELD = [
    Flaw("nth_order_not_met", offer={"conditions": {"nth_order": 9}}),
    Flaw("held_by_other_checkout", offer={"limits": {"per_code": 1}}, happened=hold),
    Flaw("no_qualifying_items", offer={"items": {"include": {"skus": ["CUP"]}}}),
]


@pytest.mark.parametrize(("first", "second"), list(pairwise(HELD)), ids=["above", "below"])
def test_a_hold_takes_the_place_of_the_limit_that_it_fills(till, first, second):
    assert reason_of(till, first, second) == first.reason


@pytest.mark.parametrize(
    ("held", "full", "reason"),
    [
        ("per_code", "per_customer", "held_by_other_checkout"),
        ("per_customer", "per_code", "code_already_used"),
        ("per_customer", "redemptions", "held_by_other_checkout"),
        ("redemptions", "per_customer", "customer_limit_reached"),
    ],
)
def test_of_two_limits_the_first_is_told_held_or_full(till, held, full, reason):
    """One use and one hold: a limit of 1 is used up, a limit of 2 is only held."""

    def use_and_hold(till):
        use(till)
        hold(till)

    flaw = Flaw("", offer={"limits": {held: 2, full: 1}}, happened=use_and_hold)

    assert reason_of(till, flaw) == reason
