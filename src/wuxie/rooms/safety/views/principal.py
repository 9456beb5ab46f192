"""What a principal answers for by law and by the standard, and what the records of this year show for it; the day's figures of a project."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.rooms.register.models import Project
from wuxie.web.asking import acting
from wuxie.web.cells import Chip

from .. import queries, rules, work_queries, work_rules
from ..models.hazards import COMPANY_SAFETY
from ..selfcheck import elements
from ..seven import Verdict, lines

LOOKS = {
    Verdict.MET: (gettext_lazy("有记录证明"), "green"), Verdict.WANTING: (gettext_lazy("还差"), "amber"),
    Verdict.UNKNOWN: (gettext_lazy("没有记录"), ""),
}  # fmt: skip


def sees(actor: Actor, company: Organisation) -> bool:
    """The company's own head and safety people, and the association: it reckons all projects of the company together."""
    return actor.holds(*ASSOCIATION) or actor.holds("company_admin", *COMPANY_SAFETY, organisation=company.pk)


def _company(request: HttpRequest, pk: int) -> Organisation:
    found = get_object_or_404(Organisation, pk=pk, kind=Organisation.Kind.COMPANY)
    if not sees(acting(request), found):
        raise Http404
    return found


def _proved(item: Any, text: str) -> dict[str, Any]:
    """What is asked for as a line, with what proves it."""
    word, tone = LOOKS[item.verdict]
    return {"text": text, "note": item.evidence, "url": item.url, "chip": Chip(str(word), tone)}


@login_required
def seven(request: HttpRequest, pk: int) -> HttpResponse:
    """The seven duties of article 21 with what proves each."""
    company = _company(request, pk)
    found = lines(company, today())
    met = sum(one.verdict == Verdict.MET for one in found)
    rows = [_proved(one, f"{one.number}. {one.label}") for one in found]
    context = {
        "title": _("主要负责人七项职责：%(company)s") % {"company": company.short_name or company.name},
        "lead": _("七项中 %(met)s 项今年有记录证明。全部由本系统的记录算出，不能填报。") % {"met": met},
        "crumbs": [(_("责任清单"), reverse("safety:lists"))],
        "acts": [{"label": _("标准化自评"), "url": reverse("safety:standard", args=[company.pk])}],
        "sections": [
            {"title": _("今天"), "rows": _counted(work_queries.standing(project__company=company.pk)), "empty": ""},
            {"title": _("安全生产法第21条"), "rows": rows, "empty": ""},
        ],
    }
    return render(request, "web/record.html", context)


@login_required
def standard(request: HttpRequest, pk: int) -> HttpResponse:
    """The eight elements of the self-assessment, each item with what proves it."""
    company = _company(request, pk)
    found = elements(company, today())
    counts = Counter(item.verdict for one in found for item in one.items)
    sections = [
        {"title": f"{one.number}. {one.label}", "empty": "", "rows": [_proved(item, str(item.label)) for item in one.items]}
        for one in found
    ]  # fmt: skip
    context = {
        "title": _("安全生产标准化自评：%(company)s") % {"company": company.short_name or company.name},
        "lead": _("%(all)s 条中 %(met)s 条有记录证明，%(wanting)s 条还差，%(unknown)s 条没有记录。不是等级，等级由评审机构定。") % {
            "all": sum(counts.values()), "met": counts[Verdict.MET], "wanting": counts[Verdict.WANTING], "unknown": counts[Verdict.UNKNOWN]},
        "crumbs": [(_("主要负责人七项职责"), reverse("safety:principal", args=[company.pk]))],
        "pairs": [(_("依据"), _("GB/T 33000 的八个要素（条文待核）")), (_("自评日"), today())],
        "sections": sections,
    }  # fmt: skip
    return render(request, "web/record.html", context)


@login_required
def own(request: HttpRequest) -> HttpResponse:
    """The page of the company that this person answers for; with several, a choice."""
    found = Organisation.objects.filter(pk__in=acting(request).organisations("company_admin", *COMPANY_SAFETY))
    companies = list(found.filter(kind=Organisation.Kind.COMPANY).order_by("name"))
    if not companies:
        raise Http404
    if len(companies) == 1:
        return redirect("safety:principal", pk=companies[0].pk)
    rows = [{"text": one.name, "url": reverse("safety:principal", args=[one.pk])} for one in companies]
    context = {"title": _("主要负责人七项职责"), "sections": [{"title": _("企业"), "rows": rows, "empty": ""}]}
    return render(request, "web/record.html", context)


def _counted(counts: dict[str, int], find: str = "") -> list[dict[str, Any]]:
    """The day's figures as lines, each leading to its list, narrowed to the words of ``find``."""
    more = f"&{urlencode({'q': find})}" if find else ""
    return [
        _row(_("今天的作业票"), counts["permits"], reverse("safety:permits") + f"?view=today{more}"),
        _row(_("该做的演练"), counts["drills"], reverse("safety:drills") + f"?view=waiting{more}"),
        _row(_("未结案的事故险情"), counts["incidents"], reverse("safety:incidents") + f"?view=open{more}"),
        _row(_("未销号的隐患"), counts["hazards"], reverse("safety:hazards") + f"?view=open{more}"),
    ]


def standing(request: HttpRequest, project: Project) -> dict[str, Any]:
    """What is open at a project today, as a section of its page."""
    missed = queries.due_on(today()).filter(queries.nearly_missed(now()), project=project).count()
    address = reverse("safety:today", args=[project.pk])
    rows = [
        _row(_("2 小时内到点、还没有做的职责"), missed, f"{address}?view=soon"),
        *_counted(work_queries.standing(project=project.pk), project.estate.name),
    ]
    if work_queries.wants_revision(project.pk):
        rows.append({
            "text": _("责任清单要修订"), "note": _("事故或演练之后，出新版并重新签责任书"), "chip": Chip(_("待办"), "amber"),
            "url": reverse("safety:start", args=[project.pk]) if rules.keeper.test(acting(request), project) else "",
        })  # fmt: skip
    company = project.company
    if sees(acting(request), company):
        rows.append(
            {
                "text": _("主要负责人七项职责"),
                "note": _("今年有哪些记录证明"),
                "url": reverse("safety:principal", args=[company.pk]),
            }
        )
    return {"title": _("今天"), "rows": rows, "empty": ""}


def _row(label: str, count: int, url: str) -> dict[str, Any]:
    return {
        "text": label,
        "url": url,
        "note": "",
        "chip": Chip(_("%(n)s 件") % {"n": count}, "amber" if count else "green"),
    }


def acts(request: HttpRequest, project: Project) -> list[dict[str, Any]]:
    """What this person may begin at a project."""
    actor = acting(request)
    found = []
    if work_rules.staff.test(actor, project):
        found += [
            {"label": _("申请作业票"), "url": reverse("safety:permit_new", args=[project.pk])},
            {"label": _("上报事故险情"), "url": f"{reverse('safety:incident_new')}?project={project.pk}"},
        ]
    if work_rules.organiser.test(actor, project):
        found.append({"label": _("加一次演练"), "url": reverse("safety:drill_new", args=[project.pk])})
    if work_rules.declarer.test(actor, project):
        found.append({"label": _("宣布突发事"), "url": reverse("safety:event_new", args=[project.pk])})
    return found
