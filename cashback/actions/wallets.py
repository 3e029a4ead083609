"""Locking wallets."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from cashback.domain.booking import (
    AVAILABLE,
    BREAKAGE,
    CLEARING,
    DEBT,
    EXPENSE,
    HELD,
    PENDING,
    SETTLED,
    Account,
    Balances,
    Booking,
    Held,
    Purpose,
)
from cashback.domain.lots import Lot
from cashback.queries.lots import OWN_LOT_COLUMNS, lots_of
from common.statements import Insert, Statement, value_array

# In the order of their names, as SQL tells them.
_OF_WALLET = (AVAILABLE, DEBT, HELD, PENDING)
_OF_SHOP = (BREAKAGE, EXPENSE, CLEARING, SETTLED)

#: A wallet, and accounts that never change: its own four, and the four of the shop in its currency.
COLUMNS = """
    wallet.id, wallet.customer_id, wallet.currency,
    wallet.pending, wallet.available, wallet.held, wallet.debt, wallet.due_at,
    ARRAY(SELECT id FROM cashback_account WHERE wallet_id = wallet.id ORDER BY kind COLLATE "C"),
    ARRAY(SELECT id FROM cashback_account WHERE wallet_id IS NULL AND partner_id IS NULL
        AND currency = wallet.currency ORDER BY kind COLLATE "C")"""
_LOCK = Statement(
    "cashback_lock_wallets",
    f"""
    SELECT {COLUMNS}
    FROM cashback_wallet AS wallet
    WHERE (wallet.customer_id, wallet.currency) IN (
        SELECT * FROM unnest(%(customers)s::bigint[], %(currencies)s::text[]))
    ORDER BY wallet.id FOR NO KEY UPDATE OF wallet
    """,
)
_IS_OWNERS = "wallet.customer_id = %(customer)s::bigint AND wallet.currency = %(currency)s::text"
# EXECUTE copies the outermost list of columns at each call, with all that stands in it.
_LOCK_ONE = Statement(
    "cashback_lock_wallets_one",
    f"""
    SELECT * FROM (
        SELECT {COLUMNS} FROM cashback_wallet AS wallet WHERE {_IS_OWNERS}
        FOR NO KEY UPDATE OF wallet
    ) AS locked
    """,
)
_LOCK_ALONE = Statement(
    "cashback_lock_wallets_alone",
    f"SELECT FROM cashback_wallet AS wallet WHERE {_IS_OWNERS} FOR NO KEY UPDATE",
)
_WITH_LOTS = Statement(
    "cashback_wallet_with_lots",
    f"""
    SELECT known.*, {OWN_LOT_COLUMNS}, NULL
    FROM (SELECT {COLUMNS} FROM cashback_wallet AS wallet WHERE {_IS_OWNERS} OFFSET 0) AS known
    LEFT JOIN cashback_lot AS lot ON lot.wallet_id = known.id AND lot.remaining > 0
    """,
)
_LOCK_BY_KEY = Statement(
    "cashback_lock_wallets_by_key",
    f"""
    SELECT {COLUMNS} FROM cashback_wallet AS wallet WHERE wallet.id = ANY (%(wallets)s::bigint[])
    ORDER BY wallet.id FOR NO KEY UPDATE OF wallet
    """,
)
_LOCK_OF_CUSTOMER = Statement(
    "cashback_lock_wallets_of",
    f"""
    SELECT {COLUMNS} FROM cashback_wallet AS wallet WHERE wallet.customer_id = %(customer)s::bigint
    ORDER BY wallet.id FOR NO KEY UPDATE OF wallet
    """,
)
_LOCK_OF_HOLDS = Statement(
    "cashback_lock_wallets_of_holds",
    f"""
    SELECT {COLUMNS} FROM cashback_wallet AS wallet
    WHERE wallet.id IN (SELECT wallet_id FROM cashback_hold
        WHERE reference = ANY (%(references)s::uuid[]) AND purpose = %(purpose)s::text)
    ORDER BY wallet.id FOR NO KEY UPDATE OF wallet
    """,
)
#: That of a customer, and those in which a reference holds something: in one turn, lest two swaps in
#: opposite directions wait for each other.
_LOCK_FOR_SWAP = Statement(
    "cashback_lock_wallets_for_swap",
    f"""
    SELECT {COLUMNS} FROM cashback_wallet AS wallet
    WHERE wallet.id = ANY (ARRAY(
        SELECT id FROM cashback_wallet
        WHERE customer_id = %(customer)s::bigint AND currency = %(currency)s::text
        UNION SELECT wallet_id FROM cashback_hold
        WHERE reference = %(reference)s::uuid AND purpose = %(purpose)s::text))
    ORDER BY wallet.id FOR NO KEY UPDATE OF wallet
    """,
)
#: Of `COLUMNS`.
_WIDTH = 10
_LOCK_DUE = """
    SELECT id FROM cashback_wallet WHERE due_at <= %s ORDER BY due_at, id LIMIT %s
    FOR NO KEY UPDATE SKIP LOCKED
"""
_EXTEND = """
    UPDATE cashback_hold AS hold SET expires_at = %s
    WHERE reference = %s AND purpose = 'checkout' AND expires_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM cashback_holdoutcome WHERE hold_id = hold.id)
