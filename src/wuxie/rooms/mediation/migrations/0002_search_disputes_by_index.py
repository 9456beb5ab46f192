from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mediation', '0001_disputes_petitions_and_the_rota'),
    ]

    operations = [
        migrations.AlterField(
            model_name='dispute',
            name='search',
            field=models.CharField(blank=True, editable=False, max_length=400),
        ),
        migrations.AddIndex(
            model_name='dispute',
            index=models.Index(fields=['-opened_at', '-id', 'place_code', 'state', 'search'], name='dispute_searched'),
        ),
    ]
