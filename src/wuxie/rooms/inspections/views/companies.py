"""A company's whole year: what is due in which month at each of its projects, and what it may cost."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.amounts import between
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.kernel.tabular.export import rows_response
from wuxie.rooms.register.models import Project
from wuxie.web.asking import acting

from .. import burden as reckoning
from .. import queries
from ..models.assets import COMPANY_SAFETY

MONTHS = range(1, 13)


@dataclass
class Row:
    """One project in a year. ``months``: due dates to come by month, those that are past first."""

    project: Project
    months: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    late: int = 0
    least: int = 0
    most: int = 0

    @property
    def count(self) -> int:
        return sum(self.months.values())

    @property
    def cells(self) -> list[int]:
        return [self.months.get(month, 0) for month in MONTHS]

    @property
    def cost(self) -> str:
        return between(self.least, self.most)


def rows_of(projects: list[Project], year: int) -> list[Row]:
    """By three statements whatever their number."""
    first, last, day = datetime.date(year, 1, 1), datetime.date(year, 12, 31), today()
    found = {one.pk: Row(one) for one in projects}
    for duty in reckoning.standing(projects):
        row, (low, high) = found[duty.project_id], reckoning.cost_of(duty)
        for due in reckoning.dues_between(duty, first, last):
            row.months[due.month] += 1
            row.late += due < day
            row.least, row.most = row.least + low, row.most + high
    return list(found.values())


def year_of(request: HttpRequest) -> int:
    """The year asked for, within what can be reckoned; this one otherwise."""
    asked, now = request.GET.get("year", ""), today().year
    return int(asked) if asked.isdecimal() and len(asked) == 4 and now - 1 <= int(asked) <= now + 9 else now


#: Who at a company reads its whole year.
READERS = ("company_admin", "company_contact", *COMPANY_SAFETY)


def entry(actor: Actor) -> dict[str, str] | None:
    """What leads here from the list of projects: for whoever works at one company."""
    own = Organisation.objects.filter(pk__in=actor.organisations(*READERS))
    company = own.order_by("pk").first()
    if company is None:
        return None
    return {"label": _("全公司年检日历"), "icon": "calendar", "url": reverse("inspections:company", args=[company.pk])}


@login_required
def year(request: HttpRequest, pk: int) -> HttpResponse:
    """Projects by months, the same as a spreadsheet: for the company itself and the association."""
    company, chosen = get_object_or_404(Organisation, pk=pk, kind=Organisation.Kind.COMPANY), year_of(request)
    actor = acting(request)
    if not (actor.holds(*ASSOCIATION) or actor.holds(*READERS, organisation=company.pk)):
        raise Http404
    served = Project.objects.on(today()).filter(company=company).values("pk")
    projects = list(queries.projects(actor).filter(pk__in=served).order_by("estate__name", "pk"))
    rows = rows_of(projects, chosen)
    if request.GET.get("format") in ("xlsx", "csv"):
        heads = [_("小区"), *[_("%(n)s 月") % {"n": n} for n in MONTHS], _("合计"), _("逾期"), _("费用区间")]
        cells = [[row.project.estate.name, *row.cells, row.count, row.late, row.cost] for row in rows]
        name = _("%(year)s 年检日历 %(name)s") % {"year": chosen, "name": company.short_name or company.name}
        return rows_response(name, heads, cells, request.GET["format"])
    context: dict[str, Any] = {
        "title": _("%(year)s 全公司年检日历") % {"year": chosen}, "lead": company.name, "rows": rows, "months": list(MONTHS),
        "sums": [sum(row.months.get(month, 0) for row in rows) for month in MONTHS], "count": sum(row.count for row in rows),
        "late": sum(row.late for row in rows), "cost": between(sum(row.least for row in rows), sum(row.most for row in rows)),
        "year": chosen, "before": chosen - 1, "after": chosen + 1, "crumbs": [(_("项目年检一览"), reverse("inspections:projects"))],
    }  # fmt: skip
    return render(request, "inspections/company.html", context)