"""
#: Whose wallet, and in which currency.
Owner = tuple[int, str]


@dataclass(frozen=True, slots=True)
class LockedWallet:
    """A wallet whose row is locked until the transaction ends."""

    key: int
    customer_key: int
    currency: str
    balances: Balances
    due_at: datetime | None
    #: Its own and the shop's, by name.
    accounts: dict[Account, int]

    def is_due(self, now: datetime) -> bool:
        """Whether something of it may be due."""
        return self.due_at is not None and self.due_at <= now

    def booking(
        self, lots: Iterable[Lot] | None = None, held: Iterable[Held] | None = None
    ) -> Booking:
        """A new booking on it."""
        return Booking(
            balances=self.balances,
            currency=self.currency,
            due_at=self.due_at,
            lots=lots,
            held=held,
        )


def lock_wallets(
    owners: Sequence[Owner], *, first: Sequence[Insert] = ()
) -> dict[Owner, LockedWallet]:
    """Lock those of the wallets that exist, in the order of their keys, once `first` is written."""
    statement = _LOCK_ONE if len(owners) == 1 else _LOCK
    with connection.cursor() as cursor:
        statement.run_behind(first, cursor, _asked(owners))
        found = [wallet_of(row) for row in cursor.fetchall()]
    return {(wallet.customer_key, wallet.currency): wallet for wallet in found}


def lock_wallet_with_lots(
    owner: Owner, *, first: Sequence[Insert] = ()
) -> tuple[LockedWallet | None, list[Lot]]:
    """As `lock_wallets`, of one, with its open lots, as `open_lots` tells them without their orders.

    They are read once the lock is held, in the same round trip.
    """
    with connection.cursor() as cursor:
        _WITH_LOTS.run_behind(first, cursor, _asked([owner]), locks=_LOCK_ALONE)
        rows = cursor.fetchall()
    if not rows:
        return None, []
    wallet = wallet_of(rows[0][:_WIDTH])
    return wallet, lots_of([row[_WIDTH:] for row in rows], available=wallet.accounts[AVAILABLE])


def _asked(owners: Sequence[Owner]) -> dict[str, Any]:
    """What the statement for one wallet, or for any number of them, asks for."""
    if len(owners) == 1:
        [(customer, currency)] = owners
        return {"customer": customer, "currency": currency}
    customers, currencies = zip(*owners, strict=True) if owners else ((), ())
    return {"customers": value_array(customers), "currencies": value_array(currencies)}


def lock_wallets_of(customer_key: int) -> list[LockedWallet]:
    """Lock all wallets of a customer, in the order of their keys."""
    with connection.cursor() as cursor:
        _LOCK_OF_CUSTOMER.run(cursor, {"customer": customer_key})
        return [wallet_of(row) for row in cursor.fetchall()]


def lock_wallets_of_holds(
    references: Collection[UUID], *, purpose: Purpose
) -> dict[int, LockedWallet]:
    """Lock the wallets in which these references ever held something, by key."""
    with connection.cursor() as cursor:
        _LOCK_OF_HOLDS.run(cursor, {"references": value_array(references), "purpose": purpose})
        return {wallet.key: wallet for wallet in map(wallet_of, cursor.fetchall())}


def lock_wallets_for_swap(
    owner: Owner, *, reference: UUID, purpose: Purpose
) -> dict[Owner, LockedWallet]:
    """Lock the owner's wallet, and all in which the reference ever held something."""
    customer, currency = owner
    with connection.cursor() as cursor:
        _LOCK_FOR_SWAP.run(
            cursor,
            {
                "customer": customer,
                "currency": currency,
                "reference": reference,
                "purpose": purpose,
            },
        )
        found = [wallet_of(row) for row in cursor.fetchall()]
    return {(wallet.customer_key, wallet.currency): wallet for wallet in found}


def lock_due_wallets(*, now: datetime, limit: int) -> list[LockedWallet]:
    """Lock wallets in which something may be due, those first where it has been for longest.

    Those that somebody else has locked are passed over.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_DUE, [now, limit])
        keys = [key for (key,) in cursor.fetchall()]
    return list(lock_wallets_by_key(keys).values()) if keys else []


def lock_wallets_by_key(keys: Sequence[int]) -> dict[int, LockedWallet]:
    """As `lock_wallets`, by the rows' keys."""
    with connection.cursor() as cursor:
        _LOCK_BY_KEY.run(cursor, {"wallets": value_array(keys)})
        return {wallet.key: wallet for wallet in map(wallet_of, cursor.fetchall())}


def extend_holds(*, reference: UUID, expires_at: datetime) -> None:
    """Let what a reservation holds end at another instant; its wallet is locked."""
    with connection.cursor() as cursor:
        cursor.execute(_EXTEND, [expires_at, reference])


def wallet_of(row: Sequence[Any]) -> LockedWallet:
    """The values of `COLUMNS`."""
    key, customer_key, currency, pending, available, held, debt, due_at, own, shop = row
    return LockedWallet(
        key,
        customer_key,
        currency,
        Balances(pending, available, held, debt),
        due_at,
        {**dict(zip(_OF_WALLET, own, strict=True)), **dict(zip(_OF_SHOP, shop, strict=True))},
    )
