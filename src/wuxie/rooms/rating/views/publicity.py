"""Objections to a published result, and facts that a company disputes."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wuxie.kernel import labels
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts.kinds import label_of
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.papers.models import Document
from wuxie.kernel.parties.roles import ASSOCIATION, COMPANY
from wuxie.kernel.workflow import engine
from wuxie.web.asking import acting, ask, sent
from wuxie.web.cases import Act, CasePages
from wuxie.web.cells import Chip
from wuxie.web.tables import Column, Segment, Table, table_page

from .. import evidence, papers, public, visibility
from ..actions import dispute, hearing
from ..forms import publicity as forms
from ..models import FactDispute, Objection
from ..rules import company_side
from ..workflow import FACT_DISPUTE, STAR_OBJECTION
from ..workflow.dispute import RULING_DAYS
from . import score
from .common import district_filter, numbers_of, said_state

D = FactDispute.State
TONES = {"received": "amber", "opened": "amber", "upheld": "red", "rejected": "green", "expired": "", "withdrawn": ""}
READERS = (*ASSOCIATION, *COMPANY, "gov_city", "gov_district")

OBJECTION_TABLE = Table(
    "objections", gettext_lazy("公示异议"),
    columns=[
        Column("receipt", gettext_lazy("回执号"), link=lambda row: reverse("rating_objection", args=[row.pk]), sort="receipt"),
        Column("estate", gettext_lazy("小区"), text=lambda row: row.application.project.estate.name,
               sort="application__project__estate__name"),
        Column("company", gettext_lazy("企业"), text=lambda row: row.application.project.company.name),
        Column("indicator", gettext_lazy("所指指标")),
        Column("opened_at", gettext_lazy("收到"), text=lambda row: f"{row.opened_at:%Y-%m-%d}", sort="opened_at"),
        Column("replied_on", gettext_lazy("答复日"), sort="replied_on"),
        Column("state", gettext_lazy("状态"), text=lambda row: Chip(said_state(row), TONES[row.state]), kind="state"),
    ],
    search=["receipt", "application__project__estate__name", "application__number"],
    search_label=gettext_lazy("回执号、小区、申报编号"), filters=[district_filter()],
    segments=[Segment("waiting", gettext_lazy("待答复"), Q(state=Objection.State.RECEIVED)),
              Segment("upheld", gettext_lazy("成立"), Q(state=Objection.State.UPHELD)),
              Segment("rejected", gettext_lazy("不成立"), Q(state=Objection.State.REJECTED))],
    order=["-opened_at", "-pk"], related=["application__project__estate", "application__project__company"], export=True,
    empty=gettext_lazy("还没有异议。公示期内任何人都可以提，凭回执号查进展。"),
)  # fmt: skip


@require_safe
def objections(request: HttpRequest) -> HttpResponse:
    """Objections: who made them is never shown."""
    if not acting(request).holds(*READERS):
        raise Http404
    return table_page(
        request, OBJECTION_TABLE, Objection.objects.visible_to(acting(request)),
        lead=_("答复须写明事实和依据；身份只对经办人留存，不对企业公开。"),
    )  # fmt: skip


def _objection(request: HttpRequest, case: Objection) -> dict[str, Any]:
    """The letter is for who decides; a company reads what was decided."""
    key = papers.case_key(case)
    sees_letter = visibility.may_see_objection(acting(request), str(case.pk))
    events = list(engine.history(STAR_OBJECTION, case)[:200])
    application = case.application
    return {
        "look": forms.Look() if acting(request).holds("association_secretariat") else None,
        "title": _("公示异议 %(receipt)s") % {"receipt": case.receipt}, "sees_letter": sees_letter,
        "has_contact": sees_letter and bool(case.contact), "tone": TONES[case.state], "numbers": numbers_of(events),
        "documents": list(Document.objects.on(key).select_related("void")) if sees_letter else [],
        "crumbs": [
            (_("公示异议"), reverse("rating_objections")),
            (application.number or str(application), reverse("rating_application", args=[application.pk])), (case.receipt, ""),
        ],
        "lead": f"{application.project.estate.name} · {application.project.company.name}",
        "pairs": [
            (_("所指指标"), public.indicator_words(application, case.indicator) or _("整体结果")),
            (_("公示至"), application.publicity_to), (_("答复日"), case.replied_on),
        ],
        "facts": Fact.objects.filter(pk__in=case.facts),
    }  # fmt: skip


OBJECTIONS = CasePages(
    STAR_OBJECTION,
    template="rating/objection.html",
    context=_objection,
    select_related=(
        "application__project__estate",
        "application__project__company",
        "application__cycle",
        "application__snapshot",
    ),
    acts={
        "uphold": Act(hearing.uphold_objection, forms.Uphold, template="rating/uphold.html", wants_case=True),
        "reject": Act(hearing.reject_objection, forms.Reply),
    },
)


@require_POST
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """The objector's contact, once, for a reason that stays on record."""
    case = OBJECTIONS.fetch(request, pk)
    if not acting(request).holds("association_secretariat"):
        raise Http404
    form = forms.Look(request.POST)
    shown = hearing.read_contact(case, by=acting(request), **form.cleaned_data) if form.is_valid() else ""
    context = {**OBJECTIONS.page(request, case), "look": form, "contact": shown}
    return render(request, OBJECTIONS.template, context, status=200 if shown else 422)


