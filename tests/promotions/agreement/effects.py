"""Effects of all nine kinds, as the contract has them."""

from functools import cache

from hypothesis import strategies as st

from tests.promotions.agreement.amounts import PERCENTS, Money, picked
from tests.promotions.agreement.items import ITEMS

KINDS = [
    "percentage",
    "fixed_amount",
    "fixed_price",
    "bundle_price",
    "buy_x_get_y",
    "tiered",
    "free_shipping",
    "gift",
    "bonus_cashback",
]
MONEY_FIELDS = {"amount", "price", "max_discount", "shipping_price", "unit_price"}


@cache
def effects(money: Money) -> dict[str, st.SearchStrategy]:
    """By kind."""
    return {
        "percentage": _percentage(money),
        "fixed_amount": _fixed_amount(money),
        "fixed_price": _of("fixed_price", price=money.prices),
        "bundle_price": _of(
            "bundle_price",
            quantity=st.sampled_from([2, 3, 2, 4]),
            price=money.prices | money.amounts,
            optional={"max_applications": st.integers(1, 2)},
        ),
        "buy_x_get_y": _buy_x_get_y(get_items=ITEMS)
        | _buy_x_get_y(get_items=ITEMS)
        | _buy_x_get_y(),
        "tiered": _tiered(money),
        "free_shipping": _free_shipping(money),
        "gift": _of(
            "gift",
            sku=st.just("MUG"),
            unit_price=money.amounts,
            optional={"quantity": st.integers(1, 3)},
        ),
        "bonus_cashback": _of("bonus_cashback", amount=money.amounts)
        | _of("bonus_cashback", multiplier=st.sampled_from(["2", "1.5", "1.25"])),
    }


def _of(kind: str, *, optional=None, **fields: st.SearchStrategy) -> st.SearchStrategy:
    return st.fixed_dictionaries({"kind": st.just(kind), **fields}, optional=optional)


def _buy_x_get_y(**get_items: st.SearchStrategy) -> st.SearchStrategy:
    return _of(
        "buy_x_get_y",
        buy_quantity=st.sampled_from([1, 2, 1, 3]),
        get_quantity=st.sampled_from([1, 1, 2]),
        optional={"percent": PERCENTS, "max_applications": st.integers(1, 3)},
        **get_items,
    )


def _percentage(money: Money) -> st.SearchStrategy:
    return _of(
        "percentage",
        percent=PERCENTS,
        optional={
            "on": st.sampled_from(["lines", "order"]),
            "max_discount": st.none() | money.amounts,
        },
    )


def _fixed_amount(money: Money) -> st.SearchStrategy:
    return _of(
        "fixed_amount",
        amount=money.amounts,
        optional={"on": st.sampled_from(["order", "line", "unit"])},
    ) | _of(
        "fixed_amount",
        amount=money.amounts,
        on=st.just("unit"),
        optional={"max_units": st.integers(1, 6)},
    )


_QUANTITIES = st.integers(1, 8)


@cache
def _steps(of: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(of, min_size=2, max_size=3, unique=True)


@st.composite
def _tiered(draw, money: Money):
    """Of one sort: percent or amount; each `from` once, rising."""
    by = draw(picked(("quantity", "subtotal")))
    reached = sorted(draw(_steps(money.totals if by == "subtotal" else _QUANTITIES)))
    if draw(st.booleans()):
        name, values, places = "percent", PERCENTS, ("order", "lines")
    else:
        name, values, places = "amount", money.amounts, ("order", "line", "unit")
    effect = {
        "kind": "tiered",
        "by": by,
        "tiers": [{"from": start, name: draw(values)} for start in reached],
        "on": draw(picked(places)),
    }
    if name == "percent" and draw(st.booleans()):
        effect["max_discount"] = draw(money.amounts)
    return effect


def _free_shipping(money: Money) -> st.SearchStrategy:
    capped = {"max_discount": money.amounts}
    return (
        _of("free_shipping", optional=capped)
        | _of("free_shipping", shipping_price=money.prices, optional=capped)
        | _of("free_shipping", percent=PERCENTS, optional=capped)
    )
