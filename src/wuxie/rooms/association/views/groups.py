"""Working groups: the five of them, one with its charter and tasks, all tasks, how the work lies on members."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.amounts import grouped
from wuxie.kernel.clock.now import today
from wuxie.kernel.labels import said
from wuxie.web import words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cases import Act, CasePages
from wuxie.web.cells import Chip
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import catalogue, queries, rules
from ..actions import groups
from ..actions.common import with_reason
from ..forms import groups as forms
from ..forms.meetings import Reason
from ..models import Member, Task, WorkGroup
from ..workflow import TASK
from . import common

S = Task.State
state = common.chip(
    {S.PLANNED: "blue", S.ASSIGNED: "blue", S.DELIVERED: "amber", S.RETURNED: "red", S.ACCEPTED: "green"}
)


def tabs(current: str) -> list[dict[str, Any]]:
    return common.tabs(current, ("groups", _("工作组")), ("tasks", _("任务")), ("workload", _("工时分摊")))


def _lead(group: WorkGroup) -> str:
    return f"{group.lead_unit} {group.lead.name}" if group.lead else ""


GROUPS = Table(
    "groups",
    gettext_lazy("工作组"),
    columns=[
        Column("code", gettext_lazy("工作组"), text=lambda row: words.choice(row, "code"), link=True, kind="name"),
        Column("lead", gettext_lazy("组长"), text=_lead),
        Column("lead_until", gettext_lazy("任期至"), sort="lead_until"),
        Column("adopted_on", gettext_lazy("章程通过日"), sort="adopted_on"),
        Column("running", gettext_lazy("没办完的任务"), sort="running", align="right"),
    ],
    order=["pk"],
    related=["lead", "lead_unit__organisation"],
    export=True,
    empty=gettext_lazy("还没有工作组。每月第一天系统按年度任务清单建组、排任务。"),
)  # fmt: skip


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """The working groups."""
    rows = WorkGroup.objects.visible_to(acting(request)).annotate(
        running=Count("tasks", filter=~Q(tasks__state__in=Task.DONE))
    )
    return table_page(
        request, GROUPS, rows, template="association/list.html", tabs=tabs("groups"), tabs_label=_("工作组")
    )


def _fetch(request: HttpRequest, pk: int) -> WorkGroup:
    rows = WorkGroup.objects.visible_to(acting(request)).select_related("lead", "lead_unit__organisation")
    return get_object_or_404(rows, pk=pk)


def _acts(actor: Any, group: WorkGroup) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if rules.leadership.test(actor, group):
        for name, label in (("charter", _("登记章程")), ("lead", _("任命组长")), ("evaluate", _("季度评价"))):
            found.append({"label": label, "url": reverse(f"association:group_{name}", args=[group.pk])})
    if rules.manager.test(actor, group):
        found.append({"label": _("加任务"), "url": reverse("association:task_new", args=[group.pk]), "primary": True})
    return found


def _warnings(group: WorkGroup) -> list[dict[str, Any]]:
    late, rows = queries.late_in_a_row(group), []
    if late >= 2:
        rows.append(common.row(_("最近连续 %(n)s 项任务逾期，应换组长。") % {"n": late}, chip=Chip(_("逾期"), "red")))
    if queries.failing(group):
        rows.append(
            common.row(
                _("连续 %(n)s 季评价不合格，应改组。") % {"n": queries.term("failing_quarters")},
                chip=Chip(_("不合格"), "red"),
            )
        )
    return rows


def _running(one: Task) -> dict[str, Any]:
    who = one.doer or _("没有分配")
    return common.row(said(one.title), f"{who} · {one.due_on}", url=common.link(one), chip=state(one))


@login_required
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """One group: charter, lead, members, duties of the year, tasks that run, how the quarters went."""
    found, actor, year = _fetch(request, pk), acting(request), today().year
    load = queries.workload(year, found)
    running = (
        Task.objects.visible_to(actor)
        .filter(group=found)
        .exclude(state__in=Task.DONE)
        .select_related("doer__organisation")
        .order_by("due_on", "pk")
    )
    marks = found.evaluations.all()[:8]
    members = list(queries.members_of(found))
    shipped = catalogue.groups()[found.code]
    context = {
        "title": str(found), "lead": said(shipped.purpose), "crumbs": [(_("工作组"), reverse("association:groups"))],
        "chip": Chip(_("有章程"), "green") if found.adopted_on else Chip(_("没有章程"), "amber"),
        "pairs": common.filled([
            (_("组长"), _lead(found)), (_("任期至"), found.lead_until), (_("章程通过日"), found.adopted_on), (_("章程"), found.charter),
            (_("今年验收工时"), load.total), (_("工时基尼系数"), f"{grouped(load.hundredths)}（{load.gini}）"),
            (_("按份数折算的基尼系数"), f"{grouped(load.hundredths_by_weight)}（{load.by_weight}）"),
        ]),
        "acts": _acts(actor, found),
        "sections": [
            *([{"title": _("要留意的"), "rows": rows}] if (rows := _warnings(found)) else []),
            {"title": _("没办完的任务"), "empty": _("没有没办完的任务。"),
             "rows": [_running(one) for one in running[:20]],
             "more": {"label": _("看全部任务"), "url": reverse("association:tasks") + f"?f_group={found.pk}"}},
            {"title": _("季度评价"), "empty": _("还没有评价。一季过完，由会长或秘书处评。"),
             "rows": [common.row(f"{one.year} Q{one.quarter}", _("按期 %(ok)s/%(due)s") % {"ok": one.on_time, "due": one.due} + f" · {_quality(one)}",
                                 chip=Chip(grouped(one.score), "green" if one.passed else "red")) for one in marks]},
            {"title": _("会员"), "empty": _("还没有会员。在会员资料里编组。"),
             "rows": [common.row(str(one), one.number, url=one.get_absolute_url()) for one in members]},
            {"title": _("年度任务清单"), "rows": [common.row(said(one.label), f"{CYCLES[one.cycle]} · {said(one.deliverable)}") for one in shipped.duties]},
        ],
    }  # fmt: skip
    return render(request, "web/record.html", context)


CYCLES = {"month": gettext_lazy("每月"), "quarter": gettext_lazy("每季"), "year": gettext_lazy("每年")}


def _quality(one: Any) -> str:
    parts = [
        _("质量 %(n)s") % {"n": grouped(one.quality)} if one.quality is not None else _("质量没有测"),
        _("满意 %(n)s") % {"n": grouped(one.satisfaction)} if one.satisfaction is not None else _("满意没有测"),
    ]  # fmt: skip
    return " · ".join(parts)


def _form(
    request: HttpRequest, pk: int, who: Any, form: Any, verb: Any, title: str, send: str, **more: Any
) -> HttpResponse:
    """A form about one group."""
    found = _fetch(request, pk)
    require(who, request, found)
    here = common.link(found)
    return ask(
        request, form(found), lambda **known: verb(found, by=acting(request), **known), then=here, title=title, send=send, back=here,
        crumbs=[(str(found), here)], **more,
    )  # fmt: skip


@login_required
def charter(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(
        request, pk, rules.leadership,
        lambda found: forms.Charter(sent(request), initial={"charter": found.charter, "adopted_on": found.adopted_on}), groups.set_charter,
        _("登记章程"), _("保存章程"), said=_("已登记章程。"), after=_("工作组只承办和建议；涉及自律惩戒、会费、评优的，要上理事会或会员大会。"),
    )  # fmt: skip


@login_required
def lead(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(
        request, pk, rules.leadership, lambda found: forms.Lead(sent(request), group=found), groups.name_lead, _("任命组长"), _("任命这位组长"),
        said=_("已任命组长。"),
    )  # fmt: skip


@login_required
def evaluate(request: HttpRequest, pk: int) -> HttpResponse:
    last = (today().month + 2) // 3 - 1
    initial = {"year": today().year if last else today().year - 1, "quarter": last or 4}
    return _form(
        request, pk, rules.leadership, lambda found: forms.Evaluate(sent(request), initial=initial), groups.evaluate, _("季度评价"), _("评这一季"),
        said=_("已评价。"), after=_("得分由系统算：按期交付、验收质量、会员满意，按公布的权重。没有测的部分，权重分给其他部分。"),
    )  # fmt: skip


@login_required
def task_new(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(
        request, pk, rules.manager, lambda found: forms.NewTask(sent(request)), groups.plan, _("加任务"), _("加这项任务"), said=_("已加任务。"),
    )  # fmt: skip


TASKS = Table(
    "group_tasks",
    gettext_lazy("工作组任务"),
    columns=[
        Column("title", gettext_lazy("任务"), text=lambda row: said(row.title), link=True, sort="title", kind="name"),
        Column("group", gettext_lazy("工作组"), text=lambda row: words.choice(row.group, "code"), sort="group"),
        Column("state", gettext_lazy("状态"), text=state, kind="state", sort="state"),
        Column("doer", gettext_lazy("承办会员"), text=lambda row: str(row.doer) if row.doer else None, sort="doer__number"),
        Column("due_on", gettext_lazy("期限"), sort="due_on"),
        Column("hours", gettext_lazy("工时"), sort="hours", align="right"),
        Column("quality", gettext_lazy("质量分"), sort="quality", align="right"),
        Column("period", gettext_lazy("周期"), shown=False),
        Column("deliverable", gettext_lazy("交付物"), text=lambda row: said(row.deliverable), shown=False),
        Column("accepted_on", gettext_lazy("验收日"), shown=False),
    ],
    search=["title", "doer__organisation__search"],
    search_label=gettext_lazy("任务、承办会员"),
    filters=[
        Filter("group", gettext_lazy("工作组"), lambda _request: [(one.pk, str(one)) for one in WorkGroup.objects.order_by("pk")]),
        Filter("state", gettext_lazy("状态"), S.choices),
    ],
    segments=[
        Segment("open", gettext_lazy("没办完"), ~Q(state__in=Task.DONE)), Segment("planned", gettext_lazy("待分配"), Q(state=S.PLANNED)),
        Segment("delivered", gettext_lazy("待验收"), Q(state=S.DELIVERED)), Segment("accepted", gettext_lazy("已验收"), Q(state=S.ACCEPTED)),
    ],
    order=["due_on", "pk"],
    related=["group", "doer__organisation"],
    export=True,
    empty=gettext_lazy("还没有任务。每月、每季、每年的任务由系统按清单排；组长也可以在工作组页上加。"),
)  # fmt: skip


@login_required
def tasks(request: HttpRequest) -> HttpResponse:
    """The tasks of every group."""
    return table_page(
        request, TASKS, Task.objects.visible_to(acting(request)), template="association/list.html", tabs=tabs("tasks"), tabs_label=_("工作组"),
    )  # fmt: skip


WORKLOAD = Table(
    "workload",
    gettext_lazy("工时分摊"),
    columns=[
        Column("organisation", gettext_lazy("会员"), text=str, link=True, sort="organisation__name", kind="name"),
        Column("group", gettext_lazy("工作组"), text=lambda row: words.choice(row, "group"), sort="group"),
        Column("second_group", gettext_lazy("第二工作组"), text=lambda row: words.choice(row, "second_group"), sort="second_group"),
        Column("done", gettext_lazy("验收任务"), sort="done", align="right"),
        Column("weight", gettext_lazy("份数"), text=lambda row: queries.weight(row.kind), align="right"),
        Column("load", gettext_lazy("验收工时"), text=lambda row: row.load or 0, sort="load", align="right"),
    ],
    search=["organisation__search", "number"],
    search_label=gettext_lazy("会员"),
    filters=[Filter("group", gettext_lazy("工作组"), Member.Group.choices)],
    segments=[Segment("none", gettext_lazy("还没有承办"), Q(done=0))],
    order=["-load", "number"],
    related=["organisation"],
    export=True,
    empty=gettext_lazy("还没有编进工作组的会员。"),
)  # fmt: skip


@login_required
def workload(request: HttpRequest) -> HttpResponse:
    """Hours of accepted work by member this year, and how unevenly they lie."""
    actor, year = acting(request), today().year
    rows = (
        Member.objects.on(today()).exclude(group="")
        if WorkGroup.objects.visible_to(actor).exists()
        else Member.objects.none()
    )
    chosen = queries.accepted_in(year)
    load = queries.workload(year)
    return table_page(
        request, WORKLOAD, rows.annotate(done=Count("tasks", filter=chosen), load=Sum("tasks__hours", filter=chosen, default=0)),
        template="association/list.html", tabs=tabs("workload"), tabs_label=_("工作组"),
        lead=_("%(year)s 年 %(members)s 家会员，验收工时 %(hours)s 小时；基尼系数 %(gini)s（%(exact)s），按份数折算 %(fair)s（%(fairly)s），0 是完全平均。") % {
            "year": year, "members": load.members, "hours": load.total, "gini": grouped(load.hundredths), "exact": load.gini,
            "fair": grouped(load.hundredths_by_weight), "fairly": load.by_weight},
    )  # fmt: skip


def _task(request: HttpRequest, case: Task) -> dict[str, Any]:
    return {
        "title": said(case.title), "crumbs": [(_("工作组任务"), reverse("association:tasks")), (said(case.title), "")], "lead": str(case.group),
        "chip_of_state": state(case),
        "pairs": common.filled([
            (_("工作组"), case.group), (_("周期"), case.period), (_("承办会员"), case.doer or ""), (_("交付物"), said(case.deliverable)),
            (_("验收标准"), case.criteria), (_("期限"), case.due_on), (_("工时"), case.hours or ""), (_("交付日"), case.delivered_on),
            (_("第几稿"), case.delivery or ""), (_("质量分"), case.quality), (_("验收日"), case.accepted_on),
        ]),
        **common.shown(TASK, case),
    }  # fmt: skip


PAGES = CasePages(
    TASK,
    template="association/case.html",
    context=_task,
    select_related=("group", "doer__organisation"),
    acts={
        "assign": Act(groups.assign, forms.Assign, wants_case=True),
        "deliver": Act(groups.deliver, forms.Deliver),
        "redeliver": Act(groups.deliver, forms.Deliver),
        "accept": Act(groups.accept, forms.Accept),
        "return": Act(with_reason(TASK, "return"), Reason),
        "reassign": Act(groups.reassign, Reason),
        "drop": Act(with_reason(TASK, "drop"), Reason),
    },
)
