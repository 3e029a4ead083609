from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """By itself: it reads the whole table, and lets checkouts go on meanwhile."""

    atomic = False

    dependencies = [("customers", "0011_consents_asked")]

    operations = [
        AddIndexConcurrently(
            "customer",
            models.Index(
                name="customers_customer_erased",
                fields=["id"],
                condition=models.Q(erased_at__isnull=False),
            ),
        ),
    ]
