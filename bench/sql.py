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


@contextmanager
def unguarded(database_url: str) -> Iterator[Cursor]:
    """A cursor for many rows that are right by themselves: no trigger looks up each, nothing waits for the disk."""
    with session(database_url) as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
        yield cursor


@contextmanager
def unindexed(database_url: str, *tables: str) -> Iterator[Cursor]:
    """The same for millions of rows into these tables: their indexes are built anew at the end.

    By sorting, which costs a fraction of finding the place of each row. Those of primary keys stay, and
    those that foreign keys rest on.
    """
    with unguarded(database_url) as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(_INDEXES, [list(tables)])
        dropped = cursor.fetchall()
        for drop, _ in dropped:
            cursor.execute(drop)
        yield cursor
        for _, build in dropped:
            cursor.execute(build)


#: How each is dropped and built: as a constraint where it is one's.
_INDEXES = """
    SELECT
        CASE WHEN own.oid IS NULL THEN format('DROP INDEX %%s', index.indexrelid::regclass)
            ELSE format('ALTER TABLE %%s DROP CONSTRAINT %%I', index.indrelid::regclass, own.conname)
        END,
        CASE WHEN own.oid IS NULL THEN pg_get_indexdef(index.indexrelid)
            ELSE format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', index.indrelid::regclass,
                own.conname, pg_get_constraintdef(own.oid))
        END
    FROM pg_index AS index
    LEFT JOIN pg_constraint AS own ON own.conindid = index.indexrelid AND own.contype IN ('u', 'x')
    WHERE index.indrelid = ANY(%s::regclass[]) AND NOT index.indisprimary
        AND NOT EXISTS (
            SELECT FROM pg_constraint AS key
            WHERE key.contype = 'f' AND key.conindid = index.indexrelid)
    ORDER BY index.indexrelid
"""


def rows(
    database_url: str, statement: str, parameters: Sequence[Any] = ()
) -> list[tuple[Any, ...]]:
    """What the statement answers."""
    with session(database_url) as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
