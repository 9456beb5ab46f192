"""Projects: one company serving one estate under one contract."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel import labels
from wuxie.kernel.clock.now import today
from wuxie.web import words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cells import Chip
from wuxie.web.changes import changes_of
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import facts, queries, rules
from ..actions import contracts, levels
from ..forms.contracts import ChangeCompany, ChangeContract, ContractForm, Renewal
from ..forms.estates import LastDay, Nothing
from ..models import Post, Project
from .common import contains, district_filter, plain_yuan, tabs, yuan


def state(project: Project) -> Chip:
    """Where a contract stands today."""
    day, last = today(), project.last_day
    if project.starts_on > day:
        return Chip(_("未到期"), "", "calendar")
    if last is not None and last < day:
        return Chip(_("已撤离") if project.left_on else _("已到期"), "")
    if last is not None and (last - day).days <= 90:
        return Chip(_("90 日内到期"), "amber")
    return Chip(_("在管"), "green")


def find_projects(rows: QuerySet, text: str) -> QuerySet:
    """By estate, company (both also by initials) or contract number."""
    return rows.filter(
        contains("estate__search", text) | contains("company__search", text) | Q(contract_number__icontains=text)
    )


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None


PROJECTS = Table(
    "projects",
    gettext_lazy("项目与合同"),
    columns=[
        Column("estate", gettext_lazy("小区"), text=lambda row: row.estate.name, link=True, sort="estate__name", sheet=False),
        Column("estate_code", gettext_lazy("小区编码"), text=lambda row: row.estate.code, shown=False),
        Column("company", gettext_lazy("物业企业"), text=lambda row: str(row.company), sort="company__name",
               export=lambda row: row.company.uscc or row.company.name),
        Column("state", gettext_lazy("状态"), text=state, kind="state", sheet=False),
        Column("contract_number", gettext_lazy("合同编号"), shown=False),
        Column("stage", gettext_lazy("阶段"), text=lambda row: words.choice(row, "stage"), sort="stage"),
        Column("charging", gettext_lazy("收费方式"), text=lambda row: words.choice(row, "charging"), shown=False),
        Column("fee", gettext_lazy("物业费"), text=lambda row: yuan(row.fee), sort="fee", align="right",
               export=lambda row: plain_yuan(row.fee) or None),
        Column("starts_on", gettext_lazy("服务起始日"), text=lambda row: _day(row.starts_on), sort="starts_on"),
        Column("ends_on", gettext_lazy("合同到期日"), text=lambda row: _day(row.ends_on), sort="ends_on"),
        Column("left_on", gettext_lazy("撤离日"), text=lambda row: _day(row.left_on), sort="left_on"),
    ],
    search=find_projects,
    search_label=gettext_lazy("小区、企业、合同编号"),
    filters=[district_filter("estate__place_id"), Filter("stage", gettext_lazy("阶段"), Project.Stage.choices)],
    order=["estate__name", "-starts_on"],
    related=["estate", "company"],
    export=True,
    empty=gettext_lazy("还没有服务合同。先登记小区和企业，再登记谁从哪天起服务。"),
)  # fmt: skip


def table_of_today() -> Table:
    """The list with its saved views, which depend on the day."""
    day = today()
    serving = Q(pk__in=Project.objects.on(day).values("pk"))
    soon = Q(left_on=None, ends_on__range=(day, day + datetime.timedelta(days=90)))
    return replace(
        PROJECTS,
        segments=[
            Segment("serving", gettext_lazy("在管"), serving),
            Segment("ending", gettext_lazy("90 日内到期"), serving & soon),
            Segment("past", gettext_lazy("已结束"), ~serving & Q(starts_on__lte=day)),
        ],
    )


@login_required
def projects(request: HttpRequest) -> HttpResponse:
    """The contracts of estates and companies that this person may see."""
    keeps = rules.office.test(acting(request), None)
    return table_page(
        request, table_of_today(), Project.objects.visible_to(acting(request)), template="register/list.html", tabs=tabs("projects"),
        act={"label": _("登记合同"), "url": reverse("register:project_new")} if keeps else None,
        import_url=reverse("imports:choose", args=["contracts"]) if keeps else "",
    )  # fmt: skip


def _fetch(request: HttpRequest, pk: int) -> Project:
    rows = Project.objects.visible_to(acting(request)).select_related("estate", "company")
    return get_object_or_404(rows, pk=pk)


@login_required
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """A contract, its posts, what the ledger holds about it, what has changed."""
    found, actor = _fetch(request, pk), acting(request)
    context = {
        "title": found.estate.name,
        "lead": found.company.name,
        "chip": state(found),
        "crumbs": [(_("项目与合同"), reverse("register:projects"))],
        "pairs": [
            (_("小区"), found.estate.name),
            (_("合同编号"), found.contract_number),
            (_("阶段"), f"{found.get_stage_display()} · {found.get_charging_display()}"),
            (_("物业费"), yuan(found.fee)),
            (_("服务期"), f"{found.starts_on} — {found.ends_on or _('不定期')}"),
            (_("撤离日"), found.left_on),
        ],
        "sections": [_posts(found, actor), _levels(found, actor)],
        "acts": _acts(found, actor),
        "history": changes_of(found, show={"fee": yuan}),
    }
    return render(request, "web/record.html", context)


def _posts(project: Project, actor: Any) -> dict[str, Any]:
    """The posts with who holds them today."""
    day = today()
    rows = Post.objects.visible_to(actor).filter(project=project).on(day).with_holder(day)
    section: dict[str, Any] = {
        "title": _("岗位"),
        "empty": _("还没有设岗。"),
        "rows": [
            {
                "text": row.name,
                "url": row.get_absolute_url(),
                "note": words.choice(row, "kind"),
                "chip": holding_chip(row),
            }
            for row in rows
        ],
    }
    if rules.post_keeper.test(actor, project):
        section["act"] = {"label": _("设一个岗"), "url": reverse("register:post_new", args=[project.pk])}
    return section


def holding_chip(post: Any) -> Chip:
    """Whether somebody with a valid certificate holds the post."""
    if not post.held:
        return Chip(_("空岗"), "red")
    return Chip(_("证书过期"), "amber") if post.lapsed else Chip(_("有人"), "green")


def _levels(project: Project, actor: Any) -> dict[str, Any]:
    """What the ledger says about the project's measures, and where the register differs."""
    known, wanted = queries.levels(project), queries.measures(project)
    rows = []
    for kind in facts.LEVELS[1:]:
        fact, now = known.get(kind.code), wanted.get(kind.code, "")
        differs = levels.amount(now) != (fact.amount if fact else None)
        note = _("账本 %(n)s %(unit)s，从 %(day)s 起") % {
            "n": fact.amount, "unit": labels.said(kind.unit), "day": fact.occurred_on} if fact else _("账本里还没有")  # fmt: skip
        rows.append({
            "text": str(kind.label), "note": note,
            "chip": Chip(_("名录现为 %(n)s，待核定") % {"n": now or _("空")}, "amber") if differs and (now or fact) else None,
        })  # fmt: skip
    section: dict[str, Any] = {"title": _("基础口径（评星按账本计）"), "rows": rows, "empty": ""}
    if rules.office.test(actor, project):
        section["act"] = {"label": _("核定基础口径"), "url": reverse("register:project_levels", args=[project.pk])}
    return section


