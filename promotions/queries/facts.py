"""What a checkout call must know of codes and counters, as parts of its one statement.

The caller's statement has a CTE `who` with the customer's key in `id` (no row: a guest or a stranger)
and binds `codes` (normalised), `counted` (keys of automatic promotions whose counters matter) and
`own_reservation` (its own hold, which must not stand in its way; null where there is none).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from promotions.domain.codes import limit_in_force
from promotions.domain.facts import CodeFacts, CustomerUsage, PromotionUsage
from promotions.domain.offer import Offer

#: CTEs. Counters of a promotion whose code is somebody else's are not looked at: a stranger's
#: guess costs what an unknown code costs.
COMMON_TABLES = """
    asked AS (
        SELECT id, code, promotion_id, customer_id, batch_id, status, valid_from, valid_until,
               max_redemptions, used, held
        FROM promotions_code WHERE code = ANY(%(codes)s::text[])
    ),
    offered AS (
        SELECT %(counted)s::bigint[] || ARRAY(
            SELECT promotion_id FROM asked
            WHERE customer_id IS NULL OR customer_id = (SELECT id FROM who)) AS keys
    )"""

#: What a checkout holds itself, a further CTE and its scalar. Who holds nothing yet leaves them out.
OWN_TABLE = """own AS (
        SELECT promotion_id, code_id, amount FROM promotions_promotionuse
        WHERE reservation_id = %(own_reservation)s::uuid AND status = 'held'
    )"""

#: Scalars, in the order that `parse` takes them; lists as text, which is read in one go.
SCALARS = """
    (SELECT version FROM promotions_definitionstamp WHERE id = 1),
    (SELECT json_agg(json_build_array(
        code, id, promotion_id, customer_id, batch_id IS NOT NULL, status = 'active',
        valid_from, valid_until, max_redemptions, used, held))::text FROM asked),
    (SELECT json_agg(json_build_array(promotion_id, used, held, spent, held_amount))::text
        FROM promotions_promotioncounter
        WHERE promotion_id = ANY((SELECT keys FROM offered)::bigint[])),
    (SELECT json_agg(json_build_array(promotion_id, used, held))::text
        FROM promotions_customercount
        WHERE customer_id = (SELECT id FROM who)
          AND promotion_id = ANY((SELECT keys FROM offered)::bigint[]))"""
OWN_SCALAR = """
    (SELECT json_agg(json_build_array(promotion_id, code_id, amount))::text FROM own)"""


class CodeRow(Struct, frozen=True):
    """A code as it is stored; its limit is known once its promotion is."""

    code: str
    id: int
    promotion_key: int
    customer_key: int | None
    in_batch: bool
    enabled: bool
    valid_from: datetime | None
    valid_until: datetime | None
    max_redemptions: int | None
    used: int
    held: int


class Counts(Struct, frozen=True):
    """Codes and counters of one instant, the caller's own hold already taken off."""

    stamp: int
    codes: Mapping[str, CodeRow]
    promotions: Mapping[int, PromotionUsage]
    customer: Mapping[int, CustomerUsage]


def parse(row: Sequence[Any], own: str | None = None) -> Counts:
    """The values of `SCALARS`, and that of `OWN_SCALAR`, as facts."""
    stamp, *lists = row
    codes, counters, counts = map(_rows, lists)
    held: dict[int, tuple[int, int]] = {}
    held_codes: dict[int, int] = {}
    for promotion_key, code_id, amount in _rows(own):
        times, total = held.get(promotion_key, (0, 0))
        held[promotion_key] = (times + 1, total + amount)
        if code_id is not None:
            held_codes[code_id] = held_codes.get(code_id, 0) + 1
    return Counts(
        stamp=stamp or 0,
        codes={values[0]: _code_row(values, held_codes) for values in codes},
        promotions={
            key: PromotionUsage(
                used, held_now - held.get(key, (0, 0))[0], spent, amount - held.get(key, (0, 0))[1]
            )
            for key, used, held_now, spent, amount in counters
        },
        customer={
            key: CustomerUsage(used, held_now - held.get(key, (0, 0))[0])
            for key, used, held_now in counts
        },
    )


def code_facts(
    code: str, *, row: CodeRow | None, offers: Mapping[int, Offer], customer_key: int | None
) -> CodeFacts:
    """What the domain may know of a code: of a stranger's, only that it is none of the caller's."""
    if row is None or row.promotion_key not in offers:
        return CodeFacts(code=code, found=False)
    personal = row.customer_key is not None
    if personal and row.customer_key != customer_key:
        return CodeFacts(code=code, foreign=True)
    return CodeFacts(
        code=code,
        id=row.id,
        promotion_key=row.promotion_key,
        personal=personal,
        enabled=row.enabled,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        limit=limit_in_force(
            own=row.max_redemptions,
            per_code=offers[row.promotion_key].per_code,
            personal=personal,
            in_batch=row.in_batch,
        ),
        used=row.used,
        held=row.held,
    )


def _code_row(values: Sequence[Any], held_codes: Mapping[int, int]) -> CodeRow:
    return CodeRow(
        code=values[0],
        id=values[1],
        promotion_key=values[2],
        customer_key=values[3],
        in_batch=values[4],
        enabled=values[5],
        valid_from=_instant(values[6]),
        valid_until=_instant(values[7]),
        max_redemptions=values[8],
        used=values[9],
        held=values[10] - held_codes.get(values[1], 0),
    )


def _rows(text: str | None) -> Sequence[Any]:
    return msgspec.json.decode(text) if text is not None else ()


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None
