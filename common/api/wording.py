"""What is wrong with a value, in words for people: no patterns, no types of a program, and the values
that would be right.
"""

import ast
import re
from collections.abc import Iterator
from typing import Any

from msgspec import inspect

from common.fields import words_of

_PATTERN = re.compile(r"Expected `[^`]+` matching regex (?P<pattern>'.*')", re.DOTALL)
_CHOICE = re.compile(r"Invalid (?:enum )?value (?P<value>.*)", re.DOTALL)
_TYPE = re.compile(r"Expected `(?P<wanted>[^`]+)`, got `(?P<got>[^`]+)`")
_LENGTH = re.compile(r"Expected `(?P<of>\w+)` of length (?P<how>>=|<=)? ?(?P<bound>\d+).*")
_BOUND = re.compile(r"Expected `\w+` (?P<how>[<>]=?) (?P<bound>\S+)")
#: What types are called. Of two names of one sort the first is enough.
_KINDS = {
    "str": "a text",
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "datetime": "an instant with an offset (RFC 3339)",
    "date": "a day (1990-12-10)",
    "null": "null",
}
_BOUNDED = {
    ">=": "A number of at least {}.",
    "<=": "A number of at most {}.",
    ">": "A number above {}.",
    "<": "A number below {}.",
}
_FORMS = {
    "Invalid RFC3339 encoded datetime": "An instant with an offset (RFC 3339).",
    "Expected `datetime` with a timezone component": "An instant with an offset (RFC 3339).",
    "Invalid RFC3339 encoded date": "A day: 1990-12-10.",
    "Number out of range": "This number is too large.",
    "Integer value out of range": "This number is too large.",
}
#: A step of a path as msgspec has it: a member, an index, any value of a map.
STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]|(\[\.\.\.\])")
#: So much of a wrong value is shown.
_SHOWN = 60


def in_words(what: str, *, kind: Any, path: str, value: object = None) -> str:
    """The sentence for msgspec's `what` about what stands at the path in `value`, which is no `kind`."""
    if found := _PATTERN.fullmatch(what):
        return words_of(ast.literal_eval(found["pattern"])) or "A text of another form."
    if found := _CHOICE.fullmatch(what):
        right = dict.fromkeys(_right(inspect.type_info(kind), path, value))
        if right:
            return f"{_cut(found['value'])} is none of these: {', '.join(f'`{r}`' for r in right)}"
    if found := _TYPE.fullmatch(what):
        return _other_type(found["wanted"].split(" | "), found["got"])
    if found := _LENGTH.fullmatch(what):
        return _other_length(found["of"], found["how"], int(found["bound"]))
    if found := _BOUND.fullmatch(what):
        return _BOUNDED[found["how"]].format(found["bound"].removesuffix(".0"))
    return _FORMS.get(what, "This value is not possible here.")


def _other_type(wanted: list[str], got: str) -> str:
    if "float" in wanted and "int" in wanted:
        wanted.remove("int")
    named = [each for name in wanted for each in (["true", "false"] if name == "bool" else [name])]
    *others, last = [_KINDS.get(name, name) for name in named]
    right = f"{', '.join(others)} or {last}" if others else last
    wrong = "a number with decimals" if got == "float" else _KINDS.get(got, got)
    return f"This must be {right}, not {wrong}."


def _other_length(of: str, how: str | None, bound: int) -> str:
    if of == "str":
        if (how, bound) == (">=", 1):
            return "This must not be empty."
        entries = "characters" if bound > 1 else "character"
    else:
        entries = "entries" if bound > 1 else "entry"
    words = {">=": "At least", "<=": "At most", None: "Exactly"}
    return f"{words[how]} {bound if bound > 1 else 'one'} {entries}."


def _cut(value: str) -> str:
    return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"


def _right(kind: inspect.Type, path: str, value: object) -> Iterator[str]:
    """What may stand at the path, wherever the types that lead there name their values."""
    before, _, of_map = path.partition("` in `")
    if of_map and before.endswith("key"):
        for each in _at(kind, STEP.findall(of_map), value):
            if isinstance(each, inspect.DictType):
                yield from _values(each.key_type)
        return
    steps = STEP.findall(path)
    for each in _at(kind, steps[:-1], value):
        if isinstance(each, inspect.StructType) and steps and steps[-1][0] == each.tag_field:
            yield str(each.tag)
    for each in _at(kind, steps, value):
        yield from _values(each)


def _values(kind: inspect.Type) -> Iterator[str]:
    for each in _options(kind):
        if isinstance(each, inspect.LiteralType):
            yield from map(str, each.values)


def _at(kind: inspect.Type, steps: list[tuple[str, str, str]], value: object) -> list[inspect.Type]:
    """The types that may stand there, unions taken apart; of tagged ones the one that was sent."""
    reached = list(_options(kind))
    for name, index, entry in steps:
        reached = [
            option
            for each in reached
            if _is_sent(each, value)
            for inner in _inner(each, name, is_entry=bool(index or entry))
            for option in _options(inner)
        ]
        value = _part(value, name, index)
    return reached


def _is_sent(kind: inspect.Type, value: object) -> bool:
    if not isinstance(kind, inspect.StructType) or not isinstance(value, dict):
        return True
    return kind.tag_field is None or value.get(kind.tag_field) == kind.tag


def _part(value: object, name: str, index: str) -> object:
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list) and index and int(index) < len(value):
        return value[int(index)]
    return None


def _inner(kind: inspect.Type, name: str, *, is_entry: bool) -> Iterator[inspect.Type]:
    if isinstance(kind, inspect.StructType):
        yield from (field.type for field in kind.fields if field.encode_name == name)
    elif isinstance(kind, inspect.DictType) and (name or is_entry):
        yield kind.value_type
    elif isinstance(kind, inspect.CollectionType) and is_entry:
        yield kind.item_type


def _options(kind: inspect.Type) -> Iterator[inspect.Type]:
    if isinstance(kind, inspect.UnionType):
        for each in kind.types:
            yield from _options(each)
    elif isinstance(kind, inspect.Metadata):
        yield from _options(kind.type)
    else:
        yield kind
