"""Whether sums agree, told by few numbers: rows are gone over once, and neither grouped nor put beside each other.

That each lot has what its allocations left of it is one equation for each lot. Here all of them are one: both
sides are added up with a weight for each lot, drawn anew each time. Where a single lot differs the sums do, too;
where several do, they agree by chance in one of a million times, and that chance is another at the next run.
Whatever does not agree is looked for row by row (`queries.verify`).
"""

import secrets

from django.db import DataError, connection, transaction

from cashback.queries.totals import ROLLUP

# Weights from 1 to 2 to the power of 20: times the largest amounts they stay within a bigint.
_OF = "((hashint8extended({0}, %(seed)s) & 1048575) + 1)"
_OF_ALL = "((hashint8extended({0}, {1} # ({2} << 32) # %(seed)s) & 1048575) + 1)"

_BETWEEN = f"""
    WITH between AS MATERIALIZED (
        SELECT debit_account_id, credit_account_id, currency, sum(amount)::bigint AS amount
        FROM cashback_transfer GROUP BY 1, 2, 3
    ), pair AS MATERIALIZED (
        SELECT between.*, debit.wallet_id AS debit_wallet, credit.wallet_id AS credit_wallet,
            (between.currency, between.currency) IS DISTINCT FROM (debit.currency, credit.currency)
                OR debit.id = credit.id OR debit.wallet_id <> credit.wallet_id AS is_odd
        FROM between
        LEFT JOIN cashback_account AS debit ON debit.id = debit_account_id
        LEFT JOIN cashback_account AS credit ON credit.id = credit_account_id
    ), counted AS (
        SELECT bool_or(is_odd) AS is_odd,
            coalesce(sum(amount * {_OF.format("credit_account_id")})
                FILTER (WHERE credit_wallet IS NOT NULL), 0)
            - coalesce(sum(amount * {_OF.format("debit_account_id")})
                FILTER (WHERE debit_wallet IS NOT NULL), 0) AS amount
        FROM pair
    ), said AS (
        SELECT count(*) AS accounts, sum({_OF.format("account.id")} * CASE kind
            WHEN 'pending' THEN pending WHEN 'available' THEN available WHEN 'held' THEN held
            ELSE -debt END) AS amount
        FROM cashback_account AS account JOIN cashback_wallet AS wallet ON wallet.id = wallet_id
    ), later AS (
        SELECT account_id, sum(debit) AS debits, sum(credit) AS credits
        FROM cashback_posting AS posting
        JOIN cashback_transfer AS transfer ON transfer.posting_id = posting.id
        CROSS JOIN LATERAL (VALUES (debit_account_id, amount, 0), (credit_account_id, 0, amount))
            AS side (account_id, debit, credit)
        WHERE posting.xid >= %(horizon)s AND posting.id > %(floor)s GROUP BY account_id
    ), debited AS (
        SELECT debit_account_id AS id, sum(amount) AS amount FROM pair
        WHERE debit_wallet IS NULL GROUP BY debit_account_id
    ), credited AS (
        SELECT credit_account_id AS id, sum(amount) AS amount FROM pair
        WHERE credit_wallet IS NULL GROUP BY credit_account_id
    )
    SELECT coalesce(NOT counted.is_odd, true) AND counted.amount = coalesce(said.amount, 0)
            AND said.accounts = 4 * (SELECT count(*) FROM cashback_wallet),
        NOT EXISTS (
            SELECT FROM cashback_account AS account
            LEFT JOIN cashback_accounttotal AS total
                ON total.account_id = account.id AND %(has_totals)s
            LEFT JOIN later ON later.account_id = account.id
            LEFT JOIN debited ON debited.id = account.id
            LEFT JOIN credited ON credited.id = account.id
            WHERE account.wallet_id IS NULL AND (
                coalesce(total.debits, 0) + coalesce(later.debits, 0) <> coalesce(debited.amount, 0)
                OR coalesce(total.credits, 0) + coalesce(later.credits, 0)
                    <> coalesce(credited.amount, 0)))
    FROM counted, said
"""
_LOTS = f"""
    WITH outside AS MATERIALIZED (
        SELECT id FROM cashback_account WHERE kind IN ('expense', 'partner')
    ), lot AS (
        SELECT coalesce(sum({_OF.format("id")} * (amount - remaining)), 0) AS used,
            coalesce(sum({_OF.format("account_id")} * remaining), 0) AS held,
            coalesce(sum({_OF_ALL.format("id", "posting_id", "wallet_id")} * amount)
                FILTER (WHERE origin_id IS NULL), 0) AS made,
            coalesce(sum({_OF.format("id")} * amount)
                FILTER (WHERE origin_id IS NULL AND order_id IS NOT NULL), 0) AS earned,
            coalesce(sum({_OF.format("id")} * absorbed) FILTER (WHERE absorbed <> 0), 0) AS absorbed,
            bool_or(remaining NOT BETWEEN 0 AND amount) AS is_beyond,
            bool_or(absorbed <> 0 AND clawback <> 'absorb') AS is_odd,
            bool_or(origin_id IS NULL AND order_id IS NOT NULL AND rule_id IS NULL
                AND promotion_reference = '') AS is_unexplained
        FROM cashback_lot
    ), allocation AS (
        SELECT coalesce(-sum({_OF.format("lot_id")} * amount), 0) AS used FROM cashback_allocation
    ), share AS (
        SELECT coalesce(sum({_OF.format("lot_id")} * amount), 0) AS earned,
            coalesce(sum({_OF.format("lot_id")} * taken_back) FILTER (WHERE taken_back <> 0), 0)
                AS taken_back,
            bool_or(taken_back NOT BETWEEN 0 AND amount) AS is_odd
        FROM cashback_lotshare
    ), transfer AS (
        SELECT coalesce(sum({_OF_ALL.format("lot_id", "posting_id", "posting.wallet_id")} * amount)
                FILTER (WHERE lot_id IS NOT NULL AND posting.kind IN ('earn', 'adjust')
                    AND debit_account_id IN (SELECT id FROM outside)), 0) AS made,
            coalesce(sum({_OF.format("lot_id")} * amount)
                FILTER (WHERE lot_id IS NOT NULL
                    AND credit_account_id IN (SELECT id FROM outside)), 0) AS back,
            bool_or(posting.id IS NULL) AS is_odd
        FROM cashback_transfer LEFT JOIN cashback_posting AS posting ON posting.id = posting_id
    ), wallet AS (
        SELECT coalesce(sum({_OF.format("account.id")}
            * CASE kind WHEN 'pending' THEN pending ELSE available END), 0) AS held
        FROM cashback_account AS account JOIN cashback_wallet AS wallet ON wallet.id = wallet_id
        WHERE kind IN ('pending', 'available')
    )
    SELECT lot.used = allocation.used AND lot.held = wallet.held AND lot.is_beyond IS NOT TRUE,
        lot.made = transfer.made AND lot.earned = share.earned AND lot.is_unexplained IS NOT TRUE
            AND transfer.is_odd IS NOT TRUE,
        transfer.back + lot.absorbed = share.taken_back AND lot.is_odd IS NOT TRUE
            AND share.is_odd IS NOT TRUE
    FROM lot, allocation, share, transfer, wallet
"""
#: What leads nowhere: there is no sum to this.
_LEADS = """
    SELECT NOT EXISTS (
            SELECT FROM cashback_lot AS lot
            LEFT JOIN cashback_posting AS posting ON posting.id = lot.posting_id
            WHERE lot.origin_id IS NOT NULL AND (posting.kind IS DISTINCT FROM 'restore'
                OR posting.wallet_id IS DISTINCT FROM lot.wallet_id))
        AND (SELECT bool_or(placed.id IS NULL) FROM cashback_lot AS lot
            LEFT JOIN customers_order AS placed ON placed.id = lot.order_id
            WHERE lot.order_id IS NOT NULL) IS NOT TRUE
        AND NOT EXISTS (
            SELECT FROM cashback_posting AS posting
            WHERE posting.kind = 'adjust' AND NOT EXISTS (SELECT FROM cashback_adjustment
                WHERE adjustment_id::text = posting.source_ref))
"""
_DUE = """
    SELECT NOT EXISTS (
            SELECT FROM cashback_lot AS lot
            JOIN cashback_account AS account ON account.id = lot.account_id
            JOIN cashback_wallet AS wallet ON wallet.id = lot.wallet_id
            WHERE lot.remaining > 0 AND coalesce(wallet.due_at, 'infinity')
                > CASE account.kind WHEN 'pending' THEN lot.available_at ELSE lot.expires_at END)
        AND NOT EXISTS (
            SELECT FROM cashback_hold AS hold JOIN cashback_wallet AS wallet ON wallet.id = wallet_id
            WHERE coalesce(wallet.due_at, 'infinity') > hold.expires_at
                AND NOT EXISTS (SELECT FROM cashback_holdoutcome WHERE hold_id = hold.id))
"""


def sums_agree() -> dict[str, bool]:
    """Which of these are beyond suspicion: `balances`, `totals`, `lots`, `explained`, `taken_back`, `due`."""
    seed = secrets.randbits(62)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # Told as a number, so that the plan knows how little came after it.
            cursor.execute(ROLLUP)
            rollup = cursor.fetchone()
            horizon, floor = rollup or (0, 0)
            cursor.execute(
                _BETWEEN,
                {
                    "seed": seed,
                    "horizon": horizon,
                    "floor": floor,
                    "has_totals": rollup is not None,
                },
            )
            balances, totals = cursor.fetchone()
            cursor.execute(_LOTS, {"seed": seed})
            lots, explained, taken_back = cursor.fetchone()
            cursor.execute(_LEADS)
            [leads] = cursor.fetchone()
            cursor.execute(_DUE)
            [due] = cursor.fetchone()
    except DataError:
        # An amount that is beyond all measure.
        return {}
    return {
        "balances": balances,
        "totals": totals,
        "lots": lots,
        "explained": explained and leads,
        "taken_back": taken_back,
        "due": due,
    }
