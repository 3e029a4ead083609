"""Two regimes of money: cents so few that every rounding and tie happens, and real prices."""

from dataclasses import dataclass
from functools import cache

from hypothesis import strategies as st

#: One strategy for the same options: to make one anew takes longer than to draw from it.
picked = cache(st.sampled_from)


@dataclass(frozen=True)
class Money:
    """Strategies of amounts in minor units."""

    prices: st.SearchStrategy[int]
    #: Above zero: what a promotion gives, and its bounds.
    amounts: st.SearchStrategy[int]
    #: Of a whole cart: minimums, tiers, budgets.
    totals: st.SearchStrategy[int]


CENTS = Money(
    prices=st.integers(1, 20) | st.sampled_from([10, 20, 5, 0]),
    amounts=st.integers(1, 20),
    totals=st.integers(1, 80),
)
REAL = Money(
    prices=st.sampled_from([1_299, 1_000, 4_999, 4_999, 1_999, 333, 99, 1]) | st.integers(0, 9_999),
    amounts=st.sampled_from([500, 1_000, 999, 333, 2_500, 1]) | st.integers(1, 6_000),
    totals=st.sampled_from([1_000, 5_000, 10_000, 3_333]) | st.integers(1, 30_000),
)
PERCENTS = st.sampled_from(["10", "50", "100", "20", "33.3333", "12.5", "99.9999", "5", "0.5"])
