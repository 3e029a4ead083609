import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0005_outbox_in_time'),
    ]

    operations = [
        migrations.CreateModel(
            name='RowTaken',
            fields=[
                ('pk', models.CompositePrimaryKey('job_id', 'row_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('row_id', models.CharField(db_collation='C', max_length=128)),
                ('job', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='taken', to='journal.job')),
            ],
        ),
        # Pieces are read once and gone: to compress them would cost more than to write them.
        migrations.RunSQL(
            sql="ALTER TABLE journal_filepiece ALTER COLUMN text SET STORAGE EXTERNAL",
            reverse_sql="ALTER TABLE journal_filepiece ALTER COLUMN text SET STORAGE EXTENDED",
        ),
    ]
