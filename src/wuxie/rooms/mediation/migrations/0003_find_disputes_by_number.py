"""The number of a dispute joins its search column, which loses what a look for a part of it never needed."""

from django.db import migrations

from wuxie.kernel.search import search_text


def search_anew(apps, _schema):
    Dispute = apps.get_model('mediation', 'Dispute')
    rows, changed = Dispute.objects.select_related('project__estate').only('title', 'number', 'project__estate__name'), []
    for one in rows.iterator(chunk_size=2000):
        one.search = search_text(f'{one.project.estate.name} {one.title} {one.number}', longest=360)
        changed.append(one)
        if len(changed) == 500:
            Dispute.objects.bulk_update(changed, ['search'])
            changed = []
    Dispute.objects.bulk_update(changed, ['search'])


class Migration(migrations.Migration):

    dependencies = [
        ('mediation', '0002_search_disputes_by_index'),
        ('register', '0005_posts_of_the_company'),
    ]

    operations = [migrations.RunPython(search_anew, migrations.RunPython.noop)]
