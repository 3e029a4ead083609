"""Behaviour, membership plans and memberships; erased customers and suppressed addresses."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("customers", "0003_words_for_staff"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="erased_at",
            field=models.DateTimeField(null=True, verbose_name="erased at"),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at__isnull", True),
                    models.Q(
                        ("attributes", {}),
                        ("birth_date__isnull", True),
                        ("city", ""),
                        ("country", ""),
                        ("email", ""),
                        ("first_name", ""),
                        ("gender", ""),
                        ("last_name", ""),
                        ("locale", ""),
                        ("phone", ""),
                        ("postal_code", ""),
                        ("registered_at__isnull", True),
                        ("timezone", ""),
                    ),
                    _connector="OR",
                ),
                name="customers_erased_holds_nothing",
            ),
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference_hash", models.BinaryField(max_length=32)),
                ("erased_at", models.DateTimeField()),
                ("swept_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasure",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["reference_hash", "erased_at"], name="customers_erasure_of_id"
                    ),
                    models.Index(
                        condition=models.Q(("swept_at__isnull", True)),
                        fields=["erased_at"],
                        name="customers_erasure_unswept",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                (
                    "email_hash",
                    models.BinaryField(max_length=32, primary_key=True, serialize=False),
                ),
                ("reason", models.CharField(choices=[("erased", "erased")], max_length=20)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "event_id",
                    models.CharField(db_collation="C", max_length=128, verbose_name="event id"),
                ),
                ("name", models.CharField(max_length=128, verbose_name="name")),
                ("occurred_at", models.DateTimeField(verbose_name="occurred at")),
                ("properties", models.JSONField(default=dict, verbose_name="properties")),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "indexes": [
                    models.Index(
                        fields=["customer", "name", "occurred_at"],
                        name="customers_event_of_customer",
                    ),
                    django.contrib.postgres.indexes.BrinIndex(
                        autosummarize=True,
                        fields=["received_at"],
                        name="customers_event_received",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("event_id",), name="customers_event_id_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="MembershipPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.CharField(db_collation="C", max_length=128, verbose_name="plan id"),
                ),
                ("name", models.JSONField(verbose_name="name")),
                ("benefits", models.JSONField(default=dict, verbose_name="benefits")),
                ("price", models.BigIntegerField(verbose_name="price")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "period",
                    models.CharField(
                        choices=[("month", "month"), ("year", "year")],
                        max_length=5,
                        verbose_name="period",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("revision", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name": "membership plan",
                "verbose_name_plural": "membership plans",
                "constraints": [
                    models.UniqueConstraint(fields=("reference",), name="customers_plan_id_once"),
                    models.CheckConstraint(
                        condition=models.Q(("price__gte", 0)),
                        name="customers_plan_price_not_below_zero",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="starts at")),
                ("ends_at", models.DateTimeField(null=True, verbose_name="ends at")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("revision", models.PositiveIntegerField(default=1)),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="customers.membershipplan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "indexes": [
                    models.Index(
                        fields=["plan", "customer"], name="customers_membership_of_plan"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("customer", "plan"), name="customers_membership_once_per_plan"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__isnull", True),
                            ("ends_at__gte", models.F("starts_at")),
                            _connector="OR",
                        ),
                        name="customers_membership_ends_not_before_start",
                    ),
                ],
            },
        ),
    ]
