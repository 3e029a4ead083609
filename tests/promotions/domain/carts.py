"""Carts and promotions as Hypothesis makes them: small numbers, so that ties and zeros happen."""

from dataclasses import dataclass

from hypothesis import strategies as st

from common.money import parse_percent, percent_of
from tests.promotions import effects as kinds
from tests.promotions.domain.shop import cart, off, offer, percent

CATEGORIES = ["tea", "cups", "books"]
AMOUNTS = st.integers(1, 60) | st.integers(1, 5_000)
PRICES = st.integers(0, 40) | st.integers(0, 3_000)


@st.composite
def lines(draw):
    """(quantity, unit price, category) of one line."""
    quantity = draw(st.integers(1, 4) | st.integers(1, 40))
    unit_price = draw(st.integers(0, 30) | st.integers(0, 3_000))
    fields = {
        "categories": draw(st.lists(st.sampled_from(CATEGORIES), max_size=2, unique=True)),
        "discountable": draw(st.booleans() | st.just(True)),
        "list_price": draw(st.none() | st.just(2_000)),
    }
    return quantity, unit_price, fields


CARTS = st.builds(
    lambda drawn, shipping: cart(*drawn, shipping_amount=shipping),
    st.lists(lines(), min_size=1, max_size=5),
    st.integers(0, 900),
)

PERCENT_TEXTS = st.sampled_from(["0.0001", "3", "10", "12.5", "33.3333", "50", "99.9999", "100"])
CAPS = st.none() | AMOUNTS
ITEMS = st.fixed_dictionaries(
    {},
    optional={
        "include": st.sampled_from(CATEGORIES).map(lambda name: {"categories": [name]}),
        "exclude": st.sampled_from(CATEGORIES).map(lambda name: {"categories": [name]}),
        "skip_reduced": st.booleans(),
        "min_unit_price": st.integers(0, 100),
    },
) | st.builds(dict, max_unit_price=st.integers(0, 100))

PERCENTS = st.builds(percent, PERCENT_TEXTS, st.sampled_from(["order", "lines"]), max_discount=CAPS)
FIXED = st.builds(off, AMOUNTS, st.sampled_from(["order", "line", "unit"])) | st.builds(
    off, AMOUNTS, st.just("unit"), max_units=st.integers(1, 6)
)
FIXED_PRICES = st.builds(kinds.fixed_price, PRICES)
BUNDLES = st.builds(
    kinds.bundle_price,
    st.integers(1, 6),
    PRICES | st.integers(0, 9_000),
    max_applications=st.none() | st.integers(1, 4),
)
RUNS = st.builds(
    kinds.buy_x_get_y,
    st.integers(1, 4),
    st.integers(1, 3),
    percent=PERCENT_TEXTS,
    get_items=st.none() | ITEMS,
    max_applications=st.none() | st.integers(1, 4),
)
_STARTS, _BY = st.integers(0, 20) | st.integers(0, 6_000), st.sampled_from(["subtotal", "quantity"])
TIERS = st.builds(
    kinds.tiered,
    st.dictionaries(_STARTS, PERCENT_TEXTS, min_size=1, max_size=3),
    _BY,
    on=st.sampled_from(["order", "lines"]),
    max_discount=CAPS,
) | st.builds(
    kinds.tiered,
    st.dictionaries(_STARTS, AMOUNTS, min_size=1, max_size=3),
    _BY,
    on=st.sampled_from(["order", "line", "unit"]),
)
SHIPPING = st.builds(
    kinds.free_shipping, shipping_price=st.none() | st.integers(0, 900), max_discount=CAPS
) | st.builds(kinds.free_shipping, percent=PERCENT_TEXTS, max_discount=CAPS)
GIFTS = st.builds(kinds.gift, unit_price=AMOUNTS, quantity=st.integers(1, 3))
BONUSES = st.builds(kinds.bonus_cashback, amount=AMOUNTS) | st.builds(
    kinds.bonus_cashback, multiplier=st.sampled_from(["1.0001", "1.5", "2", "3", "100"])
)

#: Those that count units, so that no other may.
COUNTING = BUNDLES | RUNS
#: Some dear and some cheap units, so that promotions that count units meet in them.
CROWDED_CARTS = st.lists(
    st.tuples(st.integers(1, 5), st.sampled_from([1, 2, 10, 30])),
    min_size=2,
    max_size=4,
    unique_by=lambda line: line[1],
).map(lambda drawn: cart(*drawn))
CHEAP_ITEMS = st.builds(dict, max_unit_price=st.sampled_from([1, 2, 10]))
CROWDED_ITEMS = st.builds(dict) | CHEAP_ITEMS
CROWDED_BUNDLES = st.builds(kinds.bundle_price, st.integers(1, 3), st.integers(0, 3))
CROWDED_RUNS = st.builds(
    kinds.buy_x_get_y,
    st.integers(1, 2),
    st.integers(1, 2),
    percent=st.sampled_from(["100", "50"]),
    get_items=st.none() | CROWDED_ITEMS,
    max_applications=st.none() | st.integers(1, 2),
)
CROWDED = CROWDED_BUNDLES | CROWDED_RUNS

#: Those that take from lines.
ITEM_EFFECTS = PERCENTS | FIXED | FIXED_PRICES | COUNTING | TIERS
EFFECTS = ITEM_EFFECTS | SHIPPING | GIFTS | BONUSES

STACKING = st.fixed_dictionaries(
    {
        "exclusive": st.sampled_from([False, False, False, True]),
        "group": st.sampled_from([None, None, "g", "h"]),
        "priority": st.integers(-1, 2),
    }
)
LIMITS = st.fixed_dictionaries({}, optional={"discount_budget": AMOUNTS})


@st.composite
def offers(draw, *, at_most, effects=EFFECTS, items=ITEMS):
    """Different promotions, at most so many."""
    names = draw(st.lists(st.sampled_from("abcdefghABCDEFGH"), max_size=at_most, unique=True))
    return [
        offer(
            name,
            effect=draw(effects),
            items=draw(items),
            stacking=draw(STACKING),
            limits=draw(LIMITS),
        )
        for name in names
    ]


@dataclass(frozen=True)
class Earn:
    """Cashback rules that earn a percentage of what is left of each line."""

    percent: str

    def __call__(self, left):
        return [percent_of(amount, parse_percent(self.percent)) for amount in left]


EARNINGS = st.builds(Earn, PERCENT_TEXTS)
