"""A captured call as a script for pgbench: the very statements, with keys of its own in each run.

A prepared statement is written out with its arguments in place of `$1`, since pgbench prepares for
itself (`-M prepared`). What must differ from run to run is replaced by an expression over pgbench's
variables, wherever it stands: as a number, as a text, or inside a text. Long texts that stay the same
become variables, so that they travel with each run as they do with each call.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bench.statements import Told

#: Literals (E'' too), numbers, and everything else.
_TOKENS = re.compile(r"(E?'(?:[^']|'')*')|((?<![\w$.'-])-?\d+(?![\w.]))|(\$\d+)")
_EXECUTE = re.compile(r"EXECUTE (\w+)(?: \((.*)\))?$", re.DOTALL)
_PREPARE = re.compile(r"PREPARE \w+(?: \(([^)]*)\))? AS (.*)$", re.DOTALL)
#: pgbench would take `:true` in a JSON text for a variable.
_LOOKS_LIKE_VARIABLE = re.compile(r":(?=[A-Za-z_])")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LONG = 200


@dataclass
class Script:
    """Lines of pgbench's script, and the texts that it is given on its command line."""

    #: What stands in the capture, and the SQL expression that stands in the script.
    keys: Mapping[str, str]
    lines: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    _locks: dict[str, int] = field(default_factory=dict)

    @property
    def locks(self) -> int:
        """How many variables `lock1`, `lock2` ... the script needs."""
        return len(self._locks)

    def add(self, told: Told) -> None:
        """One statement."""
        text = inlined(told) if told.preparation else told.text
        self.lines.append(_TOKENS.sub(self._rewritten, text).strip() + ";")

    def _rewritten(self, token: re.Match[str]) -> str:
        literal, number = token[1], token[2]
        if number is not None:
            return self._number(number)
        return token[0] if literal is None else self._text(literal)

    def _number(self, number: str) -> str:
        """Whole numbers too large for money are locks."""
        if number in self.keys:
            return self.keys[number]
        is_lock = len(number.lstrip("-")) > 15 and number != str(2**63 - 1)
        if not is_lock:
            return number
        return f":lock{self._locks.setdefault(number, len(self._locks) + 1)}"

    def _text(self, literal: str) -> str:
        """Ids of the service's own keep their beginning, so that they stay in order."""
        inner = literal[literal.index("'") + 1 : -1]
        if _UUID.fullmatch(inner):
            return f"('{inner[:24]}' || lpad(to_hex(:n::bigint), 12, '0'))"
        parts = self._pattern.split(inner) if self.keys else [inner]
        if len(parts) > 1:
            return f"({' || '.join(filter(None, map(self._piece, parts)))})"
        if len(literal) < LONG or literal[0] == "E":
            return _quoted(literal)
        name = f"text{len(self.texts)}"
        self.texts[name] = inner.replace("''", "'")
        return f":{name}"

    def _piece(self, part: str) -> str:
        if part in self.keys:
            return self.keys[part]
        return _quoted(f"'{part}'") if part else ""

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Any key as such, not as a part of a longer number or word."""
        longest_first = sorted(self.keys, key=len, reverse=True)
        return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, longest_first))})(?![\w-])")


def whole(told: Sequence[Told]) -> list[str]:
    """Word for word, for a connection that has prepared nothing yet.

    >>> whole([Told("EXECUTE one (2)", "PREPARE one (int) AS SELECT $1"), Told("COMMIT")])
    ['PREPARE one (int) AS SELECT $1', 'EXECUTE one (2)', 'COMMIT']
    """
    said: list[str] = []
    prepared: set[str] = set()
    for one in told:
        is_preparation = one.text.startswith("PREPARE ")
        preparation = one.text if is_preparation else one.preparation
        if preparation and preparation not in prepared:
            prepared.add(preparation)
            said.append(preparation)
        if not is_preparation:
            said.append(one.text)
    return said


def inlined(told: Told) -> str:
    """The statement that was prepared, with the arguments of this execution, each of its type.

    >>> inlined(Told("EXECUTE sum_of (1, 'a,b')", "PREPARE sum_of (int, text) AS SELECT $1, $2"))
    "SELECT (1::int), ('a,b'::text)"
    """
    execution, prepared = _EXECUTE.match(told.text), _PREPARE.match(told.preparation)
    assert execution is not None
    assert prepared is not None
    kinds = (prepared[1] or "").split(", ")
    values = [
        f"({value}::{kind})"
        for value, kind in zip(arguments(execution[2] or ""), kinds, strict=True)
    ]
    return re.sub(r"\$(\d+)", lambda found: values[int(found[1]) - 1], prepared[2])


def arguments(listed: str) -> Sequence[str]:
    """A list of SQL expressions, taken apart at its commas.

    >>> arguments("ARRAY[1, 2]::int[], 'a, ''b'::text, NULL")
    ['ARRAY[1, 2]::int[]', "'a, ''b'::text", 'NULL']
    """
    found, depth, begun = [], 0, 0
    for token in re.finditer(r"'(?:[^']|'')*'|[\[\](),]", listed):
        if token[0] in "([":
            depth += 1
        elif token[0] in ")]":
            depth -= 1
        elif token[0] == "," and depth == 0:
            found.append(listed[begun : token.start()].strip())
            begun = token.end()
    return [*found, listed[begun:].strip()]


def _quoted(literal: str) -> str:
    return _LOOKS_LIKE_VARIABLE.sub(": ", literal)
