"""The register of estates, an estate, a company: sorted by place or name, never by rank."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from wuxie.kernel.clock.now import today
from wuxie.kernel.papers import store
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.search import search_filter
from wuxie.rooms.conduct import public as conduct
from wuxie.rooms.fund import public as fund
from wuxie.rooms.inspections import public as inspections
from wuxie.rooms.rating import public
from wuxie.rooms.rating.models import Award
from wuxie.rooms.register.models import Estate, Project
from wuxie.rooms.resale import public as power
from wuxie.web import words
from wuxie.web.cells import Stars
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import tiles

PNG = b"\x89PNG"


def _place(estate: Estate) -> str:
    street = estate.place.parent
    return f"{street.parent.name} · {street.name}" if street and street.parent else estate.place.name


def _search(rows: QuerySet[Estate], text: str) -> QuerySet[Estate]:
    return search_filter(rows, "search", text)


ESTATES = Table(
    "estates",
    gettext_lazy("小区名录"),
    columns=[
        Column("name", gettext_lazy("小区"), link=lambda row: reverse("portal:estate", args=[row.code]), sort="name"),
        Column("place", gettext_lazy("所在地"), text=_place, sort="place_id"),
        Column("klass", gettext_lazy("类别"), text=lambda row: words.choice(row, "klass")),
        Column("company_name", gettext_lazy("物业企业")),
        Column(
            "stars",
            gettext_lazy("星级"),
            text=lambda row: Stars(row.stars) if row.stars else gettext_lazy("没有星级"),
            kind="state",
            export=lambda row: row.stars,
        ),
        Column("valid_until", gettext_lazy("有效期至")),
    ],
    search=_search,
    search_label=gettext_lazy("小区名或拼音首字母"),
    filters=[
        Filter("district", gettext_lazy("区县"), lambda _request: tiles.districts().items(), "district"),
        Filter("stars", gettext_lazy("星级"), [(n, Stars(n)) for n in (5, 4, 3, 2, 1)], "stars"),
        Filter("klass", gettext_lazy("类别"), Estate.Klass.choices, "klass"),
    ],
    order=["place_id", "name"],
    related=["place__parent__parent"],
    export=True,
    empty=gettext_lazy("名录里还没有小区。"),
)


def table_of_today() -> Table:
    """The list with its saved views: estates by the stars in force today."""
    given = public.awards_in_force().order_by()
    starred, high = (Q(pk__in=rows.values("project__estate")) for rows in (given, given.filter(stars__gte=4)))
    return replace(
        ESTATES,
        segments=[Segment("starred", gettext_lazy("有星级"), starred), Segment("high", gettext_lazy("四星以上"), high)],
    )


def register(request: HttpRequest) -> HttpResponse:
    lead = _("按所在地或名称排列，不排名次。没有星级不等于服务差：申报自愿，不收费。")
    return table_page(
        request, table_of_today(), public.estates(), layout="portal/base.html", title=_("小区名录"), lead=lead
    )


def estate(request: HttpRequest, code: str) -> HttpResponse:
    """What the estate is worth today, by which score, who serves it, what is being published about it."""
    rows = public.estates().select_related("place__parent__parent")
    found: Any = get_object_or_404(rows, code=code)
    serving = Project.objects.on(today()).filter(estate=found).select_related("company").first()
    awards = list(public.awards().filter(project__estate=found).select_related("application__snapshot"))
    standing = next((one for one in awards if serving and one.project_id == serving.pk and _holds(one)), None)
    notices = list(public.notices().filter(project__estate=found)[:10])
    return render(
        request,
        "portal/estate.html",
        {
            "title": found.name,
            "estate": found,
            "project": serving,
            "award": standing,
            "groups": public.scores(standing.application.snapshot) if standing else [],
            "awards": awards,
            "notices": notices,
            "running": [one for one in notices if public.takes_objections(one)],
            "stopped": inspections.stopped(found),
            "power": power.latest(found),
            "works": fund.works(found),
        },
    )


def _holds(award: Award) -> bool:
    return award.state in (Award.State.VALID, Award.State.SUSPENDED)


@require_safe
def gate_photo(request: HttpRequest, name: str) -> HttpResponse:
    """The picture of an estate's gate, and no other file of the store."""
    if not Estate.objects.filter(gate_photo=name).exclude(gate_photo="").exists():
        raise Http404
    try:
        content = store.get(name)
    except (ValueError, FileNotFoundError, store.Swapped):
        raise Http404 from None
    response = HttpResponse(content, content_type="image/png" if content.startswith(PNG) else "image/jpeg")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def company(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Organisation.objects.select_related("place"), pk=pk, kind=Organisation.Kind.COMPANY)
    served = list(public.served_by(found))
    return render(
        request,
        "portal/company.html",
        {
            "title": found.name,
            "company": found,
            "served": [(one, _place(one)) for one in served],
            "star": public.company_star(served),
            "revoked": list(public.awards().filter(project__company=found, ending=Award.Ending.REVOKED)[:20]),
            "standing": conduct.of_company(found),
        },
    )
