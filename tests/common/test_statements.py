"""Statements that each connection prepares for itself."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from common.statements import Insert, Statement, record_array
from tests.api import NOON

pytestmark = pytest.mark.django_db

SUM = Statement("test_sum", "SELECT sum(n) * %(factor)s::int FROM unnest(%(numbers)s::int[]) AS n")
PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE name = 'test_sum'"


def ask(**parameters: Any) -> Any:
    with connection.cursor() as cursor:
        SUM.run(cursor, parameters)
        return cursor.fetchone()[0]


def prepared() -> int:
    with connection.cursor() as cursor:
        cursor.execute(PREPARED)
        return cursor.fetchone()[0]


def test_it_answers_as_the_statement_would_and_is_planned_once():
    assert [ask(numbers=[1, 2, 3], factor=factor) for factor in (1, 2, None)] == [6, 12, None]
    assert prepared() == 1


def test_an_empty_list_and_a_list_of_nothing_keep_their_type():
    assert (ask(numbers=[], factor=1), ask(numbers=[None], factor=1)) == (None, None)


def test_what_the_log_shows_is_one_statement_with_its_name_and_values():
    with CaptureQueriesContext(connection) as seen:
        ask(numbers=[7], factor=3)
    assert [query["sql"] for query in seen] == ["EXECUTE test_sum (3, ARRAY[7])"]


def test_a_new_connection_prepares_it_anew(transactional_db: None):
    ask(numbers=[1], factor=1)
    connection.close()
    assert prepared() == 0
    assert ask(numbers=[1], factor=1) == 1
    assert prepared() == 1


def test_behind_a_pooler_nothing_is_prepared(transactional_db: None, settings: Any):
    connection.close()
    settings.PREPARED_STATEMENTS = False
    assert ask(numbers=[1, 2, 3], factor=2) == 12
    assert prepared() == 0


def test_a_parameter_without_a_type_is_refused_at_once():
    with pytest.raises(ValueError, match="does not tell the type of number"):
        Statement("test_untyped", "SELECT %(number)s + %(number)s::int")


@pytest.mark.parametrize(
    "text", ['say "tea"', "back\\slash", "a,b", "(x)", "", " ", "NULL", "it's", "{}", '\\"', "ü\n"]
)
def test_an_array_of_rows_keeps_every_text(db: None, text: str):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TYPE test_row AS (number bigint, word text, day timestamptz)")
        cursor.execute(
            "SELECT number, word, day FROM unnest(%s::test_row[])",
            [record_array([(1, text, None), (None, None, NOON)])],
        )
        assert cursor.fetchall() == [(1, text, None), (None, None, NOON)]


@pytest.mark.parametrize("is_prepared", [True, False])
def test_one_runs_behind_what_is_written_first_in_one_round_trip(
    transactional_db: None, settings: Any, is_prepared: bool
):
    connection.close()
    settings.PREPARED_STATEMENTS = is_prepared
    write = Statement("test_write", "INSERT INTO told VALUES (%(word)s::text)")
    read = Statement("test_read", "SELECT word FROM told WHERE word > %(least)s::text")
    first = [Insert(write, {"word": "50 % \\ 'tea'; --"})]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE told (word text) ON COMMIT DROP")
        with CaptureQueriesContext(connection) as seen, connection.cursor() as cursor:
            read.run_behind(first, cursor, {"least": "5"})
            assert cursor.fetchall() == [("50 % \\ 'tea'; --",)]
    assert len(seen) == 1
