"""Summing up the accounts of the shop and its partners, in background: no posting waits for that."""

from typing import Any

from django.db import connection, transaction

from cashback.queries.clusters import CLUSTER

_BEGIN = f"""
    INSERT INTO cashback_rollup AS rollup (id, horizon, floor, cluster) VALUES (1, 0, 0, {CLUSTER})
    ON CONFLICT (id) DO UPDATE SET horizon = rollup.horizon
    RETURNING horizon, floor, cluster IS NOT DISTINCT FROM {CLUSTER},
        txid_snapshot_xmin(txid_current_snapshot())
"""
_FOLD = """
    INSERT INTO cashback_accounttotal AS total (account_id, debits, credits)
    SELECT account.id, sum(side.debit), sum(side.credit)
    FROM cashback_posting AS posting
    JOIN cashback_transfer AS transfer ON transfer.posting_id = posting.id
    CROSS JOIN LATERAL (VALUES (debit_account_id, amount, 0), (credit_account_id, 0, amount))
        AS side (account_id, debit, credit)
    JOIN cashback_account AS account ON account.id = side.account_id AND account.wallet_id IS NULL
    WHERE {which}
    GROUP BY account.id ORDER BY account.id
    ON CONFLICT (account_id) DO UPDATE
    SET debits = total.debits + excluded.debits, credits = total.credits + excluded.credits
"""
_SINCE = _FOLD.format(
    which="posting.xid >= %(before)s AND posting.xid < %(horizon)s AND posting.id > %(floor)s"
)
_RESTORED = _FOLD.format(which="posting.id <= %(floor)s")
# All that was restored is there already; while the table is locked nobody adds anything.
_LOCK = "LOCK TABLE cashback_posting IN SHARE MODE"
_FORGET = "DELETE FROM cashback_accounttotal"
_FLOOR = """
    SELECT coalesce(max(id), 0), txid_snapshot_xmin(txid_current_snapshot()) FROM cashback_posting
"""
_END = f"""
    UPDATE cashback_rollup SET horizon = %(horizon)s, floor = %(floor)s, cluster = {CLUSTER}
    WHERE id = 1
"""


def roll_up() -> None:
    """Add to the totals what was posted by transactions that are over since the last time.

    In a transaction of its own; whoever comes meanwhile waits. Nothing depends on it: what is not summed
    up yet is added by whoever reads (`queries.totals.shop_totals`). The first time after a restore into
    another cluster, where numbers of transactions begin anew, it sums up everything, and postings wait.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_BEGIN)
        before, floor, is_here, horizon = cursor.fetchone()
        bounds: dict[str, Any] = {"before": before, "floor": floor, "horizon": horizon}
        if is_here:
            cursor.execute(_SINCE, bounds)
        else:
            cursor.execute(_LOCK)
            cursor.execute(_FORGET)
            cursor.execute(_FLOOR)
            bounds["floor"], bounds["horizon"] = cursor.fetchone()
            cursor.execute(_RESTORED, bounds)
        cursor.execute(_END, bounds)
