"""Reads: holds of wallets that the caller has locked, and what they keep of which lots."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from cashback.domain.booking import Held, Purpose
from cashback.queries.lots import rows_of
from common.statements import Statement, value_array

Stage = Literal["held", "clearing"]

#: What a hold keeps, or has spent, of each lot: what was taken for it less what was given back.
_KEPT = """
    CROSS JOIN LATERAL (
        SELECT array_agg(lot_id) AS lots, array_agg(amount) AS amounts
        FROM (SELECT lot_id, -sum(amount)::bigint AS amount FROM cashback_allocation
            WHERE hold_id = hold.id GROUP BY lot_id HAVING sum(amount) <> 0) AS by_lot) AS kept"""
_COLUMNS = """
    hold.id, hold.wallet_id, hold.reference, hold.number, hold.amount, hold.expires_at, kept.lots,
    kept.amounts,
    (SELECT outcome FROM cashback_holdoutcome WHERE hold_id = hold.id AND stage = 'held'),
    (SELECT outcome FROM cashback_holdoutcome WHERE hold_id = hold.id AND stage = 'clearing')"""
_OF_REFERENCES = Statement(
    "cashback_holds_of_references",
    f"""
    SELECT {_COLUMNS} FROM cashback_hold AS hold {_KEPT}
    WHERE hold.reference = ANY (%(references)s::uuid[]) AND hold.purpose = %(purpose)s::text
    ORDER BY hold.posting_id
    """,
)
#: By wallet: all that end by themselves and have not ended yet.
_ENDING = Statement(
    "cashback_holds_that_end",
    f"""
    SELECT {_COLUMNS} FROM cashback_hold AS hold {_KEPT}
    WHERE hold.wallet_id = ANY (%(wallets)s::bigint[]) AND hold.expires_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM cashback_holdoutcome WHERE hold_id = hold.id)
    ORDER BY hold.posting_id
    """,
)
_OF_ORDER = Statement(
    "cashback_hold_of_order",
    f"""
    SELECT {_COLUMNS} FROM cashback_posting AS posting
    JOIN cashback_holdoutcome AS spent ON spent.posting_id = posting.id
    JOIN cashback_hold AS hold ON hold.id = spent.hold_id {_KEPT}
    WHERE posting.source_ref = %(order)s::text AND posting.source_kind = 'order'
        AND posting.kind = 'spend' AND posting.sequence = 0
    """,
)


@dataclass(frozen=True, slots=True)
class KeptHold:
    """A hold, and what of it is still held, in clearing or spent, by lot."""

    hold_id: UUID
    wallet_key: int
    reference: UUID
    number: int
    amount: int
    expires_at: datetime | None
    kept: Mapping[int, int]
    #: What became of it: out of `held`, and of a payout out of clearing.
    outcome: str | None
    end: str | None

    @property
    def held(self) -> Held:
        """As bookings know it."""
        return Held(self.hold_id, self.kept, self.expires_at)

    @property
    def is_held(self) -> bool:
        """Whether its money is in `held` still."""
        return self.outcome is None

    @property
    def is_in_clearing(self) -> bool:
        """Whether its money is with the provider."""
        return self.outcome == "submitted" and self.end is None


def holds_of(references: Collection[UUID], *, purpose: Purpose) -> dict[UUID, list[KeptHold]]:
    """All holds of reservations, redemptions or payouts, in the order in which they were made."""
    found: dict[UUID, list[KeptHold]] = {}
    parameters = {"references": value_array(references), "purpose": purpose}
    for row in rows_of(_OF_REFERENCES, parameters):
        found.setdefault(row[2], []).append(_hold(row))
    return found


def ending_holds(wallet_keys: Collection[int]) -> dict[int, list[KeptHold]]:
    """By wallet, all that is held and ends by itself, in the order in which it was held."""
    found: dict[int, list[KeptHold]] = {}
    for row in rows_of(_ENDING, {"wallets": value_array(wallet_keys)}):
        found.setdefault(row[1], []).append(_hold(row))
    return found


def hold_of_order(order_key: int) -> KeptHold | None:
    """The hold that paid for an order; what it keeps is what is spent and was not restored."""
    found = rows_of(_OF_ORDER, {"order": str(order_key)})
    return _hold(found[0]) if found else None


def _hold(row: Sequence[Any]) -> KeptHold:
    hold_id, wallet_key, reference, number, amount, expires_at, lots, amounts, outcome, end = row
    kept = dict(zip(lots or (), amounts or (), strict=True))
    return KeptHold(hold_id, wallet_key, reference, number, amount, expires_at, kept, outcome, end)
