from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mediation', '0003_find_disputes_by_number'),
    ]

    operations = [
        migrations.AddField(
            model_name='rota',
            name='weighted',
            field=models.BooleanField(default=False, verbose_name='按会员类别分摊'),
        ),
    ]
