"""Property companies."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.actions import add_organisation, change_organisation
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.places.models import WITH_PARENTS
from wuxie.web import words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.changes import changes_of
from wuxie.web.tables import Column, Segment, Table, table_page

from .. import rules
from ..forms.contracts import CompanyForm
from ..models import Project
from .common import contains, edit_act, tabs

COMPANY = Organisation.Kind.COMPANY

COMPANIES = Table(
    "companies",
    gettext_lazy("物业企业名录"),
    columns=[
        Column("name", gettext_lazy("企业名称"), sort="name", link=lambda row: reverse("register:company", args=[row.pk])),
        Column("short_name", gettext_lazy("简称")),
        Column("uscc", gettext_lazy("统一社会信用代码"), sort="uscc"),
        Column("place", gettext_lazy("所在地"), text=lambda row: row.place.full_name if row.place else "", sort="place_id",
               export=lambda row: row.place_id),
        Column("serving", gettext_lazy("在管项目"), sort="serving", align="right", sheet=False),
    ],
    search=lambda rows, text: rows.filter(contains("search", text) | Q(uscc=text.upper())),
    search_label=gettext_lazy("企业名、拼音首字母、信用代码"),
    segments=[
        Segment("serving", gettext_lazy("有在管项目"), Q(serving__gt=0)),
        Segment("uncoded", gettext_lazy("缺信用代码"), Q(uscc=None)),
    ],
    order=["name"],
    related=[WITH_PARENTS],
    export=True,
    empty=gettext_lazy("名录里还没有企业。从表格导入，或登记一家。"),
)  # fmt: skip


def _companies() -> Any:
    serving = Project.objects.on(today()).values("pk")
    count = Count("projects", filter=Q(projects__in=serving))
    return Organisation.objects.filter(kind=COMPANY).annotate(serving=count)


@login_required
def companies(request: HttpRequest) -> HttpResponse:
    """Companies are public record."""
    keeps = rules.office.test(acting(request), None)
    return table_page(
        request, COMPANIES, _companies(), template="register/list.html", tabs=tabs("companies"),
        act={"label": _("登记企业"), "url": reverse("register:company_new")} if keeps else None,
        import_url=reverse("imports:choose", args=["companies"]) if keeps else "",
    )  # fmt: skip


def _fetch(request: HttpRequest, pk: int) -> Organisation:
    rows = Organisation.objects.visible_to(acting(request)).filter(kind=COMPANY).select_related(WITH_PARENTS)
    return get_object_or_404(rows, pk=pk)


@login_required
def company(request: HttpRequest, pk: int) -> HttpResponse:
    """A company and the projects of it that this person may see."""
    found, actor = _fetch(request, pk), acting(request)
    rows = Project.objects.visible_to(actor).filter(company=found).select_related("estate").order_by("-starts_on")[:200]
    keeps = rules.office.test(actor, found)
    context = {
        "title": found.name,
        "lead": found.short_name,
        "crumbs": [(_("物业企业名录"), reverse("register:companies"))],
        "pairs": [
            (_("统一社会信用代码"), found.uscc),
            (_("所在地"), found.place.full_name if found.place else ""),
        ],
        "sections": [
            {
                "title": _("项目"),
                "empty": _("没有你能看到的项目。"),
                "rows": [
                    {"text": row.estate.name, "url": row.get_absolute_url(),
                     "note": f"{row.starts_on} — {row.last_day or _('不定期')} · {words.choice(row, 'stage')}"}
                    for row in rows
                ],
            }
        ],
        "acts": [edit_act(_("改企业资料"), reverse("register:company_edit", args=[pk]))] if keeps else [],
        "history": changes_of(found),
    }  # fmt: skip
    return render(request, "web/record.html", context)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    require(rules.office, request)
    return ask(
        request, CompanyForm(sent(request)), lambda **known: add_organisation(COMPANY, by=acting(request).key, **known),
        then=lambda made: reverse("register:company", args=[made.pk]), said=_("已登记企业。"), title=_("登记企业"),
        send=_("登记企业"), back=reverse("register:companies"), crumbs=[(_("物业企业名录"), reverse("register:companies"))],
    )  # fmt: skip


@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _fetch(request, pk)
    require(rules.office, request, found)
    here = reverse("register:company", args=[pk])
    form = CompanyForm(sent(request), initial={name: getattr(found, name) for name in CompanyForm.base_fields})
    return ask(
        request, form, lambda **changes: change_organisation(found, by=acting(request).key, **changes), then=here,
        said=_("已改企业资料。"), title=_("改企业资料：%(name)s") % {"name": found.name}, send=_("保存企业资料"), back=here,
        crumbs=[(found.name, here)],
    )  # fmt: skip
