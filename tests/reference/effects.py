"""What each kind of effect takes from what is left: one function a kind."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.reference.counted_units import bundle_price, buy_x_get_y
from tests.reference.eligible import eligible_lines
from tests.reference.units import (
    Bill,
    Json,
    Taken,
    Unit,
    dearest_first,
    percent_of,
    spread,
    subtotal,
    units_of,
)


@dataclass(frozen=True)
class Offer:
    """A promotion beside the cart: its body, its eligible lines, their units dearest first."""

    promotion_id: str
    promotion: Json
    lines: tuple[int, ...]
    units: tuple[Unit, ...]
    #: Of `buy_x_get_y` with `get_items`; null: the same set as `items`.
    get_units: tuple[Unit, ...] | None
    lines_subtotal: int

    @property
    def effect(self) -> Json:
        found: Json = self.promotion["effect"]
        return found

    @property
    def stacking(self) -> Json:
        return self.promotion.get("stacking") or {}

    @property
    def priority(self) -> int:
        found: int = self.stacking.get("priority") or 0
        return found


def offer_of(promotion_id: str, promotion: Json, cart: Json) -> Offer:
    """The promotion beside this cart."""

    def units_among(lines: list[int]) -> tuple[Unit, ...]:
        return tuple(dearest_first(unit for unit in units_of(cart) if unit.line in lines))

    lines = eligible_lines(promotion.get("items"), cart)
    get_items = promotion["effect"].get("get_items")
    return Offer(
        promotion_id=promotion_id,
        promotion=promotion,
        lines=tuple(lines),
        units=units_among(lines),
        get_units=None if get_items is None else units_among(eligible_lines(get_items, cart)),
        lines_subtotal=subtotal(cart["lines"][at] for at in lines),
    )


def work(offer: Offer, bill: Bill) -> Taken:
    """What the promotion takes from the bill; each works on what is remaining."""
    # "Every kind of effect, also `free_shipping`, `gift` and `bonus_cashback`, needs at least one
    # eligible line."
    if not offer.lines:
        return Taken()
    return _KINDS[offer.effect["kind"]](offer, bill)


def _from_lines(offer: Offer, bill: Bill, amounts: list[int]) -> Taken:
    """ "What is taken from lines is spread over each line's units in the same way." """
    taken: dict[Unit, int] = {}
    for line, amount in zip(offer.lines, amounts, strict=True):
        units = [unit for unit in bill.left if unit.line == line]
        shares = spread(amount, [bill.left[unit] for unit in units])
        taken.update(zip(units, shares, strict=True))
    return Taken(units=taken)


def _percentage(offer: Offer, bill: Bill, effect: Json) -> Taken:
    left = [bill.of_line(line) for line in offer.lines]
    most = effect.get("max_discount")
    if effect.get("on", "order") == "lines":
        # "Each eligible line's remaining times the percentage, rounded per line; where their sum
        # is above `max_discount`, `max_discount` is spread in its place."
        amounts = [percent_of(effect["percent"], part) for part in left]
        if most is not None and sum(amounts) > most:
            amounts = spread(most, left)
    else:
        # "The eligible lines' remaining summed, times the percentage, rounded once, at most
        # `max_discount`, then spread over them."
        amount = percent_of(effect["percent"], sum(left))
        amounts = spread(amount if most is None else min(amount, most), left)
    return _from_lines(offer, bill, amounts)


def _fixed_amount(offer: Offer, bill: Bill, effect: Json) -> Taken:
    left = [bill.of_line(line) for line in offer.lines]
    amount, on = effect["amount"], effect.get("on", "order")
    if on == "order":
        # "The amount, at most the eligible remaining, spread."
        return _from_lines(offer, bill, spread(min(amount, sum(left)), left))
    if on == "line":
        # "The amount, at most the line's remaining, for each eligible line."
        return _from_lines(offer, bill, [min(amount, part) for part in left])
    # "The amount, at most the unit's remaining, for each eligible unit; `max_units` limits the
    # units of the whole cart, dearest first."
    units = offer.units[: effect.get("max_units")]
    return Taken(units={unit: min(amount, bill.left[unit]) for unit in units})


def _fixed_price(offer: Offer, bill: Bill) -> Taken:
    """ "Each eligible unit's remaining less `price`, not below zero." """
    price = offer.effect["price"]
    return Taken(units={unit: max(0, bill.left[unit] - price) for unit in offer.units})


def _tiered(offer: Offer, bill: Bill) -> Taken:
    """ "The highest tier whose `from` is reached by the eligible lines' subtotal (or units), then
    as `percentage` or `fixed_amount`." """
    effect = offer.effect
    reached_by = offer.lines_subtotal if effect["by"] == "subtotal" else len(offer.units)
    reached = [tier for tier in effect["tiers"] if tier["from"] <= reached_by]
    if not reached:
        return Taken()
    tier = max(reached, key=lambda one: one["from"])
    if tier.get("percent") is not None:
        return _percentage(offer, bill, effect | {"percent": tier["percent"]})
    return _fixed_amount(offer, bill, effect | {"amount": tier["amount"]})


def _free_shipping(offer: Offer, bill: Bill) -> Taken:
    """ "The shipping remaining, or down to `shipping_price`, or `percent` of it (at most one of the
    two); at most `max_discount`." """
    effect, amount = offer.effect, bill.shipping
    if effect.get("shipping_price") is not None:
        amount = max(0, bill.shipping - effect["shipping_price"])
    elif effect.get("percent") is not None:
        amount = percent_of(effect["percent"], bill.shipping)
    most = effect.get("max_discount")
    return Taken(shipping=amount if most is None else min(amount, most))


def _nothing(offer: Offer, bill: Bill) -> Taken:
    """ "`gift` and `bonus_cashback`, which take nothing from the price." """
    return Taken()


_KINDS: dict[str, Callable[[Offer, Bill], Taken]] = {
    "percentage": lambda offer, bill: _percentage(offer, bill, offer.effect),
    "fixed_amount": lambda offer, bill: _fixed_amount(offer, bill, offer.effect),
    "fixed_price": _fixed_price,
    "bundle_price": lambda offer, bill: bundle_price(offer.effect, offer.units, bill),
    "buy_x_get_y": lambda offer, bill: buy_x_get_y(
        offer.effect, offer.units, offer.get_units, bill
    ),
    "tiered": _tiered,
    "free_shipping": _free_shipping,
    "gift": _nothing,
    "bonus_cashback": _nothing,
}
