"""The answer for a cart, in the shape of `POST /checkout/validate`."""

from tests.reference import codes
from tests.reference.choosing import Combination, best, combinations
from tests.reference.effects import Offer, offer_of
from tests.reference.paying import pay_with_cashback
from tests.reference.reasons import Asked, reasons
from tests.reference.units import Json, bill_of, subtotal


def answer(asked: Asked, promotions: dict[str, Json], *, available_cashback: int = 0) -> Json:
    """The cart's price with the best of these promotions (bodies of PUT, by id)."""
    offers = {name: offer_of(name, body, asked.cart) for name, body in promotions.items()}
    typed = codes.read_codes(asked, offers)
    candidates = candidates_of(asked, offers, typed)
    budgets = {
        offer.promotion_id: left
        for offer in candidates
        if (left := asked.budget_left(offer)) is not None
    }
    chosen = best(
        combinations(candidates, bill=bill_of(asked.cart), budgets=budgets, earnings=asked.earnings)
    )
    return {
        **_money(asked.cart, chosen, available_cashback),
        **_promotions(chosen, codes.first_usable(typed)),
        "codes": codes.outcome(typed, offers=offers, chosen=chosen.offers),
        "bonus_cashback": chosen.bonus,
        "candidates": sorted(offer.promotion_id for offer in candidates),
        # Every combination was tried.
        "best": True,
    }


def candidates_of(asked: Asked, offers: dict[str, Offer], typed: list[codes.Typed]) -> list[Offer]:
    """ "The active automatic promotions and the promotions of the codes given, as far as their
    conditions, audience, schedule and limits hold and they have an effect on this cart alone." """
    by_code = codes.first_usable(typed)
    return [
        offer
        for promotion_id, offer in offers.items()
        if promotion_id in by_code
        or (
            offer.promotion.get("activation", "code") == "automatic"
            and next(reasons(offer, None, asked), None) is None
        )
    ]


def _money(cart: Json, chosen: Combination, available_cashback: int) -> Json:
    shipping = cart.get("shipping_amount") or 0
    off_shipping = sum(taken.shipping for taken in chosen.taken)
    off_items = chosen.discount - off_shipping
    left = [chosen.bill.of_line(at) for at in range(len(cart["lines"]))]
    paid = pay_with_cashback(
        lines=left,
        shipping=chosen.bill.shipping,
        wanted=cart.get("cashback_amount") or 0,
        available=available_cashback,
    )
    spent = sum(paid.lines) + paid.shipping
    return {
        "subtotal": subtotal(cart["lines"]),
        "item_discount": off_items,
        "shipping_amount": shipping,
        "shipping_discount": off_shipping,
        "shipping_cashback": paid.shipping,
        "shipping_total": chosen.bill.shipping - paid.shipping,
        "discount_total": off_items + off_shipping,
        "cashback_spent": spent,
        "total": subtotal(cart["lines"]) - off_items + shipping - off_shipping - spent,
        "lines": [
            {
                "line_id": line["line_id"],
                "subtotal": subtotal([line]),
                "discount": subtotal([line]) - left[at],
                "cashback": paid.lines[at],
                "total": left[at] - paid.lines[at],
            }
            for at, line in enumerate(cart["lines"])
        ],
    }


def _promotions(chosen: Combination, by_code: dict[str, codes.Typed]) -> Json:
    """What each promotion took, by its id: in all, and from which lines."""
    pairs = list(zip(chosen.offers, chosen.taken, strict=True))

    def code_of(offer: Offer) -> str | None:
        typed = by_code.get(offer.promotion_id)
        return None if typed is None else typed.text

    return {
        "applied": {
            offer.promotion_id: {"code": code_of(offer), "amount": taken.amount}
            for offer, taken in pairs
        },
        "line_discounts": {
            (offer.promotion_id, line): amount
            for offer, taken in pairs
            for line in offer.lines
            if (amount := sum(off for unit, off in taken.units.items() if unit.line == line))
        },
        "gifts": {
            offer.promotion_id: (offer.effect["sku"], offer.effect.get("quantity") or 1)
            for offer in chosen.gifts
        },
    }
