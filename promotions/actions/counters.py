"""The counters that limits are held by: of customers, codes and promotions.

Every move is a set of changes, applied in one order everywhere: customer counts, codes, and the
promotions' counters as the very last statement. Each statement carries its limit as a condition
and its row count is checked, so that no limit is passed however many calls run at once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from common.statements import Statement

_LOWER_COUNTS = Statement(
    "lower_customer_counts",
    """
    WITH change AS (SELECT * FROM unnest(%(customers)s::bigint[], %(promotions)s::bigint[],
            %(used)s::bigint[], %(held)s::bigint[])
            AS d (customer_id, promotion_id, used, held)),
        locked AS (SELECT c.id FROM promotions_customercount c
            JOIN change USING (customer_id, promotion_id)
            ORDER BY c.customer_id, c.promotion_id FOR NO KEY UPDATE OF c)
    UPDATE promotions_customercount c SET used = c.used + d.used, held = c.held + d.held
    FROM change d, locked
    WHERE locked.id = c.id AND c.customer_id = d.customer_id
        AND c.promotion_id = d.promotion_id
    """,
)
#: Each row only as far as its promotion's limit allows.
_RAISE_COUNTS = Statement(
    "raise_customer_counts",
    """
    INSERT INTO promotions_customercount AS c (customer_id, promotion_id, used, held)
    SELECT * FROM unnest(%(customers)s::bigint[], %(promotions)s::bigint[],
        %(used)s::bigint[], %(held)s::bigint[])
    ON CONFLICT (customer_id, promotion_id) DO UPDATE
    SET used = c.used + excluded.used, held = c.held + excluded.held
    WHERE c.used + c.held + excluded.used + excluded.held <= (
        SELECT coalesce(per_customer_limit, 9223372036854775807)
        FROM promotions_promotion WHERE id = c.promotion_id)
    """,
)
_CHANGE_CODES = Statement(
    "change_codes",
    """
    WITH locked AS (
        SELECT id FROM promotions_code WHERE id = ANY(%(ids)s::bigint[])
        ORDER BY id FOR NO KEY UPDATE)
    UPDATE promotions_code c SET used = c.used + d.used, held = c.held + d.held
    FROM unnest(%(ids)s::bigint[], %(used)s::bigint[], %(held)s::bigint[]) AS d (id, used, held),
        locked, promotions_promotion p
    WHERE c.id = locked.id AND c.id = d.id AND p.id = c.promotion_id
        AND (d.used + d.held <= 0 OR (c.status = 'active'
            AND c.used + c.held + d.used + d.held <= coalesce(c.max_redemptions, p.per_code_limit,
                CASE WHEN c.customer_id IS NOT NULL OR c.batch_id IS NOT NULL THEN 1 END,
                9223372036854775807)))
    """,
)
_CHANGE_COUNTERS = Statement(
    "change_counters",
    """
    WITH locked AS (
        SELECT promotion_id FROM promotions_promotioncounter
        WHERE promotion_id = ANY(%(ids)s::bigint[]) ORDER BY promotion_id FOR NO KEY UPDATE)
    UPDATE promotions_promotioncounter c
    SET used = c.used + d.used, held = c.held + d.held,
        spent = c.spent + d.spent, held_amount = c.held_amount + d.held_amount
    FROM unnest(%(ids)s::bigint[], %(used)s::bigint[], %(held)s::bigint[], %(spent)s::bigint[],
        %(amount)s::bigint[]) AS d (id, used, held, spent, held_amount),
        locked, promotions_promotion p
    WHERE c.promotion_id = locked.promotion_id AND c.promotion_id = d.id AND p.id = d.id
        AND (d.used + d.held <= 0 OR c.used + c.held + d.used + d.held
            <= coalesce(p.redemptions_limit, 9223372036854775807))
        AND (d.spent + d.held_amount <= 0 OR c.spent + c.held_amount + d.spent + d.held_amount
            <= coalesce(p.discount_budget, 9223372036854775807))
        AND (d.used + d.held <= 0 OR (p.currency <> %(currency)s::text) IS NOT TRUE)
    """,
)


class LimitRaced(Exception):
    """Another checkout was faster: what looked free is taken. Roll back and look again."""


@dataclass(frozen=True, slots=True)
class Use:
    """A use that moves, as its row has it."""

    promotion_key: int
    code_id: int | None
    customer_key: int | None
    amount: int


class Changes:
    """What moves in one transaction. Collect, then `apply`, then run what it returns at the end."""

    def __init__(self) -> None:
        self._promotions: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        self._codes: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        self._customers: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
        self._currency: str | None = None

    def add(
        self, uses: Iterable[Use], *, used: int, held: int, currency: str | None = None
    ) -> None:
        """Move each use by `used` and `held` (-1, 0 or 1 each).

        New uses say their `currency`: a promotion that has another by now gets none of them.
        """
        self._currency = currency or self._currency
        for use in uses:
            promotion = self._promotions[use.promotion_key]
            promotion[0] += used
            promotion[1] += held
            promotion[2] += used * use.amount
            promotion[3] += held * use.amount
            if use.code_id is not None:
                self._codes[use.code_id][0] += used
                self._codes[use.code_id][1] += held
            if use.customer_key is not None:
                count = self._customers[use.customer_key, use.promotion_key]
                count[0] += used
                count[1] += held

    def apply(self) -> Callable[[], None]:
        """Write counts and codes; the returned closing writes the hot counters.

        Raises:
            LimitRaced: from here or from the closing.
        """
        _change_customer_counts(self._customers)
        _change_codes(self._codes)
        promotions, currency = dict(self._promotions), self._currency
        return lambda: _change_counters(promotions, currency)


def _change_customer_counts(changes: dict[tuple[int, int], list[int]]) -> None:
    rows = sorted((key, delta) for key, delta in changes.items() if any(delta))
    raised = [row for row in rows if sum(row[1]) > 0]
    others = [row for row in rows if sum(row[1]) <= 0]
    if raised and others:
        _lock_customer_counts(rows)
    if others:
        _run(_LOWER_COUNTS, _count_parameters(others), expected=len(others))
    if raised:
        _run(_RAISE_COUNTS, _count_parameters(raised), expected=len(raised))


def _lock_customer_counts(rows: list[tuple[tuple[int, int], list[int]]]) -> None:
    """All rows of a swap first, sorted: lowering and raising them are two statements.

    Those that are missing are made here, in the same order: a row that is only being made by
    somebody else is waited for like any other.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO promotions_customercount AS c (customer_id, promotion_id, used, held)
            SELECT customer_id, promotion_id, 0, 0
            FROM unnest(%(customers)s::bigint[], %(promotions)s::bigint[])
                AS d (customer_id, promotion_id)
            ORDER BY customer_id, promotion_id
            ON CONFLICT (customer_id, promotion_id) DO UPDATE SET used = c.used
            """,
            _count_parameters(rows),
        )


def _count_parameters(rows: list[tuple[tuple[int, int], list[int]]]) -> dict[str, Any]:
    return {
        "customers": [customer for (customer, _), _ in rows],
        "promotions": [promotion for (_, promotion), _ in rows],
        "used": [used for _, (used, _) in rows],
        "held": [held for _, (_, held) in rows],
    }


def _change_codes(changes: dict[int, list[int]]) -> None:
    rows = sorted((key, delta) for key, delta in changes.items() if any(delta))
    if not rows:
        return
    _run(
        _CHANGE_CODES,
        {
            "ids": [key for key, _ in rows],
            "used": [used for _, (used, _) in rows],
            "held": [held for _, (_, held) in rows],
        },
        expected=len(rows),
    )


def _change_counters(changes: dict[int, list[int]], currency: str | None) -> None:
    rows = sorted((key, delta) for key, delta in changes.items() if any(delta))
    if not rows:
        return
    _run(
        _CHANGE_COUNTERS,
        {
            "ids": [key for key, _ in rows],
            "used": [delta[0] for _, delta in rows],
            "held": [delta[1] for _, delta in rows],
            "spent": [delta[2] for _, delta in rows],
            "amount": [delta[3] for _, delta in rows],
            "currency": currency,
        },
        expected=len(rows),
    )


def _run(statement: Statement, parameters: dict[str, Any], *, expected: int) -> None:
    with connection.cursor() as cursor:
        statement.run(cursor, parameters)
        if cursor.rowcount != expected:
            raise LimitRaced
