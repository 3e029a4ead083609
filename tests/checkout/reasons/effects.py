"""Reasons that only some kinds of effect can give: what they need, spend, leave and count."""

from typing import Any

from tests.checkout.reasons.limits import held_by_bob, used_by_bob
from tests.checkout.reasons.row import Row
from tests.checkout.till import Till, line
from tests.promotions.effects import (
    bonus_cashback,
    bundle_price,
    buy_x_get_y,
    fixed_price,
    free_shipping,
    gift,
    tiered,
)

SHIPPED = {"shipping_amount": 495}
CUPS = {"include": {"skus": ["CUP"]}}
EXCLUSIVE = {"stacking": {"exclusive": True}}
GROUP = {"stacking": {"group": "g"}}
TEA_AND_CUP = [line(quantity=3), line("2", sku="CUP", categories=[])]


def shipping_given_to_bob(till: Till) -> None:
    """4.95 of the budget are spent on shipping."""
    till.offer(effect=free_shipping())
    assert till.redeem("past", codes=["TEA-2026"], customer="bob", **SHIPPED).status == 201


def no_effect(effect: dict[str, Any], **more: Any) -> Row:
    return Row(
        reason="no_effect", offer={"effect": effect}, **more,
        english="It gives nothing for this cart, and has not been used up.",
        german="Für diesen Warenkorb bringt sie nichts, und sie wird nicht verbraucht.",
    )  # fmt: skip


def budget(reason: str, left_over: dict[str, Any], before: Any, **cart: Any) -> Row:
    sentences = {
        "budget_exhausted": (
            "What the shop had set aside for it is not enough for this cart.",
            "Was dafür vorgesehen war, reicht für diesen Warenkorb nicht mehr.",
        ),
        "held_by_other_checkout": (
            "It may be free again in a few minutes.",
            "In ein paar Minuten ist sie vielleicht wieder frei.",
        ),
    }
    english, german = sentences[reason]
    return Row(
        reason=reason, offer=left_over, before=before, cart=cart, english=english, german=german
    )


def cannot_combine(other: dict[str, Any], **own: Any) -> Row:
    """Beside another promotion whose code is given too."""
    return Row(
        reason="cannot_combine", status="skipped", codes=["TEA-2026", "OTHER"], cart=SHIPPED,
        before=lambda till: till.offer("other", code="OTHER", **other), offer=own,
        english="It does not go with the offers in the cart, and stays unused.",
        german="Sie passt nicht zu den Aktionen im Warenkorb und bleibt ungenutzt.",
    )  # fmt: skip


def better_offer(other: dict[str, Any], **own: Any) -> Row:
    return Row(
        reason="better_offer_applied", status="skipped", codes=["TEA-2026", "OTHER"], cart=SHIPPED,
        before=lambda till: till.offer("other", code="OTHER", **other), offer=own,
        lines=TEA_AND_CUP,
        english="A better one has been applied; this one stays unused.",
        german="Ein günstigeres wurde angewendet; dieses bleibt ungenutzt.",
    )  # fmt: skip


ROWS = {
    **{
        f"a guest, and bonus cashback of {effect}": Row(
            reason="sign_in_required", offer={"effect": effect}, cart={"customer": None},
            english="This offer is for customers with an account.",
            german="Diese Aktion ist für Kundinnen und Kunden mit Konto.",
        )
        for effect in (bonus_cashback(amount=500), bonus_cashback(multiplier="2"))
    },
    "at this price already": no_effect(fixed_price(1000)),
    "three for as much already": no_effect(bundle_price(3, 3000)),
    "no four to bundle": no_effect(bundle_price(4, 0)),
    "no four to buy and get": no_effect(buy_x_get_y(3, 1)),
    "nothing on the get side": no_effect(buy_x_get_y(1, 1, get_items=CUPS)),
    "the get side may not be discounted": no_effect(
        buy_x_get_y(1, 1, get_items=CUPS),
        lines=[line(quantity=3), line("2", sku="CUP", discountable=False)],
    ),
    "no tier is reached by money": no_effect(tiered({3001: "10", 9000: "20"})),
    "no tier is reached by units": no_effect(tiered({4: 100}, by="quantity", on="unit")),
    "no shipping": no_effect(free_shipping()),
    "shipping as cheap already": no_effect(free_shipping(shipping_price=495), cart=SHIPPED),
    "a tenth of a cent off shipping": no_effect(
        free_shipping(percent="0.0202"), cart=SHIPPED
    ),
    "no rules that earn": no_effect(bonus_cashback(multiplier="2")),
    **{
        f"nothing takes part: {effect['kind']}": Row(
            reason="no_qualifying_items", offer={"effect": effect, "items": CUPS}, cart=SHIPPED,
            english="Nothing in the cart takes part in this offer.",
            german="Nichts im Warenkorb nimmt an dieser Aktion teil.",
        )
        for effect in (free_shipping(), gift(), bonus_cashback(amount=500))
    },
    "a cent too little for the shipping": budget(
        "budget_exhausted",
        {"effect": free_shipping(), "limits": {"discount_budget": 300 + 494}},
        used_by_bob, **SHIPPED,
    ),
    "spent on shipping": budget(
        "budget_exhausted", {"limits": {"discount_budget": 495 + 299}}, shipping_given_to_bob
    ),
    "held, so a cent too little for the shipping": budget(
        "held_by_other_checkout",
        {"effect": free_shipping(), "limits": {"discount_budget": 300 + 494}},
        held_by_bob, **SHIPPED,
    ),
    "for shipping and items, three times too much": budget(
        "budget_exhausted",
        {"effect": buy_x_get_y(2, 1), "limits": {"discount_budget": 300 + 999}},
        used_by_bob,
    ),
    "free shipping beside an exclusive": cannot_combine(
        {"effect": fixed_price(500), **EXCLUSIVE}, effect=free_shipping()
    ),
    "an exclusive gift beside more": cannot_combine(
        {"effect": fixed_price(500)}, effect=gift(), **EXCLUSIVE
    ),
    "a gift of the same group": cannot_combine(
        {"effect": gift("POT", 900), **GROUP}, effect=gift(), **GROUP
    ),
    "a bonus of the same group as free shipping": cannot_combine(
        {"effect": free_shipping(), **GROUP}, effect=bonus_cashback(amount=900), **GROUP
    ),
    "shipping that is free already": better_offer(
        {"effect": free_shipping()}, effect=free_shipping(percent="50")
    ),
    "the units are counted": better_offer(
        {"effect": buy_x_get_y(2, 1)}, effect=bundle_price(2, 1600)
    ),
    "nothing left of the tea, so no bonus on it": better_offer(
        {"effect": fixed_price(0), "items": {"include": {"skus": ["TEA"]}}},
        effect=bonus_cashback(amount=500), items={"include": {"skus": ["TEA"]}},
    ),
}  # fmt: skip
