"""Proof: everything that is always true of the ledger, as SQL that finds the rows of which it is not.

Meant for one snapshot (`manage.py verify_ledger`). A breach is the row, what it says, and what was
counted.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.db import connection

from cashback.queries.guards import missing_guards


class Breach(NamedTuple):
    """A row of which something is not true."""

    check: str
    row: str
    says: str
    counted: str


_BALANCES = """
    WITH side AS MATERIALIZED (
        SELECT debit_account_id AS account_id, id, -amount AS amount, debit_after AS after
        FROM cashback_transfer WHERE debit_after IS NOT NULL
        UNION ALL
        SELECT credit_account_id, id, amount, credit_after
        FROM cashback_transfer WHERE credit_after IS NOT NULL
    ), standing AS MATERIALIZED (
        SELECT account_id, id, after, sum(amount) OVER of_account AS counted,
            row_number() OVER (PARTITION BY account_id ORDER BY id DESC) = 1 AS is_last
        FROM side WINDOW of_account AS (PARTITION BY account_id ORDER BY id)
    )
    SELECT 'transfer ' || standing.id || ' at account ' || account_id, after::text, counted::text
    FROM standing JOIN cashback_account AS account ON account.id = account_id
    WHERE after <> CASE account.kind WHEN 'debt' THEN -counted ELSE counted END
    UNION ALL
    SELECT 'wallet ' || wallet.id || ' ' || account.kind, balance::text,
        coalesce(standing.after, 0)::text
    FROM cashback_wallet AS wallet
    CROSS JOIN LATERAL (VALUES ('pending', pending), ('available', available), ('held', held),
        ('debt', debt)) AS says (kind, balance)
    LEFT JOIN cashback_account AS account
        ON account.wallet_id = wallet.id AND account.kind = says.kind
    LEFT JOIN standing ON standing.account_id = account.id AND is_last
    WHERE account.id IS NULL OR balance <> coalesce(standing.after, 0)
