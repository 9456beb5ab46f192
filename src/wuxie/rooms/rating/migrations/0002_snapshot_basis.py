from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rating', '0001_ratings'),
    ]

    operations = [
        migrations.AddField(
            model_name='snapshot',
            name='basis',
            field=models.JSONField(default=dict),
        ),
    ]
