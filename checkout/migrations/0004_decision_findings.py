"""The rules of a decision move out of its JSON into a packed column; how it ended stays in SQL's reach.

Decisions that were made before keep their rules where they are.
"""

from django.db import migrations, models

ADD = """
ALTER TABLE checkout_decision ADD COLUMN findings bytea;
UPDATE checkout_decision SET content = content || jsonb_build_object('outcomes', (
    SELECT coalesce(jsonb_object_agg(outcome, promotions), '{}') FROM (
        SELECT CASE told->>'outcome' WHEN 'refused' THEN told#>>'{reason,code}'
                ELSE told->>'outcome' END AS outcome,
            jsonb_agg(told->'promotion_id') AS promotions
        FROM jsonb_array_elements(content->'promotions') AS told GROUP BY 1
    ) AS ended
)) WHERE content ? 'promotions';
"""


class Migration(migrations.Migration):
    dependencies = [("checkout", "0003_roll_ups")]
    operations = [
        migrations.RunSQL(
            sql=ADD,
            reverse_sql="ALTER TABLE checkout_decision DROP COLUMN findings;",
            state_operations=[
                migrations.AddField("decision", "findings", models.BinaryField(null=True)),
            ],
        )
    ]
