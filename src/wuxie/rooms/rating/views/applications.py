"""The list of applications, and the page of one with its steps."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from wuxie.kernel import labels
from wuxie.kernel.papers.models import Attachment, Document
from wuxie.kernel.parties.roles import ASSOCIATION, AT_COMPANY
from wuxie.kernel.workflow import engine
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cases import Act, CasePages
from wuxie.web.cells import Chip, Stars
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import papers, progress
from ..actions import after, application, award, hearing, review
from ..forms import application as forms
from ..models import Application, Cycle, Mark, Objection, Visit
from ..rules import company_side, filer
from ..workflow import STAR_APPLICATION, STAR_OBJECTION
from .common import anonymous, district_filter, numbers_of, said_state, tone, where_of
from .score import readable

S = Application.State
RELATED = ("project__estate__place__parent__parent", "project__company", "cycle", "snapshot")


def _stars(row: Application) -> object:
    stars = row.proposed_stars or (row.snapshot.stars if row.snapshot else None)
    return Stars(stars) if stars else ""


def _cycles(request: HttpRequest) -> list[tuple[int, str]]:
    return list(Cycle.objects.visible_to(acting(request)).values_list("pk", "name"))


TABLE = Table(
    "applications", gettext_lazy("星级评定"),
    columns=[
        Column("name", gettext_lazy("小区"), text=lambda row: row.project.estate.name,
               link=lambda row: reverse("rating_application", args=[row.pk]), sort="project__estate__name"),
        Column("number", gettext_lazy("申报编号"), sort="number"),
        Column("company", gettext_lazy("企业"), text=lambda row: row.project.company.name, sort="project__company__name"),
        Column("place", gettext_lazy("所在地"), text=lambda row: where_of(row.project.estate.place)),
        Column("state", gettext_lazy("状态"), kind="state", sort="state",
               text=lambda row: Chip(said_state(row), tone(row.state))),
        Column("total", gettext_lazy("得分"), align="right", sort="snapshot__total",
               text=lambda row: row.snapshot.total if row.snapshot else ""),
        Column("stars", gettext_lazy("星级"), text=_stars, sort="snapshot__stars"),
        Column("submitted_on", gettext_lazy("申报日"), sort="submitted_on"),
        Column("cycle", gettext_lazy("周期"), text=lambda row: row.cycle.name, shown=False),
    ],
    search=["project__estate__name", "project__company__name", "number"],
    search_label=gettext_lazy("小区、企业、申报编号"),
    filters=[
        Filter("cycle", gettext_lazy("周期"), _cycles, lookup="cycle"),
        district_filter(),
        Filter("klass", gettext_lazy("类别"), lambda _request: _klasses(), lookup="klass"),
        Filter("stars", gettext_lazy("星级"), forms.STARS, lookup="snapshot__stars"),
    ],
    segments=[
        Segment("check", gettext_lazy("审查"), Q(state__in=[S.SUBMITTED, S.PRE_CHECK, S.NEED_SUPPLEMENT])),
        Segment("opinion", gettext_lazy("征求意见"), Q(state=S.COMMUNITY_OPINION)),
        Segment("review", gettext_lazy("取数与评审"), Q(state__in=[S.SCORING, S.REVIEW])),
        Segment("hearing", gettext_lazy("联席审定"), Q(state=S.JOINT_HEARING)),
        Segment("publicity", gettext_lazy("公示"), Q(state__in=[S.PUBLICITY, S.OBJECTION])),
        Segment("awarded", gettext_lazy("已授星"), Q(state__in=[S.AWARDED, S.UNDER_REVIEW])),
        Segment("ended", gettext_lazy("未获评与终止"), Q(state__in=[
            S.NOT_AWARDED, S.DOWNGRADED, S.REVOKED, S.APPEALED, S.CLOSED, S.EXPIRED, S.WITHDRAWN])),
    ],
    codes=["number"], order=["-cycle__year", "place_code", "pk"], related=RELATED, export=True,
    reads=[
        "number", "state", "proposed_stars", "submitted_on", "cycle__name", "project__company__name", "project__estate__name",
        "project__estate__place__name", "project__estate__place__parent__name",
        "project__estate__place__parent__parent__name", "snapshot__total", "snapshot__stars",
    ],
    empty=gettext_lazy("还没有申报。周期启动后，企业自愿申报，不收费。"),
)  # fmt: skip


def _klasses() -> list[tuple[str, Any]]:
    from wuxie.rooms.register.models import Estate

    return list(Estate.Klass.choices)


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Applications by state; each person sees their own part of the city."""
    actor = acting(request)
    if not actor.roles:
        raise Http404
    if actor.holds("association_secretariat", "gov_city"):
        act = {"label": _("评定周期"), "url": reverse("rating_cycles"), "icon": "calendar"}
    elif actor.holds(*AT_COMPANY):
        act = {"label": _("申报星级"), "url": reverse("rating_apply"), "icon": "plus"}
    else:
        act = None
    return table_page(
        request, TABLE, Application.objects.visible_to(actor), template="rating/applications.html", act=act,
        lead=_("按设立文件和已发布的标准，从事实算出得分；申报自愿、免费。"), links=_links(request),
    )  # fmt: skip


