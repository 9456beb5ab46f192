"""Changes of fees: the list, beginning one, the page of one with its steps."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.papers.models import Attachment, Document
from wuxie.kernel.statutes.queries import unvouched
from wuxie.kernel.workflow import engine
from wuxie.rooms.register.models import Project
from wuxie.web import districts, stations
from wuxie.web.asking import acting, ask
from wuxie.web.cases import Act, CasePages
from wuxie.web.sealed import numbers_of
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import figures, forms, queries, rules
from ..actions import costing, deciding, keeping, publicity
from ..actions.common import with_reason
from ..models import Adjustment
from ..workflow import ADJUSTMENT
from . import common

S = Adjustment.State


def _places(request: HttpRequest) -> Any:
    return Adjustment.objects.visible_to(acting(request)).order_by().values_list("place_code", flat=True).distinct()


ADJUSTMENTS = Table(
    "fee_adjustments",
    gettext_lazy("物业费调整"),
    columns=[
        Column("estate", gettext_lazy("小区"), text=str, link=True, sort="project__estate__name", kind="name"),
        Column("number", gettext_lazy("编号"), sort="number"),
        Column("state", gettext_lazy("状态"), text=common.state, kind="state", sort="state"),
        Column("waiting", gettext_lazy("停了几天"), sort="changed_at", align="right"),
        Column("plan_until", gettext_lazy("方案公示至"), sort="plan_until"),
        Column("effective_on", gettext_lazy("执行日"), sort="effective_on"),
        Column("check_on", gettext_lazy("承诺核查日"), sort="check_on"),
        Column("company", gettext_lazy("企业"), text=lambda row: row.project.company.name, shown=False),
        Column("reviewer", gettext_lazy("审核单位"), shown=False),
    ],
    search=["number", "project__estate__search"],
    search_label=gettext_lazy("小区、编号"),
    filters=[districts.district_filter("place_code", _places), Filter("state", gettext_lazy("状态"), S.choices)],
    segments=[
        Segment("open", gettext_lazy("没办完"), ~Q(state__in=Adjustment.DONE)),
        Segment("public", gettext_lazy("公示中"), Q(state__in=(S.SHOWN, S.PUBLISHED))),
        Segment("voting", gettext_lazy("表决中"), Q(state=S.VOTING)),
        Segment("tracked", gettext_lazy("承诺跟踪中"), Q(state__in=(S.EFFECTIVE, S.FAILING))),
    ],
    order=["-opened_at", "-pk"],
    related=["project__estate", "project__company"],
    export=True,
    empty=gettext_lazy("没有物业费调整。成本包不住的，由项目经理或企业管理员提出，先登记成本和凭证。"),
)  # fmt: skip


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """The changes of fees that this person may see; nothing here compares prices."""
    actor = acting(request)
    return table_page(
        request, ADJUSTMENTS, Adjustment.objects.visible_to(actor), template="fees/list.html", tabs=common.tabs(actor, "adjustments"),
        lead=_("每个小区的成本和方案只给本小区的业主、业委会、物业和属地主管部门看。协会和别的企业看不到。"),
        act={"label": _("提出物业费调整"), "url": reverse("fees:new"), "icon": "plus"} if rules.keeps(actor) else None,
    )  # fmt: skip


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """The company wants to change the fee of an estate."""
    actor = acting(request)
    if not rules.keeps(actor):
        raise Http404
    back = reverse("fees:adjustments")
    form = forms.Begin(
        request.POST if request.method == "POST" else None, request.FILES or None, projects=rules.own_projects(actor),
        initial={"project": request.GET.get("project", "")[:9]},
    )  # fmt: skip
    return ask(
        request, form, lambda project, **known: costing.begin(project, by=actor, **known), then=lambda made: made.get_absolute_url(),
        said=_("已提出。先填面积和收缴率，再一项一项登记成本。"), title=_("提出物业费调整"), send=_("提出这件调整"), back=back,
        crumbs=[(_("物业费调整"), back)],
        lead=_("只有业主共同决定才能调。系统不建议收多少，也不和别的小区比。"),
        after=_("提出以后登记成本和凭证，请独立单位审核，公示成本，再公示方案，由业主表决。"), unvouched=unvouched(*queries.FIGURES),
    )  # fmt: skip


#: The stations of the way, and the steps that end each.
STATIONS = (
    (("open",), gettext_lazy("提出")), (("review",), gettext_lazy("成本审核")), (("show_costs",), gettext_lazy("公示成本")),
    (("publish",), gettext_lazy("公示方案")), (("vote",), gettext_lazy("答疑")), (("approve", "reject"), gettext_lazy("表决")),
    (("sign",), gettext_lazy("补充协议")), (("take_effect",), gettext_lazy("执行")), (("keep", "revert", "annul"), gettext_lazy("承诺兑现")),
)  # fmt: skip
AT = {
    S.PREPARING: 1, S.REVIEWED: 2, S.SHOWN: 3, S.PUBLISHED: 4, S.VOTING: 5, S.FAILED: 5, S.PASSED: 6, S.CONTRACTED: 7, S.EFFECTIVE: 8,
    S.FAILING: 8, S.REVERTING: 8, S.ROLLED_BACK: 8, S.KEPT: 9, S.WITHDRAWN: 1,
}  # fmt: skip
STOPPED = (S.FAILED, S.FAILING, S.REVERTING, S.ROLLED_BACK, S.WITHDRAWN)


def path(case: Adjustment, events: list[Any]) -> list[dict[str, str]]:
    """The stations with day and who."""
    return stations.path(STATIONS, AT, case.state, events, stopped=case.state in STOPPED)


def _pairs(case: Adjustment, found: queries.Reckoning | None) -> list[tuple[Any, Any]]:
    rows = [
        *figures.base(case, found), (_("现行标准从哪天起"), case.last_changed_on), (_("为什么要调"), case.reason), (_("合同怎么约定调价"), case.clause),
        (_("政府指导价依据"), case.guide_basis),
        (_("审核单位"), case.reviewer), (_("审核意见"), case.review), (_("成本公示至"), case.costs_until), (_("方案公示至"), case.plan_until),
        (_("说明会"), case.heard_on), (_("交付表决的方案"), str(case.chosen) if case.chosen else ""), (_("表决依据"), case.vote_reference),
        (_("签约日"), case.signed_on), (_("执行日"), case.effective_on), (_("第二步执行日"), case.second_on), (_("承诺核查日"), case.check_on),
        (_("改好期限"), case.cure_until), (_("恢复日"), case.reverts_on),
    ]  # fmt: skip
    return [(label, value) for label, value in rows if value not in ("", None)]


def _homes(request: HttpRequest, case: Adjustment) -> tuple[int, ...]:
    """The areas for which a page says what a month will cost: an owner's own homes, else the samples."""
    own = case.project.estate.units.filter(ownerships__person=acting(request).person_id or 0, ownerships__ends_on=None)
    return tuple(sorted(set(own.values_list("area", flat=True)))[:3]) or queries.SAMPLES


