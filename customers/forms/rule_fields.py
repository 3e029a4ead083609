"""The registry of fields as the builder of rules needs it: names, comparisons and inputs, in one language."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from msgspec import NODEFAULT, Struct, inspect, structs

from customers.domain.rule_words import (
    CHOICE_WORDS,
    GROUP_WORDS,
    OPTION_WORDS,
    Language,
    comparison_words,
    option_words,
)
from customers.domain.rules import MAX_DEPTH, OPS, Words
from customers.queries.fields.field import Field
from customers.queries.fields.registry import field_named, known_fields


def described_fields(
    *, language: Language, known: Mapping[str, Sequence[tuple[str, str]]]
) -> list[dict[str, Any]]:
    """Every field for the page. `known` has what may be chosen of a field by its name: id and label."""
    return [
        {
            "name": field.name,
            "label": pick(field.words, language),
            "kind": field.kind,
            "is_money": field.is_money,
            "ops": [
                [op, pick(comparison_words(op, is_plural=field.is_plural), language)]
                for op in OPS[field.kind]
            ],
            "choices": known.get(field.name) or _choices(field.choices, language),
            "options": _options(field, language),
        }
        for field in known_fields().values()
    ]


def builder_words(language: Language) -> dict[str, Any]:
    """What else the builder says."""
    words = {
        "group": Words("Group", "Gruppe"),
        "condition": Words("Condition", "Bedingung"),
        "field": Words("Field", "Feld"),
        "attribute": Words("Name of the attribute", "Name des Merkmals"),
        "comparison": Words("Comparison", "Vergleich"),
        "value": Words("Value", "Wert"),
        "list": Words("Values, with commas between", "Werte, mit Komma dazwischen"),
        "and": Words("and", "und"),
        "more": Words("More", "Mehr"),
        "remove": Words("Remove", "Entfernen"),
        "failed": Words("The server did not answer.", "Der Server hat nicht geantwortet."),
    }
    return {
        **{name: pick(said, language) for name, said in words.items()},
        "groups": [[how, pick(said, language)] for how, said in GROUP_WORDS.items()],
        "yes_no": [
            ["true", pick(Words("yes", "ja"), language)],
            ["false", pick(Words("no", "nein"), language)],
        ],
        "depth": MAX_DEPTH,
    }


def pick(words: Words, language: Language) -> str:
    """The words in one language."""
    return words.de if language == "de" else words.en


def place_in(rule: Any, pointer: str, language: Language) -> tuple[str, str]:
    """What a pointer into the rule leads to, each with its mark to stand before what is wrong:
    the condition, and which of its inputs. Empty where there is none, as of the value.
    """
    part, steps = rule, pointer.split("/")[2:]
    while steps and not (isinstance(part, dict) and "field" in part):
        part = _within(part, steps.pop(0))
    name = part.get("field") if isinstance(part, dict) else None
    found = field_named(name) if isinstance(name, str) else None
    if not isinstance(name, str) or found is None:
        return "", ""
    condition = f"{pick(found[0].words, language)} {found[1]}".strip()
    known = [
        option for option in (".".join(steps[:2]), ".".join(steps[:1])) if option in OPTION_WORDS
    ]
    option = f"{pick(option_words(name, known[0]), language)}: " if known else ""
    return f"{condition} – ", option


def _within(part: Any, step: str) -> Any:
    if isinstance(part, list) and step.isdecimal() and int(step) < len(part):
        return part[int(step)]
    return part.get(step) if isinstance(part, dict) else None


def _options(field: Field, language: Language) -> list[dict[str, Any]]:
    return [
        described
        for option in structs.fields(field.options)
        for described in _option(option, field.name, language)
    ]


def _option(
    option: structs.FieldInfo, field: str, language: Language, prefix: str = ""
) -> list[dict[str, Any]]:
    name = f"{prefix}{option.encode_name}"
    kind = _without_none(inspect.type_info(option.type))
    if isinstance(kind, inspect.StructType):
        inner: type[Struct] = kind.cls
        return [
            row
            for part in structs.fields(inner)
            for row in _option(part, field, language, f"{name}.")
        ]
    choices: list[list[str]] = []
    if isinstance(kind, inspect.CustomType | inspect.EnumType) and issubclass(kind.cls, Enum):
        choices = [list(c) for c in _choices([_name(member) for member in kind.cls], language)]
    return [
        {
            "name": name,
            "label": pick(option_words(field, name), language),
            "input": _INPUTS.get(type(kind), "text"),
            "choices": choices,
            "is_required": option.default is NODEFAULT and option.default_factory is NODEFAULT,
        }
    ]


_INPUTS: Mapping[type, str] = {
    inspect.IntType: "number",
    inspect.ListType: "names",
    inspect.DictType: "pairs",
}


def _without_none(kind: inspect.Type) -> inspect.Type:
    """The type itself, out of its bounds and of what may be left out."""
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        kind = next(part for part in kind.types if not isinstance(part, inspect.NoneType))
        return _without_none(kind)
    return kind


def _name(member: Enum) -> str:
    return str(member.value)


def _choices(values: Sequence[str], language: Language) -> list[tuple[str, str]]:
    return [(value, pick(CHOICE_WORDS[value], language)) for value in values]