def _links(request: HttpRequest) -> list[tuple[str, str]]:
    """The lists that lie beside this one."""
    rows = [(_("授星名单"), reverse("rating_awards")), (_("权益兑现"), reverse("rating_benefits"))]
    if acting(request).holds(*ASSOCIATION, "gov_city", "gov_district"):
        rows = [(_("公示异议"), reverse("rating_objections")), (_("事实争议"), reverse("rating_disputes")), *rows]
    elif acting(request).holds(*AT_COMPANY):
        rows = [(_("事实争议"), reverse("rating_disputes")), *rows]
    return rows


def context(request: HttpRequest, case: Application) -> dict[str, Any]:
    """What the page of an application shows beside the steps."""
    actor = acting(request)
    every = list(engine.history(STAR_APPLICATION, case)[:200])
    events = progress.shown_to(actor, case, every)
    key = papers.case_key(case)
    documents = list(Document.objects.on(key).select_related("void").order_by("-created_at"))
    place = case.project.estate.place
    return {
        "path": progress.path(case, every), "events": events, "numbers": numbers_of(events), "tone": tone(case.state),
        "crumbs": [
            (_("星级评定"), reverse("rating_applications")), (case.cycle.name, reverse("rating_cycle", args=[case.cycle_id])),
            (case.number or _("未编号"), ""),
        ],
        "lead": " · ".join(filter(None, [
            where_of(place), case.project.company.name, _("%(n)s 户") % {"n": f"{case.project.estate.households:,}"},
            _("标准 %(key)s") % {"key": case.cycle.standard.partition("@")[2] or case.cycle.standard},
        ])),
        "standing": progress.standing(case), "may_open_score": readable(actor).filter(pk=case.project_id).exists(),
        "parties": progress.parties(case, actor), "documents": documents,
        "papers": list(Attachment.objects.on(key)), "may_add": application.may_add_paper(case, actor),
        "filed": len(documents) + Attachment.objects.on(key).count(),
        "may_ask_late": review.may_ask_late(case, actor),
        "late": list(case.late_facts.all()), "draws": list(case.draws.visible_to(actor)),
        "marks": anonymous(Mark.objects.visible_to(actor).filter(
            assignment__application=case, round__lt=case.review_round).exclude(assignment__reviewer=actor.person_id or 0)),
        "visits": [_spots(one) for one in case.visits.visible_to(actor)], "title": labels.said(STAR_APPLICATION.title(case)),
        "task": case.assignments.current().filter(reviewer=actor.person_id or 0).first(),
        "objections": _objections(case, actor),
        **_answering(case, actor), "draft": case.state == S.DRAFT and company_side.test(actor, case),
    }  # fmt: skip


def _spots(visit: Visit) -> dict[str, Any]:
    """A visit spot by spot, in words."""
    rows = [
        {"label": spot.label, "verdict": Visit.Verdict(found["verdict"]).label, "note": found.get("note", ""),
         "photo": found.get("photo", "").partition(":")[2]}
        for spot in Visit.Spot if (found := visit.spots.get(spot.value))
    ]  # fmt: skip
    return {"at": visit.at, "note": visit.note, "rows": rows}


def _objections(case: Application, actor: Any) -> list[Any]:
    return list(Objection.objects.visible_to(actor).filter(application=case))


