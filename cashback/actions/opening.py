"""Opening what is missing: wallets with their accounts, the shop's accounts in a currency, those of partners."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import connection

from cashback.actions.wallets import LockedWallet, Owner, lock_wallets
from common.statements import Insert, Statement, value_array

_OPEN_SHOP = """
    INSERT INTO cashback_account (kind, currency)
    SELECT kind, currency FROM unnest(%(currencies)s::text[]) AS currency,
        unnest('{breakage,expense,payout_clearing,settled}'::text[]) AS kind
    ORDER BY currency, kind ON CONFLICT DO NOTHING
"""
_OPEN = """
    WITH wallet AS (
        INSERT INTO cashback_wallet (customer_id, currency, pending, available, held, debt, created_at)
        SELECT customer, currency, 0, 0, 0, 0, %(now)s
        FROM unnest(%(customers)s::bigint[], %(currencies)s::text[]) AS asked (customer, currency)
        ORDER BY customer, currency
        ON CONFLICT (customer_id, currency) DO NOTHING RETURNING id, currency)
    INSERT INTO cashback_account (kind, currency, wallet_id)
    SELECT kind, currency, id FROM wallet, unnest('{available,debt,held,pending}'::text[]) AS kind
"""
_OPEN_PARTNERS = """
    INSERT INTO cashback_account (kind, currency, partner_id)
    SELECT 'partner', currency, partner
    FROM unnest(%(partners)s::bigint[], %(currencies)s::text[]) AS asked (partner, currency)
    ORDER BY partner, currency ON CONFLICT DO NOTHING
"""
_PARTNERS = Statement(
    "cashback_partner_accounts",
    """
    SELECT partner_id, currency, id FROM cashback_account
    WHERE (partner_id, currency) IN (
        SELECT * FROM unnest(%(partners)s::bigint[], %(currencies)s::text[]))
    """,
)


def lock_or_open_wallets(
    owners: Sequence[Owner], *, first: Sequence[Insert] = (), now: datetime
) -> dict[Owner, LockedWallet]:
    """As `lock_wallets`; those that are missing are opened, with their accounts."""
    found = lock_wallets(owners, first=first)
    missing = sorted({owner for owner in owners if owner not in found})
    if not missing:
        return found
    customers, currencies = zip(*missing, strict=True)
    # Apart and first, so that whoever waits for another's new row holds none of those below.
    open_shop_accounts(currencies)
    with connection.cursor() as cursor:
        cursor.execute(
            _OPEN,
            {
                "customers": value_array(customers),
                "currencies": value_array(currencies),
                "now": now,
            },
        )
    return lock_wallets(owners)


def open_shop_accounts(currencies: Collection[str]) -> None:
    """Open those of the shop's accounts in these currencies that are missing."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_SHOP, {"currencies": sorted(set(currencies))})


def partner_accounts(needed: Collection[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """The accounts of partners in currencies; those that are missing are opened."""
    wanted = sorted(needed)
    partners = value_array(partner for partner, _ in wanted)
    currencies = value_array(currency for _, currency in wanted)
    parameters = {"partners": partners, "currencies": currencies}
    with connection.cursor() as cursor:
        _PARTNERS.run(cursor, parameters)
        if cursor.rowcount < len(wanted):
            cursor.execute(_OPEN_PARTNERS, parameters)
            _PARTNERS.run(cursor, parameters)
        return {(partner, currency): key for partner, currency, key in cursor.fetchall()}
