from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('facts', '0003_salted_parts'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='fact',
            index=models.Index(condition=models.Q(('suspicious', ''), _negated=True), fields=['recorded_at'], name='fact_suspicious'),
        ),
    ]
