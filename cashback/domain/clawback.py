"""Taking back what an order earned: what is still there first, then by the rule's policy."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from cashback.domain.booking import (
    AVAILABLE,
    BREAKAGE,
    DEBT,
    EXPENSE,
    PENDING,
    SETTLED,
    Account,
    Booking,
    Overdrawn,
    Source,
    partner_account,
)
from cashback.domain.lots import Lot
from common.money import allocate, percent_of


class Share(NamedTuple):
    """What a line earned of a lot, and how much of that was taken back already."""

    lot_key: int
    line_id: str
    amount: int
    taken_back: int

    @property
    def left(self) -> int:
        return self.amount - self.taken_back


class TakenBack(NamedTuple):
    """Minor units. `amount` is all that was taken back, of which `debt` is owed now, `offset` goes off
    the refund, and `absorbed` the shop does without.
    """

    amount: int = 0
    debt: int = 0
    offset: int = 0
    absorbed: int = 0


class _Claim:
    """What is taken back of one lot, and how much of that goes to its partner."""

    def __init__(self, lot: Lot, *, before: int, amount: int) -> None:
        self.lot = lot
        self.left = amount
        self._earned = lot.amount - before

    def settle(self, booking: Booking, debit: Account, amount: int) -> None:
        """So much of it comes from `debit`.

        The partner's share of what stays earned is rounded anew, so that no steps lose a minor unit.
        """
        percent = self.lot.partner_percent
        share = percent_of(self._earned, percent) - percent_of(self._earned - amount, percent)
        self._earned -= amount
        if self.lot.partner_key is not None:
            booking.move(debit, partner_account(self.lot.partner_key), share, lot=self.lot.key)
        booking.move(debit, EXPENSE, amount - share, lot=self.lot.key)
        self.left -= amount


def take_back(
    booking: Booking,
    *,
    source: Source,
    order_key: int,
    shares: Sequence[Share],
    lines: Mapping[str, int] | None,
    expired: Mapping[int, int],
    refund: int,
    now: datetime,
) -> TakenBack:
    """Take back what lines of an order have earned: amounts by line, or None for all that is left.

    Of each lot first what is pending or unspent of it, then what of it had expired (from breakage: the
    customer never had it); then what else is available, the order's lots first. What is still missing was
    spent: by the lot's policy it becomes debt, goes off the `refund` (money that is paid back), or is
    absorbed. `expired` tells how much of a lot has expired before and was not taken back. A partner
    gets its share back wherever the shop does.

    Raises:
        Overdrawn: a line has not earned so much.
    """
    claims = _claims(booking, shares, lines)
    booking.post("take_back", source, at=now, order_key=order_key)
    # What was due until now is in no row yet.
    just_expired = booking.expired()
    for claim in claims:
        key = claim.lot.key
        _take_own(booking, claim, expired.get(key, 0) + just_expired.get(key, 0))
    for claim in claims:
        _take_others(booking, claim, order_key)
    debt = offset = absorbed = 0
    for claim in claims:
        missing = claim.left
        if claim.lot.clawback == "absorb":
            lot = booking.lots[claim.lot.key]
            booking.change(replace(lot, absorbed=lot.absorbed + missing))
            absorbed += missing
            continue
        from_refund = min(missing, refund - offset) if claim.lot.clawback != "debt" else 0
        claim.settle(booking, SETTLED, from_refund)
        claim.settle(booking, DEBT, missing - from_refund)
        offset += from_refund
        debt += missing - from_refund
    return TakenBack(sum(booking.taken_back.values()), debt, offset, absorbed)


def _claims(
    booking: Booking, shares: Sequence[Share], lines: Mapping[str, int] | None
) -> list[_Claim]:
    """What is taken of each lot: a line's amount in proportion to what is left of it in each."""
    of_line: dict[str, list[Share]] = defaultdict(list)
    for share in shares:
        of_line[share.line_id].append(share)
    amounts: dict[int, int] = defaultdict(int)
    for line_id in of_line if lines is None else lines:
        left = [share.left for share in of_line[line_id]]
        wanted = sum(left) if lines is None else lines[line_id]
        if wanted > sum(left):
            raise Overdrawn(f"line {line_id} has earned {sum(left)}, not {wanted}")
        for share, part in zip(of_line[line_id], allocate(wanted, left), strict=True):
            if part:
                booking.taken_back[share.lot_key, line_id] = part
                amounts[share.lot_key] += part
    lots = [booking.lots[key] for key in sorted(amounts)]
    before = {lot.key: -lot.absorbed for lot in lots}
    for share in shares:
        if share.lot_key in before:
            before[share.lot_key] += share.taken_back
    return [_Claim(lot, before=before[lot.key], amount=amounts[lot.key]) for lot in lots]


def _take_own(booking: Booking, claim: _Claim, expired: int) -> None:
    lot = claim.lot
    part = min(claim.left, lot.remaining)
    booking.allocate(lot.key, -part)
    claim.settle(booking, AVAILABLE if lot.is_available else PENDING, part)
    part = min(claim.left, expired)
    booking.allocate(lot.key, part)
    booking.allocate(lot.key, -part)
    claim.settle(booking, BREAKAGE, part)


def _take_others(booking: Booking, claim: _Claim, order_key: int) -> None:
    ours_first = sorted(booking.spendable(), key=lambda lot: lot.order_key != order_key)
    for lot in ours_first:
        part = min(claim.left, lot.remaining)
        booking.allocate(lot.key, -part)
        claim.settle(booking, AVAILABLE, part)
