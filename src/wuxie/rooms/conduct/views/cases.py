"""Cases of discipline: the list, a new clue, the page of one with its steps, how well the procedure is kept."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.labels import said
from wuxie.kernel.papers.models import Attachment, Document
from wuxie.kernel.workflow import engine
from wuxie.web import stations, words
from wuxie.web.asking import acting, ask
from wuxie.web.cases import Act, CasePages
from wuxie.web.sealed import numbers_of
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import forms, queries, rules
from ..actions import after, filing, judging
from ..models import Ballot, Proceeding
from ..words import Charge, Factor, Measure
from ..workflow.discipline import DISCIPLINE
from . import common

S = Proceeding.State


def _measure(row: Proceeding) -> Any:
    return words.choice(row, "measure") if row.measure else words.choice(row, "proposed") if row.proposed else None


CASES = Table(
    "discipline",
    gettext_lazy("自律案件"),
    columns=[
        Column("title", gettext_lazy("案件"), link=True, sort="title", kind="name"),
        Column("respondent.name", gettext_lazy("企业"), sort="respondent__name"),
        Column("state", gettext_lazy("状态"), text=common.state, kind="state", sort="state"),
        Column("charge", gettext_lazy("事由"), text=lambda row: words.choice(row, "charge"), sort="charge"),
        Column("measure", gettext_lazy("措施"), text=_measure, sort="measure"),
        Column("occurred_on", gettext_lazy("发生日"), sort="occurred_on"),
        Column("ends_on", gettext_lazy("有效至"), sort="ends_on"),
        Column("review", gettext_lazy("复议结果"), text=lambda row: words.choice(row, "review") if row.review else None, shown=False),
        Column("lifted_on", gettext_lazy("解除日"), shown=False),
    ],
    search=["title", "respondent__search"],
    search_label=gettext_lazy("案件、企业"),
    filters=[
        Filter("state", gettext_lazy("状态"), S.choices), Filter("charge", gettext_lazy("事由"), Charge.choices),
        Filter("measure", gettext_lazy("措施"), Measure.choices),
    ],
    segments=[
        Segment("open", gettext_lazy("没办完"), ~Q(state__in=(*Proceeding.CLOSED, S.EFFECTIVE))),
        Segment("force", gettext_lazy("生效中"), Q(state=S.EFFECTIVE)),
        Segment("appealed", gettext_lazy("复议过"), ~Q(grounds="")),
        Segment("overturned", gettext_lazy("改轻或撤销"), Q(review__in=("lighten", "overturn"))),
    ],
    order=["-opened_at", "-pk"],
    related=["respondent"],
    defer=["words", "findings", "defence", "grounds"],
    export=True,
    empty=gettext_lazy("没有自律案件。收到线索先登记，五个工作日内决定立不立案。"),
)  # fmt: skip


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """The cases this person may see."""
    actor = acting(request)
    registers = rules.may_register(actor)
    return table_page(
        request, CASES, Proceeding.objects.visible_to(actor), template="conduct/list.html", tabs=common.tabs("cases"),
        act={"label": _("登记线索"), "url": reverse("conduct:new")} if registers else None,
    )  # fmt: skip


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Somebody told of something."""
    if not rules.may_register(acting(request)):
        raise Http404
    back = reverse("conduct:cases")
    form = forms.Register(request.POST if request.method == "POST" else None)
    return ask(
        request, form, lambda respondent, **known: filing.register(respondent, by=acting(request), **known),
        then=lambda made: made.get_absolute_url() if Proceeding.objects.visible_to(acting(request)).filter(pk=made.pk).exists() else back,
        said=_("线索已登记。"), title=_("登记线索"), send=_("登记这条线索"), back=back, crumbs=[(_("自律案件"), back)],
        after=_("秘书处在规定的工作日内决定立不立案。反映人只有协会看得到。"),
    )  # fmt: skip


