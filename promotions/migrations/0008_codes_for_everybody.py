"""Built beside the writes: there may be ten million codes, few of them for everybody."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("promotions", "0007_file_pieces_of_jobs")]

    operations = [
        AddIndexConcurrently(
            model_name="code",
            index=models.Index(
                condition=models.Q(("batch__isnull", True), ("customer__isnull", True)),
                fields=["promotion", "code"],
                name="promotions_code_for_everybody",
            ),
        ),
    ]
