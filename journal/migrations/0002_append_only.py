"""The audit trail and the outbox can be added to, never changed: not even by a superuser."""

from django.db import migrations

GUARD = """
CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER {table}_no_update_or_delete BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_update_or_delete;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate;
"""
UNGUARD = """
DROP TRIGGER {table}_no_truncate ON {table};
DROP TRIGGER {table}_no_update_or_delete ON {table};
DROP FUNCTION {table}_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql=GUARD.format(table=table), reverse_sql=UNGUARD.format(table=table)
        )
        for table in ("journal_auditentry", "journal_outboxevent")
    ]