#: The stations of the way, and the steps that end each.
STATIONS = (
    (("open",), gettext_lazy("线索")), (("file", "dismiss"), gettext_lazy("立案")), (("propose", "drop"), gettext_lazy("调查")),
    (("defend", "waive"), gettext_lazy("申辩")), (("count", "clear"), gettext_lazy("表决")), (("serve", "lapse"), gettext_lazy("送达")),
    (("uphold", "lighten", "overturn", "no_appeal"), gettext_lazy("复议期")), (("lift", "expire"), gettext_lazy("生效到解除")),
)  # fmt: skip
AT = {
    S.CLUE: 1, S.DISMISSED: 1, S.FILED: 2, S.INVESTIGATING: 2, S.PROPOSED: 3, S.DEFENDED: 4, S.HEARING: 4, S.VOTED: 5, S.SERVED: 6, S.APPEALED: 6,
    S.WITHDRAWN: 6, S.EFFECTIVE: 7, S.LIFTED: 8,
}  # fmt: skip


def path(case: Proceeding, events: list[Any]) -> list[dict[str, str]]:
    """The stations with day and who."""
    return stations.path(STATIONS, AT, case.state, events, stopped=case.state in (S.DISMISSED, S.WITHDRAWN))


def _pairs(case: Proceeding, inside: bool) -> list[tuple[Any, Any]]:
    months = _("%(n)s 个月") % {"n": case.months} if case.months else ""
    rows = [
        (_("企业"), case.respondent.name), (_("事由"), words.choice(case, "charge")), (_("依据"), said(filing.clause(case))),
        (_("发生日"), case.occurred_on), (_("反映的情况"), case.words if inside or case.state not in (S.CLUE, S.FILED) else ""),
        (_("查明的事实"), case.findings), (_("情节"), "、".join(str(Factor(one).label) for one in case.factors)),
        (_("拟采取的措施"), words.choice(case, "proposed") if case.proposed else ""), (_("申辩"), case.defence),
        (_("要求听证"), _("是") if case.wants_hearing else ""), (_("措施"), words.choice(case, "measure") if case.measure else ""), (_("期限"), months),
        (_("决定日"), case.decided_on), (_("送达日"), case.served_on), (_("复议理由"), case.grounds),
        (_("复议结果"), words.choice(case, "review") if case.review else ""), (_("生效日"), case.effective_on), (_("有效至"), case.ends_on),
        (_("解除日"), case.lifted_on), (_("为什么解除"), words.choice(case, "lifted_why") if case.lifted_why else ""),
    ]  # fmt: skip
    return [(label, value) for label, value in rows if value not in ("", None)]


def _secret(case: Proceeding) -> list[tuple[Any, Any]]:
    """Where the clue came from: for the association and the panel."""
    rows = [
        (_("来源"), words.choice(case, "source")), (_("来文编号"), case.source_number),
        (_("反映单位"), str(case.informant_company) if case.informant_company else ""),
        (_("反映人"), case.informant.masked_name if case.informant else ""),
        (_("与相似案件不同的理由"), case.departure),
    ]  # fmt: skip
    return [(label, value) for label, value in rows if value]


def _tally(case: Proceeding) -> list[tuple[Any, Any]]:
    if not case.tally:
        return []
    labels = dict(Ballot.CHOICES)
    counts = [(labels[name], _("%(n)s 票") % {"n": n}) for name, n in case.tally["counts"].items()]
    return [(_("能表决的委员"), case.tally["entitled"]), (_("到会"), case.tally["present"]), *counts]


def _council(case: Proceeding) -> list[tuple[Any, Any]]:
    if not case.council:
        return []
    return [
        (_("能到会的理事单位"), case.council["seats"]), (_("到会"), "、".join(case.council["present"])), (_("赞成改变"), case.council["against"]),
    ]  # fmt: skip


def _likes(case: Proceeding) -> list[dict[str, Any]]:
    return [
        {
            "url": one.case.get_absolute_url(), "title": one.case.title, "measure": words.choice(one.case, "measure"), "percent": one.percent,
            "factors": "、".join(str(Factor(factor).label) for factor in one.case.factors),
            "review": words.choice(one.case, "review") if one.case.review else "",
        }
        for one in queries.similar(case)
    ]  # fmt: skip