def _context(request: HttpRequest, case: Adjustment) -> dict[str, Any]:
    actor, key = acting(request), ADJUSTMENT.key(case)
    events, lines, options = (
        list(engine.history(ADJUSTMENT, case)[:200]),
        list(case.costs.all()),
        list(case.options.all()),
    )
    found, homes = queries.reckon(case, lines), _homes(request, case)
    hints = []
    if case.project.stage == Project.Stage.INITIAL and queries.ceiling() is None:
        hints.append(_("前期物业的政府指导价还没有核定到系统里。先向价格主管部门核实，不能超过。"))
    return {
        "title": _("%(estate)s 物业费调整") % {"estate": case.project.estate.name}, "chip_of_state": common.state(case),
        "crumbs": [(_("物业费调整"), reverse("fees:adjustments")), (case.number, "")], "lead": case.project.company.name, "path": path(case, events),
        "numbers": numbers_of(events), "pairs": _pairs(case, found), "ballot": deciding.counted_words(case), "hints": hints,
        "lines": figures.costs(lines, opens=True), "money": figures.where_it_goes(lines), "gaps": figures.gap_by_line(found),
        "effects": figures.effects(case, options, lines, homes),
        "homes": figures.named(homes), "promises": figures.promises(case),
        "questions": list(case.questions.all()), "documents": list(Document.objects.on(key).select_related("void")),
        # Vouchers stand with their item; here is what else was put in.
        "papers": list(Attachment.objects.on(key).exclude(pk__in=[one.paper for one in lines])), "turn": _turn(case), "keeps": rules.keeper.test(actor, case),
    }  # fmt: skip


def _turn(case: Adjustment) -> str:
    """Whose turn it is, for those whose it is not."""
    steps = (one for _name, one in ADJUSTMENT.open_steps(case.state) if not one.quiet and one.by is not rules.the_clock)
    return "、".join(dict.fromkeys(str(one.by.label) for one in steps))


def _base(case: Adjustment) -> dict[str, Any]:
    """What was entered, else what the register knows."""
    area = case.area or case.project.estate.area
    return {"area": area, "vacant": case.vacant, "rate": case.rate, "offset": case.offset, "margin": case.margin}


#: Figures of law that this procedure counts with.
PAGES = CasePages(
    ADJUSTMENT,
    template="fees/adjustment.html",
    context=_context,
    select_related=("project__estate", "project__company", "chosen"),
    figures=queries.FIGURES,
    acts={
        "base": Act(costing.set_base, forms.Base, initial=_base),
        "cost": Act(costing.add_cost, forms.CostIn),
        "uncost": Act(costing.drop_cost, forms.OneCost, wants_case=True),
        "option": Act(costing.set_option, forms.OptionIn, initial=lambda case: {"price": case.current}),
        "promise": Act(costing.add_promise, forms.PromiseIn),
        "review": Act(costing.review, forms.Review, wants_case=True),
        "send_back": Act(with_reason("send_back"), forms.Reason),
        "show_costs": Act(publicity.show_costs),
        "publish": Act(publicity.publish),
        "ask": Act(publicity.write_down, forms.Ask),
        "answer": Act(publicity.answer, forms.Answer, wants_case=True),
        "hear": Act(publicity.hear, forms.Hear),
        "vote": Act(deciding.call_vote, forms.Choose, wants_case=True),
        "approve": Act(deciding.record_vote, forms.Result),
        "sign": Act(deciding.sign, forms.Sign),
        "did": Act(keeping.report, forms.Did, wants_case=True),
        "check": Act(keeping.check, forms.CheckIn, wants_case=True),
        "keep": Act(keeping.finish),
        "fail": Act(keeping.fail, forms.Reason),
        "roll_back": Act(keeping.roll_back, forms.Reason),
        "withdraw": Act(with_reason("withdraw"), forms.Reason),
    },
)
