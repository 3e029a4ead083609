"""That a transfer or an allocation names a posting of its own transaction, and an allocation its lot and hold, held
by the triggers alone.

They look the posting up anyway, and none of these rows is ever deleted: a foreign key would look each up once
more, for each row. Subqueries, and no joins, so that whatever PostgreSQL knows of the tables it goes by the keys.
"""

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
CREATE OR REPLACE FUNCTION cashback_posting_is_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added WHERE txid_current() IS DISTINCT FROM
        (SELECT xid FROM cashback_posting WHERE id = added.posting_id))
    THEN
        RAISE EXCEPTION 'the posting is not one of this transaction'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION cashback_allocation_is_of_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added
        WHERE txid_current() IS DISTINCT FROM
                (SELECT xid FROM cashback_posting WHERE id = added.posting_id)
            OR (SELECT id FROM cashback_lot WHERE id = added.lot_id) IS NULL
            OR added.hold_id IS DISTINCT FROM (SELECT id FROM cashback_hold WHERE id = added.hold_id))
    THEN
        RAISE EXCEPTION 'the posting is not one of this transaction, or there is no such lot or hold'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER cashback_allocation_in_time ON cashback_allocation;
CREATE TRIGGER cashback_allocation_in_time AFTER INSERT ON cashback_allocation
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION cashback_allocation_is_of_nothing();
ALTER TABLE cashback_allocation ENABLE ALWAYS TRIGGER cashback_allocation_in_time;
"""
FORMER = """
DROP TRIGGER cashback_allocation_in_time ON cashback_allocation;
CREATE TRIGGER cashback_allocation_in_time AFTER INSERT ON cashback_allocation
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION cashback_posting_is_over();
ALTER TABLE cashback_allocation ENABLE ALWAYS TRIGGER cashback_allocation_in_time;
DROP FUNCTION cashback_allocation_is_of_nothing();
CREATE OR REPLACE FUNCTION cashback_posting_is_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added JOIN cashback_posting AS posting ON posting.id = added.posting_id
               WHERE posting.xid <> txid_current())
    THEN
        RAISE EXCEPTION 'the transaction of the posting is over'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
"""


def reference(to: str, **more: object) -> models.ForeignKey:
    """A key of another row that the database looks up by a trigger."""
    protect = django.db.models.deletion.PROTECT
    return models.ForeignKey(db_constraint=False, on_delete=protect, to=to, **more)


class Migration(migrations.Migration):
    dependencies = [("cashback", "0009_row_types")]

    operations = [
        migrations.RunSQL(GUARD, FORMER),
        migrations.AlterField(
            "allocation", "lot", reference("cashback.lot", related_name="allocations")
        ),
        migrations.AlterField(
            "allocation",
            "posting",
            reference("cashback.posting", db_index=False, related_name="+"),
        ),
        migrations.AlterField(
            "allocation",
            "hold",
            reference("cashback.hold", db_index=False, null=True, related_name="allocations"),
        ),
        migrations.AlterField(
            "transfer", "posting", reference("cashback.posting", related_name="transfers")
        ),
    ]
