"""A promotion made ready: compiled once per process, then matched by set look-ups only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from sys import intern
from zoneinfo import ZoneInfo

from common.items import (
    ItemLists,
    Matcher,
    Selection,
    compile_items,
    compile_selection,
)
from common.schedule import OpenHours, compile_hours
from common.sentence_words import Language
from promotions.domain.definition import (
    Activation,
    Audience,
    ContainsEntry,
    Limits,
    PromotionDefinition,
    Status,
)
from promotions.domain.effects.kinds import EffectRule
from promotions.domain.effects.lane import Lane
from promotions.domain.sentence import headline


@dataclass(frozen=True, slots=True)
class RequiredItems:
    """One `contains` entry made ready. `include` and `exclude` are kept to tell what is missing."""

    selection: Selection
    include: ItemLists
    exclude: ItemLists
    min_quantity: int
    #: Minor units.
    min_amount: int | None


@dataclass(frozen=True, slots=True)
class Offer:
    """A promotion as checkout needs it. Empty sets are no condition, `None` is no limit."""

    #: Database key.
    key: int
    #: The shop's id.
    promotion_id: str
    #: What shoppers read, complete in both languages.
    titles: Mapping[Language, str]
    status: Status
    activation: Activation
    currency: str | None

    effect: EffectRule
    items: Matcher

    min_subtotal: int | None
    max_subtotal: int | None
    min_quantity: int | None
    contains: tuple[RequiredItems, ...]
    nth_order: int | None
    channels: frozenset[str]
    countries: frozenset[str]
    payment_methods: frozenset[str]
    shipping_methods: frozenset[str]

    registered: bool
    segments: frozenset[str]
    exclude_segments: frozenset[str]

    starts_at: datetime | None
    ends_at: datetime | None
    hours: OpenHours | None
    #: In which its times are told; `None`: the shop's.
    zone: ZoneInfo | None

    exclusive: bool
    group: str | None
    priority: int

    redemptions: int | None
    per_customer: int | None
    per_code: int | None
    discount_budget: int | None
    restores_after_cancel: bool

    #: Whether a guest is asked to sign in first.
    needs_customer: bool
    #: Whether it has any rule of its kind. Most have few, and each is asked at every call.
    is_scheduled: bool
    has_circumstances: bool
    is_limited: bool
    has_amounts: bool
    #: Automatic and active, with no rule but its currency, its audience and its items.
    is_plain: bool

    @property
    def lane(self) -> Lane:
        return self.effect.lane

    @property
    def turn(self) -> tuple[int, int, str]:
        """Sorts offers in the order of work: lane, higher priority, id in code point order."""
        return (self.effect.lane, -self.priority, self.promotion_id)

    @property
    def asked_segments(self) -> frozenset[str]:
        """Ids of the segments whose members must be known before the offer can be judged."""
        return self.segments | self.exclude_segments


def compile_offer(*, key: int, promotion_id: str, definition: PromotionDefinition) -> Offer:
    """The definition made ready; `key` is the promotion's database key.

    The definition must be sound (`definition_errors` empty). It is not kept: an offer of 14,477
    skus takes about 1 MB.
    """
    conditions, audience = definition.conditions, definition.audience
    limits, stacking, schedule = definition.limits, definition.stacking, definition.schedule
    title, effect, hours = definition.title, definition.effect.compiled(), compile_hours(schedule)
    needs_customer = (
        effect.asks_customer
        or limits.per_customer is not None
        or conditions.nth_order is not None
        or audience != Audience()
    )
    is_scheduled = bool(schedule.starts_at or schedule.ends_at or hours)
    is_limited = limits != Limits()
    return Offer(
        key=key,
        promotion_id=promotion_id,
        # Its name is the shop's own affair.
        titles={
            "de": title.de or title.en or headline(definition, language="de"),
            "en": title.en or title.de or headline(definition, language="en"),
        },
        status=definition.status,
        activation=definition.activation,
        currency=definition.currency,
        effect=effect,
        items=compile_items(definition.items),
        min_subtotal=conditions.min_subtotal,
        max_subtotal=conditions.max_subtotal,
        min_quantity=conditions.min_quantity,
        contains=tuple(_required(entry) for entry in conditions.contains),
        nth_order=conditions.nth_order,
        channels=_names(conditions.channels),
        countries=_names(conditions.countries),
        payment_methods=_names(conditions.payment_methods),
        shipping_methods=_names(conditions.shipping_methods),
        registered=audience.registered,
        segments=_names(audience.segments),
        exclude_segments=_names(audience.exclude_segments),
        starts_at=schedule.starts_at,
        ends_at=schedule.ends_at,
        hours=hours,
        zone=ZoneInfo(schedule.timezone) if schedule.timezone else None,
        exclusive=stacking.exclusive,
        group=stacking.group,
        priority=stacking.priority,
        redemptions=limits.redemptions,
        per_customer=limits.per_customer,
        per_code=limits.per_code,
        discount_budget=limits.discount_budget,
        restores_after_cancel=definition.after_cancel == "restore",
        needs_customer=needs_customer,
        is_scheduled=is_scheduled,
        has_circumstances=conditions.has_circumstances,
        is_limited=is_limited,
        has_amounts=conditions.has_amounts,
        is_plain=definition.status == "active"
        and definition.activation == "automatic"
        and not is_scheduled
        and not is_limited
        and not conditions.has_circumstances
        and not conditions.has_amounts,
    )


def _names(names: list[str]) -> frozenset[str]:
    return frozenset(map(intern, names))


def _required(entry: ContainsEntry) -> RequiredItems:
    return RequiredItems(
        selection=compile_selection(include=entry.include, exclude=entry.exclude),
        include=entry.include,
        exclude=entry.exclude,
        min_quantity=entry.min_quantity,
        min_amount=entry.min_amount,
    )
