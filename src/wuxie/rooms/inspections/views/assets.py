"""The register of assets: the list, one asset with what is due at it for years ahead, and what may be done with it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.labels import said
from wuxie.web import districts, words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cells import Chip
from wuxie.web.changes import changes_of
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import forms, rules
from ..actions import assets as actions
from ..models import Asset, Inspection, Obligation
from ..words import AssetKind
from . import common

#: So many years are reckoned ahead on the page of an asset.
AHEAD = 5


def state(row: Asset) -> Chip:
    """The worst that there is to say of it, in one word."""
    if row.retired_on:
        return Chip(_("已注销"))
    if row.stopped_on:
        return Chip(_("禁止使用"), "red")
    if row.idle_since:
        return Chip(_("停用"), "amber")
    return Chip(_("在用"), "green")


def _day(name: str) -> Any:
    return lambda row: getattr(row, name).isoformat() if getattr(row, name) else None


LATE = Exists(Inspection.objects.overdue().filter(asset=OuterRef("pk")))
ASSETS = Table(
    "assets",
    gettext_lazy("设备台账"),
    columns=[
        Column("code", gettext_lazy("设备编号"), link=True, sort="code", kind="name"),
        Column("kind", gettext_lazy("设备类别"), text=lambda row: words.choice(row, "kind"), sort="kind"),
        Column("estate_code", gettext_lazy("小区编码"), text=lambda row: row.project.estate.code, shown=False),
        Column("estate", gettext_lazy("小区"), text=lambda row: row.project.estate.name, sort="project__estate__name", sheet=False),
        Column("place", gettext_lazy("位置"), sort="place"),
        Column("state", gettext_lazy("状态"), text=state, kind="state", sheet=False),
        Column("quantity", gettext_lazy("数量"), sort="quantity", align="right"),
        Column("base_on", gettext_lazy("基准日"), text=_day("base_on"), sort="base_on"),
        Column("last_on", gettext_lazy("上次检验日"), text=_day("last_on"), sort="last_on"),
        Column("idle_since", gettext_lazy("停用起"), text=_day("idle_since"), shown=False),
        Column("retired_on", gettext_lazy("注销日"), text=_day("retired_on"), shown=False),
        Column("retired_how", gettext_lazy("注销方式"), text=lambda row: words.choice(row, "retired_how") or None, shown=False),
        Column("retired_why", gettext_lazy("注销原因"), shown=False),
    ],
    search=["code", "place", "project__estate__search"],
    search_label=gettext_lazy("编号、位置、小区"),
    filters=[
        districts.district_of(Asset.objects.visible_to, "project__estate__place_id"),
        Filter("kind", gettext_lazy("类别"), AssetKind.choices),
    ],
    segments=[
        Segment("used", gettext_lazy("在用"), Q(retired_on=None, idle_since=None)),
        Segment("stopped", gettext_lazy("禁止使用"), Q(stopped_on__isnull=False, retired_on=None)),
        Segment("late", gettext_lazy("有逾期"), Q(LATE)),
        Segment("idle", gettext_lazy("停用"), Q(idle_since__isnull=False, retired_on=None)),
        Segment("retired", gettext_lazy("已注销"), Q(retired_on__isnull=False)),
    ],
    order=["project__estate__name", "kind", "code"],
    related=["project__estate"],
    export=True,
    empty=gettext_lazy("还没有登记设备。一台一台登记，或者导入表格；登记后应检日自动算好。"),
)  # fmt: skip


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """The assets of the projects that this person may see."""
    keeps = rules.manages_any(acting(request))
    return table_page(
        request, ASSETS, Asset.objects.visible_to(acting(request)), template="inspections/list.html", tabs=common.tabs("assets"),
        act={"label": _("登记设备"), "url": reverse("inspections:asset_new")} if keeps else None,
        import_url=reverse("imports:choose", args=["assets"]) if keeps else "",
    )  # fmt: skip


def fetch(request: HttpRequest, pk: int) -> Asset:
    rows = Asset.objects.visible_to(acting(request)).select_related("project__estate", "project__company")
    return get_object_or_404(rows, pk=pk)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    actor = acting(request)
    if not actor.holds("company_admin", "project_manager"):
        raise Http404
    back = reverse("inspections:assets")
    form = forms.NewAsset(
        sent(request), projects=rules.projects_of(actor), initial={"project": request.GET.get("project", "")[:9]}
    )
    return ask(
        request, form, lambda project, **known: actions.register(project, by=actor, **known), then=lambda made: made.get_absolute_url(),
        said=_("已登记，应检日算好了。"), title=_("登记设备"), send=_("登记这台设备"), back=back, crumbs=[(_("设备台账"), back)],
        after=_("登记后马上算出每一项的应检日。"),
    )  # fmt: skip


@login_required
def asset(request: HttpRequest, pk: int) -> HttpResponse:
    """What it is, what is due at it and why, the years ahead, the inspections so far, what has changed."""
    found = fetch(request, pk)
    keeps = rules.keeper.test(acting(request), found.project)
    rows = list(
        Obligation.objects.filter(asset=found).select_related("asset", "project").order_by("ended_on", "due_on", "pk")
    )
    cases = Inspection.objects.filter(asset=found).select_related("obligation").order_by("-due_on", "-pk")[:50]
    ahead = actions.years_ahead(found, AHEAD)
    sections = [
        {
            "title": _("要检什么、为什么"), "empty": _("目录里没有这类设备的检验项目。"),
            "rows": [common.duty_row(row, keeps=keeps, base=found.base_on) for row in rows],
        },
        {
            "title": _("今后 %(n)s 年") % {"n": AHEAD}, "empty": _("没有以后的应检日。"),
            "rows": [{"text": words.full_date(day), "note": said(label)} for day, label in ahead],
        },
        {
            "title": _("历次检验"), "empty": _("还没有检验记录。到期前会自动提醒；手里有现成报告的，在上面登记。"),
            "rows": [common.case_row(case) for case in cases],
        },
    ]  # fmt: skip
    context = {
        "title": str(found), "lead": f"{found.project.estate.name} · {found.project.company.name}", "chip": state(found),
        "crumbs": [(_("设备台账"), reverse("inspections:assets"))],
        "pairs": [(label, value) for label, value in (
            (_("位置"), found.place), (_("数量"), found.quantity), (_("基准日"), found.base_on), (_("上次检验日"), found.last_on),
            (_("停用起"), found.idle_since), (_("禁止使用起"), found.stopped_on), (_("为什么禁止使用"), found.stopped_why),
            (_("注销日"), found.retired_on), (_("注销方式"), found.get_retired_how_display()), (_("注销原因"), found.retired_why),
        ) if value not in (None, "")],
        "sections": sections, "acts": _acts(found) if keeps else [], "history": changes_of(found),
    }  # fmt: skip
    return render(request, "web/record.html", context)


def _acts(found: Asset) -> list[dict[str, Any]]:
    def act(label: str, name: str, **rest: Any) -> dict[str, Any]:
        return {"label": label, "url": reverse(f"inspections:{name}", args=[found.pk]), **rest}

    if found.retired_on is not None:
        return [act(_("更正"), "asset_edit")]
    idle = act(_("重新启用"), "asset_use") if found.idle_since else act(_("登记停用"), "asset_idle")
    return [act(_("更正"), "asset_edit", icon="edit", primary=True), idle, act(_("注销"), "asset_retire")]


def _kept(request: HttpRequest, pk: int) -> tuple[Asset, dict[str, Any]]:
    """An asset that this person keeps, and what every form about it shows."""
    found = fetch(request, pk)
    require(rules.keeper, request, found.project)
    here = found.get_absolute_url()
    return found, {"then": here, "back": here, "crumbs": [(str(found), here)], "lead": found.project.estate.name}


@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _kept(request, pk)
    initial = {name: getattr(found, name) for name in ("place", "quantity", "base_on", "last_on")}
    return ask(
        request, forms.AssetDates(sent(request), initial=initial), lambda **known: actions.correct(found, by=acting(request), **known),
        said=_("已更正，应检日重新算过。"), title=_("更正：%(what)s") % {"what": found}, send=_("保存更正"),
        after=_("应检日按新的日期重算；按旧日期立的提醒撤销。"), **rest,
    )  # fmt: skip


@login_required
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _kept(request, pk)
    return ask(
        request, forms.Retire(sent(request)), lambda **known: actions.retire(found, by=acting(request), **known),
        said=_("已注销，没办完的检验撤销，原因留着。"), title=_("注销：%(what)s") % {"what": found}, send=_("注销这台设备"),
        after=_("没办完的检验会撤销，不再提醒；记录都留着。"), **rest,
    )  # fmt: skip


@login_required
def idle(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _kept(request, pk)
    return ask(
        request, forms.LayUp(sent(request)), lambda **known: actions.lay_up(found, by=acting(request), **known),
        said=_("已登记停用。"), title=_("登记停用：%(what)s") % {"what": found}, send=_("登记停用"),
        after=_("停用期间不计应检。特种设备停用满一年，检验合格后才能启用。"), **rest,
    )  # fmt: skip


@login_required
def use(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _kept(request, pk)
    first = actions.needs_inspection_first(found)
    after = _("要先检验：会立一件启用前检验，合格以前禁止使用。") if first else _("应检日从基准日接着算。")
    return ask(
        request, forms.Nothing(sent(request)), lambda: actions.use_again(found, by=acting(request)),
        said=_("已登记重新启用。"), title=_("重新启用：%(what)s") % {"what": found}, send=_("重新启用"), after=after, **rest,
    )  # fmt: skip
