"""What an order earns: the rules' percentages and amounts, their caps, and the bonuses of promotions."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from cashback.domain.booking import EXPENSE, PENDING, Booking, Source, partner_account
from cashback.domain.lots import LineShare, NewLot, available_from, expires_on
from cashback.domain.rules import EXPIRES_AFTER_DAYS, PENDING_DAYS, EarningRule, Funder
from common.cart import CartLine
from common.money import MAX_AMOUNT, allocate, percent_of


class Bonus(Struct, frozen=True):
    """What a promotion's `bonus_cashback` gives on an order: minor units, on the lines at these places."""

    promotion_id: str
    amount: int
    lines: tuple[int, ...]
    pending_days: int = PENDING_DAYS
    expires_after_days: int = EXPIRES_AFTER_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """What is bought, as far as cashback is concerned.

    `bases` are the lines' totals after discount and after the part paid by cashback, minor units.
    """

    currency: str
    lines: Sequence[CartLine]
    bases: Sequence[int]
    #: Those of the customer, of the segments that rules ask for.
    segments: frozenset[str] = frozenset()
    #: Whose order it is, by the shop's id: of a partner who is registered here or not.
    partner_id: str | None = None
    #: Who pays a share of it: that partner, where registered.
    partner: Funder | None = None
    bonuses: Sequence[Bonus] = ()
    #: Units that came back before it earns, by line: they earn nothing, and `bases` are without them.
    returned: Mapping[str, int] = field(default_factory=dict)
    #: What each rule (by key) gave the customer in the month of the instant, for rules with such a cap.
    given_this_month: Mapping[int, int] | None = None

    @property
    def subtotal(self) -> int:
        """Before any discount."""
        return sum(line.subtotal for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """What one rule or one promotion gives: minor units, above zero, shared among the lines."""

    amount: int
    #: Of each line of the order.
    shares: Sequence[int]
    pending_days: int
    expires_after_days: int
    rule: EarningRule | None = None
    promotion_id: str = ""
    partner: Funder | None = None
    #: What it rests on, in small.
    terms: Mapping[str, Any]

    @property
    def partner_amount(self) -> int:
        """What the partner pays of it."""
        return percent_of(self.amount, self.partner.share_percent) if self.partner else 0


def earn(
    purchase: Purchase, rules: Sequence[EarningRule], *, now: datetime, shop_zone: ZoneInfo
) -> list[Earned]:
    """What the purchase earns: by rules in the order of their ids, then by promotions.

    A line counts for the best percentage rule that matches it (highest percentage, then smallest
    id). Only where none matches any line the highest amount rule gives. `rules` are sorted by id. In all
    an order earns no more than an amount of money may be.
    """
    running = [rule for rule in rules if _applies(rule, purchase, now, shop_zone)]
    lines_of, percents = _best_rules(running, purchase)
    earned = [
        _by_percent(rule, purchase, lines_of[rule.key], percents[rule.key])
        for rule in running
        if rule.key in lines_of
    ]
    if not lines_of:
        earned.append(_by_amount(running, purchase))
    earned += [_by_bonus(bonus, purchase) for bonus in purchase.bonuses]
    return list(_within_bounds([one for one in earned if one is not None]))


def earned_by_line(earned: Sequence[Earned], *, count: int) -> list[int]:
    """What each of `count` lines earns in all, minor units."""
    return [sum(one.shares[at] for one in earned) for at in range(count)]


def book_earned(
    booking: Booking,
    earned: Sequence[Earned],
    *,
    lines: Sequence[str],
    order_key: int,
    order_id: str,
    paid_at: datetime | None,
    delivered_at: datetime | None,
    now: datetime,
    zone: ZoneInfo,
) -> None:
    """Post what an order earned, one lot for each rule and promotion. `lines` are the lines' ids."""
    booking.post("earn", Source("order", str(order_key)), at=now, order_key=order_key)
    for one in earned:
        available_at = available_from(
            delivered_at=delivered_at, paid_at=paid_at, pending_days=one.pending_days
        )
        expires_at = available_at and expires_on(
            available_at, days=one.expires_after_days, zone=zone
        )
        shares = [
            LineShare(line_id, at, share)
            for at, (line_id, share) in enumerate(zip(lines, one.shares, strict=True))
            if share
        ]
        lot = booking.add_lot(
            NewLot(
                is_available=False,
                amount=one.amount,
                pending_days=one.pending_days,
                expires_after_days=one.expires_after_days,
                available_at=available_at,
                expires_at=expires_at,
                clawback=one.rule.clawback if one.rule else "debt",
                order_key=order_key,
                rule_key=one.rule.key if one.rule else None,
                promotion_id=one.promotion_id,
                partner_key=one.partner.key if one.partner else None,
                partner_amount=one.partner_amount,
                partner_percent=one.partner.share_percent if one.partner else 0,
                terms=one.terms,
                shares=shares,
            )
        )
        if one.partner is not None:
            booking.move(partner_account(one.partner.key), PENDING, one.partner_amount, lot=lot)
        booking.move(EXPENSE, PENDING, one.amount - one.partner_amount, lot=lot)
    booking.tell("cashback.earned", sum(one.amount for one in earned), order_id=order_id)


def month_of(now: datetime, *, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The calendar month around an instant by the clocks of `zone`: its first instant, and the next's.

    >>> [i.isoformat() for i in month_of(datetime(2026, 3, 31, 23, tzinfo=ZoneInfo("UTC")),
    ...                                  zone=ZoneInfo("Europe/Berlin"))]
    ['2026-04-01T00:00:00+02:00', '2026-05-01T00:00:00+02:00']
    """
    local = now.astimezone(zone)
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)
    following = (first.replace(day=28, tzinfo=None) + timedelta(days=4)).replace(day=1)
    return first, following.replace(tzinfo=zone)


def _within_bounds(earned: Sequence[Earned]) -> Iterator[Earned]:
    """What comes first is earned first; what goes beyond is cut, never refused."""
    left = MAX_AMOUNT
    for one in earned:
        amount = min(one.amount, left)
        left -= amount
        if amount == one.amount:
            yield one
        elif amount:
            yield replace(one, amount=amount, shares=allocate(amount, one.shares))


def _applies(rule: EarningRule, purchase: Purchase, now: datetime, shop_zone: ZoneInfo) -> bool:
    """A partner's rule gives on the orders of this partner, and on those that are nobody's."""
    is_foreign = rule.partner and purchase.partner_id not in (None, rule.partner.partner_id)
    return (
        not is_foreign
        and rule.currency in (None, purchase.currency)
        and rule.min_subtotal <= purchase.subtotal
        and (not rule.segments or not rule.segments.isdisjoint(purchase.segments))
        and rule.runs_at(now, shop_zone=shop_zone)
    )


def _best_rules(
    running: Sequence[EarningRule], purchase: Purchase
) -> tuple[dict[int, list[int]], dict[int, int]]:
    """The lines that each percentage rule is the best of, and the percentage, by the rules' keys."""
    percents = {rule.key: rule.percent_for(purchase.segments) for rule in running}
    giving = [rule for rule in running if percents[rule.key]]
    # Stable, so that among equals the smallest id stays first.
    giving.sort(key=lambda rule: -percents[rule.key])
    lines_of: dict[int, list[int]] = defaultdict(list)
    for at, line in enumerate(purchase.lines):
        best = next((rule for rule in giving if rule.matcher.matches(line)), None)
        if best is not None:
            lines_of[best.key].append(at)
    return lines_of, percents


def _by_percent(
    rule: EarningRule, purchase: Purchase, lines: Sequence[int], percent: int
) -> Earned | None:
    base = sum(purchase.bases[at] for at in lines)
    amount = _capped(rule, percent_of(base, percent), purchase)
    return _earned(amount, lines, purchase, rule=rule, terms={"percent": percent, "base": base})


def _by_amount(running: Sequence[EarningRule], purchase: Purchase) -> Earned | None:
    """By the highest amount rule that matches a line, then the one with the smallest id."""
    best: tuple[EarningRule, list[int]] | None = None
    for rule in running:
        lines = [at for at, line in enumerate(purchase.lines) if rule.matcher.matches(line)]
        if rule.amount and lines and (best is None or rule.amount > (best[0].amount or 0)):
            best = rule, lines
    if best is None:
        return None
    rule, lines = best
    amount = _capped(rule, rule.amount or 0, purchase)
    return _earned(amount, lines, purchase, rule=rule, terms={"amount": rule.amount})


def _by_bonus(bonus: Bonus, purchase: Purchase) -> Earned | None:
    return _earned(bonus.amount, bonus.lines, purchase, bonus=bonus, terms={"amount": bonus.amount})


def _capped(rule: EarningRule, amount: int, purchase: Purchase) -> int:
    if rule.max_per_order is not None:
        amount = min(amount, rule.max_per_order)
    if rule.max_per_customer_month is not None:
        given = (purchase.given_this_month or {}).get(rule.key, 0)
        amount = min(amount, max(rule.max_per_customer_month - given, 0))
    return amount


def _earned(
    amount: int,
    lines: Sequence[int],
    purchase: Purchase,
    *,
    rule: EarningRule | None = None,
    bonus: Bonus | None = None,
    terms: Mapping[str, Any],
) -> Earned | None:
    """Spread over the lines by their bases; nothing where these sum to 0."""
    bases = [purchase.bases[at] for at in lines]
    if amount == 0 or sum(bases) == 0:
        return None
    parts = dict(zip(lines, allocate(amount, bases), strict=True))
    source = rule or bonus
    assert source is not None
    partner = (rule.partner if rule else None) or purchase.partner
    named = {"rule_id": rule.rule_id, "revision": rule.revision} if rule else {}
    shared = {"share_percent": partner.share_percent} if partner else {}
    returned = {"returned": dict(purchase.returned)} if purchase.returned else {}
    return Earned(
        amount=amount,
        shares=[parts.get(at, 0) for at in range(len(purchase.lines))],
        pending_days=source.pending_days,
        expires_after_days=source.expires_after_days,
        rule=rule,
        promotion_id=bonus.promotion_id if bonus else "",
        partner=partner,
        terms={**named, **terms, **shared, **returned},
    )
