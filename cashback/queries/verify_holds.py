"""Proof of what is held, and of what is on its way to a provider: SQL of the rows that breach it."""

#: Each keeps what its end says, and those without one sum to what wallets hold.
HOLDS = """
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
#: What was submitted and has not ended is what is in clearing.
CLEARING = """
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
