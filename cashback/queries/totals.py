"""Reads: what the accounts of the shop and its partners have come to."""

from typing import NamedTuple

from django.db import connection

from cashback.queries.clusters import CLUSTER

#: What was summed up, told as one row, if it was in this cluster: else there are no totals.
ROLLUP = f"SELECT horizon, floor FROM cashback_rollup WHERE id = 1 AND cluster = {CLUSTER}"
_TOTALS = f"""
    WITH rollup AS ({ROLLUP}), later AS (
        SELECT side.account_id, sum(side.debit) AS debits, sum(side.credit) AS credits
        FROM cashback_posting AS posting
        JOIN cashback_transfer AS transfer ON transfer.posting_id = posting.id
        CROSS JOIN LATERAL (VALUES (debit_account_id, amount, 0), (credit_account_id, 0, amount))
            AS side (account_id, debit, credit)
        WHERE posting.xid >= coalesce((SELECT horizon FROM rollup), 0)
            AND posting.id > coalesce((SELECT floor FROM rollup), 0)
        GROUP BY side.account_id
    )
    SELECT account.currency, account.kind, partner.reference,
        (coalesce(total.debits, 0) + coalesce(later.debits, 0))::bigint,
        (coalesce(total.credits, 0) + coalesce(later.credits, 0))::bigint
    FROM cashback_account AS account
    LEFT JOIN cashback_partner AS partner ON partner.id = account.partner_id
    LEFT JOIN cashback_accounttotal AS total
        ON total.account_id = account.id AND EXISTS (SELECT FROM rollup)
    LEFT JOIN later ON later.account_id = account.id
    WHERE account.wallet_id IS NULL
    ORDER BY account.currency, account.kind, partner.reference
"""


class ShopTotal(NamedTuple):
    """An account of the shop or of a partner, minor units.

    What is owed to the outside grows by credits (`settled`, `breakage`, `payout_clearing`), what was paid
    for customers by debits (`expense`, `partner`).
    """

    currency: str
    kind: str
    partner_id: str | None
    debits: int
    credits: int


def shop_totals() -> list[ShopTotal]:
    """Every account of the shop and its partners: the roll-up and what came later. 1 statement."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS)
        return [ShopTotal(*row) for row in cursor.fetchall()]


def owed_by_partners() -> dict[str, dict[str, int]]:
    """What each partner (the shop's id) owes now, by currency, minor units. 1 statement."""
    owed: dict[str, dict[str, int]] = {}
    for total in shop_totals():
        if total.partner_id is not None:
            owed.setdefault(total.partner_id, {})[total.currency] = total.debits - total.credits
    return owed
