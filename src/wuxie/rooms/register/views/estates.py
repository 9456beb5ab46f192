"""Estates, and the figures about them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.amounts import plain
from wuxie.kernel.clock.now import today
from wuxie.kernel.places.models import WITH_PARENTS
from wuxie.kernel.search import search_filter
from wuxie.web import words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.changes import changes_of
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import queries, rules
from ..actions import estates as actions
from ..forms.estates import EstateForm, Nothing
from ..models import Building, Estate, Project
from .common import district_filter, metres, tabs

ESTATES = Table(
    "estates",
    gettext_lazy("小区名录"),
    columns=[
        Column("name", gettext_lazy("小区名称"), link=True, sort="name"),
        Column("code", gettext_lazy("小区编码"), sort="code"),
        Column("klass", gettext_lazy("类别"), text=lambda row: words.choice(row, "klass"), sort="klass"),
        Column("place", gettext_lazy("所在社区"), text=lambda row: row.place.full_name, sort="place_id",
               export=lambda row: row.place_id),
        Column("company", gettext_lazy("在管企业"), text=lambda row: row.serving or "", sheet=False),
        Column("households", gettext_lazy("户数"), text=lambda row: f"{row.households:,}" if row.households else "",
               sort="households", align="right", export=lambda row: row.households or None),
        Column("area", gettext_lazy("收费面积"), text=lambda row: metres(row.area), sort="area", align="right",
               export=lambda row: plain(row.area) if row.area else None),
        Column("address", gettext_lazy("地址"), shown=False),
        Column("developer", gettext_lazy("建设单位"), shown=False),
        Column("built_year", gettext_lazy("竣工年份"), shown=False),
    ],
    search=lambda rows, text: search_filter(rows, "search", text),
    search_label=gettext_lazy("小区名、拼音首字母、编码"),
    filters=[district_filter("place_id"), Filter("klass", gettext_lazy("类别"), Estate.Klass.choices)],
    segments=[
        Segment("vacant", gettext_lazy("没有在管企业"), Q(serving=None)),
        Segment("unplaced", gettext_lazy("没有定到社区"), ~Q(place__level=4)),
    ],
    order=["place_id", "name"],
    related=[WITH_PARENTS],
    export=True,
    empty=gettext_lazy("名录里还没有小区。从表格导入，或登记一个。"),
)  # fmt: skip


@login_required
def estates(request: HttpRequest) -> HttpResponse:
    """The estates that this person may see."""
    serving = Project.objects.on(today()).filter(estate=OuterRef("pk")).order_by("-starts_on")
    rows = Estate.objects.visible_to(acting(request)).annotate(serving=Subquery(serving.values("company__name")[:1]))
    keeps = rules.office.test(acting(request), None)
    return table_page(
        request, ESTATES, rows, template="register/list.html", tabs=tabs("estates"),
        act={"label": _("登记小区"), "url": reverse("register:estate_new")} if keeps else None,
        import_url=reverse("imports:choose", args=["estates"]) if keeps else "",
    )  # fmt: skip


def _fetch(request: HttpRequest, pk: int) -> Estate:
    rows = Estate.objects.visible_to(acting(request)).select_related(WITH_PARENTS)
    return get_object_or_404(rows, pk=pk)


@login_required
def estate(request: HttpRequest, pk: int) -> HttpResponse:
    """What an estate is, who has served it, what has changed."""
    found = _fetch(request, pk)
    actor = acting(request)
    now = queries.serving(found, today())
    context: dict[str, Any] = {
        "title": found.name,
        "lead": f"{found.place.full_name} · {found.code}",
        "crumbs": [(_("小区名录"), reverse("register:estates"))],
        "pairs": _pairs(found, now),
        "sections": [_contracts(found, actor), _buildings(found, actor)],
        "acts": _acts(found, actor),
        "history": changes_of(found, show={"area": metres}),
    }
    return render(request, "web/record.html", context)


def _pairs(estate: Estate, now: Project | None) -> list[tuple[str, Any]]:
    return [
        (_("类别"), estate.get_klass_display()),
        (_("在管企业"), now.company.name if now else ""),
        (_("地址"), estate.address),
        (_("户数"), f"{estate.households:,}" if estate.households else ""),
        (_("收费面积"), metres(estate.area)),
        (_("竣工年份"), estate.built_year),
        (_("建设单位"), estate.developer),
    ]


def _contracts(estate: Estate, actor: Any) -> dict[str, Any]:
    """Who served the estate when, the latest first."""
    rows = Project.objects.visible_to(actor).filter(estate=estate).select_related("company").order_by("-starts_on")[:50]
    section: dict[str, Any] = {
        "title": _("谁在什么时候服务"),
        "empty": _("还没有登记服务合同。"),
        "rows": [
            {"text": row.company.name, "url": row.get_absolute_url(),
             "note": f"{row.starts_on} — {row.last_day or _('不定期')} · {words.choice(row, 'stage')}"}
            for row in rows
        ],
    }  # fmt: skip
    if rules.office.test(actor, estate):
        section["act"] = {"label": _("登记合同"), "url": f"{reverse('register:project_new')}?estate={estate.pk}"}
    return section


def _buildings(estate: Estate, actor: Any) -> dict[str, Any]:
    """The buildings, for whoever may see the doors of the estate."""
    keeps = rules.unit_keeper.test(actor, estate)
    units = reverse("register:estate_units", args=[estate.pk])
    rows = list(Building.objects.visible_to(actor).filter(estate=estate)[:100])
    section: dict[str, Any] = {
        "title": _("楼栋"),
        "empty": _("看不到楼栋，或还没有登记。"),
        "rows": [
            {"text": _("%(n)s 栋") % {"n": row.name} if row.name.isascii() else row.name, "url": f"{units}?f_building={row.pk}",
             "note": _floors(row),
             "acts": [{"label": _("改楼栋"), "url": reverse("register:building_edit", args=[row.pk])}] if keeps else []}
            for row in rows
        ],
    }  # fmt: skip
    if keeps:
        section["act"] = {"label": _("添一栋"), "url": reverse("register:building_new", args=[estate.pk])}
    return section


def _floors(building: Any) -> str:
    parts = [_("%(n)s 层") % {"n": building.floors}] if building.floors else []
    if building.has_lift is not None:
        parts.append(_("有电梯") if building.has_lift else _("没有电梯"))
    return " · ".join(parts)


def _acts(estate: Estate, actor: Any) -> list[dict[str, Any]]:
    acts = []
    if rules.unit_keeper.test(actor, estate):
        acts.append(
            {"label": _("导入户室"), "icon": "upload", "url": reverse("imports:choose", args=[f"units-{estate.pk}"])}
        )
    acts.append({"label": _("看户室"), "icon": "building", "url": reverse("register:estate_units", args=[estate.pk])})
    if rules.office.test(actor, estate):
        acts.append({"label": _("按户室取户数面积"), "url": reverse("register:estate_totals", args=[estate.pk])})
        acts.append({"label": _("改小区资料"), "icon": "edit", "primary": True,
                     "url": reverse("register:estate_edit", args=[estate.pk])})  # fmt: skip
    return acts


@login_required
def new(request: HttpRequest) -> HttpResponse:
    require(rules.office, request)
    form = EstateForm(sent(request), initial={"klass": Estate.Klass.NEW})
    return ask(
        request, form, lambda **known: actions.add_estate(by=acting(request), **known),
        then=lambda made: made.get_absolute_url(), said=_("已登记小区。"), title=_("登记小区"), send=_("登记小区"),
        back=reverse("register:estates"), crumbs=[(_("小区名录"), reverse("register:estates"))],
    )  # fmt: skip


@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _fetch(request, pk)
    require(rules.office, request, found)
    form = EstateForm(sent(request), initial=EstateForm.of(found))
    return ask(
        request, form, lambda **changes: actions.change_estate(found, by=acting(request), **_kept(found, changes)),
        then=found.get_absolute_url(), said=_("已改小区资料。"), title=_("改小区资料：%(name)s") % {"name": found.name},
        send=_("保存小区资料"), back=found.get_absolute_url(), crumbs=[(found.name, found.get_absolute_url())],
        after=_("户数或面积变了，从今天起给在管项目记新的基础事实，旧的到昨天为止。"),
    )  # fmt: skip


def _kept(estate: Estate, changes: dict[str, Any]) -> dict[str, Any]:
    """A code that is left empty stays what it is."""
    return changes | {"code": changes["code"] or estate.code}


@login_required
def totals(request: HttpRequest, pk: int) -> HttpResponse:
    """Take households and area from the list of units."""
    found = _fetch(request, pk)
    require(rules.office, request, found)
    homes, area = queries.totals(found)
    lead = _("户室清册有 %(homes)s 户住宅，计费面积 %(area)s；现在登记的是 %(had)s 户、%(area_had)s。") % {
        "homes": f"{homes:,}",
        "area": metres(area) or "—",
        "had": f"{found.households:,}",
        "area_had": metres(found.area) or "—",
    }
    return ask(
        request, Nothing(sent(request)), lambda: actions.take_totals(found, by=acting(request)),
        then=found.get_absolute_url(), said=_("已按户室清册更新户数和面积。"), lead=lead, send=_("用清册的数"),
        title=_("按户室取户数面积：%(name)s") % {"name": found.name}, back=found.get_absolute_url(),
        crumbs=[(found.name, found.get_absolute_url())],
    )  # fmt: skip
