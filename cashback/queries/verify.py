"""Proof: everything that is always true of the ledger, as SQL that finds the rows of which it is not.

Meant for one snapshot (`manage.py verify_ledger`). A breach is the row, what it says, and what was
counted.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection

from cashback.queries.guards import missing_guards
from cashback.queries.payouts import PAYOUTS_AND_HOLDS
from cashback.queries.screens import sums_agree
from cashback.queries.totals import ROLLUP
from cashback.queries.verify_holds import CLEARING, HOLDS


class Breach(NamedTuple):
    """A row of which something is not true."""

    check: str
    row: str
    says: str
    counted: str


#: What went between two accounts in all: few rows, from which the rest follows.
_BETWEEN = """
    SELECT debit_account_id, credit_account_id, currency, sum(amount) AS amount
    FROM cashback_transfer GROUP BY 1, 2, 3"""
_BALANCES = f"""
    WITH between AS MATERIALIZED ({_BETWEEN}), counted AS (
        SELECT account_id, sum(change) AS amount
        FROM between CROSS JOIN LATERAL (
            VALUES (debit_account_id, -amount), (credit_account_id, amount)
        ) AS side (account_id, change) GROUP BY account_id
    )
    SELECT format('transfers from account %s to account %s', debit_account_id, credit_account_id),
        between.currency, format('%s %s to %s %s', debit.kind, debit.currency, credit.kind,
            credit.currency)
    FROM between
    LEFT JOIN cashback_account AS debit ON debit.id = debit_account_id
    LEFT JOIN cashback_account AS credit ON credit.id = credit_account_id
    WHERE (between.currency, between.currency) IS DISTINCT FROM (debit.currency, credit.currency)
        OR debit.id = credit.id OR debit.wallet_id <> credit.wallet_id
    UNION ALL
    SELECT format('wallet %s %s', wallet.id, says.kind), balance::text,
        (CASE says.kind WHEN 'debt' THEN -1 ELSE 1 END * coalesce(counted.amount, 0))::text
    FROM cashback_wallet AS wallet
    CROSS JOIN LATERAL (VALUES ('pending', pending), ('available', available), ('held', held),
        ('debt', debt)) AS says (kind, balance)
    LEFT JOIN cashback_account AS account
        ON account.wallet_id = wallet.id AND account.kind = says.kind
    LEFT JOIN counted ON counted.account_id = account.id
    WHERE account.id IS NULL OR balance
        <> CASE says.kind WHEN 'debt' THEN -1 ELSE 1 END * coalesce(counted.amount, 0)
"""
_STATEMENTS = """
    SELECT format('transfer %s at account %s', standing.id, account_id), after::text, counted::text
    FROM (
        SELECT account_id, id, after, sum(amount) OVER (PARTITION BY account_id ORDER BY id) AS counted
        FROM (
            SELECT debit_account_id AS account_id, id, -amount AS amount, debit_after AS after
            FROM cashback_transfer
            UNION ALL
            SELECT credit_account_id, id, amount, credit_after FROM cashback_transfer
        ) AS side
    ) AS standing
    JOIN cashback_account AS account ON account.id = account_id
    WHERE CASE WHEN account.wallet_id IS NULL THEN after IS NOT NULL
        ELSE after IS DISTINCT FROM CASE account.kind WHEN 'debt' THEN -counted ELSE counted END END
    UNION ALL
    SELECT 'posting ' || posting.id, 'wallet ' || posting.wallet_id,
        format('from wallet %s to wallet %s', debit.wallet_id, credit.wallet_id)
    FROM cashback_transfer AS transfer
    JOIN cashback_posting AS posting ON posting.id = transfer.posting_id
    JOIN cashback_account AS debit ON debit.id = transfer.debit_account_id
    JOIN cashback_account AS credit ON credit.id = transfer.credit_account_id
    WHERE debit.wallet_id <> posting.wallet_id OR credit.wallet_id <> posting.wallet_id
