"""Carts and promotions as Hypothesis makes them: small numbers, so that ties and zeros happen."""

from hypothesis import strategies as st

from tests.promotions.domain.shop import cart, off, offer, percent

CATEGORIES = ["tea", "cups", "books"]
AMOUNTS = st.integers(1, 60) | st.integers(1, 5_000)


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


CARTS = st.lists(lines(), min_size=1, max_size=5).map(lambda drawn: cart(*drawn))

PERCENTS = st.builds(
    percent,
    st.sampled_from(["0.0001", "3", "10", "12.5", "33.3333", "50", "99.9999", "100"]),
    st.sampled_from(["order", "lines"]),
    max_discount=st.none() | AMOUNTS,
)
FIXED = st.builds(off, AMOUNTS, st.sampled_from(["order", "line", "unit"])) | st.builds(
    off, AMOUNTS, st.just("unit"), max_units=st.integers(1, 6)
)
EFFECTS = PERCENTS | FIXED
ITEMS = st.fixed_dictionaries(
    {},
    optional={
        "include": st.sampled_from(CATEGORIES).map(lambda name: {"categories": [name]}),
        "exclude": st.sampled_from(CATEGORIES).map(lambda name: {"categories": [name]}),
        "skip_reduced": st.booleans(),
        "min_unit_price": st.integers(0, 100),
    },
)
STACKING = st.fixed_dictionaries(
    {
        "exclusive": st.sampled_from([False, False, False, True]),
        "group": st.sampled_from([None, None, "g", "h"]),
        "priority": st.integers(-1, 2),
    }
)
LIMITS = st.fixed_dictionaries({}, optional={"discount_budget": AMOUNTS})


@st.composite
def offers(draw, *, at_most):
    """Different promotions, at most so many."""
    names = draw(st.lists(st.sampled_from("abcdefghABCDEFGH"), max_size=at_most, unique=True))
    return [
        offer(
            name,
            effect=draw(EFFECTS),
            items=draw(ITEMS),
            stacking=draw(STACKING),
            limits=draw(LIMITS),
        )
        for name in names
    ]
