"""A cashback rule as the contract has it: one declaration for the API, for storage and for us."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from cashback.domain.lots import Clawback
from common.errors import FieldError
from common.fields import Amount, Currency, Percent, PositiveAmount, ShopId, ShortText, Terms
from common.items import Items, Matcher, compile_items
from common.money import parse_percent
from common.schedule import OpenHours, Schedule, compile_hours, schedule_errors

PENDING_DAYS = 14
EXPIRES_AFTER_DAYS = 365

_SegmentIds = Annotated[list[ShopId], Meta(max_length=200)]


class RuleConditions(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """About the order as it came, before any discount."""

    min_subtotal: Amount | None = None


class RuleAudience(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who earns by it: any of the segments; empty: everybody."""

    segments: _SegmentIds = []


class SegmentTier(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What customers of a segment get in place of the rule's `percent`."""

    segment: ShopId
    percent: Percent


class RuleDefinition(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A whole cashback rule, without its id."""

    name: Annotated[ShortText, Meta(min_length=1)]
    status: Literal["active", "archived"] = "active"
    #: This or `amount`; null with tiers: only their segments earn.
    percent: Percent | None = None
    #: Once per order, where no percentage rule matches any line.
    amount: PositiveAmount | None = None
    items: Items = Items()
    conditions: RuleConditions = RuleConditions()
    audience: RuleAudience = RuleAudience()
    partner_id: ShopId | None = None
    #: Null only where no field is an amount of money; then it runs in every currency.
    currency: Currency | None = None
    #: The highest of the customer's segments replaces `percent`.
    tiers: Annotated[list[SegmentTier], Meta(max_length=50)] = []
    max_per_order: PositiveAmount | None = None
    max_per_customer_month: PositiveAmount | None = None
    #: Days from the delivery, or the payment, until it may be spent.
    pending_days: Annotated[int, Meta(ge=0, le=3650)] = PENDING_DAYS
    #: Days for which it may be spent then.
    expires_after_days: Annotated[int, Meta(ge=1, le=3650)] = EXPIRES_AFTER_DAYS
    #: What becomes of cashback that was spent before its order came back.
    clawback: Clawback = "debt"
    schedule: Schedule = Schedule()
    terms: Terms = Terms()


class PartnerDefinition(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A whole partner, without its id."""

    name: Annotated[ShortText, Meta(min_length=1)]
    #: How much of the cashback that is earned with them they pay.
    share_percent: Percent


@dataclass(frozen=True, slots=True)
class Funder:
    """A partner that pays a share."""

    key: int
    partner_id: str
    #: Ten-thousandths of a percent.
    share_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningRule:
    """A rule made ready."""

    key: int
    rule_id: str
    revision: int
    #: Ten-thousandths of a percent; 0: only the tiers give.
    percent: int
    amount: int | None
    matcher: Matcher
    min_subtotal: int
    segments: frozenset[str]
    tiers: tuple[tuple[str, int], ...]
    partner: Funder | None
    currency: str | None
    max_per_order: int | None
    max_per_customer_month: int | None
    pending_days: int
    expires_after_days: int
    clawback: Clawback
    starts_at: datetime | None
    ends_at: datetime | None
    hours: OpenHours | None

    @property
    def asked_segments(self) -> frozenset[str]:
        """Segments that matter to it."""
        return self.segments | {segment for segment, _ in self.tiers}

    def percent_for(self, segments: frozenset[str]) -> int:
        """The highest tier of the customer's segments, else the rule's own percentage."""
        tiers = [percent for segment, percent in self.tiers if segment in segments]
        return max(tiers, default=self.percent)

    def runs_at(self, now: datetime, *, shop_zone: ZoneInfo) -> bool:
        """Whether its schedule is open."""
        return (
            (self.starts_at is None or self.starts_at <= now)
            and (self.ends_at is None or now < self.ends_at)
            and (self.hours is None or self.hours.is_open(now=now, shop_zone=shop_zone))
        )


def compile_rule(
    *, key: int, rule_id: str, revision: int, definition: RuleDefinition, partner: Funder | None
) -> EarningRule:
    """The rule made ready for orders."""
    return EarningRule(
        key=key,
        rule_id=rule_id,
        revision=revision,
        percent=parse_percent(definition.percent) if definition.percent else 0,
        amount=definition.amount,
        matcher=compile_items(definition.items),
        min_subtotal=definition.conditions.min_subtotal or 0,
        segments=frozenset(definition.audience.segments),
        tiers=tuple((tier.segment, parse_percent(tier.percent)) for tier in definition.tiers),
        partner=partner,
        currency=definition.currency,
        max_per_order=definition.max_per_order,
        max_per_customer_month=definition.max_per_customer_month,
        pending_days=definition.pending_days,
        expires_after_days=definition.expires_after_days,
        clawback=definition.clawback,
        starts_at=definition.schedule.starts_at,
        ends_at=definition.schedule.ends_at,
        hours=compile_hours(definition.schedule),
    )


def rule_errors(definition: RuleDefinition) -> list[FieldError]:
    """What no single field can tell: fields that contradict each other. Empty when all is well."""
    return [
        *_gift_errors(definition),
        *_currency_errors(definition),
        *_below("/items", definition.items.errors()),
        *schedule_errors(definition.schedule),
    ]


def money_pointers(definition: RuleDefinition) -> list[str]:
    """JSON pointers of all fields that hold an amount of money and are set."""
    amounts: dict[str, int | None] = {
        "/amount": definition.amount,
        "/conditions/min_subtotal": definition.conditions.min_subtotal,
        "/max_per_order": definition.max_per_order,
        "/max_per_customer_month": definition.max_per_customer_month,
    }
    return [
        *(f"/items/{name}" for name in definition.items.money_fields()),
        *(pointer for pointer, amount in amounts.items() if amount is not None),
    ]


def _gift_errors(definition: RuleDefinition) -> Iterator[FieldError]:
    if not definition.name.strip():
        yield FieldError("/name", "required", "A rule has a name that can be read.")
    gives_percent = definition.percent is not None or bool(definition.tiers)
    if definition.amount is not None and gives_percent:
        yield FieldError("/amount", "one_of", "Give either percent (with tiers) or amount.")
    if definition.amount is None and not gives_percent:
        yield FieldError("/percent", "one_of", "Give either percent (with tiers) or amount.")
    named = [tier.segment for tier in definition.tiers]
    for at, segment in enumerate(named):
        if segment in named[:at]:
            yield FieldError(
                f"/tiers/{at}/segment", "duplicate", "A segment stands here more than once."
            )


def _currency_errors(definition: RuleDefinition) -> Iterator[FieldError]:
    if definition.currency is None and money_pointers(definition):
        yield FieldError(
            "/currency", "currency_required", "A rule with an amount of money needs its currency."
        )


def _below(pointer: str, errors: Iterable[FieldError]) -> Iterator[FieldError]:
    for error in errors:
        yield FieldError(f"{pointer}/{error.pointer}", error.code, error.detail)
