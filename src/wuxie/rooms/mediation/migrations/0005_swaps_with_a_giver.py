import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mediation', '0004_rota_by_weight'),
    ]

    operations = [
        migrations.AddField(
            model_name='swap',
            name='giver',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mediation.expert'),
        ),
    ]
