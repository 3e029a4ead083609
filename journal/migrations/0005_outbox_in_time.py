"""Built beside the writes: the outbox may be large by now."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("journal", "0004_webhooks")]

    operations = [
        AddIndexConcurrently(
            model_name="outboxevent",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True,
                fields=["xid", "occurred_at"],
                name="journal_outbox_in_time",
            ),
        ),
        AddIndexConcurrently(
            model_name="outboxevent",
            index=models.Index(
                condition=models.Q(("customer_key__isnull", False)),
                fields=["customer_key", "id"],
                name="journal_outbox_about_customer",
            ),
        ),
    ]
