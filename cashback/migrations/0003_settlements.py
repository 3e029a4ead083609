import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cashback', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='Settlement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('settlement_id', models.UUIDField(unique=True)),
                ('currency', models.CharField(max_length=3)),
                ('amount', models.BigIntegerField()),
                ('reference', models.CharField(max_length=255)),
                ('received_at', models.DateTimeField()),
                ('actor', models.CharField(max_length=50)),
                ('created_at', models.DateTimeField()),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='settlements', to='cashback.partner')),
            ],
            options={
                'verbose_name': 'settlement',
                'verbose_name_plural': 'settlements',
                'constraints': [models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='cashback_settlement_is_something')],
            },
        ),
        migrations.AlterField(
            model_name='posting',
            name='kind',
            field=models.CharField(choices=[('earn', 'earned'), ('mature', 'became available'), ('hold', 'held'), ('release', 'released'), ('spend', 'spent'), ('take_back', 'taken back'), ('restore', 'restored'), ('expire', 'expired'), ('adjust', 'adjusted'), ('submit', 'submitted to a provider'), ('pay', 'paid out'), ('fail', 'not paid out'), ('settle', 'paid by a partner')], max_length=10),
        ),
        migrations.AlterField(
            model_name='posting',
            name='source_kind',
            field=models.CharField(choices=[('order', 'order'), ('return', 'return'), ('cancel', 'cancel'), ('lot', 'lot'), ('hold', 'hold'), ('adjustment', 'adjustment'), ('settlement', 'settlement')], max_length=10),
        ),
        migrations.AlterField(
            model_name='posting',
            name='wallet',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='cashback.wallet'),
        ),
        migrations.AddConstraint(
            model_name='posting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'settle'), ('source_kind', 'settlement'), ('wallet__isnull', True)), models.Q(models.Q(('kind', 'settle'), _negated=True), models.Q(('source_kind', 'settlement'), _negated=True), ('wallet__isnull', False)), _connector='OR'), name='cashback_posting_is_of_a_wallet_or_settles'),
        ),
    ]
