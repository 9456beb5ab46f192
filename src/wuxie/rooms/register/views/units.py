"""Buildings, units, and who owns them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.amounts import plain
from wuxie.kernel.parties.models import Organisation, Person
from wuxie.kernel.search import starting
from wuxie.web import words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cells import Chip
from wuxie.web.changes import changes_of
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import rules
from ..actions import estates as actions
from ..actions import owners as owning
from ..forms.estates import BuildingForm, LastDay, OwnerForm, UnitForm
from ..models import Building, Estate, Ownership, Unit
from .common import contains, district_filter, edit_act, metres, tabs

TONES = {Unit.Status.DELIVERED: "green", Unit.Status.UNDELIVERED: "amber", Unit.Status.UNSOLD: ""}


def find_units(rows: QuerySet, text: str) -> QuerySet:
    """By door (``3-2-1203``, or a part of it) and by the estate's name; by an owner's exact name, phone or ID number."""
    people = Person.objects.matching(text).values("pk")
    wanted = Q(pk__in=Ownership.objects.current().filter(person__in=people).values("unit"))
    parts = [part for part in text.replace("－", "-").split("-") if part]
    if len(parts) == 3:
        wanted |= Q(building__in=_buildings_called(parts[0]), entrance=parts[1]) & starting("number", parts[2])
    elif len(parts) == 2:
        wanted |= Q(building__in=_buildings_called(parts[0])) & starting("number", parts[1])
    else:
        wanted |= starting("number", text) | Q(estate__in=_estates_called(text))
    return rows.filter(wanted)


def _estates_called(text: str) -> QuerySet:
    return Estate.objects.filter(contains("search", text)).order_by().values("pk")


def _buildings_called(name: str) -> QuerySet:
    return Building.objects.filter(name=name).order_by().values("pk")


def _buildings(request: HttpRequest) -> list[tuple[str, str]]:
    """The buildings of the estate whose units are listed."""
    estate = request.resolver_match.kwargs.get("pk") if request.resolver_match else None
    rows = Building.objects.visible_to(acting(request)).filter(estate=estate) if estate else Building.objects.none()
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


def _owners(unit: Unit) -> str:
    return "、".join(owner.person.masked_name if owner.person else str(owner.organisation) for owner in unit.now_owned)  # type: ignore[attr-defined]


def _yes(value: bool | None) -> str | None:
    return None if value is None else "有" if value else "无"


COLUMNS = [
    Column("door", gettext_lazy("户室"), text=str, link=True, sort=("building__name", "entrance", "number"), sheet=False),
    Column("estate_code", gettext_lazy("小区编码"), text=lambda row: row.estate.code, shown=False),
    Column("estate", gettext_lazy("小区"), text=lambda row: row.estate.name, sort="estate__name", sheet=False),
    Column("building", gettext_lazy("楼号"), text=lambda row: row.building.name, shown=False),
    Column("entrance", gettext_lazy("单元"), shown=False),
    Column("number", gettext_lazy("房间"), shown=False),
    Column("floor", gettext_lazy("楼层"), align="right", sort="floor"),
    Column("floors", gettext_lazy("总层数"), text=lambda row: row.building.floors, shown=False),
    Column("has_lift", gettext_lazy("是否有电梯"), text=lambda row: _yes(row.building.has_lift), shown=False),
    Column("use", gettext_lazy("房屋类型"), text=lambda row: words.choice(row, "use"), sort="use"),
    Column("layout", gettext_lazy("房屋户型"), shown=False),
    Column("area", gettext_lazy("建筑面积"), text=lambda row: metres(row.area), sort="area", align="right",
           export=lambda row: plain(row.area)),
    Column("inner_area", gettext_lazy("室内面积"), shown=False,
           export=lambda row: plain(row.inner_area) if row.inner_area else None),
    Column("area_source", gettext_lazy("面积来源"), text=lambda row: words.choice(row, "area_source"), shown=False),
    Column("status", gettext_lazy("房屋状态"), text=lambda row: Chip(words.choice(row, "status"), TONES[row.status]), kind="state"),
    Column("delivered_on", gettext_lazy("交付日"), text=lambda row: row.delivered_on and row.delivered_on.isoformat(), shown=False),
    Column("owner", gettext_lazy("业主"), text=_owners, sheet=False),
]  # fmt: skip


def _table(name: str, columns: list[Column], filters: list[Filter], label: Any) -> Table:
    return Table(
        name, label, columns=columns, search=find_units,
        search_label=gettext_lazy("房号如 3-2-1203；业主要输全名、手机号或证件号"), filters=filters,
        segments=[
            Segment("unowned", gettext_lazy("没有业主"), Q(~Exists(Ownership.objects.current().filter(unit=OuterRef("pk"))))),
            Segment("undelivered", gettext_lazy("未交付"), Q(status=Unit.Status.UNDELIVERED)),
            Segment("unsold", gettext_lazy("未售"), Q(status=Unit.Status.UNSOLD)),
        ],
        order=["estate_id", "building_id", "entrance", "number"], related=["estate", "building"],
        prefetch=[
            Prefetch("ownerships", Ownership.objects.current().select_related("person", "organisation"), to_attr="now_owned")
        ],
        export=True, personal=True, empty=gettext_lazy("还没有户室。从户室清册导入，一表式和五表式都认。"),
    )  # fmt: skip


USE = Filter("use", gettext_lazy("类型"), Unit.Use.choices)
UNITS = _table("units", COLUMNS, [district_filter("estate__place_id"), USE], gettext_lazy("户室"))
OF_ESTATE = _table(
    "estate_units", [column for column in COLUMNS if column.name != "estate"],
    [Filter("building", gettext_lazy("楼栋"), _buildings), USE], gettext_lazy("户室"),
)  # fmt: skip


@login_required
def units(request: HttpRequest) -> HttpResponse:
    """Every unit that this person may see."""
    rows = Unit.objects.visible_to(acting(request))
    keeps = rules.may_keep_units(acting(request))
    return table_page(
        request, UNITS, rows, template="register/list.html", tabs=tabs("units"),
        import_url=reverse("imports:choose", args=["units"]) if keeps else "",
    )  # fmt: skip


def _estate(request: HttpRequest, pk: int) -> Estate:
    return get_object_or_404(Estate.objects.visible_to(acting(request)), pk=pk)


@login_required
def estate_units(request: HttpRequest, pk: int) -> HttpResponse:
    """The units of one estate."""
    estate = _estate(request, pk)
    keeps = rules.unit_keeper.test(acting(request), estate)
    return table_page(
        request, OF_ESTATE, Unit.objects.visible_to(acting(request)).filter(estate=estate), everywhere=True,
        title=_("%(name)s 的户室") % {"name": estate.name}, crumbs=[(estate.name, estate.get_absolute_url())],
        act={"label": _("添一户"), "url": reverse("register:unit_new", args=[pk])} if keeps else None,
        import_url=reverse("imports:choose", args=[f"units-{pk}"]) if keeps else "",
    )  # fmt: skip


def _fetch(request: HttpRequest, pk: int) -> Unit:
    rows = Unit.objects.visible_to(acting(request)).select_related("estate", "building")
    return get_object_or_404(rows, pk=pk)


@login_required
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """What a unit is, who owns it and owned it, what has changed."""
    found, actor = _fetch(request, pk), acting(request)
    keeps = rules.unit_keeper.test(actor, found)
    rows = (
        Ownership.objects.visible_to(actor)
        .filter(unit=found)
        .select_related("person", "organisation")
        .order_by("ends_on", "pk")
    )
    section: dict[str, Any] = {
        "title": _("业主"), "empty": _("还没有登记业主。"), "rows": [_owner_row(row, keeps) for row in rows],
    }  # fmt: skip
    if keeps:
        section["act"] = {"label": _("登记业主"), "url": reverse("register:owner_new", args=[pk])}
    context = {
        "title": str(found),
        "lead": found.estate.name,
        "chip": Chip(found.get_status_display(), TONES[found.status]),  # type: ignore[index]
        "crumbs": [
            (found.estate.name, found.estate.get_absolute_url()),
            (_("户室"), reverse("register:estate_units", args=[found.estate_id])),
        ],
        "pairs": _pairs(found),
        "sections": [section],
        "acts": [edit_act(_("改户室资料"), reverse("register:unit_edit", args=[pk]))] if keeps else [],
        "history": changes_of(found, show={"area": metres, "inner_area": metres}),
    }  # fmt: skip
    return render(request, "web/record.html", context)


def _owner_row(row: Ownership, keeps: bool) -> dict[str, Any]:
    since = row.starts_on.isoformat() if row.starts_on else _("起日不清楚")
    made: dict[str, Any] = {
        "text": row.person.masked_name if row.person else str(row.organisation),
        "note": words.span(since, row.ends_on) + (f" · {row.person.masked_phone}" if row.person else ""),
        "url": reverse("looks:person", args=[row.person_id]) if row.person_id else "",
        "chip": Chip(_("表决人"), "blue", "user-check") if row.designated and row.ends_on is None else None,
        "acts": [],
    }
    if keeps and row.ends_on is None:
        made["acts"] = [{"label": _("登记转出"), "url": reverse("register:owner_end", args=[row.pk])}]
    return made


def _pairs(unit: Unit) -> list[tuple[str, Any]]:
    return [
        (_("用途"), unit.get_use_display()),
        (_("建筑面积"), f"{metres(unit.area)}（{unit.get_area_source_display()}）"),
        (_("室内面积"), metres(unit.inner_area)),
        (_("楼层"), f"{unit.floor} / {unit.building.floors}" if unit.floor and unit.building.floors else unit.floor),
        (_("户型"), unit.layout),
        (_("交付日"), unit.delivered_on),
    ]


UNIT_FIELDS = (
    "building",
    "entrance",
    "number",
    "floor",
    "area",
    "area_source",
    "inner_area",
    "use",
    "layout",
    "status",
    "delivered_on",
)


@login_required
def new(request: HttpRequest, pk: int) -> HttpResponse:
    estate = _estate(request, pk)
    require(rules.unit_keeper, request, estate)
    form = UnitForm(estate, sent(request), initial={"area_source": "registered", "use": "home", "status": "delivered"})
    return ask(
        request, form, lambda building, **known: actions.add_unit(building, by=acting(request), **known),
        then=lambda made: made.get_absolute_url(), said=_("已添一户。"), title=_("添一户：%(name)s") % {"name": estate.name},
        send=_("添这一户"), back=reverse("register:estate_units", args=[pk]), crumbs=[(estate.name, estate.get_absolute_url())],
    )  # fmt: skip


@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _fetch(request, pk)
    require(rules.unit_keeper, request, found)
    form = UnitForm(found.estate, sent(request), initial={name: getattr(found, name) for name in UNIT_FIELDS})
    return ask(
        request, form, lambda **changes: actions.change_unit(found, by=acting(request), **changes),
        then=found.get_absolute_url(), said=_("已改户室资料。"), title=_("改户室资料：%(door)s") % {"door": str(found)},
        send=_("保存户室资料"), back=found.get_absolute_url(), crumbs=[(found.estate.name, found.estate.get_absolute_url())],
    )  # fmt: skip


@login_required
def building_new(request: HttpRequest, pk: int) -> HttpResponse:
    estate = _estate(request, pk)
    require(rules.unit_keeper, request, estate)
    return ask(
        request, BuildingForm(sent(request)), lambda **known: actions.add_building(estate, by=acting(request), **known),
        then=estate.get_absolute_url(), said=_("已添一栋。"), title=_("添一栋：%(name)s") % {"name": estate.name}, send=_("添这一栋"),
        back=estate.get_absolute_url(), crumbs=[(estate.name, estate.get_absolute_url())],
    )  # fmt: skip


@login_required
def building_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Building.objects.visible_to(acting(request)).select_related("estate"), pk=pk)
    require(rules.unit_keeper, request, found)
    form = BuildingForm(sent(request), initial={name: getattr(found, name) for name in BuildingForm.base_fields})
    return ask(
        request, form, lambda **changes: actions.change_building(found, by=acting(request), **changes),
        then=found.estate.get_absolute_url(), said=_("已改楼栋资料。"), title=_("改楼栋：%(name)s") % {"name": found.name},
        send=_("保存楼栋资料"), back=found.estate.get_absolute_url(), crumbs=[(found.estate.name, found.estate.get_absolute_url())],
    )  # fmt: skip


def find_owners(rows: QuerySet, text: str) -> QuerySet:
    """By exact name, phone or ID number; by room number; by the estate's name."""
    units = Unit.objects.filter(Q(number=text) | Q(estate__in=_estates_called(text)))
    return rows.filter(
        Q(person__in=Person.objects.matching(text).values("pk"))
        | Q(organisation__in=Organisation.objects.filter(contains("search", text)).values("pk"))
        | Q(unit__in=units.order_by().values("pk"))
    )


