"""Subjects: one line with variables, and nothing else that would be read as markup."""

import re

from campaigns.domain.letters.blocks import Inline, Node, Problem, Words
from campaigns.domain.letters.inline import InlineReader

LONGEST_SUBJECT = 200
_BRACES = re.compile(r"(\{\{(?:[^{}\n]*\}\})?)")


def read_subject(text: str) -> tuple[Inline, list[Problem]]:
    """What it consists of, and what is wrong with its variables.

    >>> read_subject("For {{ customer.first_name }}: 2*3")[0][0]
    Words(text='For ')
    """
    reader = InlineReader()
    nodes: list[Node] = []
    for piece in _BRACES.split(text):
        if piece.startswith("{{"):
            nodes.append(reader.variable(piece, line=1))
        elif piece:
            nodes.append(Words(piece))
    return tuple(nodes), reader.problems
