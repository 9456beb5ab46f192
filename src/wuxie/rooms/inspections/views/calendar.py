"""One project: what applies and why, its year, its burden; and all projects with what is coming."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.amounts import between
from wuxie.kernel.clock.now import today
from wuxie.kernel.labels import said
from wuxie.kernel.search import plain
from wuxie.kernel.tabular.export import rows_response
from wuxie.rooms.register.models import Project
from wuxie.web import districts
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cells import Chip
from wuxie.web.tables import Column, Segment, Table, table_page

from .. import burden as reckoning
from .. import forms, papers, queries, rules
from ..models import Asset, Inspection, Obligation
from ..words import Agency, Keeper, Level, Payer
from . import common, companies

MONTHS = range(1, 13)


def _find(rows: QuerySet, text: str) -> QuerySet:
    for word in plain(text).split()[:8]:
        rows = rows.filter(Q(estate__search__contains=word[:60]) | Q(company__search__contains=word[:60]))
    return rows


def _state(row: Any) -> Chip:
    if row.late:
        return Chip(_("有逾期"), "red")
    if not row.duties:
        return Chip(_("没有登记"), "amber")
    return Chip(_("30 日内有到期"), "amber") if row.soon else Chip(_("正常"), "green")


def _costs(rows: Sequence[Any]) -> None:
    """What the ninety days to come cost each project, by a fixed number of statements for a page of them."""
    day = today()
    last = day + datetime.timedelta(days=90)
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for one in reckoning.standing([row.pk for row in rows]):  # type: ignore[arg-type]
        for _due in reckoning.dues_between(one, day, last):
            least, most = reckoning.cost_of(one)
            sums[one.project_id][0] += least
            sums[one.project_id][1] += most
    for row in rows:
        row.cost = between(*sums[row.pk])


PROJECTS = Table(
    "inspection_projects",
    gettext_lazy("项目年检一览"),
    columns=[
        Column("estate.name", gettext_lazy("小区"), link=lambda row: reverse("inspections:project", args=[row.pk]), sort="estate__name", kind="name"),
        Column("company.name", gettext_lazy("企业"), sort="company__name"),
        Column("state", gettext_lazy("状态"), text=_state, kind="state"),
        Column("late", gettext_lazy("逾期"), sort="late", align="right"),
        Column("soon", gettext_lazy("30 日内"), sort="soon", align="right"),
        Column("later", gettext_lazy("60 日内"), sort="later", align="right"),
        Column("latest", gettext_lazy("90 日内"), sort="latest", align="right"),
        Column("cost", gettext_lazy("90 日费用估计"), align="right"),
        Column("duties", gettext_lazy("应检事项"), shown=False),
        Column("stopped", gettext_lazy("禁止使用"), shown=False),
    ],
    search=_find,
    search_label=gettext_lazy("小区、企业"),
    filters=[districts.district_of(queries.projects, "estate__place_id")],
    segments=[
        Segment("late", gettext_lazy("有逾期"), Q(late__gt=0)),
        Segment("soon", gettext_lazy("30 日内有到期"), Q(soon__gt=0)),
        Segment("stopped", gettext_lazy("有禁止使用的"), Q(stopped__gt=0)),
        Segment("none", gettext_lazy("没有登记"), Q(duties=0)),
    ],
    order=["estate__name"],
    related=["estate", "company"],
    export=True,
    prepare=_costs,
    empty=gettext_lazy("还没有在管的项目。"),
)  # fmt: skip


def _count(rows: QuerySet) -> Any:
    counted = rows.order_by().annotate(of=F("project")).values("of").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def with_counts(rows: QuerySet, day: datetime.date) -> QuerySet:
    """``late``, ``soon`` (30 days), ``later`` (60), ``latest`` (90), ``duties``, ``stopped``."""
    here = Obligation.objects.standing().filter(project=OuterRef("pk"))

    def within(days: int) -> Any:
        return _count(here.filter(due_on__range=(day, day + datetime.timedelta(days=days))))

    return rows.annotate(
        late=_count(here.filter(due_on__lt=day)), soon=within(30), later=within(60), latest=within(90), duties=_count(here),
        stopped=_count(Asset.objects.there().filter(project=OuterRef("pk"), stopped_on__isnull=False)),
    )  # fmt: skip


@login_required
def projects(request: HttpRequest) -> HttpResponse:
    """The projects served today that this person may see: what is coming, what is late, what it may cost."""
    rows = queries.projects(acting(request)).filter(pk__in=Project.objects.on(today()).values("pk"))
    return table_page(
        request, PROJECTS, with_counts(rows, today()), template="inspections/list.html", tabs=common.tabs("projects"),
        act=companies.entry(acting(request)),
    )  # fmt: skip


def fetch(request: HttpRequest, pk: int) -> Project:
    return get_object_or_404(queries.projects(acting(request)), pk=pk)


@login_required
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """What applies to one estate and why, what does not and why, and where register and profile disagree."""
    found = fetch(request, pk)
    actor = acting(request)
    keeps, judges = rules.keeper.test(actor, found), rules.director.test(actor, found)
    own = {
        row.item: row for row in Obligation.objects.filter(project=found, asset=None).select_related("project", "asset")
    }
    applying, others = [], []
    for one in queries.verdicts(found):
        row = own.get(one.item.code)
        if one.applies and row is not None and not row.ended_on:
            line = common.duty_row(row, keeps=keeps)
            line["note"] = f"{one.why} {line['note']}"
            if judges and not row.spec.special:
                line["acts"].append({"label": _("判定不适用"), "url": reverse("inspections:exempt", args=[row.pk])})
            applying.append(line)
            continue
        chip = (
            Chip(_("适用"), "green")
            if one.applies
            else Chip(_("判不了"), "amber")
            if one.applies is None
            else Chip(_("不适用"))
        )
        kept = f"{Keeper(one.item.kept).label}。" if one.applies and one.item.kept else ""
        (applying if one.applies else others).append(
            {"text": said(one.item.label), "note": f"{one.why} {kept}{said(one.item.basis)}", "chip": chip}
        )
    sections = [
        {"title": _("适用的检验项目"), "rows": applying, "empty": _("还没有适用的项目。先登记设备和设施。")},
        {"title": _("不适用和判不了的"), "rows": others, "empty": _("目录里的每一项都适用。")},
    ]
    if gaps := queries.gaps(found):
        sections.insert(0, {"title": _("台账和设施档案对不上"), "rows": [{"text": text} for text in gaps]})
    here = {"calendar": _("年检日历"), "burden": _("负担分析")}
    acts = [
        {
            "label": label,
            "url": reverse(f"inspections:{name}", args=[pk]),
            "icon": "calendar" if name == "calendar" else "file-text",
        }
        for name, label in here.items()
    ]
    if keeps:
        acts.append(
            {"label": _("登记设备"), "url": f"{reverse('inspections:asset_new')}?project={pk}", "primary": True}
        )
    context = {
        "title": _("年检：%(name)s") % {"name": found.estate.name}, "lead": found.company.name, "sections": sections, "acts": acts,
        "crumbs": [(_("项目年检一览"), reverse("inspections:projects"))],
    }  # fmt: skip
    return render(request, "web/record.html", context)


@dataclass(frozen=True)
class Row:
    """One item of one asset in a year."""

    label: str
    where: str
    level: str
    payer: str
    months: list[str]
    """Twelve cells: the days of the month on which it is due."""
    cost: str


def rows_of(found: Project, year: int) -> tuple[list[Row], int, tuple[int, int]]:
    """The rows of a year with what was done in it, how many due dates are to come, and what these cost together, least and most."""
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    rows = reckoning.standing([found])
    done: dict[int, list[datetime.date]] = defaultdict(list)
    passed = Inspection.objects.filter(
        obligation__in=[row.pk for row in rows], state="passed", inspected_on__range=(first, last)
    )
    for obligation, day in passed.order_by("inspected_on").values_list("obligation", "inspected_on"):
        done[obligation].append(day)
    made, count, least, most = [], 0, 0, 0
    for row in sorted(rows, key=lambda one: (one.item, str(one.asset or ""))):
        dues = list(reckoning.dues_between(row, first, last))
        if not dues and not done[row.pk]:
            continue
        low, high = reckoning.cost_of(row)
        count, least, most = count + len(dues), least + low * len(dues), most + high * len(dues)
        months = [
            "、".join(
                [_("%(n)s日已检") % {"n": day.day} for day in done[row.pk] if day.month == month]
                + [_("%(n)s日") % {"n": due.day} for due in dues if due.month == month]
            )
            for month in MONTHS
        ]
        made.append(
            Row(said(row.label), str(row.asset) if row.asset else _("整个小区"), str(Level(row.level).label),
                str(Payer(row.spec.payer).label), months, between(low * len(dues), high * len(dues)))
        )  # fmt: skip
    return made, count, (least, most)


@login_required
def year(request: HttpRequest, pk: int) -> HttpResponse:
    """Months by items; the same as a spreadsheet."""
    found, chosen = fetch(request, pk), companies.year_of(request)
    rows, count, cost = rows_of(found, chosen)
    if request.GET.get("format") in ("xlsx", "csv"):
        heads = [
            _("检验项目"),
            _("设备"),
            _("强制程度"),
            _("列支渠道"),
            *[_("%(n)s 月") % {"n": n} for n in MONTHS],
            _("费用区间"),
        ]
        cells = [[row.label, row.where, row.level, row.payer, *row.months, row.cost] for row in rows]
        name = _("%(year)s 年检日历 %(name)s") % {"year": chosen, "name": found.estate.name}
        return rows_response(name, heads, cells, request.GET["format"])
    undated = Obligation.objects.standing().filter(project=found, due_on=None).count()
    context = {
        "title": _("%(year)s 年检日历") % {"year": chosen}, "lead": f"{found.estate.name} · {found.company.name}", "rows": rows,
        "months": list(MONTHS), "count": count, "cost": between(*cost), "year": chosen, "before": chosen - 1, "after": chosen + 1,
        "project": found, "keeps": rules.keeper.test(acting(request), found), "undated": undated, "documents": papers.of_project(found),
        "crumbs": [(found.estate.name, reverse("inspections:project", args=[pk]))],
    }  # fmt: skip
    return render(request, "inspections/calendar.html", context)


def _kept(request: HttpRequest, pk: int, name: str) -> tuple[Project, dict[str, Any]]:
    found = fetch(request, pk)
    require(rules.keeper, request, found)
    back = reverse(f"inspections:{name}", args=[pk])
    return found, {"back": back, "then": back, "said": _("文书已出，列在下面。"), "crumbs": [(found.estate.name, back)]}


@login_required
def year_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The calendar as a numbered paper, Word and PDF."""
    found, rest = _kept(request, pk, "calendar")
    chosen = companies.year_of(request)

    def act() -> Any:
        rows, count, cost = rows_of(found, chosen)
        table = {
            "columns": [{"label": "检验项目", "wide": True}, {"label": "设备"}, {"label": "应检日", "wide": True}, {"label": "费用区间"}],
            "rows": [[row.label, row.where, _dates(row), row.cost] for row in rows],
        }  # fmt: skip
        return papers.write(
            "年度检验检测日历", f"{papers.OF_PROJECT}:{found.pk}", found, by=acting(request), table=table, year=str(chosen),
            count=str(count), budget=between(*cost),
        )  # fmt: skip

    return ask(
        request, forms.Nothing(sent(request)), act, title=_("出 %(year)s 年检日历") % {"year": chosen}, send=_("出这份日历"),
        after=_("出一份有编号的文书，可下载 Word 和 PDF。"), **rest,
    )  # fmt: skip


