"""Reasons of limits: used up, or held by somebody else."""

from tests.api import DAY, NOON
from tests.checkout.reasons.row import Row
from tests.checkout.till import Till

LIMIT_ONE = {"limit": 1}


def used(till: Till) -> None:
    """Ada has used the code once."""
    assert till.redeem("past", codes=["TEA-2026"], at=NOON - DAY).status == 201


def used_by_bob(till: Till) -> None:
    assert till.redeem("past", codes=["TEA-2026"], customer="bob", at=NOON - DAY).status == 201


def held_by_bob(till: Till) -> None:
    assert till.reserve(codes=["TEA-2026"], customer="bob").status == 201


ROWS = {
    "used personal code": Row(
        reason="code_already_used", codes=["ADAS-OWN"], params=LIMIT_ONE,
        before=lambda till: (
            till.issue("ADAS-OWN", customer_id="ada"),
            till.redeem("past", codes=["ADAS-OWN"]),
        ),
        english="It could be used once.", german="Er war einmal einlösbar.",
    ),
    "code used twice of two": Row(
        reason="code_already_used", code={"max_redemptions": 2}, params={"limit": 2},
        before=lambda till: (used(till), till.redeem("past2", codes=["TEA-2026"])),
        english="It could be used 2 times.", german="Er war 2-mal einlösbar.",
    ),
    "once per code": Row(
        reason="code_already_used", offer={"limits": {"per_code": 1}}, params=LIMIT_ONE,
        before=used_by_bob,
        english="It could be used once.", german="Er war einmal einlösbar.",
    ),
    "once per customer": Row(
        reason="customer_limit_reached", offer={"limits": {"per_customer": 1}}, before=used,
        params=LIMIT_ONE,
        english="Each account can use it once.", german="Sie gilt einmal pro Konto.",
    ),
    "once for all": Row(
        reason="usage_limit_reached", offer={"limits": {"redemptions": 1}}, before=used_by_bob,
        params=LIMIT_ONE,
        english="Others were faster: all its uses are taken.",
        german="Andere waren schneller: Alle Einlösungen sind vergeben.",
    ),
    "two more cents than are left": Row(
        reason="budget_exhausted", offer={"limits": {"discount_budget": 598}}, before=used_by_bob,
        english="What the shop had set aside for it is not enough for this cart.",
        german="Was dafür vorgesehen war, reicht für diesen Warenkorb nicht mehr.",
    ),
    **{
        f"held: {limit}": Row(
            reason="held_by_other_checkout", offer={"limits": {limit: most}}, before=before,
            english="It may be free again in a few minutes.",
            german="In ein paar Minuten ist sie vielleicht wieder frei.",
        )
        for limit, most, before in [
            ("per_code", 1, held_by_bob),
            ("per_customer", 1, lambda till: till.reserve(codes=["TEA-2026"])),
            ("redemptions", 1, held_by_bob),
            ("discount_budget", 598, held_by_bob),
        ]
    },
}  # fmt: skip
