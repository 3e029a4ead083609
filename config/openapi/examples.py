"""Examples of the document: one story, played by a test against the service, so that all of it is true."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

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
