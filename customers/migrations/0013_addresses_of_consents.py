"""For which address a consent was given: evidence, which can be blanked and not be changed."""

from django.db import migrations, models

BEFORE = ("source", "text_version", "ip_address")
NOW = (*BEFORE, "address")


def guard(*evidence: str) -> str:
    """The function of the table's triggers; of what stands there, this can be blanked."""
    blanked = "".join(f"\n        AND NEW.{name} IN (OLD.{name}, '')" for name in evidence)
    return f"""
CREATE OR REPLACE FUNCTION customers_consentrecord_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND (NEW.id, NEW.customer_id, NEW.channel, NEW.purpose, NEW.state,
             NEW.recorded_at, NEW.created_at)
          = (OLD.id, OLD.customer_id, OLD.channel, OLD.purpose, OLD.state,
             OLD.recorded_at, OLD.created_at){blanked}
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'customers_consentrecord is append-only' USING ERRCODE = 'restrict_violation';
END $$;
"""


def asked(*evidence: str) -> models.Index:
    """Requests that still have some of it."""
    left = models.Q()
    for name in evidence:
        left |= ~models.Q((name, ""))
    return models.Index(
        name="customers_consent_asked",
        fields=["recorded_at"],
        condition=models.Q(state="requested") & left,
    )


class Migration(migrations.Migration):
    dependencies = [("customers", "0012_erased_customers")]

    operations = [
        migrations.AddField(
            "consentrecord", "address", models.CharField(blank=True, default="", max_length=254)
        ),
        migrations.RunSQL(guard(*NOW), guard(*BEFORE)),
        migrations.RemoveIndex("consentrecord", "customers_consent_asked"),
        migrations.AddIndex(
            "consentrecord", asked(*NOW)
        ),
    ]
