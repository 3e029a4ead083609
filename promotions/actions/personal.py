"""Acts: personal codes for those whom a campaign writes to, made and disabled set by set."""

import os
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import connection

from common.statements import text_array, value_array
from promotions.actions.issued import count_issued
from promotions.domain.codes import DEFAULT_PATTERN, generate

_INSERT = """
    INSERT INTO promotions_code (promotion_id, customer_id, code, spelling, status, valid_until,
        used, held, created_at, revision)
    SELECT %(promotion)s, customer, replace(drawn, '-', '') AS code, drawn, 'active',
        %(valid_until)s, 0, 0, %(now)s, 1
    FROM unnest(%(customers)s::bigint[], %(drawn)s::text[]) AS u (customer, drawn)
    ORDER BY code
    ON CONFLICT (code) DO NOTHING RETURNING id, customer_id, spelling
"""
#: In groups of four, as people read them out.
PATTERN = "-".join([DEFAULT_PATTERN[:4]] * 3)


def make_personal_codes(
    *,
    promotion_key: int,
    customer_keys: Sequence[int],
    valid_until: datetime | None,
    now: datetime,
) -> Mapping[int, tuple[int, str]]:
    """A code of its own for each of these different customers: key and spelling, by customer.

    Part of the caller's transaction; 2 statements, more only where chance draws a code that exists.
    """
    made: dict[int, tuple[int, str]] = {}
    while waiting := [key for key in customer_keys if key not in made]:
        drawn = generate(pattern=PATTERN, count=len(waiting), random_bytes=os.urandom)
        with connection.cursor() as cursor:
            cursor.execute(
                _INSERT,
                {
                    "promotion": promotion_key,
                    "customers": value_array(waiting),
                    "drawn": text_array(drawn),
                    "valid_until": valid_until,
                    "now": now,
                },
            )
            made |= {customer: (key, spelling) for key, customer, spelling in cursor.fetchall()}
    count_issued(promotion_key=promotion_key, codes=len(made))
    return made


def disable_codes(code_keys: Collection[int]) -> int:
    """Disable codes that never reached their holders; how many. Part of the caller's transaction."""
    if not code_keys:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE promotions_code SET status = 'disabled', revision = revision + 1
            WHERE id IN (SELECT id FROM promotions_code WHERE id = ANY(%s::bigint[])
                AND status = 'active' ORDER BY code FOR NO KEY UPDATE)
            """,
            [value_array(code_keys)],
        )
        return cursor.rowcount
