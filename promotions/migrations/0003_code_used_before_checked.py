from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """By itself: it reads all codes, and lets checkouts go on meanwhile."""

    dependencies = [
        ('promotions', '0002_code_used_before'),
    ]

    operations = [
        ValidateConstraint(
            model_name='code',
            name='promotions_code_used_includes_former',
        ),
    ]
