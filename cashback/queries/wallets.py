"""Reads: wallets beside each other as they stand, and what is in one of them."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from cashback.queries.standing import wallets_sql
from common.statements import value_array

#: So many open lots and holds of a wallet are told at most.
MOST = 200

_WALLETS = "SELECT * FROM cashback_wallet WHERE id = ANY (%(wallets)s::bigint[])"
_STANDING = f"""
    SELECT id, pending, available, held, debt
    FROM ({wallets_sql(wallets=_WALLETS, at="%(at)s::timestamptz")}) AS standing
"""
_LOTS = """
    SELECT account.kind, lot.amount, lot.remaining, placed.reference, rule.reference,
        nullif(lot.promotion_reference, ''), posting.kind, lot.available_at, lot.expires_at
    FROM cashback_lot AS lot
    JOIN cashback_account AS account ON account.id = lot.account_id
    JOIN cashback_posting AS posting ON posting.id = lot.posting_id
    LEFT JOIN cashback_rule AS rule ON rule.id = lot.rule_id
    LEFT JOIN customers_order AS placed ON placed.id = lot.order_id
    WHERE lot.wallet_id = %(wallet)s AND lot.remaining > 0
    ORDER BY lot.expires_at, lot.id LIMIT %(most)s
"""
#: What is put aside, and what of payouts is with their provider.
_HOLDS = """
    SELECT hold.purpose, hold.reference, hold.amount, posting.at, hold.expires_at,
        held.outcome IS NOT NULL
    FROM cashback_hold AS hold
    JOIN cashback_posting AS posting ON posting.id = hold.posting_id
    LEFT JOIN cashback_holdoutcome AS held ON held.hold_id = hold.id AND held.stage = 'held'
    WHERE hold.wallet_id = %(wallet)s AND (held.outcome IS NULL OR held.outcome = 'submitted'
        AND NOT EXISTS (SELECT FROM cashback_holdoutcome AS cleared
            WHERE cleared.hold_id = hold.id AND cleared.stage = 'clearing'))
    ORDER BY hold.posting_id DESC LIMIT %(most)s
"""


class Standing(NamedTuple):
    """A wallet's balances, minor units."""

    pending: int
    available: int
    held: int
    debt: int


class OpenLot(NamedTuple):
    """Money that came in at once, of which something is left; minor units."""

    #: `pending` or `available`.
    account: str
    amount: int
    remaining: int
    #: The shop's ids.
    order_id: str | None
    rule_id: str | None
    promotion_id: str | None
    #: Of the posting that it came by.
    kind: str
    available_at: datetime | None
    expires_at: datetime | None


class OpenHold(NamedTuple):
    """Money that is put aside, or under way to its provider; minor units."""

    purpose: str
    #: The reservation, the redemption or the payout.
    reference: UUID
    amount: int
    at: datetime
    expires_at: datetime | None
    is_in_clearing: bool


def standing_of(wallet_keys: Collection[int], *, at: datetime) -> dict[int, Standing]:
    """How the wallets stand at this instant, booked or not, by key. 1 statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"wallets": value_array(wallet_keys), "at": at})
        return {key: Standing(*balances) for key, *balances in cursor.fetchall()}


def open_lots_of(wallet_key: int) -> list[OpenLot]:
    """What is left in the wallet, in the order of spending, as it is booked. 1 statement."""
    with connection.cursor() as cursor:
        cursor.execute(_LOTS, {"wallet": wallet_key, "most": MOST})
        return [OpenLot(*row) for row in cursor.fetchall()]


def open_holds_of(wallet_key: int) -> list[OpenHold]:
    """What is put aside of the wallet, the newest first, as it is booked. 1 statement."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDS, {"wallet": wallet_key, "most": MOST})
        return [OpenHold(*row) for row in cursor.fetchall()]
