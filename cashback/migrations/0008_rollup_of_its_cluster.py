from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cashback', '0007_names'),
    ]

    operations = [
        migrations.AddField(
            model_name='rollup',
            name='cluster',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='rollup',
            name='floor',
            field=models.BigIntegerField(default=0),
        ),
    ]
