"""What a campaign added: everybody who was meant to get it against those who were held out.

Whoever was enlisted counts where they were put, whether a message reached them or not: only so do both
groups differ by nothing but the campaign. Amounts are minor units of one currency, summed per person;
whoever bought nothing counts as nothing. All arithmetic is exact, in whole numbers and fractions.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import floor, isqrt
from typing import Literal

#: Fewer buyers on one side say nothing yet: a few dear baskets would decide.
FEWEST_BUYERS = 50

Status = Literal["no_holdout", "too_early", "measured"]

#: The upper 2.5 % point of Student's t for 1, 2, ... 30 degrees of freedom
#: (NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2).
_T_975 = (
    "12.706", "4.303", "3.182", "2.776", "2.571", "2.447", "2.365", "2.306", "2.262", "2.228",
    "2.201", "2.179", "2.160", "2.145", "2.131", "2.120", "2.110", "2.101", "2.093", "2.086",
    "2.080", "2.074", "2.069", "2.064", "2.060", "2.056", "2.052", "2.048", "2.045", "2.042",
)  # fmt: skip
_Z_975 = Fraction("1.959963985")
#: A root is taken to so many parts of a minor unit.
_PARTS = 10**9


@dataclass(frozen=True, slots=True)
class Sums:
    """Amounts of many people: their sum, and the sum of their squares."""

    total: int = 0
    squares: int = 0

    def mean(self, people: int) -> Fraction:
        """Per person."""
        return Fraction(self.total, people)

    def variance(self, people: int) -> Fraction:
        """Of the sample, without bias. At least two people.

        >>> Sums(total=6, squares=14).variance(3)
        Fraction(1, 1)
        """
        return Fraction(people * self.squares - self.total**2, people * (people - 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One side in one currency. `buyers` are those of the `people` who have an order."""

    people: int
    buyers: int = 0
    orders: int = 0
    revenue: Sums = Sums()
    profit: Sums = Sums()


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with the interval that holds the true one in 95 of 100 campaigns."""

    value: Fraction
    low: Fraction
    high: Fraction

    def times(self, count: int) -> "Estimate":
        """For so many people."""
        return Estimate(self.value * count, self.low * count, self.high * count)

    def rounded(self) -> tuple[int, int, int]:
        """Value, low and high in whole minor units."""
        return nearest(self.value), nearest(self.low), nearest(self.high)

    @property
    def is_sure(self) -> bool:
        """Whether it is above zero or below, and not by chance."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Lift:
    """Both sides in one currency."""

    currency: str
    treated: Group
    held_out: Group

    @property
    def status(self) -> Status:
        """Whether enough was bought on both sides to say anything."""
        if self.held_out.people == 0:
            return "no_holdout"
        fewest = min(self.treated.buyers, self.held_out.buyers)
        return "measured" if fewest >= FEWEST_BUYERS else "too_early"

    def revenue(self) -> Estimate | None:
        """What a treated person spent more; None where that cannot be told."""
        return self._difference(self.treated.revenue, self.held_out.revenue)

    def profit(self) -> Estimate | None:
        """What a treated person left more; None where that cannot be told."""
        return self._difference(self.treated.profit, self.held_out.profit)

    def _difference(self, treated: Sums, held_out: Sums) -> Estimate | None:
        return difference(treated, self.treated.people, held_out, self.held_out.people)


def difference(one: Sums, of_one: int, other: Sums, of_other: int) -> Estimate | None:
    """How much more the mean of `one` (of so many people) is than that of the other, after Welch.

    The two groups may differ in size and in spread. None where a side has fewer than two people, or nobody
    differs from anybody.

    >>> both = difference(Sums(60, 1250), 3, Sums(30, 350), 3)
    >>> both.value, both.rounded()
    (Fraction(10, 1), (10, -1, 21))
    """
    if min(of_one, of_other) < 2:
        return None
    ours = one.variance(of_one) / of_one
    theirs = other.variance(of_other) / of_other
    if not ours + theirs:
        return None
    freedom = (ours + theirs) ** 2 / (ours**2 / (of_one - 1) + theirs**2 / (of_other - 1))
    margin = t_975(max(1, floor(freedom))) * _root(ours + theirs)
    value = one.mean(of_one) - other.mean(of_other)
    return Estimate(value, value - margin, value + margin)


def t_975(freedom: int) -> Fraction:
    """The upper 2.5 % point of Student's t: a table up to 30 degrees of freedom, then the expansion of
    Abramowitz and Stegun, 26.7.5, which is off by less than a hundred-thousandth there.

    >>> float(t_975(2)), round(float(t_975(120)), 4), round(float(t_975(10**9)), 4)
    (4.303, 1.9799, 1.96)
    """
    if freedom <= len(_T_975):
        return Fraction(_T_975[freedom - 1])
    z = _Z_975
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return z + sum((term / freedom**power for power, term in enumerate(terms, 1)), Fraction())


def nearest(amount: Fraction) -> int:
    """The nearest whole number, halves up.

    >>> nearest(Fraction(5, 2)), nearest(Fraction(-5, 2)), nearest(Fraction(-8, 3))
    (3, -2, -3)
    """
    return floor(amount + Fraction(1, 2))


def _root(square: Fraction) -> Fraction:
    return Fraction(isqrt(floor(square * _PARTS**2)), _PARTS)