def _dates(row: Row) -> str:
    return "；".join(f"{month}月{days}" for month, days in zip(MONTHS, row.months, strict=True) if days)


def _share(part: int, whole: int) -> str:
    """``62%``, a half upwards."""
    return f"{(200 * part + whole) // (2 * whole)}%" if whole else "—"


@login_required
def burden(request: HttpRequest, pk: int) -> HttpResponse:
    """What inspections cost a household and year, item by item; which visits could be one."""
    found = fetch(request, pk)
    made = reckoning.of(found)
    low, high = made.per_household(made.least), made.per_household(made.most)
    each = between(low, high) if low is not None and high is not None else _("没有登记户数，算不出")
    pairs = [
        (_("每年费用"), between(made.least, made.most)), (_("每户每年"), each), (_("户数"), made.households or _("没有登记")),
        (_("其中法定"), f"{between(*made.statutory)}（{_share(made.statutory[1], made.most)}）"),
        (_("每年次数"), _times(made.visits)), (_("可合并的上门"), _("%(n)s 次") % {"n": made.saved}),
    ]  # fmt: skip
    sections = [
        {"title": _("逐项费用"), "empty": _("还没有应检事项。先登记设备和设施。"), "rows": [_line(made, line) for line in made.lines]},
        {
            "title": _("可以合并的上门"), "empty": _("今后 12 个月没有同类机构挨得近的上门。"),
            "rows": [
                {"text": _("%(agency)s：%(first)s 到 %(last)s") % {"agency": Agency(one.agency).label, "first": one.first, "last": one.last},
                 "note": "、".join(one.what), "chip": Chip(_("少 %(n)s 次") % {"n": one.saved}, "green")}
                for one in made.merges
            ],
        },
    ]  # fmt: skip
    keeps = rules.keeper.test(acting(request), found)
    context = {
        "title": _("检验检测负担：%(name)s") % {"name": found.estate.name}, "chip": None,
        "lead": _("费用按目录区间估计；签了价的按签的价。按今后 %(n)s 年平均到每年。") % {"n": reckoning.AVERAGED}, "pairs": pairs,
        "sections": sections, "documents": papers.of_project(found),
        "crumbs": [(found.estate.name, reverse("inspections:project", args=[pk]))],
        "acts": [{"label": _("出负担分析报告"), "url": reverse("inspections:burden_paper", args=[pk]), "primary": True}] if keeps else [],
    }  # fmt: skip
    return render(request, "web/record.html", context)


