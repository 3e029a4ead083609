"""Decisions live in weekly partitions, so that forgetting 90-day-old ones is a DROP, not a DELETE."""

from django.db import migrations

CREATE = """
CREATE TABLE checkout_decision (
    id uuid NOT NULL,
    made_at timestamptz NOT NULL,
    kind varchar(10) NOT NULL,
    customer_key bigint,
    content jsonb NOT NULL,
    PRIMARY KEY (id, made_at)
) PARTITION BY RANGE (made_at);
CREATE INDEX checkout_decision_of_customer ON checkout_decision (customer_key, made_at DESC)
    WHERE customer_key IS NOT NULL;
CREATE TABLE checkout_decision_default PARTITION OF checkout_decision DEFAULT;
"""


class Migration(migrations.Migration):
    dependencies = [("checkout", "0001_initial")]
    operations = [
        migrations.RunSQL(sql=CREATE, reverse_sql="DROP TABLE checkout_decision;")
    ]
