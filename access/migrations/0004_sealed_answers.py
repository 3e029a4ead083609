from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_answers_about_customers"),
    ]

    operations = [
        migrations.AddField(
            model_name="keptanswer",
            name="is_sealed",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
