"""The lift of a campaign: what it is in known cases, and how often it is wrong where chance is known."""

import math
import random
import statistics
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.lift import (
    FEWEST_BUYERS,
    Estimate,
    Group,
    Lift,
    Sums,
    difference,
    nearest,
    t_975,
)

AMOUNTS = st.lists(st.integers(-50_000, 2_000_000), min_size=2, max_size=12)


def sums(amounts: list[int]) -> Sums:
    return Sums(sum(amounts), sum(amount * amount for amount in amounts))


def estimate(ours: list[int], theirs: list[int]) -> Estimate | None:
    return difference(sums(ours), len(ours), sums(theirs), len(theirs))


@pytest.mark.parametrize(
    ("freedom", "point"),
    [
        (1, 12.706205), (2, 4.302653), (5, 2.570582), (10, 2.228139), (30, 2.042272),
        (31, 2.039513), (40, 2.021075), (60, 2.000298), (120, 1.979930), (1000, 1.962339),
        (10**7, 1.959964),
    ],
)  # fmt: skip
def test_students_t_is_as_in_the_tables(freedom: int, point: float) -> None:
    assert float(t_975(freedom)) == pytest.approx(point, abs=5e-4 if freedom <= 30 else 5e-6)


def test_the_point_falls_with_every_degree_of_freedom() -> None:
    points = [t_975(freedom) for freedom in range(1, 400)]
    assert points == sorted(points, reverse=True)
    assert len(set(points)) == len(points)


def test_a_known_case_comes_out_as_it_is_known() -> None:
    """t = -2.46 with 25.0 degrees of freedom (Wikipedia, "Welch's t-test", first example)."""
    ours = [275, 210, 190, 236, 170, 179, 169, 201, 219, 226, 231, 196, 190, 217, 214]
    theirs = [271, 220, 208, 234, 234, 235, 258, 220, 248, 202, 219, 221, 229, 205, 244]
    found = estimate(ours, theirs)
    assert found is not None
    error = math.sqrt(statistics.variance(ours) / 15 + statistics.variance(theirs) / 15)
    assert round(float(found.value) / error, 2) == -2.46
    assert float(found.high - found.value) / error == pytest.approx(2.064), "24.99, rounded down"
    assert found.is_sure


@given(ours=AMOUNTS, theirs=AMOUNTS)
def test_it_is_the_difference_of_means_with_the_margin_of_floating_point(
    ours: list[int], theirs: list[int]
) -> None:
    found = estimate(ours, theirs)
    a, b = (statistics.variance(side) / len(side) for side in (ours, theirs))
    if found is None:
        assert a + b == 0
        return
    assert found.value == Fraction(sum(ours), len(ours)) - Fraction(sum(theirs), len(theirs))
    exact = [
        Fraction(statistics.variance(map(Fraction, side))) / len(side) for side in (ours, theirs)
    ]
    freedom = sum(exact) ** 2 / (
        exact[0] ** 2 / (len(ours) - 1) + exact[1] ** 2 / (len(theirs) - 1)
    )
    margin = float(t_975(max(1, math.floor(freedom)))) * math.sqrt(a + b)
    assert float(found.high - found.value) == pytest.approx(margin, rel=1e-6)
    assert found.high - found.value == found.value - found.low


@given(ours=AMOUNTS, theirs=AMOUNTS, more=st.integers(-10_000, 10_000))
def test_sides_swapped_change_the_sign_and_a_gift_to_everybody_moves_it_by_itself(
    ours: list[int], theirs: list[int], more: int
) -> None:
    found, swapped = estimate(ours, theirs), estimate(theirs, ours)
    if found is None:
        assert swapped is None
        return
    assert swapped == Estimate(-found.value, -found.high, -found.low)
    moved = estimate([amount + more for amount in ours], theirs)
    assert moved == Estimate(found.value + more, found.low + more, found.high + more)


@given(st.fractions(-1000, 1000))
def test_the_nearest_whole_number_is_no_further_than_a_half(amount: Fraction) -> None:
    assert abs(nearest(amount) - amount) <= Fraction(1, 2)
    assert nearest(amount) == math.floor(amount + Fraction(1, 2))


def test_where_nobody_differs_or_a_side_is_one_person_nothing_is_said() -> None:
    assert estimate([0, 0, 0], [0, 0]) is None
    assert estimate([5], [1, 2, 3]) is None
    assert estimate([1, 2], [0]) is None


@pytest.mark.parametrize(
    ("buyers", "held", "status"),
    [
        ((FEWEST_BUYERS, FEWEST_BUYERS), 500, "measured"),
        ((FEWEST_BUYERS - 1, FEWEST_BUYERS), 500, "too_early"),
        ((FEWEST_BUYERS, FEWEST_BUYERS - 1), 500, "too_early"),
        ((FEWEST_BUYERS, 0), 0, "no_holdout"),
    ],
)
def test_below_fifty_buyers_a_side_it_is_too_early(
    buyers: tuple[int, int], held: int, status: str
) -> None:
    treated, held_out = (
        Group(people=people, buyers=count, revenue=Sums(100 * count, 10_000 * count))
        for people, count in zip((500, held), buyers, strict=True)
    )
    assert Lift("EUR", treated, held_out).status == status


class Shop:
    """People who buy baskets as people do: few buy, most little, some much (log-normal, in cents)."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)

    def side(self, people: int, *, rate: float, dearer: float = 1.0) -> Group:
        """So many people of whom a share buys; `dearer` is what each basket is multiplied by."""
        draw = self.draw
        buyers, nth = 0, math.ceil(math.log(1 - draw.random()) / math.log(1 - rate))
        while nth <= people:
            buyers += 1
            nth += math.ceil(math.log(1 - draw.random()) / math.log(1 - rate))
        baskets = [round(dearer * draw.lognormvariate(8.3, 0.8)) for _ in range(buyers)]
        return Group(people=people, buyers=buyers, orders=buyers, revenue=sums(baskets))


def test_of_a_thousand_campaigns_without_effect_at_most_seven_in_a_hundred_seem_to_win_or_lose() -> (
    None
):
    shop = Shop(seed=20_260_310)
    told = wrong = 0
    for _ in range(1000):
        lift = Lift("EUR", shop.side(4_000, rate=0.08), shop.side(1_000, rate=0.08))
        if lift.status != "measured":
            continue
        found = lift.revenue()
        assert found is not None
        told += 1
        wrong += found.is_sure
    assert told > 980
    assert wrong / 1000 <= 0.07


def test_a_planted_effect_lies_within_the_interval_as_often_as_it_says() -> None:
    """Ten in a hundred buy instead of eight, and baskets are a tenth dearer."""
    shop = Shop(seed=7)
    basket = math.exp(8.3 + 0.8**2 / 2)
    planted = 0.10 * 1.1 * basket - 0.08 * basket
    within = 0
    for _ in range(500):
        lift = Lift("EUR", shop.side(4_000, rate=0.10, dearer=1.1), shop.side(1_000, rate=0.08))
        found = lift.revenue()
        assert found is not None
        within += found.low <= planted <= found.high
    assert 0.92 <= within / 500 <= 0.98
