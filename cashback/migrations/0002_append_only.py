"""What is booked stays as it is, for everybody: not even a superuser changes it without taking this away.

Accounts, postings, transfers, allocations and outcomes of holds can only be added to. Of wallets,
lots, shares and holds only what moves can be set; whose they are, and what was earned, cannot. No
transfer and no allocation is added to a posting whose transaction is over. Both accounts of a
transfer are in its currency, and a lot is in an account of its own wallet, by foreign keys of two
columns, which Django has no words for.
"""

from django.db import migrations

APPEND_ONLY = {
    table: "UPDATE"
    for table in (
        "cashback_account",
        "cashback_posting",
        "cashback_transfer",
        "cashback_allocation",
        "cashback_holdoutcome",
    )
}
FROZEN = {
    "cashback_hold": "UPDATE OF id, wallet_id, purpose, reference, number, amount, posting_id,"
    " created_at",
    "cashback_wallet": "UPDATE OF id, customer_id, currency, created_at",
    "cashback_lot": "UPDATE OF id, wallet_id, posting_id, amount, order_id, rule_id,"
    " promotion_reference, origin_id, partner_id, partner_amount, partner_percent, clawback, pending_days,"
    " expires_after_days, terms, created_at",
    "cashback_lotshare": "UPDATE OF lot_id, line_id, position, amount",
}
GUARD = """
CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER {table}_no_update_or_delete BEFORE DELETE OR {change} ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only();
ALTER TABLE {table}
    ENABLE ALWAYS TRIGGER {table}_no_update_or_delete,
    ENABLE ALWAYS TRIGGER {table}_no_truncate;
"""
UNGUARD = """
DROP TRIGGER {table}_no_truncate ON {table};
DROP TRIGGER {table}_no_update_or_delete ON {table};
DROP FUNCTION {table}_is_append_only();
"""
SEAL = """
CREATE FUNCTION cashback_posting_is_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added JOIN cashback_posting AS posting ON posting.id = added.posting_id
               WHERE posting.xid <> txid_current())
    THEN
        RAISE EXCEPTION 'the transaction of the posting is over'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cashback_transfer_in_time AFTER INSERT ON cashback_transfer
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION cashback_posting_is_over();
CREATE TRIGGER cashback_allocation_in_time AFTER INSERT ON cashback_allocation
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION cashback_posting_is_over();
ALTER TABLE cashback_transfer ENABLE ALWAYS TRIGGER cashback_transfer_in_time;
ALTER TABLE cashback_allocation ENABLE ALWAYS TRIGGER cashback_allocation_in_time;
"""
UNSEAL = """
DROP TRIGGER cashback_allocation_in_time ON cashback_allocation;
DROP TRIGGER cashback_transfer_in_time ON cashback_transfer;
DROP FUNCTION cashback_posting_is_over();
"""
PAIRS = """
ALTER TABLE cashback_wallet ADD CONSTRAINT cashback_wallet_in_its_currency UNIQUE (id, currency);
ALTER TABLE cashback_account
    ADD CONSTRAINT cashback_account_in_its_currency UNIQUE (id, currency),
    ADD CONSTRAINT cashback_account_of_its_wallet UNIQUE (id, wallet_id),
    ADD CONSTRAINT cashback_account_in_currency_of_wallet
        FOREIGN KEY (wallet_id, currency) REFERENCES cashback_wallet (id, currency);
ALTER TABLE cashback_transfer
    ADD CONSTRAINT cashback_transfer_debit_in_currency
        FOREIGN KEY (debit_account_id, currency) REFERENCES cashback_account (id, currency),
    ADD CONSTRAINT cashback_transfer_credit_in_currency
        FOREIGN KEY (credit_account_id, currency) REFERENCES cashback_account (id, currency);
ALTER TABLE cashback_lot ADD CONSTRAINT cashback_lot_in_account_of_wallet
    FOREIGN KEY (account_id, wallet_id) REFERENCES cashback_account (id, wallet_id);
"""
UNPAIR = """
ALTER TABLE cashback_lot DROP CONSTRAINT cashback_lot_in_account_of_wallet;
ALTER TABLE cashback_transfer
    DROP CONSTRAINT cashback_transfer_debit_in_currency,
    DROP CONSTRAINT cashback_transfer_credit_in_currency;
ALTER TABLE cashback_account
    DROP CONSTRAINT cashback_account_in_currency_of_wallet,
    DROP CONSTRAINT cashback_account_of_its_wallet,
    DROP CONSTRAINT cashback_account_in_its_currency;
ALTER TABLE cashback_wallet DROP CONSTRAINT cashback_wallet_in_its_currency;
"""
#: Rows that are updated often find room beside themselves.
ROOM = """
ALTER TABLE cashback_wallet SET (fillfactor = 70);
ALTER TABLE cashback_lot SET (fillfactor = 80);
"""
NO_ROOM = """
ALTER TABLE cashback_wallet RESET (fillfactor);
ALTER TABLE cashback_lot RESET (fillfactor);
"""


class Migration(migrations.Migration):
    dependencies = [("cashback", "0001_initial")]
    operations = [
        *(
            migrations.RunSQL(
                sql=GUARD.format(table=table, change=change),
                reverse_sql=UNGUARD.format(table=table),
            )
            for table, change in (APPEND_ONLY | FROZEN).items()
        ),
        migrations.RunSQL(sql=SEAL, reverse_sql=UNSEAL),
        migrations.RunSQL(sql=PAIRS, reverse_sql=UNPAIR),
        migrations.RunSQL(sql=ROOM, reverse_sql=NO_ROOM),
    ]
