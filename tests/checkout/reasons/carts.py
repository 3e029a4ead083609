"""Reasons of what lies in the cart, of the choice among offers, and of cashback."""

from typing import Any

from tests.checkout.reasons.row import Row
from tests.checkout.till import Till, line

CUPS = {
    "include": {"skus": ["CUP"]},
    "exclude": {},
    "required_quantity": 2,
    "current_quantity": 0,
    "missing_quantity": 2,
    "required_amount": None,
    "current_amount": None,
    "missing_amount": None,
}
TEA_MONEY = {
    "include": {"categories": ["tea"]},
    "exclude": {"skus": ["X"]},
    "required_quantity": 1,
    "current_quantity": 3,
    "missing_quantity": 0,
    "required_amount": 5000,
    "current_amount": 3000,
    "missing_amount": 2000,
}


def better_offer(till: Till) -> None:
    till.offer("better", code="BETTER", stacking={"group": "g"}, effect=amount(600))


def more_codes(till: Till) -> None:
    for number in range(10):
        till.issue(f"TEA-200{number}")


def amount(minor: int) -> dict[str, Any]:
    return {"kind": "fixed_amount", "amount": minor}


ROWS = {
    "nothing of it": Row(
        reason="no_qualifying_items", offer={"items": {"include": {"skus": ["CUP"]}}},
        english="Nothing in the cart takes part in this offer.",
        german="Nichts im Warenkorb nimmt an dieser Aktion teil.",
    ),
    **{
        f"excluded: {why}": Row(
            reason="excluded_items_only", offer={"items": items}, lines=lines,
            english="This offer leaves out what is in the cart, such as reduced items.",
            german=(
                "Diese Aktion nimmt aus, was im Warenkorb liegt, zum Beispiel reduzierte Artikel."
            ),
        )
        for why, items, lines in [
            ("by name", {"exclude": {"categories": ["tea"]}}, ()),
            ("reduced", {"skip_reduced": True}, [line(list_price=1001)]),
            ("too cheap", {"min_unit_price": 1001}, ()),
            ("too dear", {"max_unit_price": 999}, ()),
            ("not discountable", {}, [line(discountable=False)]),
        ]
    },
    "two cups": Row(
        reason="required_items_missing",
        offer={"conditions": {"contains": [{"include": {"skus": ["CUP"]}, "min_quantity": 2}]}},
        params={"missing": [CUPS]},
        english="Still missing: 2 × CUP.", german="Es fehlt noch: 2 × CUP.",
    ),
    "more tea": Row(
        reason="required_items_missing",
        offer={"conditions": {"contains": [
            {"include": {"categories": ["tea"]}, "exclude": {"skus": ["X"]}, "min_amount": 5000}
        ]}},
        params={"missing": [TEA_MONEY]},
        english="Still missing: tea for 20.00 € more.",
        german="Es fehlt noch: tea für weitere 20,00 €.",
    ),
    "five items": Row(
        reason="min_quantity_not_met", offer={"conditions": {"min_quantity": 5}},
        params={"required": 5, "current": 3, "missing": 2},
        english="From 5 items this offer applies; 2 more to go.",
        german="Ab 5 Artikeln gilt diese Aktion; es fehlen noch 2.",
    ),
    "four items": Row(
        reason="min_quantity_not_met", offer={"conditions": {"min_quantity": 4}},
        params={"required": 4, "current": 3, "missing": 1},
        english="From 4 items this offer applies; one more to go.",
        german="Ab 4 Artikeln gilt diese Aktion; einer fehlt noch.",
    ),
    "too small": Row(
        reason="min_order_not_met", offer={"conditions": {"min_subtotal": 123456}},
        params={"required": 123456, "current": 3000, "missing": 120456},
        english="From 1,234.56 € this offer applies; 1,204.56 € more to go.",
        german="Ab 1.234,56 € gilt diese Aktion; es fehlen noch 1.204,56 €.",
    ),
    "too large": Row(
        reason="max_order_exceeded", offer={"conditions": {"max_subtotal": 2999}},
        params={"maximum": 2999, "current": 3000},
        english="It applies up to 29.99 €; the cart comes to 30.00 €.",
        german="Sie gilt bis 29,99 €; der Warenkorb liegt bei 30,00 €.",
    ),
    "no effect": Row(
        reason="no_effect", offer={"effect": {"kind": "percentage", "percent": "0.0001"}},
        english="It gives nothing for this cart, and has not been used up.",
        german="Für diesen Warenkorb bringt sie nichts, und sie wird nicht verbraucht.",
    ),
    "one of its group": Row(
        reason="cannot_combine", status="skipped", offer={"stacking": {"group": "g"}},
        before=better_offer, codes=["TEA-2026", "BETTER"],
        english="It does not go with the offers in the cart, and stays unused.",
        german="Sie passt nicht zu den Aktionen im Warenkorb und bleibt ungenutzt.",
    ),
    "a second code of the same promotion": Row(
        reason="cannot_combine", status="skipped", codes=["TEA-2026", "TEA-2027"], at=1,
        before=lambda till: till.issue("TEA-2027"),
        english="It does not go with the offers in the cart, and stays unused.",
        german="Sie passt nicht zu den Aktionen im Warenkorb und bleibt ungenutzt.",
    ),
    "another takes all that there is": Row(
        reason="better_offer_applied", status="skipped", codes=["TEA-2026", "ALL-FREE"],
        before=lambda till: till.offer("all", code="ALL-FREE", effect=amount(3000)),
        english="A better one has been applied; this one stays unused.",
        german="Ein günstigeres wurde angewendet; dieses bleibt ungenutzt.",
    ),
    "the eleventh": Row(
        reason="too_many_codes", at=10, promotion_id=None, params={"limit": 10},
        codes=[*(f"TEA-200{number}" for number in range(10)), "TEA-2026"], before=more_codes,
        english="At most 10 codes are looked at; this one was not.",
        german="Höchstens 10 Codes werden geprüft; dieser nicht mehr.",
    ),
    "twice, in two spellings": Row(
        reason="duplicate_code", status="skipped", at=1, promotion_id=None,
        codes=["TEA-2026", "tea 2026"],
        english="It counts once.", german="Er zählt einmal.",
    ),
    "cashback that is not there": Row(
        reason="cashback_insufficient", status="cashback", cart={"cashback_amount": 1},
        params={"spendable": 0},
        english="The account does not hold as much cashback as was to be spent.",
        german="Auf dem Konto ist weniger Cashback, als eingesetzt werden sollte.",
    ),
    "a guest's cashback": Row(
        reason="sign_in_required", status="cashback", params={"spendable": 0},
        cart={"cashback_amount": 1, "customer": None},
        english="Cashback is kept for customers with an account.",
        german="Cashback gibt es für Kundinnen und Kunden mit Konto.",
    ),
}  # fmt: skip
