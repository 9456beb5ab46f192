"""Lists declared once: columns, search, filters, saved views, pages of 50, export; the same for every noun.

::

    ESTATES = Table(
        "estates", _("小区"),
        columns=[
            Column("name", _("小区"), link=lambda estate: reverse("register:estate", args=[estate.pk]), sort="name"),
            Column("klass", _("类别"), text=lambda estate: estate.get_klass_display(), sort="klass"),
            Column("households", _("户数"), sort="households", align="right"),
        ],
        search=["name", "code"],
        filters=[Filter("klass", _("类别"), Estate.Klass.choices)],
        segments=[Segment("old", _("老旧小区"), Q(klass="old_estate"))],
        order=["name"], related=["place"], export=True,
    )

    def estates(request):
        return table_page(request, ESTATES, Estate.objects.visible_to(request.actor))
"""

from .answer import table_page
from .page import TablePage
from .table import Bulk, Column, Filter, Segment, Table

__all__ = ["Bulk", "Column", "Filter", "Segment", "Table", "TablePage", "table_page"]
