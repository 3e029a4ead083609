"""Millions of rows are written without indexes, which are all there again at the end."""

import os
from collections.abc import Iterator

import psycopg2
import pytest
from django.db import connection

from bench import sql
from stack.testing import with_database

INDEXES = """
    SELECT indexdef FROM pg_indexes WHERE tablename = 'bench_filled' ORDER BY indexname
"""
CONSTRAINTS = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = 'bench_filled'::regclass AND contype IN ('p', 'u', 'f') ORDER BY conname
"""


@pytest.fixture
def url(transactional_db: None) -> Iterator[str]:
    url = with_database(os.environ["DATABASE_URL"], str(connection.settings_dict["NAME"]))
    sql.run(
        url,
        """
        CREATE TABLE bench_filled (id bigint PRIMARY KEY, code text CONSTRAINT bench_once UNIQUE,
            label text, held text CONSTRAINT bench_held UNIQUE)
        """,
        "CREATE INDEX bench_labels ON bench_filled (lower(label)) WHERE label <> ''",
        "CREATE TABLE bench_holder (held text REFERENCES bench_filled (held))",
    )
    yield url
    sql.run(url, "DROP TABLE bench_holder, bench_filled")


def test_indexes_and_constraints_are_as_before(url: str) -> None:
    before = sql.rows(url, INDEXES), sql.rows(url, CONSTRAINTS)
    with sql.unindexed(url, "bench_filled") as cursor:
        cursor.execute(INDEXES)
        meanwhile = " ".join(told for (told,) in cursor.fetchall())
        cursor.execute("INSERT INTO bench_filled SELECT n, n, n, n FROM generate_series(1, 9) AS n")
    assert "bench_once" not in meanwhile
    assert "bench_labels" not in meanwhile
    assert "bench_filled_pkey" in meanwhile
    assert "bench_held" in meanwhile
    assert (sql.rows(url, INDEXES), sql.rows(url, CONSTRAINTS)) == before


def test_what_breaks_a_constraint_is_noticed_at_the_end(url: str) -> None:
    double = "INSERT INTO bench_filled (id, code) VALUES (1, 'A'), (2, 'A')"
    with pytest.raises(psycopg2.errors.UniqueViolation), sql.unindexed(url, "bench_filled") as at:
        at.execute(double)