# Facts that a company disputes

DISPUTE_TABLE = Table(
    "disputes", gettext_lazy("事实争议"),
    columns=[
        Column("kind", gettext_lazy("事实"), text=lambda row: label_of(row.fact_kind),
               link=lambda row: reverse("rating_dispute", args=[row.pk])),
        Column("estate", gettext_lazy("小区"), text=lambda row: row.project.estate.name, sort="project__estate__name"),
        Column("company", gettext_lazy("企业"), text=lambda row: row.project.company.name),
        Column("fact_id", gettext_lazy("事实编号")),
        Column("opened_at", gettext_lazy("提出"), text=lambda row: f"{row.opened_at:%Y-%m-%d}", sort="opened_at"),
        Column("state", gettext_lazy("状态"), text=lambda row: Chip(said_state(row), TONES[row.state]), kind="state"),
    ],
    search=["fact_id", "project__estate__name", "project__company__name"], search_label=gettext_lazy("小区、企业、事实编号"),
    filters=[district_filter()],
    segments=[Segment("open", gettext_lazy("待裁定"), Q(state=D.OPENED)),
              Segment("decided", gettext_lazy("已裁定"), Q(state__in=[D.UPHELD, D.REJECTED])),
              Segment("over", gettext_lazy("撤回与到期"), Q(state__in=[D.WITHDRAWN, D.EXPIRED]))],
    order=["-opened_at", "-pk"], related=["project__estate", "project__company"], export=True,
    empty=gettext_lazy("还没有争议。在实时得分里打开一条事实，可以提出争议。"),
)  # fmt: skip


@require_safe
def disputes(request: HttpRequest) -> HttpResponse:
    if not acting(request).holds(*score.READERS):
        raise Http404
    return table_page(
        request, DISPUTE_TABLE, FactDispute.objects.visible_to(acting(request)),
        lead=_("争议期间这条事实暂不计分；%(days)s 个工作日内未裁定，自动恢复计分。") % {"days": RULING_DAYS},
    )  # fmt: skip


def _dispute(request: HttpRequest, case: FactDispute) -> dict[str, Any]:
    fact = Fact.objects.filter(pk=case.fact_id).first()
    return {
        "title": _("%(estate)s · 事实争议") % {"estate": case.project.estate.name}, "tone": TONES[case.state], "fact": fact,
        "numbers": numbers_of(list(engine.history(FACT_DISPUTE, case)[:200])), "kind": label_of(case.fact_kind),
        "crumbs": [(_("事实争议"), reverse("rating_disputes")), (label_of(case.fact_kind), "")],
        "lead": f"{case.project.company.name} · {case.fact_id}",
    }  # fmt: skip


DISPUTES = CasePages(
    FACT_DISPUTE,
    template="rating/dispute.html",
    context=_dispute,
    select_related=("project__estate", "project__company"),
    acts={
        "uphold": Act(dispute.uphold, forms.Ruling),
        "reject": Act(dispute.reject, forms.Ruling),
        "withdraw": Act(dispute.withdraw),
    },
)


def dispute_fact(request: HttpRequest, pk: int, fact: str) -> HttpResponse:
    """Say that a fact about one's own project is wrong."""
    actor = acting(request)
    project = score.fetch(request, pk)
    found = get_object_or_404(Fact, pk=fact)
    if not evidence.concerns(found, project, on=today()) or not company_side.test(actor, FactDispute(project=project)):
        raise Http404
    back = reverse("rating_score", args=[pk])
    return ask(
        request, forms.Dispute(sent(request)),
        lambda reason: dispute.open_dispute(project, found.pk, by=actor, reason=reason),
        then=lambda made: reverse("rating_dispute", args=[made.pk]), said=_("争议已立案，这条事实暂不计分。"),
        title=_("对事实提出争议"), send=_("提出争议"), back=back,
        lead=_("%(label)s %(amount)s %(unit)s · 发生于 %(day)s · 来源 %(source)s") % {
            "label": found.label, "amount": found.amount, "unit": labels.said(found.unit), "day": found.occurred_on, "source": found.source},
        crumbs=[(project.estate.name, back), (_("提出争议"), "")],
        after=_("提出后这条事实暂不计分；秘书处 %(days)s 个工作日内裁定，到期未裁定自动恢复计分。") % {"days": RULING_DAYS},
    )  # fmt: skip
