from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('facts', '0002_find_by_receipt'),
    ]

    operations = [
        migrations.AddField(
            model_name='fact',
            name='salt',
            field=models.CharField(blank=True, default='', max_length=64, verbose_name='盐'),
        ),
    ]
