"""One condition as SQL: true or false, never null. A missing value matches no comparison."""

from typing import Any

from customers.domain.rules import Kind, Leaf
from customers.queries.fields.field import Found, literal, texts
from customers.queries.fields.groups import json_literal

_SIGNS = {"eq": "=", "ne": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


def predicate(leaf: Leaf, kind: Kind, found: Found) -> str:
    """Whether the condition holds of the value found."""
    if leaf.op == "is_set":
        return f"({found.value} IS NOT NULL) = {literal(leaf.value)}"
    return f"coalesce({_comparison(leaf, kind, found)}, false)"


def _comparison(leaf: Leaf, kind: Kind, found: Found) -> str:
    match kind:
        case "text":
            value = leaf.value
            if leaf.field == "customer.email_domain":
                # Domains are the same in capitals; the value found is in small letters.
                value = value.lower() if isinstance(value, str) else [v.lower() for v in value]
            return _of_text(found.value, leaf.op, value)
        case "number" | "day":
            return _of_number(found, leaf.op, leaf.value)
        case "attribute":
            return _of_attribute(found.value, leaf.op, leaf.value)
        case "label":
            return f"{found.value} = ANY({texts(leaf.value)})"
        case "groups":
            shares = f"{found.value} && {texts(leaf.value)}"
            return shares if leaf.op == "in" else f"NOT {shares}"
        case "share":
            return f"{found.value} < {literal(leaf.value)}"
        case _:
            return f"{found.value} = {literal(leaf.value)}"


def _of_text(found: str, op: str, value: Any) -> str:
    match op:
        case "in":
            return f"{found} = ANY({texts(value)})"
        case "not_in":
            return f"{found} <> ALL({texts(value)})"
        case "starts_with":
            return f"starts_with({found}, {literal(value)})"
        case _:
            return f"{found} {_SIGNS[op]} {literal(value)}"


def _of_number(found: Found, op: str, value: Any) -> str:
    if op == "between":
        low, high = value
        return f"{_compared(found, 'gte', low)} AND {_compared(found, 'lte', high)}"
    return _compared(found, op, value)


def _compared(found: Found, op: str, value: Any) -> str:
    """A quotient without dividing: nothing is rounded."""
    if found.parts is None:
        return f"{found.value} {_SIGNS[op]} {literal(value)}"
    above, below = found.parts
    return f"({below} > 0 AND {above} {_SIGNS[op]} {literal(value)} * {below})"


def _of_attribute(found: str, op: str, value: Any) -> str:
    """Attributes are JSON, and equal as JSON is: 1 is 1.0, and true is not 1."""
    match op:
        case "eq" | "ne":
            return f"{found} {_SIGNS[op]} {json_literal(value)}"
        case "in" | "not_in":
            listed = f"ARRAY[{', '.join(map(json_literal, value))}]"
            return f"{found} = ANY({listed})" if op == "in" else f"{found} <> ALL({listed})"
        case "contains":
            # An array that contains the value; text that is part of a text is not meant.
            return f"(jsonb_typeof({found}) = 'array' AND {found} @> jsonb_build_array({json_literal(value)}))"
        case "starts_with":
            text = f"({found} #>> ARRAY[]::text[])"
            return f"(jsonb_typeof({found}) = 'string' AND starts_with({text}, {literal(value)}))"
    number = f"(CASE WHEN jsonb_typeof({found}) = 'number' THEN ({found})::numeric END)"
    return _of_number(Found(number), op, value)