def _context(request: HttpRequest, case: Proceeding) -> dict[str, Any]:
    actor, key = acting(request), DISCIPLINE.key(case)
    events = list(engine.history(DISCIPLINE, case)[:200])
    inside = rules.is_inside(actor, case)
    seals = actor.holds("association_secretariat", "association_president")
    hints = []
    if queries.lately_sanctioned(case) and inside:
        hints.append(_("该企业一年内因同一事由受过处理，情节里要勾“一年内又犯”。"))
    if not queries.is_member(case.respondent_id, case.occurred_on):
        hints.append(_("发生时该企业不是会员，公约管不到它。"))
    return {
        "title": case.title, "chip_of_state": common.state(case), "crumbs": [(_("自律案件"), reverse("conduct:cases")), (case.title, "")],
        "lead": case.respondent.name, "path": path(case, events), "numbers": numbers_of(events), "pairs": _pairs(case, inside),
        "secret": _secret(case) if inside else [], "look": reverse("looks:person", args=[case.informant_id]) if seals and case.informant_id else "",
        "hands": [one.masked_name for one in queries.hands(case) if one.pk in queries.investigators(case)],
        "tally": _tally(case), "council": _council(case), "likes": _likes(case) if inside and case.charge else [], "hints": hints,
        "voted": [len(queries.ballots_of(case)), len(queries.panel_of(case))] if case.state in (S.DEFENDED, S.HEARING) else [],
        "documents": list(Document.objects.on(key).select_related("void")), "papers": list(Attachment.objects.on(key)), "turn": _turn(case),
    }  # fmt: skip


def _turn(case: Proceeding) -> str:
    """Whose turn it is, for those whose it is not."""
    steps = (one for _name, one in DISCIPLINE.open_steps(case.state) if not one.quiet and one.by is not rules.the_clock)
    return "、".join(dict.fromkeys(str(one.by.label) for one in steps))


def _likes_context(_request: HttpRequest, case: Proceeding) -> dict[str, Any]:
    return {
        "likes": _likes(case),
        "proposed": words.choice(case, "proposed") if case.proposed else "",
        "findings": case.findings,
        "defence": case.defence,
    }


PAGES = CasePages(
    DISCIPLINE,
    template="conduct/case.html",
    context=_context,
    select_related=("respondent", "informant", "informant_company"),
    acts={
        "file": Act(filing.file),
        "dismiss": Act(filing.dismiss, forms.Reason),
        "refer": Act(filing.refer, forms.Papered),
        "investigate": Act(filing.investigate, forms.Investigate, wants_case=True),
        "assign": Act(filing.assign, forms.Assign, wants_case=True),
        "challenge": Act(filing.challenge, forms.Reason),
        "recuse": Act(filing.recuse, forms.Recuse, wants_case=True),
        "extend": Act(filing.extend, forms.Reason),
        "drop": Act(filing.drop, forms.Reason),
        "propose": Act(filing.propose, forms.Propose, template="conduct/propose.html", context=_likes_context),
        "defend": Act(judging.defend, forms.Defend),
        "hear": Act(judging.hear, forms.Hear),
        "vote": Act(judging.vote, forms.Vote, template="conduct/propose.html", context=_likes_context, wants_case=True),
        "count": Act(judging.count),
        "serve": Act(judging.serve, forms.Serve),
        "appeal": Act(after.appeal, forms.Appeal),
        "uphold": Act(after.decide_appeal, forms.Council, wants_case=True),
        "ask_repair": Act(after.ask_repair, forms.Papered),
        "lift": Act(after.lift, forms.Reason),
        "deny_repair": Act(after.deny_repair, forms.Reason),
    },
)


@login_required
def figures(request: HttpRequest) -> HttpResponse:
    """How the association keeps its own procedure: for its leadership, the panel and its members alike."""
    actor = acting(request)
    if not actor.holds(
        "association_secretariat",
        "association_president",
        "company_admin",
        "company_contact",
        queries.PANEL,
        "gov_city",
    ):
        raise Http404
    found = queries.figures(Proceeding.objects.all())
    return render(request, "conduct/figures.html", {
        "title": _("办案质量"), "tabs": common.tabs("figures"), "crumbs": [(_("自律案件"), reverse("conduct:cases"))], "found": found,
        "pairs": [
            (_("案件"), found.cases), (_("从线索到办结的天数（中位）"), found.days if found.days is not None else _("还没有")),
            (_("复议过"), found.appealed), (_("复议后改轻或撤销"), _percent(found.overturned, found.appealed)),
            (_("改正解除后又犯"), _percent(found.repeated, found.lifted)),
            (_("相似案件处理一致"), f"{round(found.consistency * 100)}%" if found.consistency is not None else _("还没有相似的两件")),
        ],
    })  # fmt: skip


def _percent(part: int, whole: int) -> str:
    return f"{part}/{whole}" if whole else _("还没有")
