"""What is owed with a star, and the stars that were given."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Case, Q, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from wuxie.kernel import labels
from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.counting import counted
from wuxie.kernel.papers.models import Document
from wuxie.kernel.search import firsts
from wuxie.kernel.workflow import engine
from wuxie.web import words
from wuxie.web.area import chosen, lying
from wuxie.web.asking import acting
from wuxie.web.cases import Act, CasePages
from wuxie.web.cells import Chip, Stars
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import papers
from ..actions import benefit
from ..forms import application as common_forms
from ..forms import benefit as forms
from ..models import Award, Benefit
from ..workflow import STAR_BENEFIT
from .common import district_filter, numbers_of, said_state

S = Benefit.State
TONES = {
    S.PROMISED: "blue",
    S.SCHEDULED: "blue",
    S.DELIVERED: "amber",
    S.CONFIRMED: "green",
    S.BLOCKED: "amber",
    S.REVERSED: "",
}


def _due(row: Benefit) -> object:
    if row.state in (S.PROMISED, S.SCHEDULED, S.BLOCKED):
        return words.due(row.due_on)
    return row.delivered_on


TABLE = Table(
    "benefits", gettext_lazy("权益兑现"),
    columns=[
        Column("label", gettext_lazy("权益"), text=lambda row: labels.said(row.label), link=lambda row: reverse("rating_benefit", args=[row.pk]), sort="label"),
        Column("estate", gettext_lazy("小区"), text=lambda row: row.application.project.estate.name,
               sort="application__project__estate__name"),
        Column("offer", gettext_lazy("内容"), text=lambda row: labels.said(row.offer)),
        Column("owner_label", gettext_lazy("兑现单位"), text=lambda row: labels.said(row.owner_label), sort="owner_label"),
        Column("due", gettext_lazy("期限"), text=_due, sort="due_on", export=lambda row: row.due_on),
        Column("state", gettext_lazy("状态"), text=lambda row: Chip(said_state(row), TONES[S(row.state)]),
               kind="state", sort="state"),
        Column("delivered_on", gettext_lazy("兑现日"), shown=False),
        Column("proof", gettext_lazy("凭证"), shown=False),
    ],
    search=["application__project__estate__name", "label", "owner_label", "award__plaque"],
    few=["label", "owner_label"], codes=["award__plaque"], search_label=gettext_lazy("小区、权益、兑现单位、牌匾编号"),
    reads=["label", "offer", "owner_label", "state", "due_on", "delivered_on", "proof", "application__project__estate__name"],
    filters=[district_filter(), Filter("kind", gettext_lazy("权益"), lambda _request: _kinds(), lookup="kind")],
    segments=[Segment("promised", gettext_lazy("待安排"), Q(state=S.PROMISED)),
              Segment("scheduled", gettext_lazy("已安排"), Q(state=S.SCHEDULED)),
              Segment("delivered", gettext_lazy("待确认"), Q(state=S.DELIVERED)),
              Segment("confirmed", gettext_lazy("已确认"), Q(state=S.CONFIRMED)),
              Segment("blocked", gettext_lazy("待落实"), Q(state=S.BLOCKED)),
              Segment("reversed", gettext_lazy("已冲回"), Q(state=S.REVERSED))],
    order=["is_over", "due_on", "pk"], related=["application__project__estate"], export=True,
    empty=gettext_lazy("还没有权益。授星时按标准列出应兑现的权益、单位和期限。"),
)  # fmt: skip


def _kinds() -> list[tuple[str, str]]:
    rows = (
        Benefit.objects.filter(pk__in=firsts(Benefit, "label")).order_by("kind", "label").values_list("kind", "label")
    )
    return [(kind, labels.said(label)) for kind, label in dict(rows).items()]


#: What is still owed stands first; what was confirmed or reversed comes after it.
IS_OVER = Case(When(state__in=[S.CONFIRMED, S.REVERSED], then=1), default=0)


def _late(actor: Actor, place: str) -> QuerySet[Benefit]:
    rows = Benefit.objects.visible_to(actor).filter(lying(Benefit, place))
    return rows.filter(state__in=[S.PROMISED, S.SCHEDULED, S.BLOCKED], due_on__lt=today())


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Benefits by state: what each person owes, is owed, or watches over."""
    actor = acting(request)
    if not actor.roles:
        raise Http404
    late = counted(_late, actor, chosen(request))
    lead = _("每项权益都有兑现单位、期限和凭证；没有预算文件的只标“待落实”，不显示为已享受。")
    return table_page(
        request, TABLE, Benefit.objects.visible_to(actor).alias(is_over=IS_OVER),
        lead=lead + (_("现有 %(n)s 项逾期。") % {"n": late} if late else ""),
    )  # fmt: skip


