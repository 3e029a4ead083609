"""A connection to a database of the benchmark."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
from psycopg2.extensions import cursor as Cursor


@contextmanager
def session(database_url: str) -> Iterator[Cursor]:
    """A cursor whose statements commit one by one."""
    with closing(psycopg2.connect(database_url, application_name="bench")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


def run(database_url: str, *statements: str) -> None:
    """Each statement in a transaction of its own."""
    with session(database_url) as cursor:
        for statement in statements:
            cursor.execute(statement)


def rows(
    database_url: str, statement: str, parameters: Sequence[Any] = ()
) -> list[tuple[Any, ...]]:
    """What the statement answers."""
    with session(database_url) as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
