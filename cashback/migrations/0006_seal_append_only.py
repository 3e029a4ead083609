"""What is sealed stays so, for everybody: not even a superuser changes a seal without taking this away."""

from django.db import migrations

GUARD = """
CREATE FUNCTION cashback_seal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'cashback_seal is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER cashback_seal_no_update_or_delete BEFORE DELETE OR UPDATE ON cashback_seal
    FOR EACH ROW EXECUTE FUNCTION cashback_seal_is_append_only();
CREATE TRIGGER cashback_seal_no_truncate BEFORE TRUNCATE ON cashback_seal
    FOR EACH STATEMENT EXECUTE FUNCTION cashback_seal_is_append_only();
ALTER TABLE cashback_seal
    ENABLE ALWAYS TRIGGER cashback_seal_no_update_or_delete,
    ENABLE ALWAYS TRIGGER cashback_seal_no_truncate;
"""
UNGUARD = """
DROP TRIGGER cashback_seal_no_truncate ON cashback_seal;
DROP TRIGGER cashback_seal_no_update_or_delete ON cashback_seal;
DROP FUNCTION cashback_seal_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("cashback", "0005_seal")]
    operations = [migrations.RunSQL(sql=GUARD, reverse_sql=UNGUARD)]
