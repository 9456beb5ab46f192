"""The seven duties of a company's principal (安全生产法第21条), each reckoned from the records of one year, never declared."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.facts.canonical import MILLION
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.queries import not_replaced
from wuxie.kernel.parties.models import Organisation
from wuxie.rooms.register.models import Project

from .models import Drill, DutyList, Hazard, Incident, RiskPoint, Signature


class Verdict(StrEnum):
    MET = "met"
    WANTING = "wanting"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Line:
    """One of the seven: its words, what the records say, and where they are. ``UNKNOWN``: nothing here records it."""

    number: int
    label: str | Promise
    verdict: Verdict
    evidence: str
    url: str = ""


WORDS = (
    gettext_lazy("建立并落实全员安全生产责任制，加强标准化建设"), gettext_lazy("组织制定并实施安全规章制度和操作规程"),
    gettext_lazy("组织制定并实施安全教育和培训计划"), gettext_lazy("保证安全生产投入有效实施"),
    gettext_lazy("组织建立并落实风险分级管控和隐患排查治理，及时消除隐患"), gettext_lazy("组织制定并实施应急救援预案"),
    gettext_lazy("及时、如实报告生产安全事故"),
)  # fmt: skip


def lines(company: Organisation, day: datetime.date) -> list[Line]:
    """What the year up to a day shows, duty by duty; the number of queries does not depend on how many projects there are."""
    projects = list(Project.objects.on(day).filter(company=company))
    first = day.replace(month=1, day=1)
    answers = (
        responsibility(projects, day), documents(company, day), training(projects, first, day),
        (Verdict.UNKNOWN, _("本系统还没有安全投入的记录，请以企业台账为准。"), ""), prevention(projects, day),
        emergency(projects, first, day), reporting(projects, first, day),
    )  # fmt: skip
    return [Line(n, label, *answer) for n, (label, answer) in enumerate(zip(WORDS, answers, strict=True), start=1)]


Answer = tuple[Verdict, str, str]


def judged(met: bool) -> Verdict:
    return Verdict.MET if met else Verdict.WANTING


def responsibility(projects: list[Project], day: datetime.date) -> Answer:
    lists = DutyList.objects.on(day).filter(project__in=projects)
    signed = Signature.objects.filter(list_post__duty_list__in=lists).count()
    held = lists.count()
    said = _("%(n)s 个项目中 %(lists)s 个有现行责任清单，已签责任书 %(signed)s 份。") % {
        "n": len(projects), "lists": held, "signed": signed}  # fmt: skip
    return judged(bool(projects) and held == len(projects) and signed > 0), said, reverse("safety:lists")


def _standing(kinds: Iterable[str], subjects: Iterable[str]) -> list[Fact]:
    return list(not_replaced(Fact.objects.filter(kind__in=list(kinds), subject__in=list(subjects))))


def documents(company: Organisation, day: datetime.date) -> Answer:
    found = [
        one for one in _standing(["standard.document_effective"], [company.key])
        if one.occurred_on <= day and (one.valid_until is None or one.valid_until >= day)
    ]  # fmt: skip
    if not found:
        return Verdict.UNKNOWN, _("事实账本里没有现行标准文件的记录。"), ""
    return Verdict.MET, _("账本里有 %(n)s 条现行标准文件的事实。") % {"n": len(found)}, ""


def training(projects: list[Project], first: datetime.date, day: datetime.date) -> Answer:
    rows = _standing(["training.staff_required", "training.staff_compliant"], [one.key for one in projects])
    newest: dict[tuple[str, str], Fact] = {}
    for row in sorted(rows, key=lambda one: (one.occurred_on, one.pk)):
        if first <= row.occurred_on <= day:
            newest[row.subject, row.kind] = row
    required = sum(one.quantity // MILLION for (_s, kind), one in newest.items() if kind.endswith("required"))
    compliant = sum(one.quantity // MILLION for (_s, kind), one in newest.items() if kind.endswith("compliant"))
    if not required:
        return Verdict.UNKNOWN, _("今年还没有培训学时的事实。"), ""
    said = _("最近一次：应训 %(required)s 人，学时达标 %(compliant)s 人。") % {
        "required": required,
        "compliant": compliant,
    }
    return judged(compliant >= required), said, ""


def prevention(projects: list[Project], day: datetime.date) -> Answer:
    mapped = RiskPoint.objects.current().filter(project__in=projects).order_by().values("project").distinct().count()
    hazards = Hazard.objects.filter(project__in=projects)
    late, major = hazards.overdue(day).count(), hazards.open().filter(level="major").count()
    said = _("%(mapped)s 个项目画了风险图；未销号重大隐患 %(major)s 件，逾期未改 %(late)s 件。") % {
        "mapped": mapped, "major": major, "late": late}  # fmt: skip
    met = bool(projects) and mapped == len(projects) and not late
    return judged(met), said, reverse("safety:hazards")


def emergency(projects: list[Project], first: datetime.date, day: datetime.date) -> Answer:
    rows = Drill.objects.filter(project__in=projects)
    held = rows.filter(Q(state=Drill.State.CLOSED, held_on__gte=first, held_on__lte=day))
    late, trained = rows.late(day).count(), held.order_by().values("project").distinct().count()
    said = _("今年办结演练 %(held)s 次，涉及 %(n)s 个项目；逾期未做 %(late)s 次。") % {
        "held": held.count(), "n": trained, "late": late}  # fmt: skip
    return judged(bool(projects) and trained == len(projects) and not late), said, reverse("safety:drills")


def reporting(projects: list[Project], first: datetime.date, day: datetime.date) -> Answer:
    rows = Incident.objects.filter(project__in=projects, opened_at__date__gte=first, opened_at__date__lte=day)
    missed = rows.filter(report_missed=True).count()
    said = _("今年上报事故险情 %(n)s 件，没有按时报主管部门 %(missed)s 件。") % {"n": rows.count(), "missed": missed}
    return judged(not missed), said, reverse("safety:incidents")
