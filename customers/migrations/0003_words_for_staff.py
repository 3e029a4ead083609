"""What staff read above the fields; nothing changes in the database."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0002_consent_records_append_only'),
    ]

    operations = [
        migrations.AlterField(
            model_name='customer',
            name='attributes',
            field=models.JSONField(default=dict, verbose_name='attributes'),
        ),
        migrations.AlterField(
            model_name='customer',
            name='birth_date',
            field=models.DateField(null=True, verbose_name='birth date'),
        ),
        migrations.AlterField(
            model_name='customer',
            name='city',
            field=models.CharField(blank=True, default='', max_length=255, verbose_name='city'),
        ),
        migrations.AlterField(
            model_name='customer',
            name='country',
            field=models.CharField(blank=True, default='', max_length=2, verbose_name='country'),
        ),
        migrations.AlterField(
            model_name='customer',
            name='created_at',
            field=models.DateTimeField(verbose_name='created at'),
        ),
        migrations.AlterField(
            model_name='customer',
            name='email',
            field=models.CharField(blank=True, default='', max_length=254, verbose_name='e-mail'),
        ),
        migrations.AlterField(
            model_name='customer',
            name='first_name',
            field=models.CharField(blank=True, default='', max_length=255, verbose_name='first name'),
        ),
        migrations.AlterField(
            model_name='customer',
            name='gender',
            field=models.CharField(blank=True, default='', max_length=50, verbose_name='gender'),
        ),
        migrations.AlterField(
            model_name='customer',
            name='last_name',
            field=models.CharField(blank=True, default='', max_length=255, verbose_name='last name'),
        ),
        migrations.AlterField(
            model_name='customer',
            name='locale',
            field=models.CharField(blank=True, default='', max_length=35, verbose_name='language'),
        ),
        migrations.AlterField(
            model_name='customer',
            name='phone',
            field=models.CharField(blank=True, default='', max_length=50, verbose_name='phone'),
        ),
        migrations.AlterField(
            model_name='customer',
            name='postal_code',
            field=models.CharField(blank=True, default='', max_length=20, verbose_name='postal code'),
        ),
        migrations.AlterField(
            model_name='customer',
            name='reference',
            field=models.CharField(db_collation='C', max_length=128, verbose_name='customer id'),
        ),
        migrations.AlterField(
            model_name='customer',
            name='registered_at',
            field=models.DateTimeField(null=True, verbose_name='registered at'),
        ),
        migrations.AlterField(
            model_name='customer',
            name='timezone',
            field=models.CharField(blank=True, default='', max_length=64, verbose_name='time zone'),
        ),
        migrations.AlterField(
            model_name='order',
            name='cancelled_at',
            field=models.DateTimeField(null=True, verbose_name='cancelled at'),
        ),
        migrations.AlterField(
            model_name='order',
            name='channel',
            field=models.CharField(blank=True, default='', max_length=128, verbose_name='channel'),
        ),
        migrations.AlterField(
            model_name='order',
            name='currency',
            field=models.CharField(max_length=3, verbose_name='currency'),
        ),
        migrations.AlterField(
            model_name='order',
            name='customer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='customers.customer', verbose_name='customer'),
        ),
        migrations.AlterField(
            model_name='order',
            name='delivered_at',
            field=models.DateTimeField(null=True, verbose_name='delivered at'),
        ),
        migrations.AlterField(
            model_name='order',
            name='is_redeemed',
            field=models.BooleanField(default=False, verbose_name='redeemed'),
        ),
        migrations.AlterField(
            model_name='order',
            name='paid_at',
            field=models.DateTimeField(null=True, verbose_name='paid at'),
        ),
        migrations.AlterField(
            model_name='order',
            name='placed_at',
            field=models.DateTimeField(verbose_name='placed at'),
        ),
        migrations.AlterField(
            model_name='order',
            name='reference',
            field=models.CharField(db_collation='C', max_length=128, verbose_name='order id'),
        ),
        migrations.AlterField(
            model_name='order',
            name='shipped_at',
            field=models.DateTimeField(null=True, verbose_name='shipped at'),
        ),
        migrations.AlterField(
            model_name='order',
            name='shipping_refunded',
            field=models.BooleanField(default=False, verbose_name='shipping refunded'),
        ),
        migrations.AlterField(
            model_name='order',
            name='status',
            field=models.CharField(choices=[('placed', 'placed'), ('paid', 'paid'), ('shipped', 'shipped'), ('delivered', 'delivered'), ('cancelled', 'cancelled')], max_length=10, verbose_name='status'),
        ),
        migrations.AlterField(
            model_name='orderline',
            name='line_id',
            field=models.CharField(max_length=128, verbose_name='line id'),
        ),
        migrations.AlterField(
            model_name='orderline',
            name='name',
            field=models.CharField(blank=True, default='', max_length=255, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='orderline',
            name='quantity',
            field=models.PositiveIntegerField(verbose_name='quantity'),
        ),
        migrations.AlterField(
            model_name='orderline',
            name='returned_quantity',
            field=models.PositiveIntegerField(default=0, verbose_name='returned quantity'),
        ),
        migrations.AlterField(
            model_name='orderline',
            name='sku',
            field=models.CharField(max_length=128, verbose_name='SKU'),
        ),
        migrations.AlterField(
            model_name='orderreturn',
            name='reference',
            field=models.CharField(max_length=128, verbose_name='return id'),
        ),
        migrations.AlterField(
            model_name='orderreturn',
            name='returned_at',
            field=models.DateTimeField(verbose_name='returned at'),
        ),
        migrations.AlterField(
            model_name='segment',
            name='created_at',
            field=models.DateTimeField(verbose_name='created at'),
        ),
        migrations.AlterField(
            model_name='segment',
            name='evaluated_at',
            field=models.DateTimeField(verbose_name='evaluated at'),
        ),
        migrations.AlterField(
            model_name='segment',
            name='kind',
            field=models.CharField(choices=[('static', 'static'), ('dynamic', 'dynamic')], max_length=10, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='segment',
            name='member_count',
            field=models.PositiveIntegerField(default=0, verbose_name='members'),
        ),
        migrations.AlterField(
            model_name='segment',
            name='name',
            field=models.CharField(max_length=255, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='segment',
            name='reference',
            field=models.CharField(db_collation='C', max_length=128, verbose_name='id'),
        ),
    ]
