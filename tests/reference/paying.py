"""Paying with cashback, which comes last."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.reference.units import spread


@dataclass(frozen=True)
class PaidWithCashback:
    """Each line's part and the shipping's."""

    lines: tuple[int, ...]
    shipping: int


def pay_with_cashback(
    *, lines: Sequence[int], shipping: int, wanted: int | str, available: int
) -> PaidWithCashback:
    """ "At most the total after discounts, shipping included; spread over the lines and the
    shipping by what is left to pay." """
    left = [*lines, shipping]
    spendable = min(available, sum(left))
    amount = spendable if wanted == "max" else min(int(wanted), spendable)
    *parts, of_shipping = spread(amount, left)
    return PaidWithCashback(lines=tuple(parts), shipping=of_shipping)