"""
_CURRENCIES = """
    SELECT 'transfer ' || transfer.id, transfer.currency,
        debit.kind || ' ' || debit.currency || ' to ' || credit.kind || ' ' || credit.currency
    FROM cashback_transfer AS transfer
    JOIN cashback_posting AS posting ON posting.id = transfer.posting_id
    JOIN cashback_account AS debit ON debit.id = transfer.debit_account_id
    JOIN cashback_account AS credit ON credit.id = transfer.credit_account_id
    WHERE transfer.currency <> debit.currency OR transfer.currency <> credit.currency
        OR transfer.amount <= 0 OR debit.id = credit.id
        OR coalesce(debit.wallet_id, posting.wallet_id) <> posting.wallet_id
        OR coalesce(credit.wallet_id, posting.wallet_id) <> posting.wallet_id
        OR (debit.wallet_id IS NULL) <> (transfer.debit_after IS NULL)
        OR (credit.wallet_id IS NULL) <> (transfer.credit_after IS NULL)
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
_HOLDS = """
    WITH kept AS MATERIALIZED (
        SELECT hold.id, hold.wallet_id, hold.amount, held.outcome, cleared.outcome AS ended,
            coalesce(-sum(allocation.amount), 0) AS kept,
            coalesce(-sum(allocation.amount) FILTER (
                WHERE allocation.posting_id = hold.posting_id), 0) AS taken
        FROM cashback_hold AS hold
        LEFT JOIN cashback_allocation AS allocation ON allocation.hold_id = hold.id
        LEFT JOIN cashback_holdoutcome AS held ON held.hold_id = hold.id AND held.stage = 'held'
        LEFT JOIN cashback_holdoutcome AS cleared
            ON cleared.hold_id = hold.id AND cleared.stage = 'clearing'
        GROUP BY hold.id, held.outcome, cleared.outcome
    )
    SELECT 'hold ' || id, format('%s of %s (%s)', kept, amount,
            coalesce(ended, outcome, 'held')), 'what its end says'
    FROM kept
    WHERE taken <> amount OR CASE coalesce(ended, outcome)
        WHEN 'released' THEN kept <> 0
        WHEN 'failed' THEN kept <> 0
        WHEN 'spent' THEN kept NOT BETWEEN 0 AND amount
        ELSE kept <> amount END
    UNION ALL
    SELECT 'holds of wallet ' || wallet.id, wallet.held::text, coalesce(sum(kept.amount), 0)::text
    FROM cashback_wallet AS wallet
    LEFT JOIN kept ON kept.wallet_id = wallet.id AND kept.outcome IS NULL
    GROUP BY wallet.id HAVING wallet.held <> coalesce(sum(kept.amount), 0)
"""
_CLEARING = """
    SELECT 'payout_clearing ' || currency, balance::text, waiting::text
    FROM (
        SELECT account.currency,
            (SELECT coalesce(sum(CASE WHEN transfer.credit_account_id = account.id THEN amount
                ELSE -amount END), 0)
             FROM cashback_posting AS posting
             JOIN cashback_transfer AS transfer ON transfer.posting_id = posting.id
             WHERE posting.kind IN ('submit', 'pay', 'fail') AND account.id
                IN (transfer.debit_account_id, transfer.credit_account_id)) AS balance,
            (SELECT coalesce(sum(hold.amount), 0) FROM cashback_hold AS hold
             JOIN cashback_wallet AS wallet ON wallet.id = hold.wallet_id
             JOIN cashback_holdoutcome AS given ON given.hold_id = hold.id
                AND given.outcome = 'submitted'
             LEFT JOIN cashback_holdoutcome AS ended ON ended.hold_id = hold.id
                AND ended.stage = 'clearing'
             WHERE wallet.currency = account.currency AND ended.hold_id IS NULL) AS waiting
        FROM cashback_account AS account WHERE account.kind = 'payout_clearing'
    ) AS clearing WHERE balance <> waiting
"""
_EXPLAINED = """
    SELECT 'lot ' || lot.id, lot.amount::text, coalesce(made.amount, 0)::text || ' booked for it'
    FROM cashback_lot AS lot JOIN cashback_posting AS posting ON posting.id = lot.posting_id
    LEFT JOIN (SELECT posting_id, lot_id, sum(amount) AS amount FROM cashback_transfer
        GROUP BY posting_id, lot_id) AS made
        ON made.posting_id = lot.posting_id AND made.lot_id = lot.id
    WHERE lot.origin_id IS NULL AND lot.amount IS DISTINCT FROM made.amount
        OR posting.wallet_id <> lot.wallet_id
    UNION ALL
    SELECT 'lot ' || lot.id, lot.amount::text, format('%s by lines of order %s, rule %s', shares.amount,
        placed.reference, coalesce(rule.reference, lot.promotion_reference))
    FROM cashback_lot AS lot JOIN cashback_posting AS posting ON posting.id = lot.posting_id
    LEFT JOIN (SELECT lot_id, sum(amount) AS amount FROM cashback_lotshare GROUP BY lot_id)
        AS shares ON shares.lot_id = lot.id
    LEFT JOIN customers_order AS placed ON placed.id = lot.order_id
    LEFT JOIN cashback_rule AS rule ON rule.id = lot.rule_id
    WHERE posting.kind = 'earn' AND (lot.amount IS DISTINCT FROM shares.amount
        OR placed.id IS NULL OR rule.id IS NULL AND lot.promotion_reference = '')
    UNION ALL
    SELECT 'lot ' || lot.id, lot.amount::text, 'made by ' || posting.kind
    FROM cashback_lot AS lot JOIN cashback_posting AS posting ON posting.id = lot.posting_id
    WHERE posting.kind NOT IN ('earn', 'adjust', 'restore')
        OR (posting.kind = 'restore') <> (lot.origin_id IS NOT NULL)
    UNION ALL
    SELECT 'adjustment ' || posting.source_ref, 'booked', 'by nobody'
    FROM cashback_posting AS posting
    LEFT JOIN cashback_adjustment AS adjustment
        ON adjustment.adjustment_id::text = posting.source_ref
    WHERE posting.kind = 'adjust' AND adjustment.id IS NULL
    UNION ALL
    SELECT 'posting ' || posting.id, posting.kind, 'no transfer'
    FROM cashback_posting AS posting
    LEFT JOIN cashback_transfer AS transfer ON transfer.posting_id = posting.id
    WHERE transfer.id IS NULL AND posting.kind <> 'take_back'
"""
_TAKEN_BACK = """
    SELECT 'lot ' || lot.id || ' line ' || share.line_id, share.taken_back::text,
        'at most ' || share.amount
    FROM cashback_lotshare AS share JOIN cashback_lot AS lot ON lot.id = share.lot_id
    WHERE share.taken_back NOT BETWEEN 0 AND share.amount
    UNION ALL
    SELECT 'lot ' || lot.id, shares.taken_back || ' taken back', booked.amount || ' booked'
    FROM cashback_lot AS lot
    JOIN (SELECT lot_id, sum(taken_back) AS taken_back FROM cashback_lotshare GROUP BY lot_id)
        AS shares ON shares.lot_id = lot.id
    LEFT JOIN (
        SELECT transfer.lot_id, sum(transfer.amount) AS amount FROM cashback_posting AS posting
        JOIN cashback_transfer AS transfer ON transfer.posting_id = posting.id
        WHERE posting.kind = 'take_back' GROUP BY transfer.lot_id) AS booked ON booked.lot_id = lot.id
    WHERE coalesce(booked.amount, 0) > shares.taken_back
        OR lot.clawback <> 'absorb' AND coalesce(booked.amount, 0) <> shares.taken_back
"""
_ONCE = """
    SELECT format('%s of %s %s (%s)', kind, source_kind, source_ref, sequence), count(*)::text, '1'
    FROM cashback_posting GROUP BY source_ref, source_kind, kind, sequence HAVING count(*) > 1
"""
_DUE = """
    SELECT 'wallet ' || wallet.id, coalesce(due_at::text, 'nothing due'), min(lot.due)::text
    FROM cashback_wallet AS wallet
    JOIN (
        SELECT lot.wallet_id, CASE account.kind WHEN 'pending' THEN lot.available_at
            ELSE lot.expires_at END AS due
        FROM cashback_lot AS lot JOIN cashback_account AS account ON account.id = lot.account_id
        WHERE lot.remaining > 0) AS lot ON lot.wallet_id = wallet.id
    GROUP BY wallet.id HAVING min(lot.due) < coalesce(wallet.due_at, 'infinity')
"""
#: What is always true, each with the SQL of its breaches.
CHECKS = {
    "balances are the sums of the transfers": _BALANCES,
    "a transfer is in one currency, and of one wallet": _CURRENCIES,
    "no account of a customer is below zero, and no debt beside credit": _BELOW_ZERO,
    "lots are what is left of them, and sum to the balances": _LOTS,
    "holds keep what they should, and sum to what is held": _HOLDS,
    "what is in clearing waits for its provider": _CLEARING,
    "every cent leads back to a rule, an order line and a posting": _EXPLAINED,
    "no more is taken back than was earned": _TAKEN_BACK,
    "an event is posted once": _ONCE,
    "nothing is due before its wallet says so": _DUE,
}


def breaches() -> Iterator[Breach]:
    """Every row of which something is not true, and every guard that is not in its place."""
    with connection.cursor() as cursor:
        for check, sql in CHECKS.items():
            cursor.execute(sql)
            for row, says, counted in cursor.fetchall():
                yield Breach(check, row, says, counted)
    for guard in missing_guards():
        yield Breach("what is booked is guarded", guard, "missing", "expected")
