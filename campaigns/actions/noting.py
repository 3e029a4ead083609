"""Acts: write down what was decided about claimed rows, which the caller's transaction holds."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from campaigns.domain.gates import Ends
from common.statements import text_array, value_array
from promotions.actions.personal import disable_codes

# Else a crash of the database could forget what was handed over, and it would be sent again.
_DURABLE = """
    SELECT set_config('synchronous_commit', 'on', true)
    WHERE current_setting('synchronous_commit') = 'off'
"""
_SUBMIT = """
    UPDATE campaigns_delivery AS delivery SET state = 'submitting', passed_at = %(now)s,
        submitted_at = %(now)s, leased_until = %(leased_until)s, code_id = told.code
    FROM unnest(%(keys)s::bigint[], %(codes)s::bigint[]) AS told (id, code)
    WHERE delivery.id = told.id
"""
_END = """
    UPDATE campaigns_delivery AS delivery SET state = told.state, reason = told.reason,
        lease = NULL, leased_until = NULL, code_id = coalesce(told.code, code_id), closed_at = %(now)s
    FROM unnest(%(keys)s::bigint[], %(states)s::text[], %(reasons)s::text[], %(codes)s::bigint[])
        AS told (id, state, reason, code)
    WHERE delivery.id = told.id
"""
_WAIT = """
    UPDATE campaigns_delivery AS delivery SET state = 'pending', lease = NULL, leased_until = NULL,
        not_before = told.until
    FROM unnest(%(keys)s::bigint[], %(until)s::timestamptz[]) AS told (id, until)
    WHERE delivery.id = told.id
"""


def let_wait(until: Mapping[int, datetime]) -> None:
    """Let these rows, by their keys, wait until then."""
    if not until:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _WAIT,
            {
                "keys": value_array(until),
                "until": value_array(at.isoformat() for at in until.values()),
            },
        )


def end(ends: Mapping[int, Ends], *, codes: Mapping[int, int], now: datetime) -> None:
    """End these rows unsent; a code that was made for one is disabled. Both are by the row's key."""
    if not ends:
        return
    made = [codes.get(key) for key in ends]
    with connection.cursor() as cursor:
        cursor.execute(
            _END,
            {
                "keys": value_array(ends),
                "states": text_array(end.state for end in ends.values()),
                "reasons": text_array(end.reason for end in ends.values()),
                "codes": value_array(made),
                "now": now,
            },
        )
    disable_codes([code for code in made if code is not None])


def submit(codes: Mapping[int, int | None], *, leased_until: datetime, now: datetime) -> None:
    """These rows are about to be handed over, with the personal code of each."""
    with connection.cursor() as cursor:
        cursor.execute(_DURABLE)
        cursor.execute(
            _SUBMIT,
            {
                "keys": value_array(codes),
                "codes": value_array(codes.values()),
                "leased_until": leased_until,
                "now": now,
            },
        )
        assert cursor.rowcount == len(codes), "the rows are locked"
