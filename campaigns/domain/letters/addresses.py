"""Web addresses with variables in them: read when a body is saved, filled in for each recipient."""

import re
from collections.abc import Callable

from campaigns.domain.letters.blocks import Address, Variable
from campaigns.domain.letters.variables import VARIABLES

LONGEST = 2000
_BRACES = re.compile(r"(\{\{[^{}\n]*\}\})")
_WEB = re.compile(
    r"https?://[^\s/?#@\\<>\"'`{}()\[\]|^\x00-\x20\x7f]+([/?#][^\s<>\"\\^`{}|\x00-\x20\x7f]*)?"
)
#: In front of a variable the host is complete: no value can choose where a link leads.
_BEGINNING = re.compile(_WEB.pattern.removesuffix("?"))


def is_web_address(text: str) -> bool:
    """Whether it is a plain address of http or https that may stand in a letter.

    >>> is_web_address("https://shop.example/a?b=c"), is_web_address("javascript:alert(1)")
    (True, False)
    """
    return len(text) <= LONGEST and _WEB.fullmatch(text) is not None


def read_address(text: str, variable_in: Callable[[str], Variable]) -> Address | None:
    """The parts of an address; None where it is none. Unknown variables are the reader's affair."""
    pieces = [piece for piece in _BRACES.split(text) if piece]
    parts: list[str | Variable] = []
    for piece in pieces:
        parts.append(variable_in(piece) if piece.startswith("{{") else piece)
    if len(parts) == 1 and isinstance(parts[0], Variable):
        known = VARIABLES.get(parts[0].name)
        fallback = parts[0].fallback
        fits = known is None or known.kind == "address"
        return tuple(parts) if fits and (fallback is None or is_web_address(fallback)) else None
    if not parts or not isinstance(parts[0], str) or len(text) > LONGEST:
        return None
    if len(parts) > 1 and not _BEGINNING.fullmatch(parts[0]):
        return None
    # A harmless letter in place of each value: the rest of the address must be one without them.
    plain = "".join(part if isinstance(part, str) else "x" for part in parts)
    return tuple(parts) if is_web_address(plain) else None
