"""Who was asked for a consent and how, until it is forgotten."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0010_history_sends_nothing'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='consentrecord',
            index=models.Index(condition=models.Q(('state', 'requested'), models.Q(models.Q(('source', ''), _negated=True), models.Q(('text_version', ''), _negated=True), models.Q(('ip_address', ''), _negated=True), _connector='OR')), fields=['recorded_at'], name='customers_consent_asked'),
        ),
    ]
