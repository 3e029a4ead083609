"""Whom a kept answer tells of, so that it can be forgotten with them.

Answers that were kept before tell nobody's key; they are gone after 30 days.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("access", "0002_words_for_staff"),
    ]

    operations = [
        migrations.AddField(
            model_name="keptanswer",
            name="customer_key",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name="keptanswer",
            index=models.Index(
                condition=models.Q(("customer_key__isnull", False)),
                fields=["customer_key"],
                name="access_answer_about_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="keptanswer",
            index=models.Index(
                condition=models.Q(("customer_key__isnull", True), ("status", 200)),
                fields=["created_at"],
                name="access_answer_about_many",
            ),
        ),
    ]
