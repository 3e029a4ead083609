from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """By itself: it reads all codes, and lets checkouts go on meanwhile."""

    atomic = False

    dependencies = [
        ('promotions', '0008_forecasts'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='code',
            index=models.Index(condition=models.Q(('batch__isnull', True), ('customer__isnull', True)), fields=['promotion', 'code'], name='promotions_code_for_everybody'),
        ),
    ]
