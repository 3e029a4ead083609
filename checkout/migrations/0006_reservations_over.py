"""Reservations that are long over are found to be forgotten."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("checkout", "0005_words_for_staff"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(
                condition=models.Q(("status__in", ["released", "expired"])),
                fields=["ended_at"],
                name="checkout_reservation_over",
            ),
        ),
    ]
