"""Disputes are found by the pairs of characters in their search column; the index is put in place after ``migrate``."""

from django.db import migrations, models

from wuxie.kernel.grams import grams_of


def fill(apps, _schema):
    Dispute = apps.get_model('mediation', 'Dispute')
    changed = []
    for one in Dispute.objects.only('search').order_by('pk').iterator(chunk_size=2000):
        one.grams = grams_of(one.search)
        changed.append(one)
        if len(changed) == 500:
            Dispute.objects.bulk_update(changed, ['grams'])
            changed = []
    Dispute.objects.bulk_update(changed, ['grams'])


class Migration(migrations.Migration):

    dependencies = [
        ('mediation', '0005_swaps_with_a_giver'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='dispute', name='dispute_searched'),
        migrations.AddField(
            model_name='dispute',
            name='grams',
            field=models.TextField(blank=True, editable=False, default=''),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='dispute',
            index=models.Index(fields=['-opened_at', '-id'], name='dispute_newest'),
        ),
    ]
