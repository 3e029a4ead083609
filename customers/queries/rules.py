"""Reading a rule as it was sent, strictly: every condition that is wrong is named."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from common.api.bodies import field_error
from common.errors import FieldError, ValidationFailed
from common.fields import NO_NUL, ShopId
from customers.domain.rules import (
    MAX_DEPTH,
    MAX_LEAVES,
    OPS,
    Group,
    Leaf,
    Negation,
    Rule,
    leaves_of,
)
from customers.queries.fields.field import Field
from customers.queries.fields.registry import field_named, known_fields

_MOST_VALUES = 1_000
#: Whole numbers up to here are the same in every JSON parser.
_BOUND = 2**53 - 1

Text = Annotated[str, NO_NUL, Meta(max_length=1_000)]
Number = Annotated[int, Meta(ge=-_BOUND, le=_BOUND)] | Annotated[float, Meta(ge=-_BOUND, le=_BOUND)]
_Texts = Annotated[list[Text], Meta(min_length=1, max_length=_MOST_VALUES)]
_Range = Annotated[list[Number], Meta(min_length=2, max_length=2)]
_Scalar = Text | bool | Number
_Scalars = Annotated[list[_Scalar], Meta(min_length=1, max_length=_MOST_VALUES)]
_Ids = Annotated[list[ShopId], Meta(min_length=1, max_length=_MOST_VALUES)]

_COMPARISONS = ("eq", "ne", "lt", "lte", "gt", "gte")
_VALUES: dict[str, dict[str, Any]] = {
    "text": {
        "eq": Text, "ne": Text, "in": _Texts, "not_in": _Texts, "starts_with": Text, "is_set": bool,
    },
    "number": {**dict.fromkeys(_COMPARISONS, Number), "between": _Range},
    "day": {**dict.fromkeys(_COMPARISONS, Number), "between": _Range, "is_set": bool},
    "attribute": {
        **dict.fromkeys(_COMPARISONS, Number),
        "eq": _Scalar, "ne": _Scalar, "in": _Scalars, "not_in": _Scalars, "contains": _Scalar,
        "starts_with": Text, "is_set": bool, "between": _Range,
    },
    "groups": {"in": _Ids, "not_in": _Ids},
    "segments": {"in": _Ids, "not_in": _Ids},
    "truth": {"eq": bool},
    "share": {"lt": Annotated[int, Meta(ge=0, le=100)] | Annotated[float, Meta(ge=0, le=100)]},
}  # fmt: skip


def read_rule(given: Any, *, at: str = "/rule") -> Rule:
    """The rule behind a JSON value that stands at the pointer `at`.

    Raises:
        ValidationFailed: with everything that is wrong with it.
    """
    reading = _Reading()
    rule = reading.rule(given, at, depth=1)
    if rule is not None and sum(1 for _ in leaves_of(rule)) > MAX_LEAVES:
        reading.wrong(at, "out_of_range", f"A rule has at most {MAX_LEAVES} conditions.")
    if reading.errors or rule is None:
        raise ValidationFailed(errors=reading.errors)
    return rule


def value_type(field: Field, op: str) -> Any:
    """What the value of such a condition is."""
    named: Any = Literal
    if field.kind == "consent":
        return named[field.choices]
    if field.kind == "label":
        of_named: Any = list
        return Annotated[of_named[named[field.choices]], Meta(min_length=1)]
    return _VALUES[field.kind][op]


class _Reading:
    def __init__(self) -> None:
        self.errors: list[FieldError] = []

    def wrong(self, pointer: str, code: str, detail: str) -> None:
        self.errors.append(FieldError(pointer, code, detail))

    def rule(self, given: Any, at: str, *, depth: int) -> Rule | None:
        if not isinstance(given, dict):
            self.wrong(at, "invalid", "A rule is an object: all, any, not, or a field.")
            return None
        if "field" in given:
            return self._leaf(given, at)
        kinds = [kind for kind in ("all", "any", "not") if kind in given]
        if len(kinds) != 1 or len(given) != 1:
            self.wrong(at, "one_of", "A rule has one of all, any, not, or a field.")
            return None
        if depth > MAX_DEPTH:
            self.wrong(at, "out_of_range", f"Groups stand at most {MAX_DEPTH} deep.")
            return None
        (kind,) = kinds
        if kind == "not":
            part = self.rule(given["not"], f"{at}/not", depth=depth + 1)
            return Negation(part) if part is not None else None
        return self._group(kind, given[kind], f"{at}/{kind}", depth)

    def _group(self, how: Any, given: Any, at: str, depth: int) -> Rule | None:
        if not isinstance(given, list) or len(given) > MAX_LEAVES:
            self.wrong(at, "invalid", f"A list of at most {MAX_LEAVES} rules.")
            return None
        parts = [self.rule(part, f"{at}/{nth}", depth=depth + 1) for nth, part in enumerate(given)]
        return Group(how, tuple([part for part in parts if part is not None]))

    def _leaf(self, given: dict[str, Any], at: str) -> Leaf | None:
        name = given["field"]
        found = field_named(name) if isinstance(name, str) and "\x00" not in name else None
        if found is None:
            self.wrong(
                f"{at}/field",
                "unknown",
                f"Fields are {', '.join(_shown(n) for n in known_fields())}.",
            )
            return None
        field, attribute = found
        op = given.get("op")
        if op not in OPS[field.kind]:
            self.wrong(
                f"{at}/op",
                "invalid" if "op" in given else "required",
                f"Possible here: {', '.join(f'`{op}`' for op in OPS[field.kind])}.",
            )
            return None
        before = len(self.errors)
        value = self._value(given, field, op, at)
        rest = {name: part for name, part in given.items() if name not in {"field", "op", "value"}}
        options = self._converted(rest, field.options, at)
        if len(self.errors) > before:
            return None
        return Leaf(at, name, op, value, options, attribute)

    def _value(self, given: dict[str, Any], field: Field, op: str, at: str) -> Any:
        pointer = f"{at}/value"
        if "value" not in given:
            self.wrong(pointer, "required", "This field is required.")
            return None
        value = self._converted(given["value"], value_type(field, op), pointer)
        if op == "between" and isinstance(value, list) and value[0] > value[1]:
            self.wrong(pointer, "below_minimum", "The second number is below the first.")
        return value

    def _converted(self, value: Any, kind: Any, at: str) -> Any:
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError as wrong:
            self.errors.append(field_error(str(wrong), kind, value=value, at=at))
            return None


def _shown(name: str) -> str:
    return f"{name}NAME" if name.endswith(".") else name
