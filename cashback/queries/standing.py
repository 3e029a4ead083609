"""SQL of how wallets stand at an instant, whether or not what is due has been booked.

The same as booking what is due first (`cashback.domain.life.book_due`): what matures and what comes back
from holds that are over repays debt first, in the order in which it comes, and what has expired is gone.
Tests hold the two against each other.
"""


def lots_sql(*, wallets: str, at: str) -> str:
    """What is in lots of the wallets (SQL of their rows) as they stand at `at`, one row or more for each.

    Columns: wallet_id, lot_id, expires_at, available, pending (minor units), and what comes in by then
    without having been booked, before any debt is repaid by it: matured, released.
    """
    return f"""
        SELECT wallet_id, lot_id, expires_at,
            CASE WHEN rank IS DISTINCT FROM 3 AND expires_at > {at} THEN after_debt ELSE 0 END
                AS available,
            CASE WHEN rank = 3 THEN amount ELSE 0 END AS pending,
            CASE WHEN rank = 0 THEN amount ELSE 0 END AS matured,
            CASE WHEN rank = 1 THEN amount ELSE 0 END AS released
        FROM (
            SELECT *, CASE WHEN rank < 3 THEN greatest(0, least(amount, sum(amount)
                FILTER (WHERE rank < 3) OVER (PARTITION BY wallet_id
                    ORDER BY instant, rank, place, expires_at, lot_id) - debt)) ELSE amount END
                AS after_debt
            FROM (
                SELECT wallet.id AS wallet_id, wallet.debt, lot.id AS lot_id, lot.remaining AS amount,
                    lot.expires_at, lot.available_at AS instant, 0::bigint AS place,
                    CASE WHEN account.kind = 'available' THEN NULL
                        WHEN lot.available_at <= {at} THEN 0 ELSE 3 END AS rank
                FROM ({wallets}) AS wallet
                JOIN cashback_lot AS lot ON lot.wallet_id = wallet.id AND lot.remaining > 0
                JOIN cashback_account AS account ON account.id = lot.account_id
                UNION ALL
                SELECT wallet.id, wallet.debt, lot.id, -allocation.amount, lot.expires_at,
                    hold.expires_at, hold.posting_id, 1
                FROM ({wallets}) AS wallet
                JOIN cashback_hold AS hold ON hold.wallet_id = wallet.id AND hold.expires_at <= {at}
                JOIN cashback_allocation AS allocation ON allocation.hold_id = hold.id
                JOIN cashback_lot AS lot ON lot.id = allocation.lot_id
                WHERE NOT EXISTS (SELECT FROM cashback_holdoutcome WHERE hold_id = hold.id)
            ) AS part
        ) AS standing_part"""


def wallets_sql(*, wallets: str, at: str) -> str:
    """The wallets (SQL of their rows) as they stand at `at`: id, customer_id, currency, four balances.

    Lots are read only of those in which something may be due.
    """
    due = f"SELECT * FROM ({wallets}) AS one WHERE one.due_at <= {at}"
    return f"""
        SELECT wallet.id, wallet.customer_id, wallet.currency,
            coalesce(due.pending, wallet.pending)::bigint AS pending,
            coalesce(due.available, wallet.available)::bigint AS available,
            (wallet.held - coalesce(due.released, 0))::bigint AS held,
            greatest(0, wallet.debt - coalesce(due.matured + due.released, 0))::bigint AS debt
        FROM ({wallets}) AS wallet
        LEFT JOIN (
            SELECT wallet_id, sum(available) AS available, sum(pending) AS pending,
                sum(matured) AS matured, sum(released) AS released
            FROM ({lots_sql(wallets=due, at=at)}) AS lot GROUP BY wallet_id
        ) AS due ON due.wallet_id = wallet.id"""