"""
_BELOW_ZERO = """
    SELECT 'wallet ' || id, format('%s, %s, %s, %s', pending, available, held, debt), 'none below 0'
    FROM cashback_wallet
    WHERE least(pending, available, held, debt) < 0 OR debt > 0 AND available > 0
"""
_LOTS = """
    SELECT 'lot ' || lot.id, format('%s of %s', remaining, amount),
        (amount + coalesce(allocated.amount_taken, 0))::text
    FROM cashback_lot AS lot
    LEFT JOIN (SELECT lot_id, sum(amount) AS amount_taken FROM cashback_allocation
        GROUP BY lot_id) AS allocated ON allocated.lot_id = lot.id
    WHERE remaining <> amount + coalesce(amount_taken, 0) OR remaining NOT BETWEEN 0 AND amount
    UNION ALL
    SELECT 'lots of wallet ' || wallet.id, format('pending %s, available %s', pending, available),
        format('pending %s, available %s', lots.in_pending, lots.in_available)
    FROM cashback_wallet AS wallet
    LEFT JOIN (
        SELECT lot.wallet_id,
            coalesce(sum(remaining) FILTER (WHERE account.kind = 'pending'), 0) AS in_pending,
            coalesce(sum(remaining) FILTER (WHERE account.kind = 'available'), 0) AS in_available
        FROM cashback_lot AS lot JOIN cashback_account AS account ON account.id = lot.account_id
        WHERE remaining > 0 GROUP BY lot.wallet_id) AS lots ON lots.wallet_id = wallet.id
    WHERE (pending, available)
        <> (coalesce(lots.in_pending, 0)::bigint, coalesce(lots.in_available, 0)::bigint)
"""
#: Money that came in: from an account of the shop or a partner, for one lot.
_MADE = """
    SELECT lot_id, posting_id, sum(amount) AS amount FROM cashback_transfer
    WHERE lot_id IS NOT NULL AND debit_account_id
        IN (SELECT id FROM cashback_account WHERE kind IN ('expense', 'partner'))
    GROUP BY lot_id, posting_id"""
_EXPLAINED = f"""
    SELECT 'lot ' || lot.id, lot.amount::text, format('%s booked by posting %s (%s)', made.amount,
        lot.posting_id, coalesce(posting.kind, 'missing'))
    FROM cashback_lot AS lot
    LEFT JOIN cashback_posting AS posting ON posting.id = lot.posting_id
    LEFT JOIN ({_MADE}) AS made ON made.posting_id = lot.posting_id AND made.lot_id = lot.id
    WHERE posting.wallet_id IS DISTINCT FROM lot.wallet_id OR CASE
        WHEN posting.kind IN ('earn', 'adjust') THEN lot.amount IS DISTINCT FROM made.amount
            OR lot.origin_id IS NOT NULL
        ELSE posting.kind IS DISTINCT FROM 'restore' OR lot.origin_id IS NULL END
    UNION ALL
    SELECT 'lot ' || lot.id, lot.amount::text, format('%s by lines of order %s, rule %s', shares.amount,
        placed.reference, coalesce(lot.rule_id::text, lot.promotion_reference))
    FROM cashback_lot AS lot
    LEFT JOIN (SELECT lot_id, sum(amount) AS amount FROM cashback_lotshare GROUP BY lot_id)
        AS shares ON shares.lot_id = lot.id
    LEFT JOIN customers_order AS placed ON placed.id = lot.order_id
    WHERE lot.origin_id IS NULL AND (lot.order_id IS NOT NULL OR shares.lot_id IS NOT NULL)
        AND (lot.amount IS DISTINCT FROM shares.amount OR placed.id IS NULL
            OR lot.rule_id IS NULL AND lot.promotion_reference = '')
    UNION ALL
    SELECT 'transfer ' || transfer.id, transfer.amount::text, 'no posting'
    FROM cashback_transfer AS transfer
    WHERE NOT EXISTS (SELECT FROM cashback_posting WHERE id = transfer.posting_id)
    UNION ALL
    SELECT 'adjustment ' || posting.source_ref, 'booked', 'by nobody'
    FROM cashback_posting AS posting
    WHERE posting.kind = 'adjust' AND NOT EXISTS (SELECT FROM cashback_adjustment
        WHERE adjustment_id::text = posting.source_ref)
