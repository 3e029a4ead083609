"""SQL of how wallets stand at an instant, whether or not what is due has been booked.

The same as booking what is due first (`cashback.domain.life.book_due`): a lot that matures repays debt
first, in the order of maturing, and what has expired is gone. Tests hold the two against each other.
"""


def lots_sql(*, wallets: str, at: str) -> str:
    """Lots of the wallets (SQL of their rows) of which anything is left, as they stand at `at`.

    Columns: wallet_id, lot_id, expires_at, available, pending (minor units of the lot), matured (what
    has matured by then and was not booked, before any debt is repaid by it).
    """
    return f"""
        SELECT wallet_id, lot_id, expires_at,
            CASE WHEN (is_available OR is_due) AND expires_at > {at} THEN after_debt ELSE 0 END
                AS available,
            CASE WHEN is_available OR is_due THEN 0 ELSE remaining END AS pending,
            CASE WHEN is_due THEN remaining ELSE 0 END AS matured
        FROM (
            SELECT *, CASE WHEN is_due THEN greatest(0, least(remaining, sum(remaining)
                FILTER (WHERE is_due) OVER (PARTITION BY wallet_id
                    ORDER BY available_at, expires_at, lot_id) - debt)) ELSE remaining END
                AS after_debt
            FROM (
                SELECT wallet.id AS wallet_id, wallet.debt, lot.id AS lot_id, lot.remaining,
                    lot.available_at, lot.expires_at, account.kind = 'available' AS is_available,
                    account.kind = 'pending' AND coalesce(lot.available_at <= {at}, false) AS is_due
                FROM ({wallets}) AS wallet
                JOIN cashback_lot AS lot ON lot.wallet_id = wallet.id AND lot.remaining > 0
                JOIN cashback_account AS account ON account.id = lot.account_id
            ) AS open_lot
        ) AS standing_lot"""


def wallets_sql(*, wallets: str, at: str) -> str:
    """The wallets (SQL of their rows) as they stand at `at`: id, currency and the four balances.

    Lots are read only of those in which something may be due.
    """
    due = f"SELECT * FROM ({wallets}) AS one WHERE one.due_at <= {at}"
    return f"""
        SELECT wallet.id, wallet.currency, coalesce(due.pending, wallet.pending)::bigint AS pending,
            coalesce(due.available, wallet.available)::bigint AS available, wallet.held,
            greatest(0, wallet.debt - coalesce(due.matured, 0))::bigint AS debt
        FROM ({wallets}) AS wallet
        LEFT JOIN (
            SELECT wallet_id, sum(available) AS available, sum(pending) AS pending,
                sum(matured) AS matured
            FROM ({lots_sql(wallets=due, at=at)}) AS lot GROUP BY wallet_id
        ) AS due ON due.wallet_id = wallet.id"""
