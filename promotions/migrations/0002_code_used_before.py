from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Neither operation reads the table, which may have millions of rows."""

    dependencies = [
        ('promotions', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='code',
            name='used_before',
            field=models.BigIntegerField(db_default=0),
        ),
        AddConstraintNotValid(
            model_name='code',
            constraint=models.CheckConstraint(condition=models.Q(('used_before__gte', 0), ('used__gte', models.F('used_before'))), name='promotions_code_used_includes_former'),
        ),
    ]