OWNERS = Table(
    "owners",
    gettext_lazy("业主"),
    columns=[
        Column("owner", gettext_lazy("业主"), text=lambda row: row.person.masked_name if row.person else str(row.organisation),
               link=lambda row: reverse("looks:person", args=[row.person_id]) if row.person_id else ""),
        Column("phone", gettext_lazy("手机号"), text=lambda row: row.person.masked_phone if row.person else ""),
        Column("unit", gettext_lazy("户室"), text=lambda row: str(row.unit), link=lambda row: row.unit.get_absolute_url(),
               sort=("unit__building__name", "unit__entrance", "unit__number")),
        Column("estate", gettext_lazy("小区"), text=lambda row: row.unit.estate.name, sort="unit__estate__name"),
        Column("designated", gettext_lazy("表决人"), text=lambda row: _("是") if row.designated else _("否")),
        Column("starts_on", gettext_lazy("起"), text=lambda row: row.starts_on and row.starts_on.isoformat(), sort="starts_on"),
        Column("ends_on", gettext_lazy("止"), text=lambda row: row.ends_on and row.ends_on.isoformat(), sort="ends_on"),
    ],
    search=find_owners,
    search_label=gettext_lazy("全名、手机号或证件号；也可输房号、小区"),
    filters=[district_filter("unit__estate__place_id")],
    segments=[
        Segment("now", gettext_lazy("现在的业主"), Q(ends_on=None)),
        Segment("former", gettext_lazy("已转出"), Q(ends_on__isnull=False)),
        Segment("bodies", gettext_lazy("单位业主"), Q(organisation__isnull=False)),
    ],
    order=["unit_id"],
    related=["person", "organisation", "unit__estate", "unit__building"],
    export=True,
    personal=True,
    empty=gettext_lazy("还没有登记业主。随户室清册一起导入，或在户室页登记。"),
)  # fmt: skip


