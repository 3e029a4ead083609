"""A promotion as the contract has it: one declaration for the API, for storage and for us."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from msgspec import Meta, Struct

from common.errors import FieldError
from common.fields import (
    Amount,
    Country,
    Currency,
    PositiveAmount,
    ShopId,
    ShortText,
    Terms,
    Title,
    Word,
)
from common.items import ItemLists, Items
from common.schedule import Schedule, schedule_errors
from promotions.domain.effects.kinds import Effect

Status = Literal["draft", "active", "paused", "archived"]
Activation = Literal["code", "automatic"]

_Count = Annotated[int, Meta(ge=1, le=10**9)]
_Words = Annotated[list[Word], Meta(max_length=200)]
_SegmentIds = Annotated[list[ShopId], Meta(max_length=200)]


class ContainsEntry(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something that must be in the cart, among all lines; an empty `include` means any line."""

    include: ItemLists = ItemLists()
    exclude: ItemLists = ItemLists()
    #: Units.
    min_quantity: _Count = 1
    #: Minor units of subtotal.
    min_amount: Amount | None = None


class Conditions(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """About the cart as it came. An empty list is no condition."""

    min_subtotal: Amount | None = None
    max_subtotal: Amount | None = None
    #: Eligible units.
    min_quantity: _Count | None = None
    contains: Annotated[list[ContainsEntry], Meta(max_length=50)] = []
    #: 1 is the first order only.
    nth_order: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    channels: _Words = []
    countries: Annotated[list[Country], Meta(max_length=300)] = []
    payment_methods: _Words = []
    shipping_methods: _Words = []

    @property
    def has_circumstances(self) -> bool:
        """Whether it matters how the cart came about."""
        return bool(
            self.channels or self.countries or self.payment_methods or self.shipping_methods
        )

    @property
    def has_amounts(self) -> bool:
        """Whether it matters how much is in the cart."""
        bounds = (self.min_subtotal, self.max_subtotal, self.min_quantity)
        return bool(self.contains) or any(bound is not None for bound in bounds)


class Audience(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who may use it. `segments` is any-of."""

    registered: bool = False
    segments: _SegmentIds = []
    exclude_segments: _SegmentIds = []


class Stacking(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What it may stand beside; the higher `priority` is applied first."""

    exclusive: bool = False
    group: ShopId | None = None
    priority: Annotated[int, Meta(ge=-1_000_000, le=1_000_000)] = 0


class Limits(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Null: no limit. `discount_budget` counts item and shipping discount, minor units."""

    redemptions: _Count | None = None
    per_customer: _Count | None = None
    per_code: _Count | None = None
    discount_budget: PositiveAmount | None = None


class PromotionDefinition(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A whole promotion, without its id and its counters."""

    name: Annotated[ShortText, Meta(min_length=1)]
    title: Title = Title()
    terms: Terms = Terms()
    status: Status = "draft"
    activation: Activation = "code"
    #: Null only where no field is an amount of money; then it runs in every currency.
    currency: Currency | None = None
    effect: Effect
    items: Items = Items()
    conditions: Conditions = Conditions()
    audience: Audience = Audience()
    schedule: Schedule = Schedule()
    stacking: Stacking = Stacking()
    limits: Limits = Limits()
    after_cancel: Literal["restore", "keep"] = "restore"


def definition_errors(definition: PromotionDefinition) -> list[FieldError]:
    """What no single field can tell: fields that contradict each other. Empty when all is well."""
    return [
        *_name_errors(definition),
        *_currency_errors(definition),
        *_below("/effect", definition.effect.errors()),
        *_below("/items", definition.items.errors()),
        *_range_errors(definition),
        *schedule_errors(definition.schedule),
    ]


def money_pointers(definition: PromotionDefinition) -> list[str]:
    """JSON pointers of all fields that hold an amount of money and are set."""
    amounts: dict[str, int | None] = {
        "/conditions/min_subtotal": definition.conditions.min_subtotal,
        "/conditions/max_subtotal": definition.conditions.max_subtotal,
        "/limits/discount_budget": definition.limits.discount_budget,
    }
    for at, entry in enumerate(definition.conditions.contains):
        amounts[f"/conditions/contains/{at}/min_amount"] = entry.min_amount
    return [
        *(f"/effect/{name}" for name in definition.effect.money_fields()),
        *(f"/items/{name}" for name in definition.items.money_fields()),
        *(pointer for pointer, amount in amounts.items() if amount is not None),
    ]


def _name_errors(definition: PromotionDefinition) -> Iterator[FieldError]:
    if not definition.name.strip():
        yield FieldError("/name", "required", "A promotion has a name that can be read.")


def _currency_errors(definition: PromotionDefinition) -> Iterator[FieldError]:
    if definition.currency is None and money_pointers(definition):
        yield FieldError(
            "/currency",
            "currency_required",
            "A promotion with an amount of money needs its currency.",
        )


def _range_errors(definition: PromotionDefinition) -> Iterator[FieldError]:
    low, high = definition.conditions.min_subtotal, definition.conditions.max_subtotal
    if low is not None and high is not None and high < low:
        yield FieldError(
            "/conditions/max_subtotal", "below_minimum", "The maximum is below the minimum."
        )


def _below(pointer: str, errors: Iterable[FieldError]) -> Iterator[FieldError]:
    for error in errors:
        yield FieldError(f"{pointer}/{error.pointer}", error.code, error.detail)