def _acts(project: Project, actor: Any) -> list[dict[str, Any]]:
    if not rules.office.test(actor, project):
        return []
    acts = [{"label": _("改合同"), "icon": "edit", "url": reverse("register:project_edit", args=[project.pk])}]
    if project.left_on is None:
        acts += [
            {"label": _("续签"), "url": reverse("register:project_renew", args=[project.pk])},
            {"label": _("登记撤离"), "url": reverse("register:project_end", args=[project.pk])},
            {"label": _("换企业"), "url": reverse("register:project_change", args=[project.pk])},
        ]
    return acts


@login_required
def new(request: HttpRequest) -> HttpResponse:
    require(rules.office, request)
    form = ContractForm(
        sent(request), initial={"estate": request.GET.get("estate"), "stage": "chosen", "charging": "lump_sum"}
    )
    return ask(
        request, form, lambda estate, company, **known: contracts.begin_service(estate, company, by=acting(request), **known),
        then=lambda made: made.get_absolute_url(), said=_("已登记服务合同。"), title=_("登记服务合同"), send=_("登记服务合同"),
        after=_("同一小区的合同日期不能重叠；登记后，从起始日起这个小区的事实归这家企业。"),
        back=reverse("register:projects"), crumbs=[(_("项目与合同"), reverse("register:projects"))],
    )  # fmt: skip


