"""The rows that a booking writes, as types: a table's rows are one parameter, and not one for each column."""

from django.db import migrations

TYPES = {
    "cashback_new_posting": (
        "wallet_id bigint, kind text, source_kind text, source_ref text, sequence int, order_id bigint,"
        " at timestamptz, actor text"
    ),
    "cashback_new_transfer": (
        "posting_id int, debit_account_id bigint, credit_account_id bigint, currency text, amount bigint,"
        " debit_after bigint, credit_after bigint, lot_id bigint"
    ),
    "cashback_new_lot": (
        "posting_id int, wallet_id bigint, account_id bigint, amount bigint, remaining bigint,"
        " order_id bigint, rule_id bigint, promotion_reference text, origin_id bigint, partner_id bigint,"
        " partner_amount bigint, partner_percent int, clawback text, pending_days int,"
        " expires_after_days int, terms jsonb, available_at timestamptz, expires_at timestamptz"
    ),
    "cashback_new_share": "lot_id int, line_id text, position int, amount bigint",
    "cashback_new_hold": (
        "id uuid, wallet_id bigint, purpose text, reference uuid, number int, amount bigint,"
        " expires_at timestamptz, posting_id int"
    ),
    "cashback_new_outcome": "hold_id uuid, stage text, outcome text, posting_id int",
    "cashback_new_allocation": "lot_id bigint, posting_id int, hold_id uuid, amount bigint",
    "cashback_changed_lot": (
        "id bigint, change bigint, account bigint, available timestamptz, expires timestamptz, times int,"
        " done_without bigint"
    ),
    "cashback_taken_share": "lot bigint, line text, change bigint",
    # Not `cashback_wallet`: that is the table's own.
    "cashback_changed_wallet": (
        "id bigint, change_pending bigint, change_available bigint, change_held bigint,"
        " change_debt bigint, due timestamptz"
    ),
}


class Migration(migrations.Migration):
    dependencies = [("cashback", "0008_rollup_of_its_cluster")]
    operations = [
        migrations.RunSQL(
            sql=f"CREATE TYPE {name} AS ({members})", reverse_sql=f"DROP TYPE {name}"
        )
        for name, members in TYPES.items()
    ]
