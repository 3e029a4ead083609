"""What staff read above the fields; nothing changes in the database."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='apikey',
            name='created_at',
            field=models.DateTimeField(verbose_name='created at'),
        ),
        migrations.AlterField(
            model_name='apikey',
            name='last_used_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='last used at'),
        ),
        migrations.AlterField(
            model_name='apikey',
            name='name',
            field=models.CharField(max_length=100, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='apikey',
            name='prefix',
            field=models.CharField(max_length=16, unique=True, verbose_name='prefix'),
        ),
        migrations.AlterField(
            model_name='apikey',
            name='revoked_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='revoked at'),
        ),
        migrations.AlterField(
            model_name='apikey',
            name='scopes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('checkout', 'checkout'), ('customers', 'customers'), ('orders', 'orders'), ('catalog', 'catalog'), ('segments', 'segments'), ('promotions', 'promotions'), ('cashback', 'cashback'), ('payouts', 'payouts'), ('campaigns', 'campaigns'), ('webhooks', 'webhooks'), ('reports', 'reports')], max_length=20), size=None, verbose_name='scopes'),
        ),
    ]
