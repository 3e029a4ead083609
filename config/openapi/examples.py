"""Examples of the document: one story, played by a test against the service, so that all of it is true."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

#: One of each kind; docs/api.md shows the same.
EFFECTS: dict[str, dict[str, Any]] = {
    "percentage": {"kind": "percentage", "percent": "20", "on": "lines", "max_discount": 5000},
    "fixed_amount": {"kind": "fixed_amount", "amount": 500},
    "fixed_price": {"kind": "fixed_price", "price": 999},
    "bundle_price": {"kind": "bundle_price", "quantity": 3, "price": 2500},
    "buy_x_get_y": {"kind": "buy_x_get_y", "buy_quantity": 2, "get_quantity": 1},
    "tiered": {
        "kind": "tiered",
        "by": "subtotal",
        "tiers": [{"from": 5000, "percent": "5"}, {"from": 10000, "percent": "10"}],
    },
    "free_shipping": {"kind": "free_shipping"},
    "gift": {"kind": "gift", "sku": "MUG", "unit_price": 990},
    "bonus_cashback": {"kind": "bonus_cashback", "multiplier": "2"},
}
STORY = Path(__file__).with_name("story.json")


@dataclass(frozen=True, slots=True)
class Step:
    """One call of the story: of which operation, at which address, and what came back.

    Ids that the service makes stand in it as they would look; whoever plays it puts in the real ones.
    """

    operation: str
    method: str
    path: str
    body: Any
    status: int
    answer: Any


@cache
def story() -> tuple[Step, ...]:
    """All steps, in order."""
    return tuple(Step(**step) for step in json.loads(STORY.read_text(encoding="utf-8")))


def example_body(operation_id: str) -> Any:
    """What the first good call of this operation sent; None where the story has none."""
    return next(
        (step.body for step in story() if step.operation == operation_id and step.status < 300),
        None,
    )


def example_answer(operation_id: str, status: int) -> Any:
    """The first answer of this operation with this status; None where the story has none."""
    found = (
        step.answer for step in story() if step.operation == operation_id and step.status == status
    )
    return next(found, None)


def effect_example(component: dict[str, Any]) -> Any:
    """The example of a component that is an effect; None for all others."""
    match component.get("properties"):
        case {"kind": {"enum": [kind]}}:
            return EFFECTS.get(kind)
    return None