def _times(visits: Any) -> str:
    """A fraction of visits with one decimal, a half upwards."""
    tenths = reckoning.rounded(visits * 10)
    return _("%(n)s 次") % {"n": f"{tenths // 10}.{tenths % 10}"}


def _line(made: reckoning.Burden, line: reckoning.Line) -> dict[str, Any]:
    low, high = made.per_household(line.least), made.per_household(line.most)
    notes = [str(Level(line.level).label), str(Payer(line.payer).label), _("一年 %(n)s") % {"n": _times(line.visits)}]
    if low is not None and high is not None:
        notes.append(_("每户每年 %(each)s") % {"each": between(low, high)})
    if line.is_odd:
        notes.append(_("签约单价离散 %(n)s%%，要核查") % {"n": int(line.dispersion * 100)})
    return {
        "text": f"{said(line.label)} × {line.count}", "note": " · ".join(notes),
        "chip": Chip(between(line.least, line.most), "blue" if line.is_statutory else "", "circle-dashed"),
    }  # fmt: skip


@login_required
def burden_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The report on the burden for the authority, Word and PDF."""
    found, rest = _kept(request, pk, "burden")

    def act() -> Any:
        made = reckoning.of(found)
        low, high = made.per_household(made.least), made.per_household(made.most)
        table = {
            "columns": [{"label": "检验项目", "wide": True}, {"label": "强制程度"}, {"label": "列支渠道"}, {"label": "每年费用", "number": True}],
            "rows": [
                [f"{line.label} × {line.count}", str(Level(line.level).label), str(Payer(line.payer).label), between(line.least, line.most)]
                for line in made.lines
            ],
        }  # fmt: skip
        closing = tuple(
            f"{Agency(one.agency).label} {one.first} 到 {one.last} 有 {one.saved + 1} 次上门（{'、'.join(one.what[:6])}），建议合并为一次。"
            for one in made.merges
        )
        return papers.write(
            "检验检测负担分析报告", f"{papers.OF_PROJECT}:{found.pk}", found, by=acting(request), table=table, closing=closing,
            households=str(made.households), visits=_times(made.visits), cost=between(made.least, made.most),
            per_household=between(low, high) if low is not None and high is not None else "", statutory=between(*made.statutory),
            merged=f"{made.saved} 次",
        )  # fmt: skip

    return ask(
        request, forms.Nothing(sent(request)), act, title=_("出负担分析报告"), send=_("出这份报告"),
        after=_("出一份有编号的文书，可下载 Word 和 PDF，报主管部门用。"), **rest,
    )  # fmt: skip