"""
#: Money that went back to the shop or a partner, for one lot.
_TAKEN_BACK = """
    SELECT 'lot ' || lot.id, shares.taken_back || ' taken back',
        format('%s booked, %s absorbed', coalesce(booked.amount, 0), lot.absorbed)
    FROM (SELECT lot_id, sum(taken_back) AS taken_back FROM cashback_lotshare
        WHERE taken_back <> 0 GROUP BY lot_id) AS shares
    FULL JOIN (
        SELECT lot_id, sum(amount) AS amount FROM cashback_transfer
        WHERE lot_id IS NOT NULL AND credit_account_id
            IN (SELECT id FROM cashback_account WHERE kind IN ('expense', 'partner'))
        GROUP BY lot_id) AS booked ON booked.lot_id = shares.lot_id
    JOIN cashback_lot AS lot ON lot.id = coalesce(booked.lot_id, shares.lot_id)
    WHERE coalesce(booked.amount, 0) + lot.absorbed <> coalesce(shares.taken_back, 0)
        OR lot.absorbed <> 0 AND lot.clawback <> 'absorb'
    UNION ALL
    SELECT format('lot %s line %s', lot_id, line_id), taken_back::text, 'at most ' || amount
    FROM cashback_lotshare WHERE taken_back NOT BETWEEN 0 AND amount
"""
_DUE = """
    SELECT 'wallet ' || wallet.id, coalesce(due_at::text, 'nothing due'), min(lot.due)::text
    FROM cashback_wallet AS wallet
    JOIN (
        SELECT lot.wallet_id, CASE account.kind WHEN 'pending' THEN lot.available_at
            ELSE lot.expires_at END AS due
        FROM cashback_lot AS lot JOIN cashback_account AS account ON account.id = lot.account_id
        WHERE lot.remaining > 0
        UNION ALL
        SELECT wallet_id, expires_at FROM cashback_hold AS hold
        WHERE NOT EXISTS (SELECT FROM cashback_holdoutcome WHERE hold_id = hold.id)
    ) AS lot ON lot.wallet_id = wallet.id
    GROUP BY wallet.id HAVING min(lot.due) < coalesce(wallet.due_at, 'infinity')
"""
_TOTALS = f"""
    SELECT 'account ' || account.id || ' ' || account.kind,
        format('debits %s, credits %s', coalesce(total.debits, 0), coalesce(total.credits, 0)),
        format('debits %s, credits %s', coalesce(counted.debits, 0), coalesce(counted.credits, 0))
    FROM cashback_account AS account
    LEFT JOIN cashback_accounttotal AS total ON total.account_id = account.id
    LEFT JOIN (
        SELECT side.account_id, sum(side.debit) AS debits, sum(side.credit) AS credits
        FROM cashback_posting AS posting
        JOIN cashback_transfer AS transfer ON transfer.posting_id = posting.id
        CROSS JOIN LATERAL (VALUES (debit_account_id, amount, 0), (credit_account_id, 0, amount))
            AS side (account_id, debit, credit)
        JOIN ({ROLLUP}) AS rollup ON posting.xid < rollup.horizon OR posting.id <= rollup.floor
        GROUP BY side.account_id) AS counted ON counted.account_id = account.id
    WHERE account.wallet_id IS NULL AND EXISTS ({ROLLUP})
        AND (coalesce(total.debits, 0), coalesce(total.credits, 0))
        <> (coalesce(counted.debits, 0)::bigint, coalesce(counted.credits, 0)::bigint)
