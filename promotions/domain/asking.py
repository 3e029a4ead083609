"""Single rules, asked: each says whether it holds, with what was found and what is required."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime
from zoneinfo import ZoneInfo

from promotions.domain.definition import Status
from promotions.domain.refusal import Reason, Refusal, RuleCheck


def not_running(status: Status) -> RuleCheck:
    """It was never started, or is paused, or over."""
    return RuleCheck("status", Refusal(Reason.PROMOTION_NOT_RUNNING), status, "active")


def period(
    whose: str,
    starts_at: datetime | None,
    ends_at: datetime | None,
    *,
    now: datetime,
    zone: ZoneInfo,
) -> Iterator[RuleCheck]:
    """Whether it has begun, and is not over; a bound that there is none of makes no check."""
    if starts_at is not None:
        refusal = None
        if now < starts_at:
            told = starts_at.astimezone(zone).isoformat()
            refusal = Refusal(Reason.CODE_NOT_STARTED, {"starts_at": told})
        yield RuleCheck(f"{whose}_starts_at", refusal, now, starts_at)
    if ends_at is not None:
        refusal = None
        if now >= ends_at:
            told = ends_at.astimezone(zone).isoformat()
            refusal = Refusal(Reason.CODE_EXPIRED, {"ended_at": told})
        yield RuleCheck(f"{whose}_ends_at", refusal, now, ends_at)


def one_currency(required: str, current: str) -> RuleCheck:
    """What it is reckoned in."""
    refusal = None
    if current != required:
        params: dict[str, object] = {"required": required, "current": current}
        refusal = Refusal(Reason.CURRENCY_NOT_SUPPORTED, params)
    return RuleCheck("currency", refusal, current, required)


def uses(rule: str, reason: Reason, used: int, held: int, limit: int) -> RuleCheck:
    """Holds count like uses; where only they stand in the way, that is the reason."""
    params: dict[str, object] | None = {"limit": limit}
    if used < limit:
        reason, params = Reason.HELD_BY_OTHER_CHECKOUT, None
    return check(
        rule,
        reason,
        holds=used + held < limit,
        found={"used": used, "held": held},
        required=limit,
        params=params,
    )


def one_of(rule: str, reason: Reason, current: str | None, allowed: AbstractSet[str]) -> RuleCheck:
    """What the cart leaves out is never among those allowed."""
    refusal = None
    if current not in allowed:
        refusal = Refusal(reason, {"allowed": sorted(allowed), "current": current})
    return RuleCheck(rule, refusal, current, allowed)


def check(
    rule: str,
    reason: Reason,
    *,
    holds: bool,
    found: object,
    required: object,
    params: dict[str, object] | None = None,
) -> RuleCheck:
    """A rule that holds or not, with what was found."""
    return RuleCheck(rule, None if holds else Refusal(reason, params or {}), found, required)


def is_so(rule: str, reason: Reason, *, found: bool) -> RuleCheck:
    """Something that is so, or not."""
    return check(rule, reason, holds=found, found=found, required=True)
