"""The choice is the customer's best, shown by its own laws.

That it is what trying every combination finds stands in `test_proof` and, by an independent
program, in `agreement`.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from promotions.domain.choosing import CERTAIN_UP_TO
from tests.promotions.domain.carts import CARTS, offers
from tests.promotions.domain.shop import (
    ADA,
    applied,
    cart,
    line_discounts,
    off,
    offer,
    percent,
    quote,
)


@settings(deadline=None)
@given(bought=CARTS, given_offers=offers(at_most=7), data=st.data())
def test_the_order_in_which_offers_come_does_not_matter(bought, given_offers, data):
    shuffled = data.draw(st.permutations(given_offers))

    one, other = quote(bought, given_offers), quote(bought, shuffled)

    assert (one.lines, one.applied) == (other.lines, other.applied)


@settings(deadline=None, max_examples=30)
@given(bought=CARTS, given_offers=offers(at_most=16))
def test_a_choice_is_never_worse_than_one_promotion_alone(bought, given_offers):
    found = quote(bought, given_offers, customer=ADA)

    singles = [quote(bought, [given], customer=ADA) for given in given_offers]

    assert all(single.choice.chosen.benefit <= found.choice.chosen.benefit for single in singles)


def test_twelve_candidates_are_always_proven():
    # Groups of two whose members take from different lines: nothing can be cut off early.
    pairs = [
        offer(
            f"p{at}",
            effect=off(90 + 7 * at % 13, "unit"),
            items={"include": {"skus": [str(at + 1), str((at * 5) % CERTAIN_UP_TO + 1)]}},
            stacking={"group": f"g{at // 2}"},
        )
        for at in range(CERTAIN_UP_TO)
    ]

    found = quote(cart(*[(1, 100 + at) for at in range(CERTAIN_UP_TO)]), pairs)

    assert found.best
    assert len(found.applied) == CERTAIN_UP_TO // 2


def test_with_hundreds_of_candidates_the_effort_is_bounded():
    many = [
        offer(
            f"p{at:03}",
            effect=percent(str(5 + at % 7), ["order", "lines"][at % 2]),
            stacking={"group": f"g{at % 40}", "priority": at % 3},
        )
        for at in range(300)
    ]

    found = quote(cart((2, 1_299), (1, 4_950), (7, 333)), many)

    assert not found.best
    assert found.choice.cuts_tried < 2_000
    assert found.discount_total >= max(alone_of.cut.total for alone_of in found.choice.candidates)
    assert len(found.applied) == 40


def test_many_candidates_are_proven_where_the_proof_is_short():
    many = [offer(f"p{at}", effect=off(10 + at)) for at in range(30)]

    found = quote(cart((1, 10_000)), many)

    assert found.best
    assert found.discount_total == sum(range(10, 40))


def test_an_exclusive_promotion_wins_only_alone():
    found = quote(
        cart((1, 1_000)),
        [
            offer("x", effect=off(300), stacking={"exclusive": True}),
            offer("y", effect=off(300), stacking={"exclusive": True, "priority": 1}),
            offer("z", effect=off(299)),
        ],
    )

    assert line_discounts(found) == [300]
    assert applied(found) == {"y": 300}
