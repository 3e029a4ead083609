"""A captured call as pgbench's script."""

from bench.capture import Script, inlined
from bench.statements import Told, statements_in

KEYS = {"order-7": "'order-' || :n", "5000123": ":customer", "c123": "'c' || :number"}


def script_of(*texts: str) -> Script:
    script = Script(KEYS)
    for text in texts:
        script.add(Told(text))
    return script


def test_keys_are_replaced_as_numbers_as_texts_and_inside_of_texts():
    script = script_of(
        "SELECT 5000123, 'c123'::text",
        """SELECT '[{"id":"order-7","of":5000123,"paid":true}]'::json""",
    )
    assert script.lines == [
        "SELECT :customer, ('c' || :number)::text;",
        """SELECT ('[{"id":"' || 'order-' || :n || '","of":' || :customer || ',"paid": true}]')::json;""",
    ]


def test_a_part_of_a_longer_word_or_number_is_no_key():
    [line] = script_of("SELECT 15000123, 5000123.5, 'c1234', 'abc123', 'order-77'").lines
    assert line == "SELECT 15000123, 5000123.5, 'c1234', 'abc123', 'order-77';"


def test_locks_become_variables_of_their_own_and_limits_stay():
    script = script_of(
        "SELECT pg_advisory_xact_lock( -737427761620916303), pg_advisory_xact_lock(410612846816159398)",
        "UPDATE t SET used = least(used, 9223372036854775807)",
    )
    assert script.lines == [
        "SELECT pg_advisory_xact_lock( :lock1), pg_advisory_xact_lock(:lock2);",
        "UPDATE t SET used = least(used, 9223372036854775807);",
    ]
    assert script.locks == 2


def test_ids_of_the_service_keep_their_beginning():
    [line] = script_of("SELECT '01a21c34-f1e1-79d0-9b5c-0922d27a9fc3'::uuid").lines
    assert line == (
        "SELECT ('01a21c34-f1e1-79d0-9b5c-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid;"
    )


def test_long_texts_travel_as_they_do_in_a_call():
    content = '{"why":"' + "it's so " * 40 + '"}'
    script = script_of(f"SELECT '{content.replace(chr(39), chr(39) * 2)}'::jsonb")
    assert script.lines == ["SELECT :text0::jsonb;"]
    assert script.texts == {"text0": content}


def test_a_prepared_statement_is_written_out_with_its_arguments():
    told = Told(
        "EXECUTE find (ARRAY['A,B', '(C'], NULL, 5000123)",
        "PREPARE find (text[], uuid, bigint) AS SELECT $1::text[], $2, $3, $1 || 'x'",
    )
    assert inlined(told) == (
        "SELECT (ARRAY['A,B', '(C']::text[])::text[], (NULL::uuid), (5000123::bigint),"
        " (ARRAY['A,B', '(C']::text[]) || 'x'"
    )


def test_the_log_tells_statements_with_their_preparation_and_nothing_of_others():
    log = (
        "bench <bench> LOG:  statement: SELECT 'ours'\n"
        "bench <web> LOG:  statement: EXECUTE one (1::int)\n"
        "bench <web> DETAIL:  prepare: PREPARE one (int) AS\n\tSELECT $1\n"
        "bench <web> LOG:  statement: COMMIT\n"
    )
    told = statements_in(log)
    assert told == [
        Told("EXECUTE one (1::int)", "PREPARE one (int) AS\nSELECT $1"),
        Told("COMMIT"),
    ]
    assert [one.counts for one in told] == [True, False]
