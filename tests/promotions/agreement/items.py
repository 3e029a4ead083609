"""What is bought, and which of it a promotion is for."""

from functools import cache

from hypothesis import strategies as st

from tests.promotions.agreement.amounts import Money, picked

SELECTIONS = st.sampled_from(
    [
        {"skus": ["A"]},
        {"categories": ["tea"]},
        {"categories": ["cups"]},
        {"brands": ["Kyo"]},
        {"tags": ["new"]},
        {"skus": ["B", "C"], "tags": ["new"]},
        {"skus": ["NOWHERE"]},
    ]
)
#: Without an amount of money.
ITEMS = st.fixed_dictionaries(
    {}, optional={"include": SELECTIONS, "exclude": SELECTIONS, "skip_reduced": st.booleans()}
)
CONTAINED = st.fixed_dictionaries(
    {"include": SELECTIONS},
    optional={"exclude": SELECTIONS, "min_quantity": st.integers(1, 3)},
)


@cache
def priced_items(money: Money) -> st.SearchStrategy:
    """With bounds of the unit's price."""
    return st.fixed_dictionaries(
        {"min_unit_price": money.prices}, optional={"include": SELECTIONS}
    ) | st.fixed_dictionaries({"max_unit_price": money.prices})


@cache
def some_items(money: Money) -> st.SearchStrategy:
    """Of all kinds."""
    return ITEMS | ITEMS | priced_items(money)


@cache
@st.composite
def cart_lines(draw, money: Money, quantities: tuple[int, ...]):
    """One to five lines."""
    lines = []
    for at in range(draw(picked((3, 2, 4, 1, 5)))):
        price = draw(money.prices)
        line = draw(_KINDS_OF_LINE) | {
            "line_id": str(at + 1),
            "quantity": draw(picked(quantities)),
            "unit_price": price,
        }
        if "list_price" in line:
            line["list_price"] += price
        lines.append(line)
    return lines


#: `list_price` is told by what it is above the unit's price.
_KINDS_OF_LINE = st.sampled_from(
    [
        {"sku": "A", "categories": ["tea"]},
        {"sku": "B", "categories": ["tea", "cups"], "brand": "Kyo"},
        {"sku": "C", "categories": ["cups"], "tags": ["new"]},
        {"sku": "D", "brand": "Kyo"},
        {"sku": "A", "categories": ["tea"], "list_price": 5},
        {"sku": "E", "tags": ["new", "last"], "list_price": 0},
        {"sku": "D", "categories": ["cups"], "discountable": False},
    ]
)
