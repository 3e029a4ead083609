"""Which lines a promotion is for."""

from tests.reference.units import Json


def chosen_by(selection: Json, line: Json) -> bool:
    """Any-of across the lists of one selection."""
    return (
        line["sku"] in selection.get("skus", [])
        or line.get("brand") in selection.get("brands", [])
        or any(name in selection.get("categories", []) for name in line.get("categories", []))
        or any(name in selection.get("tags", []) for name in line.get("tags", []))
    )


def included(items: Json, line: Json) -> bool:
    """ "`include` is any-of across its lists, and empty means every line." """
    include = items.get("include") or {}
    return not any(include.values()) or chosen_by(include, line)


def matches(items: Json, line: Json) -> bool:
    """The line matches `items`, discountable or not."""
    if not included(items, line):
        return False
    # "`exclude` wins over `include`"
    if chosen_by(items.get("exclude") or {}, line):
        return False
    # "`skip_reduced` leaves out lines whose `list_price` is above `unit_price`"
    list_price = line.get("list_price")
    if items.get("skip_reduced") and list_price is not None and list_price > line["unit_price"]:
        return False
    # "`min_unit_price` and `max_unit_price` are inclusive"
    low, high = items.get("min_unit_price"), items.get("max_unit_price")
    return (low is None or line["unit_price"] >= low) and (
        high is None or line["unit_price"] <= high
    )


def eligible_lines(items: Json | None, cart: Json) -> list[int]:
    """ "The `discountable` lines that match `items`", by their place in the cart."""
    return [
        at
        for at, line in enumerate(cart["lines"])
        if line.get("discountable", True) and matches(items or {}, line)
    ]
