"""The answer for a cart, in the shape of `POST /checkout/validate`."""

from tests.reference import codes
from tests.reference.choosing import Combination, best, combinations, order_of_work
from tests.reference.effects import Offer, offer_of
from tests.reference.paying import PaidWithCashback, pay_with_cashback
from tests.reference.reasons import Asked, reasons
from tests.reference.units import Json, bill_of, subtotal


def answer(asked: Asked, promotions: dict[str, Json], *, available_cashback: int = 0) -> Json:
    """The cart's price with the best of these promotions (bodies of PUT, by id).

    As the contract has it, but that a reason is its code alone; `candidates` and `bonus_cashback`
    are told besides.
    """
    cart = asked.cart
    offers = {name: offer_of(name, body, cart) for name, body in promotions.items()}
    typed = codes.read_codes(asked, offers)
    candidates = sorted(candidates_of(asked, offers, typed), key=order_of_work)
    chosen = best(
        combinations(
            candidates,
            bill=bill_of(cart),
            budgets={
                offer.promotion_id: left
                for offer in candidates
                if (left := asked.budget_left(offer)) is not None
            },
            earnings=asked.earnings,
        )
    )
    paid = pay_with_cashback(
        lines=[chosen.bill.of_line(at) for at in range(len(cart["lines"]))],
        shipping=chosen.bill.shipping,
        wanted=cart.get("cashback_amount") or 0,
        available=available_cashback,
    )
    by_code = codes.first_usable(typed)
    return {
        **_money(cart, chosen, paid),
        "lines": [_line(at, cart, chosen, paid, by_code) for at in range(len(cart["lines"]))],
        "gifts": [_gift(offer) for offer in chosen.gifts],
        "applied": [
            {**_by(offer, by_code), "amount": taken.amount} for offer, taken in chosen.works
        ],
        "codes": codes.outcome(typed, offers=offers, chosen=chosen.offers),
        # Every combination was tried.
        "best": True,
        "bonus_cashback": chosen.bonus,
        "candidates": [offer.promotion_id for offer in candidates],
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


def _money(cart: Json, chosen: Combination, paid: PaidWithCashback) -> Json:
    shipping = cart.get("shipping_amount") or 0
    off_shipping = sum(taken.shipping for taken in chosen.taken)
    off_items = chosen.discount - off_shipping
    spent = sum(paid.lines) + paid.shipping
    return {
        "currency": cart["currency"],
        "subtotal": subtotal(cart["lines"]),
        "item_discount": off_items,
        "shipping_amount": shipping,
        "shipping_discount": off_shipping,
        "shipping_cashback": paid.shipping,
        "shipping_total": chosen.bill.shipping - paid.shipping,
        "discount_total": off_items + off_shipping,
        "cashback_spent": spent,
        "total": subtotal(cart["lines"]) - off_items + shipping - off_shipping - spent,
    }


def _line(
    at: int,
    cart: Json,
    chosen: Combination,
    paid: PaidWithCashback,
    by_code: dict[str, codes.Typed],
) -> Json:
    line, left = cart["lines"][at], chosen.bill.of_line(at)
    return {
        "line_id": line["line_id"],
        "subtotal": subtotal([line]),
        "discount": subtotal([line]) - left,
        "cashback": paid.lines[at],
        "total": left - paid.lines[at],
        "discounts": [
            {**_by(offer, by_code), "amount": amount}
            for offer, taken in chosen.works
            if (amount := taken.of_line(at))
        ],
    }


def _gift(offer: Offer) -> Json:
    quantity = offer.effect.get("quantity")
    return {
        "sku": offer.effect["sku"],
        "quantity": 1 if quantity is None else quantity,
        "promotion_id": offer.promotion_id,
    }


def _by(offer: Offer, by_code: dict[str, codes.Typed]) -> Json:
    typed = by_code.get(offer.promotion_id)
    return {"promotion_id": offer.promotion_id, "code": None if typed is None else typed.text}
