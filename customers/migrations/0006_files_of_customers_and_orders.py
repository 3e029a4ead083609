import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0005_dynamic_segments'),
    ]

    operations = [
        migrations.CreateModel(
            name='CustomerImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('import_id', models.UUIDField(unique=True)),
                ('is_dry_run', models.BooleanField()),
                ('delimiter', models.CharField(max_length=1)),
                ('rows', models.PositiveIntegerField()),
                ('good', models.PositiveIntegerField(default=0)),
                ('rejected', models.PositiveIntegerField(default=0)),
                ('job_id', models.UUIDField(unique=True)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.CharField(max_length=50)),
            ],
            options={
                'verbose_name': 'customer import',
                'verbose_name_plural': 'customer imports',
                'constraints': [models.CheckConstraint(condition=models.Q(('rows__gte', django.db.models.expressions.CombinedExpression(models.F('good'), '+', models.F('rejected')))), name='customers_customer_import_decided_within_rows')],
            },
        ),
        migrations.CreateModel(
            name='OrderImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('import_id', models.UUIDField(unique=True)),
                ('is_dry_run', models.BooleanField()),
                ('delimiter', models.CharField(max_length=1)),
                ('rows', models.PositiveIntegerField()),
                ('good', models.PositiveIntegerField(default=0)),
                ('rejected', models.PositiveIntegerField(default=0)),
                ('job_id', models.UUIDField(unique=True)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.CharField(max_length=50)),
            ],
            options={
                'verbose_name': 'order import',
                'verbose_name_plural': 'order imports',
                'constraints': [models.CheckConstraint(condition=models.Q(('rows__gte', django.db.models.expressions.CombinedExpression(models.F('good'), '+', models.F('rejected')))), name='customers_order_import_decided_within_rows')],
            },
        ),
    ]
