"""Summing up the accounts of the shop and its partners, in background: no posting waits for that."""

from django.db import connection, transaction

_HORIZON = """
    INSERT INTO cashback_rollup AS rollup (id, horizon) VALUES (1, 0)
    ON CONFLICT (id) DO UPDATE SET horizon = rollup.horizon
    RETURNING horizon, txid_snapshot_xmin(txid_current_snapshot())
"""
_FOLD = """
    INSERT INTO cashback_accounttotal AS total (account_id, debits, credits)
    SELECT account.id, sum(side.debit), sum(side.credit)
    FROM cashback_posting AS posting
    JOIN cashback_transfer AS transfer ON transfer.posting_id = posting.id
    CROSS JOIN LATERAL (VALUES (debit_account_id, amount, 0), (credit_account_id, 0, amount))
        AS side (account_id, debit, credit)
    JOIN cashback_account AS account ON account.id = side.account_id AND account.wallet_id IS NULL
    WHERE posting.xid >= %s AND posting.xid < %s
    GROUP BY account.id ORDER BY account.id
    ON CONFLICT (account_id) DO UPDATE
    SET debits = total.debits + excluded.debits, credits = total.credits + excluded.credits
"""


def roll_up() -> None:
    """Add to the totals what was posted by transactions that are over since the last time.

    In a transaction of its own; whoever comes meanwhile waits. Nothing depends on it: what is not summed
    up yet is added by whoever reads (`queries.totals.shop_totals`).
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_HORIZON)
        before, horizon = cursor.fetchone()
        cursor.execute(_FOLD, [before, horizon])
        cursor.execute("UPDATE cashback_rollup SET horizon = %s WHERE id = 1", [horizon])
