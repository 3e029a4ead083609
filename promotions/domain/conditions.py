"""What a promotion asks of the lines: something eligible, enough of it, and what must lie beside.

All conditions look at the cart as it came, never at discounted amounts.
"""

from collections.abc import Iterator, Sequence

from common.cart import CartLine
from common.items import ItemLists
from promotions.domain.offer import Offer, RequiredItems
from promotions.domain.refusal import Reason, Refusal, RuleCheck

#: Names of each list that are shown of items that are missing; a list may hold 50,000.
MAX_NAMES_SHOWN = 20


_NO_QUALIFYING_ITEMS = RuleCheck("items", Refusal(Reason.NO_QUALIFYING_ITEMS), 0, 1)


def item_check(*, eligible: Sequence[int], is_about_cart: bool) -> RuleCheck:
    """Whether any line is eligible, and if not, whether `include` or something else is to blame."""
    if eligible:
        return RuleCheck("items", None, len(eligible), 1)
    if is_about_cart:
        return RuleCheck("items", Refusal(Reason.EXCLUDED_ITEMS_ONLY), 0, 1)
    return _NO_QUALIFYING_ITEMS


def amount_checks(
    offer: Offer, *, lines: Sequence[CartLine], eligible: Sequence[int], subtotal: int
) -> Iterator[RuleCheck]:
    """What more of the lines can mend: `contains`, `min_quantity`, `min_subtotal`; then too much."""
    if offer.contains:
        yield _contains(offer.contains, lines)
    if offer.min_quantity is not None:
        units = sum(lines[line].quantity for line in eligible)
        yield _at_least("min_quantity", Reason.MIN_QUANTITY_NOT_MET, units, offer.min_quantity)
    if offer.min_subtotal is not None:
        yield _at_least("min_subtotal", Reason.MIN_ORDER_NOT_MET, subtotal, offer.min_subtotal)
    if offer.max_subtotal is not None:
        refusal = None
        if subtotal > offer.max_subtotal:
            params: dict[str, object] = {"maximum": offer.max_subtotal, "current": subtotal}
            refusal = Refusal(Reason.MAX_ORDER_EXCEEDED, params)
        yield RuleCheck("max_subtotal", refusal, subtotal, offer.max_subtotal)


def _at_least(rule: str, reason: Reason, current: int, required: int) -> RuleCheck:
    refusal = None
    if current < required:
        refusal = Refusal(
            reason, {"required": required, "current": current, "missing": required - current}
        )
    return RuleCheck(rule, refusal, current, required)


def _contains(entries: Sequence[RequiredItems], lines: Sequence[CartLine]) -> RuleCheck:
    states = [_entry_state(entry, lines) for entry in entries]
    missing = [state for state in states if state["missing_quantity"] or state["missing_amount"]]
    refusal = Refusal(Reason.REQUIRED_ITEMS_MISSING, {"missing": missing}) if missing else None
    return RuleCheck(
        "contains",
        refusal,
        [[state["current_quantity"], state["current_amount"]] for state in states],
        [[state["required_quantity"], state["required_amount"]] for state in states],
    )


def _entry_state(entry: RequiredItems, lines: Sequence[CartLine]) -> dict[str, object]:
    """What one entry asks for and what the cart has; amounts are null where none is asked for."""
    found = [line for line in lines if entry.selection.selects(line)]
    units = sum(line.quantity for line in found)
    amount = None if entry.min_amount is None else sum(line.subtotal for line in found)
    return {
        "include": _names(entry.include),
        "exclude": _names(entry.exclude),
        "required_quantity": entry.min_quantity,
        "current_quantity": units,
        "missing_quantity": max(entry.min_quantity - units, 0),
        "required_amount": entry.min_amount,
        "current_amount": amount,
        "missing_amount": None
        if entry.min_amount is None or amount is None
        else max(entry.min_amount - amount, 0),
    }


def _names(lists: ItemLists) -> dict[str, list[str]]:
    named = {
        "skus": lists.skus,
        "categories": lists.categories,
        "brands": lists.brands,
        "tags": lists.tags,
    }
    return {name: names[:MAX_NAMES_SHOWN] for name, names in named.items() if names}
