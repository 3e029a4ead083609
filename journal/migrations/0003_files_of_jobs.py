import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only")]
    operations = [
        migrations.CreateModel(
            name="FilePiece",
            fields=[
                ("pk", models.CompositePrimaryKey("job_id", "first_line", blank=True, editable=False, primary_key=True, serialize=False)),
                ("first_line", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("job", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="pieces", to="journal.job")),
            ],
        ),
        migrations.CreateModel(
            name="RowError",
            fields=[
                ("pk", models.CompositePrimaryKey("job_id", "line", blank=True, editable=False, primary_key=True, serialize=False)),
                ("line", models.PositiveIntegerField()),
                ("column", models.CharField(max_length=20)),
                ("code", models.CharField(max_length=40)),
                ("detail", models.CharField(max_length=200)),
                ("job", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="row_errors", to="journal.job")),
            ],
        ),
    ]
