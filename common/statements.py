"""SQL that PostgreSQL plans once per connection, not once per call, and writes that go together.

For the statements of a checkout planning costs many times what running does. So each connection
prepares them, in SQL, at their first use. A pooler in transaction mode would hand the next call a
connection that knows nothing of that: behind one, PREPARED_STATEMENTS=0 sends them whole.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

_PARAMETER = re.compile(r"%\((\w+)\)s(?:::([a-z_]+(?:\[\])?))?")

#: PostgreSQL cuts longer names without a word.
_LONGEST_NAME = 63
#: What each of the driver's connections has prepared: by family the name. A new connection knows none.
_prepared: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()


class Statement:
    """One statement with `%(name)s` parameters, each with its type at its first place: `::bigint[]`.

    Of a `family` a connection keeps only the one that it ran last: statements whose text changes
    with what staff change do not pile up.

    Raises:
        ValueError: a parameter has no type, or the name is too long.
    """

    def __init__(self, name: str, text: str, *, family: str = "") -> None:
        types: dict[str, str] = {}
        for parameter, kind in _PARAMETER.findall(text):
            if not types.setdefault(parameter, kind):
                raise ValueError(f"the statement {name} does not tell the type of {parameter}")
        numbers = {parameter: f"${number}" for number, parameter in enumerate(types, start=1)}
        body = re.sub(r"%\((\w+)\)s", lambda found: numbers[found[1]], text)
        # Their types were told when it was prepared: told again, each is looked up again at each call.
        values = ", ".join(f"%({parameter})s" for parameter in types)
        if len(name) > _LONGEST_NAME:
            raise ValueError(f"the name {name} is too long")
        self.name = name
        self.text = text
        self._family = family or name
        self._preparation = f"PREPARE {name} ({', '.join(types.values())}) AS {body}"
        self._execution = f"EXECUTE {name} ({values})"

    def run(self, cursor: CursorWrapper, parameters: Mapping[str, Any]) -> None:
        """Execute it; the cursor has its rows and its row count."""
        if not settings.PREPARED_STATEMENTS:
            cursor.execute(self.text, parameters)
            return
        known = _prepared.setdefault(cursor.connection, {})
        if known.get(self._family) != self.name:
            self._prepare(cursor, known)
        cursor.execute(self._execution, parameters)

    def run_behind(
        self,
        inserts: "Sequence[Insert]",
        cursor: CursorWrapper,
        parameters: Mapping[str, Any],
        *,
        locks: "Statement | None" = None,
    ) -> None:
        """As `run_together(inserts)`, `locks.run` with the same parameters, and then `run`, in one round trip.

        They are statements of their own all the same: each begins when the one before has ended, and sees
        what was committed until then.
        """
        if not inserts and locks is None:
            self.run(cursor, parameters)
            return
        sent = [self.spelled(cursor, parameters)]
        if locks is not None:
            sent.insert(0, locks.spelled(cursor, parameters))
        if inserts:
            first, values = _as_one(inserts)
            sent.insert(0, first.spelled(cursor, values))
        cursor.execute("; ".join(sent))

    def spelled(self, cursor: CursorWrapper, parameters: Mapping[str, Any]) -> str:
        """The statement with its values, as `run` would send it; prepared from then on."""
        if not settings.PREPARED_STATEMENTS:
            return str(cursor.mogrify(self.text, parameters), "utf-8")
        known = _prepared.setdefault(cursor.connection, {})
        if known.get(self._family) != self.name:
            self._prepare(cursor, known)
        return str(cursor.mogrify(self._execution, parameters), "utf-8")

    def _prepare(self, cursor: CursorWrapper, known: dict[str, str]) -> None:
        """By the driver's own cursor: it belongs to the connection and not to the call."""
        with connection.wrap_database_errors, cursor.connection.cursor() as plain:
            if former := known.pop(self._family, None):
                plain.execute(f"DEALLOCATE {former}")
            plain.execute(self._preparation)
        known[self._family] = self.name


class Insert(NamedTuple):
    """One INSERT with its parameters, to be run with others."""

    statement: Statement
    parameters: Mapping[str, Any]


def run_together(inserts: Sequence[Insert]) -> None:
    """Run the writes as one statement, and so in one round trip.

    They share one snapshot, do not see each other's rows, and run in no certain order: at most one
    of them may wait for a row that others write too.
    """
    if not inserts:
        return
    statement, parameters = _as_one(inserts)
    with connection.cursor() as cursor:
        statement.run(cursor, parameters)


def _as_one(inserts: Sequence[Insert]) -> tuple[Statement, dict[str, Any]]:
    parameters = {
        f"part{at}_{name}": value
        for at, insert in enumerate(inserts)
        for name, value in insert.parameters.items()
    }
    return _together(tuple([insert.statement for insert in inserts])), parameters


@cache
def _together(statements: tuple[Statement, ...]) -> Statement:
    texts = [
        re.sub(r"%\((\w+)\)s", rf"%(part{at}_\1)s", statement.text)
        for at, statement in enumerate(statements)
    ]
    *tables, last = texts
    named = ", ".join(f"part{at} AS ({text})" for at, text in enumerate(tables))
    name = "_".join(statement.name for statement in statements)
    return Statement(name, f"WITH {named} {last}" if named else last)


def text_array(texts: Iterable[str]) -> str:
    """PostgreSQL's spelling of an array, for a parameter that is cast to `text[]` or the like.

    A long list as a parameter would be an expression of as many parts, each to be parsed.

    >>> text_array(["a", "b c"])
    '{"a","b c"}'
    """
    escaped = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in escaped) + "}"


def value_array(values: Iterable[object]) -> str:
    """As `text_array`, of whatever PostgreSQL reads as its text; None is NULL.

    >>> value_array([1, None, "a b"])
    '{1,NULL,"a b"}'
    """
    return "{" + ",".join([_spelled(value) for value in values]) + "}"


def _spelled(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def record_array(rows: Iterable[Sequence[object]]) -> str:
    """PostgreSQL's spelling of an array of rows of a composite type; None is NULL.

    >>> record_array([(1, None, "a b"), (2, 3, "")])
    '{"(1,,\\\\"a b\\\\")","(2,3,\\\\"\\\\")"}'
    """
    records = [",".join([_member(value) for value in row]) for row in rows]
    return '{"(' + ')","('.join(records) + ')"}' if records else "{}"


def _member(value: object) -> str:
    if value is None:
        return ""
    if value.__class__ is int:
        return str(value)
    text = str(value)
    if '"' in text or "\\" in text:
        # Escaped as a member, and again as part of an element.
        text = text.replace("\\", "\\\\\\\\").replace('"', '\\\\\\"')
    return f'\\"{text}\\"'
