"""What staff read instead of the names of tables; nothing changes in the database."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('checkout', '0004_decision_findings'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='decision',
            options={'managed': False, 'verbose_name': 'decision', 'verbose_name_plural': 'decisions'},
        ),
        migrations.AlterModelOptions(
            name='promotionday',
            options={'verbose_name': 'report', 'verbose_name_plural': 'reports'},
        ),
    ]
