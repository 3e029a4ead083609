import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('promotions', '0003_code_used_before_checked'),
    ]

    operations = [
        migrations.CreateModel(
            name='CodeImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('import_id', models.UUIDField(unique=True)),
                ('promotion', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='code_imports', to='promotions.promotion')),
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
                'verbose_name': 'code import',
                'verbose_name_plural': 'code imports',
                'constraints': [models.CheckConstraint(condition=models.Q(('rows__gte', models.F('good') + models.F('rejected'))), name='promotions_import_decided_within_rows')],
            },
        ),
        migrations.CreateModel(
            name='CodeImportError',
            fields=[
                ('code_import', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='errors', to='promotions.codeimport')),
                ('line', models.PositiveIntegerField()),
                ('column', models.CharField(max_length=20)),
                ('code', models.CharField(max_length=40)),
                ('detail', models.CharField(max_length=200)),
                ('pk', models.CompositePrimaryKey('code_import_id', 'line', blank=True, editable=False, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name='CodeImportPiece',
            fields=[
                ('code_import', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='promotions.codeimport')),
                ('first_line', models.PositiveIntegerField()),
                ('text', models.TextField()),
                ('pk', models.CompositePrimaryKey('code_import_id', 'first_line', blank=True, editable=False, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name='CodeImportRow',
            fields=[
                ('code_import', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='waiting', to='promotions.codeimport')),
                ('code', models.CharField(max_length=64)),
                ('line', models.PositiveIntegerField()),
                ('spelling', models.CharField(max_length=200)),
                ('customer_reference', models.CharField(max_length=128, null=True)),
                ('valid_from', models.DateTimeField(null=True)),
                ('valid_until', models.DateTimeField(null=True)),
                ('max_redemptions', models.BigIntegerField(null=True)),
                ('used', models.BigIntegerField()),
                ('pk', models.CompositePrimaryKey('code_import_id', 'code', 'line', blank=True, editable=False, primary_key=True, serialize=False)),
            ],
        ),
    ]