def _office(request: HttpRequest, pk: int) -> tuple[Project, dict[str, Any]]:
    """The project and what every form about it shows."""
    found = _fetch(request, pk)
    require(rules.office, request, found)
    here = found.get_absolute_url()
    return found, {"then": here, "back": here, "crumbs": [(str(found), here)]}


@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _office(request, pk)
    form = ChangeContract(sent(request), initial=ChangeContract.of(found))
    return ask(
        request, form, lambda **changes: contracts.change_contract(found, by=acting(request), **changes),
        said=_("已改合同。"), title=_("改合同：%(name)s") % {"name": str(found)}, send=_("保存合同"), **rest,
    )  # fmt: skip


@login_required
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _office(request, pk)
    return ask(
        request, Renewal(sent(request)), lambda ends_on: contracts.extend_service(found, by=acting(request), ends_on=ends_on),
        said=_("已续签。"), title=_("续签：%(name)s") % {"name": str(found)}, send=_("续签合同"),
        lead=_("现在的到期日：%(day)s") % {"day": found.ends_on or _("不定期")}, **rest,
    )  # fmt: skip


@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _office(request, pk)
    return ask(
        request, LastDay(sent(request)), lambda on: contracts.end_service(found, by=acting(request), on=on),
        said=_("已登记撤离。"), title=_("登记撤离：%(name)s") % {"name": str(found)}, send=_("登记撤离"),
        after=_("这家企业服务到这一天为止；它的基础口径同日结束，之后的事实不再归它。"), **rest,
    )  # fmt: skip


@login_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another company takes over."""
    found, rest = _office(request, pk)
    form = ChangeCompany(sent(request), initial={"stage": "chosen", "charging": found.charging})
    return ask(
        request, form, lambda company, on, **known: contracts.change_company(found, company, by=acting(request), on=on, **known),
        said=_("已换企业。"), title=_("换企业：%(name)s") % {"name": found.estate.name}, send=_("登记新企业"),
        after=_("原合同到前一天为止，新合同从进场日起；两份都留在名录里。"),
        **(rest | {"then": lambda made: made.get_absolute_url()}),
    )  # fmt: skip


@login_required
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The office confirms the measures: from today the ledger says what the register says."""
    found, rest = _office(request, pk)
    wanted = queries.measures(found)
    lead = "；".join(
        f"{kind.label} {wanted[kind.code]} {labels.said(kind.unit)}" for kind in facts.LEVELS[1:] if kind.code in wanted
    ) or _("名录里还没有户数、面积和管理岗。")  # fmt: skip
    return ask(
        request, Nothing(sent(request)), lambda: levels.confirm_all(found, by=acting(request)), lead=lead,
        said=_("已核定，从今天起按这些数计。"), title=_("核定基础口径：%(name)s") % {"name": str(found)}, send=_("核定这些数"),
        after=_("与账本不同的，旧的到昨天为止，新的从今天起。"), **rest,
    )  # fmt: skip
