"""One row of the table of rules."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """An example of one sentence of the pricing policy, worked out by hand."""

    #: As it stands in the policy (`rules_sentences.json`).
    sentence: str
    #: How a person gets to the numbers.
    working: str
    found: Callable[[], object]
    expected: object
