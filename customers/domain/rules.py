"""The rule of a dynamic segment: a tree of conditions on one customer."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

Kind = Literal[
    "text", "number", "day", "attribute", "consent", "label", "groups", "segments", "truth", "share"
]

_TEXT = ("eq", "ne", "in", "not_in", "starts_with", "is_set")
_NUMBER = ("eq", "ne", "lt", "lte", "gt", "gte", "between")
#: What can be asked of a value of each kind.
OPS: Mapping[Kind, tuple[str, ...]] = {
    "text": _TEXT,
    "number": _NUMBER,
    "day": (*_NUMBER, "is_set"),
    "attribute": (*dict.fromkeys(_TEXT + _NUMBER), "contains"),
    "consent": ("is",),
    "label": ("in",),
    "groups": ("in", "not_in"),
    "segments": ("in", "not_in"),
    "truth": ("eq",),
    "share": ("lt",),
}
#: How deep groups may stand in groups, and how many conditions there may be.
MAX_DEPTH = 5
MAX_LEAVES = 50


class Words(Struct, frozen=True):
    """A name for people, in both languages."""

    en: str
    de: str


class Leaf(Struct, frozen=True):
    """One condition. `options` is of the field's own type."""

    #: Where it stands in the rule: a JSON pointer.
    pointer: str
    field: str
    op: str
    value: Any
    options: Any
    #: Of `customer.attributes.NAME` the name.
    attribute: str = ""


class Group(Struct, frozen=True):
    """Several conditions together. All of none hold, any of none does not."""

    how: Literal["all", "any"]
    parts: tuple["Rule", ...]


class Negation(Struct, frozen=True):
    """What must not hold; it holds where a value is missing."""

    part: "Rule"


Rule = Leaf | Group | Negation


def leaves_of(rule: Rule) -> Iterator[Leaf]:
    """The conditions, from left to right."""
    match rule:
        case Leaf():
            yield rule
        case Negation(part):
            yield from leaves_of(part)
        case Group(_, parts):
            for part in parts:
                yield from leaves_of(part)


def segments_named(rule: Rule) -> frozenset[str]:
    """The ids of the segments that the rule rests on."""
    return frozenset(
        name for leaf in leaves_of(rule) if leaf.field == "segment" for name in leaf.value
    )
