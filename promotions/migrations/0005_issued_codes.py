"""How many codes were issued is kept from now on; those that exist are counted this once."""

import django.db.models.deletion
from django.db import migrations, models

COUNT = """
INSERT INTO promotions_issuedcodes (promotion_id, codes)
SELECT promotion_id, count(*) FROM promotions_code GROUP BY promotion_id
"""


class Migration(migrations.Migration):
    dependencies = [("promotions", "0004_code_imports")]
    operations = [
        migrations.CreateModel(
            name="IssuedCodes",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("codes", models.BigIntegerField()),
                (
                    "promotion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="promotions.promotion",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(sql=COUNT, reverse_sql=migrations.RunSQL.noop),
    ]
