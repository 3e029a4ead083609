"""Which lines of a cart an offer or a cashback rule is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from sys import intern
from typing import Annotated

from msgspec import Meta, Struct

from common.cart import CartLine
from common.errors import FieldError
from common.fields import Amount, ShopId, Word

MAX_SKUS = 50_000
MAX_NAMES = 1_000

_Names = Annotated[list[Word], Meta(max_length=MAX_NAMES)]


class ItemLists(Struct, frozen=True, forbid_unknown_fields=True):
    """Any-of across its lists: one sku, category, brand or tag that agrees is enough."""

    skus: Annotated[list[ShopId], Meta(max_length=MAX_SKUS)] = []
    categories: _Names = []
    brands: _Names = []
    tags: _Names = []

    @property
    def is_empty(self) -> bool:
        return not (self.skus or self.categories or self.brands or self.tags)

    @property
    def all_names(self) -> list[str]:
        """The names of all lists, those that mean many items first."""
        return [*self.categories, *self.brands, *self.tags, *self.skus]


class Items(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The items that something is about: an empty `include` means every line, `exclude` wins over it."""

    include: ItemLists = ItemLists()
    exclude: ItemLists = ItemLists()
    #: Leaves out lines whose `list_price` is above `unit_price`.
    skip_reduced: bool = False
    #: Both inclusive, minor units.
    min_unit_price: Amount | None = None
    max_unit_price: Amount | None = None

    def money_fields(self) -> list[str]:
        """Names of the fields that hold an amount of money and are set."""
        bounds = {"min_unit_price": self.min_unit_price, "max_unit_price": self.max_unit_price}
        return [name for name, bound in bounds.items() if bound is not None]

    def errors(self) -> list[FieldError]:
        low, high = self.min_unit_price, self.max_unit_price
        if low is None or high is None or low <= high:
            return []
        return [FieldError("max_unit_price", "below_minimum", "The maximum is below the minimum.")]


@dataclass(frozen=True, slots=True)
class ItemSet:
    """Item lists made ready for look-ups."""

    skus: frozenset[str]
    categories: frozenset[str]
    brands: frozenset[str]
    tags: frozenset[str]

    def names_any(self, names: "ItemNames") -> bool:
        """Whether a list of this set names any of the lines whose names these are."""
        return not (
            self.categories.isdisjoint(names.categories)
            and self.brands.isdisjoint(names.brands)
            and self.tags.isdisjoint(names.tags)
            and self.skus.isdisjoint(names.skus)
        )

    def names(self, line: CartLine) -> bool:
        """Whether a list of this set names the line."""
        return (
            line.sku in self.skus
            or line.brand in self.brands
            or not self.categories.isdisjoint(line.categories)
            or not self.tags.isdisjoint(line.tags)
        )


class ItemNames(Struct, frozen=True):
    """Every name that the lines of a cart go by. Most promotions are about none of them."""

    skus: frozenset[str]
    categories: frozenset[str]
    brands: frozenset[str]
    tags: frozenset[str]


def names_of(lines: Sequence[CartLine]) -> ItemNames:
    return ItemNames(
        skus=frozenset([line.sku for line in lines]),
        categories=frozenset([name for line in lines for name in line.categories]),
        brands=frozenset([line.brand for line in lines if line.brand is not None]),
        tags=frozenset([name for line in lines for name in line.tags]),
    )


def compile_lists(lists: ItemLists) -> ItemSet | None:
    """The lists as sets; `None` when all are empty. Equal names of many offers share one string."""
    if lists.is_empty:
        return None
    return ItemSet(
        skus=frozenset(map(intern, lists.skus)),
        categories=frozenset(map(intern, lists.categories)),
        brands=frozenset(map(intern, lists.brands)),
        tags=frozenset(map(intern, lists.tags)),
    )


@dataclass(frozen=True, slots=True)
class Selection:
    """Include and exclude of one list of items or of one `contains` entry."""

    include: ItemSet | None
    exclude: ItemSet | None

    def selects(self, line: CartLine) -> bool:
        return (self.include is None or self.include.names(line)) and not (
            self.exclude is not None and self.exclude.names(line)
        )


@dataclass(frozen=True, slots=True)
class Matcher:
    """The items made ready: one pass over the lines says which are eligible."""

    selection: Selection
    skip_reduced: bool
    min_unit_price: int | None
    max_unit_price: int | None

    def eligible(self, lines: Sequence[CartLine]) -> tuple[int, ...]:
        """The positions of the eligible lines, in the cart's order."""
        return tuple(
            [i for i, line in enumerate(lines) if line.discountable and self.matches(line)]
        )

    def matches(self, line: CartLine) -> bool:
        """Whether the items name the line, discountable or not."""
        return (
            self.selection.selects(line)
            and not (self.skip_reduced and line.is_reduced)
            and (self.min_unit_price is None or line.unit_price >= self.min_unit_price)
            and (self.max_unit_price is None or line.unit_price <= self.max_unit_price)
        )

    def includes_any(self, names: ItemNames) -> bool:
        """Whether a line matches `include` at all, whatever leaves it out afterwards."""
        include = self.selection.include
        return include is None or include.names_any(names)


def compile_selection(*, include: ItemLists, exclude: ItemLists) -> Selection:
    return Selection(include=compile_lists(include), exclude=compile_lists(exclude))


def compile_items(items: Items) -> Matcher:
    return Matcher(
        selection=compile_selection(include=items.include, exclude=items.exclude),
        skip_reduced=items.skip_reduced,
        min_unit_price=items.min_unit_price,
        max_unit_price=items.max_unit_price,
    )
