"""Holding, using, releasing and restoring: the uses are the source, the counters move with them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from common.statements import Insert, Statement
from promotions.actions.counters import Changes, Use
from promotions.domain.quote import AppliedOffer

_INSERT = Statement(
    "uses",
    """
    INSERT INTO promotions_promotionuse (promotion_id, code_id, customer_id, amount, restores,
        reservation_id, redemption_id, currency, status, changed_at)
    SELECT promotion, code, customer, amount, restores, %(reservation)s::uuid, %(redemption)s::uuid,
        %(currency)s::text, %(status)s::text, %(now)s::timestamptz
    FROM unnest(%(promotions)s::bigint[], %(codes)s::bigint[], %(customers)s::bigint[],
        %(amounts)s::bigint[], %(restores)s::bool[])
        AS u (promotion, code, customer, amount, restores)
    """,
)


def hold(
    changes: Changes,
    applied: Sequence[AppliedOffer],
    *,
    reservation_id: UUID,
    customer_key: int | None,
    currency: str,
    now: datetime,
) -> list[Insert]:
    """Hold one use of each applied promotion for a reservation; the rows are the caller's to insert,
    before the changes are applied.
    """
    uses = _uses_of(applied, customer_key)
    changes.add(uses, used=0, held=1, currency=currency)
    return _inserts(uses, applied, "held", reservation_id, None, currency, now)


def use(
    changes: Changes,
    applied: Sequence[AppliedOffer],
    *,
    redemption_id: UUID,
    customer_key: int | None,
    currency: str,
    now: datetime,
) -> list[Insert]:
    """Use each applied promotion once, without a hold before; the rows are the caller's to insert,
    before the changes are applied.
    """
    uses = _uses_of(applied, customer_key)
    changes.add(uses, used=1, held=0, currency=currency)
    return _inserts(uses, applied, "used", None, redemption_id, currency, now)


def use_held(changes: Changes, *, reservation_id: UUID, redemption_id: UUID, now: datetime) -> None:
    """Turn a reservation's holds into uses. No limit is asked: the hold was the promise."""
    moved = _move(
        "status = 'used', redemption_id = %(redemption)s",
        "reservation_id = %(reservation)s AND status = 'held'",
        {"redemption": redemption_id, "reservation": reservation_id, "now": now},
    )
    changes.add(moved, used=1, held=-1)


def release(changes: Changes, *, reservation_ids: Sequence[UUID], now: datetime) -> None:
    """Give back everything that these reservations hold."""
    moved = _move(
        "status = 'released'",
        "reservation_id = ANY(%(reservations)s::uuid[]) AND status = 'held'",
        {"reservations": list(reservation_ids), "now": now},
    )
    changes.add(moved, used=0, held=-1)


def restore(changes: Changes, *, redemption_id: UUID, now: datetime) -> list[str]:
    """Give back the uses of a redemption whose promotions promised it; the codes' spellings."""
    moved = _move(
        "status = 'restored'",
        "redemption_id = %(redemption)s AND status = 'used' AND restores",
        {"redemption": redemption_id, "now": now},
    )
    changes.add(moved, used=-1, held=0)
    codes = sorted(use.code_id for use in moved if use.code_id is not None)
    if not codes:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT spelling FROM promotions_code WHERE id = ANY(%s) ORDER BY spelling", [codes]
        )
        return [spelling for (spelling,) in cursor.fetchall()]


def _uses_of(applied: Sequence[AppliedOffer], customer_key: int | None) -> list[Use]:
    return [Use(offer.key, offer.code_id, customer_key, offer.amount) for offer in applied]


def _inserts(
    uses: Sequence[Use],
    applied: Sequence[AppliedOffer],
    status: str,
    reservation_id: UUID | None,
    redemption_id: UUID | None,
    currency: str,
    now: datetime,
) -> list[Insert]:
    if not uses:
        return []
    return [
        Insert(
            _INSERT,
            {
                "promotions": [use.promotion_key for use in uses],
                "codes": [use.code_id for use in uses],
                "customers": [use.customer_key for use in uses],
                "amounts": [use.amount for use in uses],
                "restores": [offer.restores_after_cancel for offer in applied],
                "reservation": reservation_id,
                "redemption": redemption_id,
                "currency": currency,
                "status": status,
                "now": now,
            },
        )
    ]


def _move(assignments: str, condition: str, parameters: dict[str, Any]) -> list[Use]:
    """Update the uses that meet `condition` (constants of this module, never input)."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE promotions_promotionuse SET {assignments}, changed_at = %(now)s"
            f" WHERE {condition} RETURNING promotion_id, code_id, customer_id, amount",
            parameters,
        )
        return [Use(*row) for row in cursor.fetchall()]