@login_required
def owners(request: HttpRequest) -> HttpResponse:
    """Owners, masked; each name leads to the page where a reason opens it."""
    rows = Ownership.objects.visible_to(acting(request))
    return table_page(
        request, OWNERS, rows, template="register/list.html", tabs=tabs("owners"),
        lead=_("姓名、电话已遮。点姓名，写下理由后可看明文。"),
    )  # fmt: skip


@login_required
def owner_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = _fetch(request, pk)
    require(rules.unit_keeper, request, found)
    return ask(
        request, OwnerForm(sent(request)), lambda **known: owning.add_owner(found, by=acting(request), **known),
        then=found.get_absolute_url(), said=_("已登记业主。"), title=_("登记业主：%(door)s") % {"door": str(found)},
        send=_("登记这位业主"), back=found.get_absolute_url(), crumbs=[(str(found), found.get_absolute_url())],
    )  # fmt: skip


@login_required
def owner_end(request: HttpRequest, pk: int) -> HttpResponse:
    """An owner's last day of owning."""
    rows = Ownership.objects.visible_to(acting(request)).select_related(
        "unit__estate", "unit__building", "person", "organisation"
    )
    found = get_object_or_404(rows, pk=pk)
    require(rules.unit_keeper, request, found.unit)
    who = found.person.masked_name if found.person else str(found.organisation)
    back = found.unit.get_absolute_url()
    return ask(
        request, LastDay(sent(request)), lambda on: owning.end_ownership(found, by=acting(request), on=on),
        then=back, said=_("已登记转出。"), title=_("登记转出：%(who)s") % {"who": who}, send=_("登记转出"), back=back,
        crumbs=[(str(found.unit), back)],
    )  # fmt: skip