def _answering(case: Application, actor: Any) -> dict[str, Any]:
    """While objections wait: which of them this person may answer, and why the star cannot be given yet."""
    if case.state != S.OBJECTION:
        return {"answer": None}
    waiting = (
        case.objections.filter(state="received").select_related("application__project").order_by("opened_at", "pk")
    )
    reject = STAR_OBJECTION.steps["reject"]
    step = STAR_APPLICATION.steps["award"]
    missing = tuple(said for one in step.needs if (said := one.missing(case)))
    return {
        "answer": next((one for one in waiting if reject.by.test(actor, one)), None),
        "closed": [engine.Offer("award", step, missing, step.by.test(actor, case))],
    }  # fmt: skip


@transaction.atomic
def _supplement(case: Application, *, by: Any, file: Any, note: str = "") -> Any:
    return application.supplement_with(case, by=by, content=file.read(), name=file.name, note=note)


PAGES = CasePages(
    STAR_APPLICATION,
    template="rating/application.html",
    select_related=RELATED,
    context=context,
    acts={
        "submit": Act(application.submit, forms.Note),
        "open_check": Act(application.open_check, forms.Note),
        "ask_supplement": Act(application.ask_supplement, forms.Demand),
        "supplement": Act(_supplement, forms.Supplement),
        "pass_check": Act(application.pass_check, forms.Note),
        "reject": Act(application.reject, forms.Reason),
        "give_opinion": Act(application.give_opinion, forms.GiveOpinion),
        "replace_reviewer": Act(review.replace_reviewer, forms.Note),
        "finish_review": Act(review.finish_review, forms.Note),
        "resolve": Act(hearing.resolve, forms.Resolve),
        "decline": Act(hearing.decline, forms.Reason),
        "award": Act(award.award, forms.GiveAward),
        "decline_after_objection": Act(hearing.decline_after_objection, forms.Reason),
        "withdraw": Act(application.withdraw, forms.OptionalReason),
        "discard": Act(application.discard, forms.Note),
        "start_annual_review": Act(after.start_annual_review, forms.Note),
        "keep": Act(after.keep, forms.Note),
        "downgrade": Act(after.downgrade, forms.Downgrade, wants_case=True),
        "revoke": Act(after.revoke, forms.Revoke),
        "return_plaque": Act(after.return_plaque, forms.Note),
        "appeal": Act(after.appeal, forms.Reason),
        "uphold_not_awarded": Act(after.dismiss_appeal, forms.Reason),
        "uphold_downgraded": Act(after.dismiss_appeal, forms.Reason),
        "uphold_revoked": Act(after.dismiss_appeal, forms.Reason),
        "overturn": Act(after.overturn, forms.Overturn),
    },
)


def fetch(request: HttpRequest, pk: int) -> Application:
    """The application if this person may see it, else "not found"."""
    rows = Application.objects.visible_to(acting(request)).select_related(*RELATED)
    return get_object_or_404(rows, pk=pk)


def add_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one more paper into the case."""
    case, actor = fetch(request, pk), acting(request)
    if not application.may_add_paper(case, actor):
        raise Http404
    form = forms.Paper(sent(request), request.FILES or None)
    back = reverse("rating_application", args=[pk])

    def act(kind: str, file: Any) -> Any:
        return application.add_paper(case, by=actor, kind=kind, content=file.read(), name=file.name)

    return ask(
        request, form, act, then=back, said=_("材料已放进这件申报。"), title=_("补材料"), send=_("放进申报"), back=back,
        crumbs=[(labels.said(STAR_APPLICATION.title(case)), back), (_("补材料"), "")],
        after=_("放进去的材料会留下经手人和时间；能看这件申报的人都能看到。"),
    )  # fmt: skip


def ask_late(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the panel to count a fact that came after the cut-off."""
    case, actor = fetch(request, pk), acting(request)
    require(filer, request, case)
    back = reverse("rating_application", args=[pk])
    form = forms.LatePlea(sent(request))
    return ask(
        request, form, lambda fact_id, plea: review.ask_late(case, by=actor, fact_id=fact_id.strip(), plea=plea),
        then=back, said=_("已申请，等评审组书面决定。"), title=_("申请计入补录事实"), send=_("提出申请"), back=back,
        crumbs=[(labels.said(STAR_APPLICATION.title(case)), back), (_("补录事实"), "")],
        lead=_("截止收录日后才入账的事实一律不计，除非评审组写明理由同意。"), after=_("评审组书面决定，决定和理由都公开。"),
    )  # fmt: skip
