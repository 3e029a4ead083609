"""That a delivery names a campaign, held by triggers: once for all rows of a statement.

A foreign key would look the same campaign up for each of a million recipients. What it also does is here:
the campaign cannot go while somebody adds rows of it, nor once there are any.
"""

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
CREATE FUNCTION campaigns_delivery_of_no_campaign() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM campaigns_campaign
        WHERE id IN (SELECT DISTINCT campaign_id FROM added) FOR KEY SHARE;
    IF EXISTS (SELECT FROM added WHERE campaign_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM campaigns_campaign WHERE id = added.campaign_id))
    THEN
        RAISE EXCEPTION 'there is no such campaign'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'campaigns_delivery_of_campaign';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER campaigns_delivery_of_campaign AFTER INSERT ON campaigns_delivery
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION campaigns_delivery_of_no_campaign();

CREATE FUNCTION campaigns_delivery_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a delivery stays with its campaign'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'campaigns_delivery_stays';
END $$;
CREATE TRIGGER campaigns_delivery_stays BEFORE UPDATE OF campaign_id ON campaigns_delivery
    FOR EACH ROW WHEN (OLD.campaign_id IS DISTINCT FROM NEW.campaign_id)
    EXECUTE FUNCTION campaigns_delivery_moves();

CREATE FUNCTION campaigns_campaign_has_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM campaigns_delivery WHERE campaign_id = OLD.id) THEN
        RAISE EXCEPTION 'somebody was enlisted for it'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'campaigns_delivery_of_campaign';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER campaigns_campaign_of_none AFTER DELETE OR UPDATE OF id ON campaigns_campaign
    FOR EACH ROW EXECUTE FUNCTION campaigns_campaign_has_deliveries();
"""
FORMER = """
DROP TRIGGER campaigns_campaign_of_none ON campaigns_campaign;
DROP TRIGGER campaigns_delivery_stays ON campaigns_delivery;
DROP TRIGGER campaigns_delivery_of_campaign ON campaigns_delivery;
DROP FUNCTION campaigns_campaign_has_deliveries();
DROP FUNCTION campaigns_delivery_moves();
DROP FUNCTION campaigns_delivery_of_no_campaign();
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0005_campaign_approval_right")]

    operations = [
        migrations.RunSQL(GUARD, FORMER),
        migrations.AlterField(
            "delivery",
            "campaign",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="campaigns.campaign",
            ),
        ),
    ]