@transaction.atomic
def _deliver(case: Benefit, *, by: Any, proof: str, file: Any = None, note: str = "") -> Any:
    if file is None:
        return benefit.deliver(case, by=by, proof=proof, note=note)
    return benefit.deliver_with(case, by=by, content=file.read(), name=file.name, proof=proof, note=note)


def _context(request: HttpRequest, case: Benefit) -> dict[str, Any]:
    events = list(engine.history(STAR_BENEFIT, case)[:200])
    link = case.proof if case.proof.startswith(("https://", "http://")) else ""
    if case.proof.startswith("attachment:"):
        link = reverse("papers:attachment", args=[case.proof.partition(":")[2]])
    project = case.application.project
    return {
        "title": f"{project.estate.name} · {labels.said(case.label)}", "tone": TONES[S(case.state)], "numbers": numbers_of(events),
        "documents": list(Document.objects.on(papers.case_key(case)).select_related("void")),
        "crumbs": [
            (_("权益兑现"), reverse("rating_benefits")),
            (case.application.number or str(case.application), reverse("rating_application", args=[case.application_id])),
            (labels.said(case.label), ""),
        ],
        "lead": f"{project.company.name} · {words.stars(case.award.stars)} · {_('牌匾')} {case.award.plaque}",
        "pairs": [
            (_("内容"), labels.said(case.offer)), (_("兑现单位"), labels.said(case.owner_label)), (_("应兑现日"), case.due_on),
            (_("计划日"), case.scheduled_for), (_("兑现日"), case.delivered_on), (_("应有凭证"), labels.said(case.proof_wanted)),
            (_("未落实原因"), case.block_reason),
        ],
        "proof_link": link,
    }  # fmt: skip


PAGES = CasePages(
    STAR_BENEFIT,
    template="rating/benefit.html",
    context=_context,
    select_related=(
        "application__project__estate",
        "application__project__company",
        "application__cycle",
        "award",
        "owner",
    ),
    acts={
        "schedule": Act(benefit.schedule, forms.Plan),
        "no_budget": Act(benefit.no_budget, forms.Blocked),
        "budget_arrived": Act(benefit.budget_arrived, forms.Funded),
        "deliver": Act(_deliver, forms.Deliver),
        "confirm": Act(benefit.confirm, common_forms.Note),
    },
)

# Stars that were given

STATE_TONES = {"valid": "green", "suspended": "amber", "revoked": "red", "expired": "", "superseded": ""}
AWARDS = Table(
    "awards", gettext_lazy("授星名单"),
    columns=[
        Column("estate", gettext_lazy("小区"), text=lambda row: row.project.estate.name, sort="project__estate__name",
               link=lambda row: reverse("rating_application", args=[row.application_id])),
        Column("company", gettext_lazy("企业"), text=lambda row: row.project.company.name, sort="project__company__name"),
        Column("stars", gettext_lazy("星级"), text=lambda row: Stars(row.stars), sort="stars"),
        Column("plaque", gettext_lazy("牌匾编号")),
        Column("decision", gettext_lazy("决定文号")),
        Column("valid_from", gettext_lazy("有效期起"), sort="valid_from"),
        Column("valid_until", gettext_lazy("有效期止"), sort="valid_until"),
        Column("state", gettext_lazy("状态"), text=lambda row: Chip(row.state.label, STATE_TONES[row.state]), kind="state"),
    ],
    search=["project__estate__name", "project__company__name", "plaque", "decision"],
    search_label=gettext_lazy("小区、企业、牌匾编号、文号"),
    filters=[Filter("stars", gettext_lazy("星级"), common_forms.STARS), district_filter("project__estate__place_id")],
    segments=[Segment("standing", gettext_lazy("没有终止"), Q(ended_on=None)),
              Segment("ended", gettext_lazy("已终止"), ~Q(ended_on=None))],
    order=["-decided_on", "-pk"], related=["project__estate", "project__company", "application"], export=True,
    empty=gettext_lazy("还没有授星。"),
)  # fmt: skip


@require_safe
def awards(request: HttpRequest) -> HttpResponse:
    """Every star that was given, the revoked ones too."""
    if not acting(request).roles:
        raise Http404
    return table_page(
        request, AWARDS, Award.objects.visible_to(acting(request)), lead=_("星级公开，撤销和到期的也保留。"),
        crumbs=[(_("星级评定"), reverse("rating_applications")), (_("授星名单"), "")],
    )  # fmt: skip