"""
#: Between the shop and a partner: what was paid, and what was booked of it.
_SETTLED = """
    SELECT 'settlement ' || coalesce(settlement.settlement_id::text, booked.source_ref),
        format('%s %s of partner %s', settlement.amount, settlement.currency, settlement.partner_id),
        format('%s %s of partner %s', booked.amount, booked.currency, booked.partner_id)
    FROM cashback_settlement AS settlement
    FULL JOIN (
        SELECT posting.source_ref, min(transfer.currency) AS currency,
            sum(CASE credit.kind WHEN 'partner' THEN amount ELSE -amount END)::bigint AS amount,
            min(coalesce(credit.partner_id, debit.partner_id)) AS partner_id,
            bool_and('settled' IN (debit.kind, credit.kind)
                AND 'partner' IN (debit.kind, credit.kind)) AS is_between
        FROM cashback_posting AS posting
        LEFT JOIN cashback_transfer AS transfer ON transfer.posting_id = posting.id
        LEFT JOIN cashback_account AS debit ON debit.id = transfer.debit_account_id
        LEFT JOIN cashback_account AS credit ON credit.id = transfer.credit_account_id
        WHERE posting.kind = 'settle' GROUP BY posting.source_ref
    ) AS booked ON booked.source_ref = settlement.settlement_id::text
    WHERE booked.is_between IS NOT TRUE
        OR (settlement.amount, settlement.currency, settlement.partner_id)
            IS DISTINCT FROM (booked.amount, booked.currency, booked.partner_id)
"""
#: What is always true, each with the SQL of its breaches.
CHECKS = {
    "transfers are in one currency, and balances are their sums": _BALANCES,
    "no account of a customer is below zero, and no debt beside credit": _BELOW_ZERO,
    "lots are what is left of them, and sum to the balances": _LOTS,
    "holds keep what they should, and sum to what is held": HOLDS,
    "what is in clearing waits for its provider": CLEARING,
    "a payout's money is where its status says": PAYOUTS_AND_HOLDS,
    "every cent leads back to a rule, an order line and a posting": _EXPLAINED,
    "no more is taken back than was earned": _TAKEN_BACK,
    "what partners paid is booked, and nothing else": _SETTLED,
    "nothing is due before its wallet says so": _DUE,
    "the shop's totals are the sums of the transfers": _TOTALS,
}
#: Of these sums tell first whether any row is wrong.
_SCREENED = {_BALANCES: "balances", _LOTS: "lots", _EXPLAINED: "explained", _TAKEN_BACK: "taken_back",
    _DUE: "due", _TOTALS: "totals"}  # fmt: skip
#: What follows from these, row by row; it costs as much as all of them.
EVERY_ROW = {"every balance of every statement is right": _STATEMENTS}


def breaches(*, every_row: bool = False) -> Iterator[Breach]:
    """Every row of which something is not true, and every guard that is not in its place.

    That an event is posted once is such a guard: a unique index. `every_row` adds up each statement, too.
    """
    with whole_tables():
        sound = sums_agree()
        agreed = {sql for sql, name in _SCREENED.items() if sound.get(name)}
        for check, sql in (CHECKS | (EVERY_ROW if every_row else {})).items():
            if sql not in agreed:
                yield from breaches_of(check, sql)
    yield from unguarded()


@contextmanager
def whole_tables() -> Iterator[None]:
    """Tables are joined by hash or merged, in a transaction of the caller's.

    Tables that have grown since PostgreSQL last looked are thought small, and were gone through once
    per row of another: minutes for a thousand payouts.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = on")


def breaches_of(check: str, sql: str) -> Iterator[Breach]:
    """What one check finds, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        for row, says, counted in cursor.fetchall():
            yield Breach(check, row, says, counted)


def unguarded() -> Iterator[Breach]:
    """Guards that are not in their place."""
    for guard in missing_guards():
        yield Breach("what is booked is guarded", guard, "missing", "expected")
