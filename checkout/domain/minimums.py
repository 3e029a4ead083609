"""What an order's offers needed of its lines, kept so that a return can be held against it."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from common.cart import Cart, CartLine
from promotions.domain.offer import Offer
from promotions.domain.quote import Quote


class RequiredLines(Struct, frozen=True):
    """Among these lines, so many units and so much subtotal (minor units; null: no matter)."""

    line_ids: list[str]
    min_quantity: int
    min_amount: int | None


class Minimum(Struct, frozen=True):
    """The minimums of one promotion that an order was given."""

    promotion_id: str
    min_subtotal: int | None
    #: Units that the eligible lines must hold together.
    eligible: RequiredLines | None
    contains: list[RequiredLines]


def minimums_of(quote: Quote, cart: Cart) -> list[Minimum]:
    """The minimums of the chosen promotions, by the definitions of this moment."""
    chosen = [quote.choice.candidates[at] for at in quote.choice.chosen.members]
    return [
        _minimum(case.offer, [cart.lines[at] for at in case.eligible], cart.lines)
        for case in chosen
        if _asks_for_anything(case.offer)
    ]


def no_longer_met(minimums: Sequence[Minimum], kept: Mapping[str, tuple[int, int]]) -> list[str]:
    """Promotions whose minimum the kept units miss; `kept` is line_id → units, unit price."""
    subtotal = sum(units * price for units, price in kept.values())
    return sorted(
        minimum.promotion_id
        for minimum in minimums
        if (minimum.min_subtotal is not None and subtotal < minimum.min_subtotal)
        or (minimum.eligible is not None and not _is_met(minimum.eligible, kept))
        or not all(_is_met(entry, kept) for entry in minimum.contains)
    )


def _asks_for_anything(offer: Offer) -> bool:
    return offer.min_subtotal is not None or offer.min_quantity is not None or bool(offer.contains)


def _minimum(offer: Offer, eligible: Sequence[CartLine], lines: Sequence[CartLine]) -> Minimum:
    return Minimum(
        promotion_id=offer.promotion_id,
        min_subtotal=offer.min_subtotal,
        eligible=None
        if offer.min_quantity is None
        else RequiredLines([line.line_id for line in eligible], offer.min_quantity, None),
        contains=[
            RequiredLines(
                [line.line_id for line in lines if entry.selection.selects(line)],
                entry.min_quantity,
                entry.min_amount,
            )
            for entry in offer.contains
        ],
    )


def _is_met(required: RequiredLines, kept: Mapping[str, tuple[int, int]]) -> bool:
    found = [kept[line_id] for line_id in required.line_ids if line_id in kept]
    if sum(units for units, _ in found) < required.min_quantity:
        return False
    amount = sum(units * price for units, price in found)
    return required.min_amount is None or amount >= required.min_amount
