"""The consent history can be added to; of what stands there only the evidence can be blanked."""

from django.db import migrations

GUARD = """
CREATE FUNCTION customers_consentrecord_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND (NEW.id, NEW.customer_id, NEW.channel, NEW.purpose, NEW.state,
             NEW.recorded_at, NEW.created_at)
          = (OLD.id, OLD.customer_id, OLD.channel, OLD.purpose, OLD.state,
             OLD.recorded_at, OLD.created_at)
        AND NEW.source IN (OLD.source, '')
        AND NEW.text_version IN (OLD.text_version, '')
        AND NEW.ip_address IN (OLD.ip_address, '')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'customers_consentrecord is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER customers_consentrecord_no_update_or_delete
    BEFORE UPDATE OR DELETE ON customers_consentrecord
    FOR EACH ROW EXECUTE FUNCTION customers_consentrecord_is_append_only();
CREATE TRIGGER customers_consentrecord_no_truncate BEFORE TRUNCATE ON customers_consentrecord
    FOR EACH STATEMENT EXECUTE FUNCTION customers_consentrecord_is_append_only();
ALTER TABLE customers_consentrecord
    ENABLE ALWAYS TRIGGER customers_consentrecord_no_update_or_delete,
    ENABLE ALWAYS TRIGGER customers_consentrecord_no_truncate;
"""
UNGUARD = """
DROP TRIGGER customers_consentrecord_no_truncate ON customers_consentrecord;
DROP TRIGGER customers_consentrecord_no_update_or_delete ON customers_consentrecord;
DROP FUNCTION customers_consentrecord_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]
    operations = [migrations.RunSQL(sql=GUARD, reverse_sql=UNGUARD)]
