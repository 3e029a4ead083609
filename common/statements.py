"""Several writes in one statement, and so in one round trip."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection


class Insert(NamedTuple):
    """One INSERT with its named parameters, to be run by itself or together with others."""

    sql: str
    parameters: Mapping[str, Any]


def run_together(inserts: Sequence[Insert]) -> None:
    """Run the writes as one statement.

    They share one snapshot, do not see each other's rows, and run in no certain order: at most one
    of them may wait for a row that others write too.
    """
    if not inserts:
        return
    with connection.cursor() as cursor:
        *parts, last = [cursor.mogrify(*insert).decode() for insert in inserts]
        tables = ", ".join(f"part_{at} AS ({part})" for at, part in enumerate(parts))
        # Without parameters nothing in the text is taken for a placeholder.
        cursor.execute(f"WITH {tables} {last}" if tables else last)
