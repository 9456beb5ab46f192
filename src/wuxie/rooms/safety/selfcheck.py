"""The yearly self-assessment of a company's safety standardisation: eight elements, each reckoned from the records, never declared.

The elements are those of GB/T 33000 (known here from memory, to be confirmed). What comes out is no grade: grades are given by
the body that reviews, and stand in the ledger as its document. What nothing here records is said to be unknown.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Sum
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.parties.models import Appointment, Organisation
from wuxie.rooms.register.models import Project

from . import queries, seven, work_queries
from .figures import sparse
from .models import DutyList, Hazard, Incident, Library, ListPost, Permit, Tally
from .rates import percent, share
from .seven import Answer, Verdict


@dataclass(frozen=True)
class Year:
    """What is judged: a company's projects of a day and the year up to it."""

    company: Organisation
    projects: list[Project]
    first: datetime.date
    day: datetime.date


@dataclass(frozen=True)
class Item:
    label: str | Promise
    verdict: Verdict
    evidence: str
    url: str = ""


@dataclass(frozen=True)
class Element:
    number: int
    label: str | Promise
    items: list[Item]


Judge = Callable[[Year], Answer]


def elements(company: Organisation, day: datetime.date) -> list[Element]:
    """The eight with what proves each; the number of queries does not depend on how many projects there are."""
    projects = list(Project.objects.on(day).filter(company=company))
    year = Year(company, projects, day.replace(month=1, day=1), day)
    return [
        Element(number, label, [Item(words, *judge(year)) for words, judge in judges])
        for number, (label, judges) in enumerate(ELEMENTS, start=1)
    ]


def _lists(year: Year) -> Answer:
    return seven.responsibility(year.projects, year.day)


def _people(year: Year) -> Answer:
    held = set(
        Appointment.objects.on(year.day)
        .filter(role__in=("company_principal", "safety_director"), organisation=year.company)
        .values_list("role", flat=True)
    )
    said = _("主要负责人%(principal)s，安全总监%(director)s。") % {
        "principal": _("已登记") if "company_principal" in held else _("没有登记"),
        "director": _("已登记") if "safety_director" in held else _("没有登记"),
    }  # fmt: skip
    return seven.judged(len(held) == 2), said, ""


def _vacancies(year: Year) -> Answer:
    rows = ListPost.objects.on(year.day).filter(duty_list__project__in=year.projects)
    count, vacant = rows.count(), rows.vacant(year.day).count()
    if not count:
        return Verdict.UNKNOWN, _("还没有现行责任清单。"), reverse("safety:lists")
    said = _("现行清单 %(n)s 个岗位，今天空岗 %(vacant)s 个。") % {"n": count, "vacant": vacant}
    return seven.judged(not vacant), said, reverse("safety:lists")


def _rules(year: Year) -> Answer:
    return seven.documents(year.company, year.day)


def _library(year: Year) -> Answer:
    newest = Library.objects.all().newest()
    rows = DutyList.objects.on(year.day).filter(project__in=year.projects)
    count, current = rows.count(), rows.filter(library=newest).count()
    if newest is None or not count:
        return Verdict.UNKNOWN, _("还没有现行责任清单。"), reverse("safety:lists")
    said = _("%(n)s 份现行清单中 %(current)s 份按最新的职责库。") % {"n": count, "current": current}
    return seven.judged(current == count), said, reverse("safety:library")


def _training(year: Year) -> Answer:
    return seven.training(year.projects, year.first, year.day)


def _certificates(year: Year) -> Answer:
    rows = (
        ListPost.objects.on(year.day)
        .filter(duty_list__project__in=year.projects)
        .exclude(certificate="")
        .exclude(way="outsourced")
    )
    wanted = rows.standing(year.day).filter(held=True)
    count, valid = wanted.count(), wanted.filter(certified=True).count()
    if not count:
        return Verdict.UNKNOWN, _("没有要持证而且有人的岗位。"), ""
    said = _("要持证的 %(n)s 个岗位中 %(valid)s 个的证书在有效期内。") % {"n": count, "valid": valid}
    return seven.judged(valid == count), said, reverse("safety:lists")


def _on_time(year: Year) -> Answer:
    sums = Tally.objects.filter(project__in=year.projects).aggregate(due=Sum("due"), done=Sum("on_time"))
    due, done = sums["due"] or 0, sums["done"] or 0
    if not due:
        return Verdict.UNKNOWN, _("账本里还没有履职的数字。"), reverse("safety:compare")
    least = queries.term("self_on_time")
    said = _("最近 %(days)s 天按时履职率 %(rate)s，要求不低于 %(least)s%%。") % {
        "days": queries.term("figures_days"), "rate": percent(share(done, due)), "least": least}  # fmt: skip
    return seven.judged(done * 100 >= least * due), said, reverse("safety:compare")


def _permits(year: Year) -> Answer:
    rows = Permit.objects.filter(
        project__in=year.projects, starts_at__date__gte=year.first, starts_at__date__lte=year.day
    )
    count, expired = rows.count(), rows.filter(state=Permit.State.EXPIRED).count()
    if not count:
        return Verdict.UNKNOWN, _("今年没有作业票。没有危险作业就不用办。"), reverse("safety:permits")
    said = _("今年作业票 %(n)s 张，过了时间没有收尾的 %(expired)s 张。") % {"n": count, "expired": expired}
    return seven.judged(not expired), said, reverse("safety:permits")


def _prevention(year: Year) -> Answer:
    return seven.prevention(year.projects, year.day)


def _real(year: Year) -> Answer:
    rows = Tally.objects.filter(project__in=year.projects).select_related("project__estate")
    thin = [row.project.estate.name for row in rows if sparse(row.found, row.due)]
    if not any(row.due for row in rows):
        return Verdict.UNKNOWN, _("账本里还没有履职的数字。"), reverse("safety:compare")
    if thin:
        return (
            Verdict.WANTING,
            _("隐患少得不像真的：%(names)s。请到场抽查。") % {"names": "、".join(thin[:5])},
            reverse("safety:compare"),
        )
    return Verdict.MET, _("没有哪个项目的隐患少得不像真的。"), reverse("safety:compare")


def _closing(year: Year) -> Answer:
    rows = Hazard.objects.filter(project__in=year.projects, found_on__gte=year.first, found_on__lte=year.day)
    count, reopened = rows.count(), rows.filter(reopened__gt=0).count()
    if not count:
        return Verdict.UNKNOWN, _("今年没有登记隐患。"), reverse("safety:hazards")
    said = _("今年登记隐患 %(n)s 件，销号后又重开的 %(reopened)s 件。") % {"n": count, "reopened": reopened}
    return seven.judged(not reopened), said, reverse("safety:hazards")


def _emergency(year: Year) -> Answer:
    return seven.emergency(year.projects, year.first, year.day)


def _reporting(year: Year) -> Answer:
    return seven.reporting(year.projects, year.first, year.day)


def _learning(year: Year) -> Answer:
    closed = Incident.objects.filter(project__in=year.projects, opened_at__date__gte=year.first).exclude(
        grade__in=("", "near")
    )
    open_still = closed.exclude(state=Incident.State.CLOSED).count()
    count = closed.count()
    if not count:
        return Verdict.MET, _("今年没有定级的事故。"), reverse("safety:incidents")
    said = _("今年定级的事故 %(n)s 起，没有结案的 %(open)s 起；结案要先修订责任清单。") % {
        "n": count,
        "open": open_still,
    }
    return seven.judged(not open_still), said, reverse("safety:incidents")


def _revision(year: Year) -> Answer:
    if wanting := work_queries.wanting_revision([one.pk for one in year.projects]):
        return (
            Verdict.WANTING,
            _("%(n)s 个项目在事故或演练后还没有修订责任清单。") % {"n": len(wanting)},
            reverse("safety:lists"),
        )
    return Verdict.MET, _("没有哪个项目欠着修订。"), reverse("safety:lists")


ELEMENTS: tuple[tuple[str | Promise, tuple[tuple[str | Promise, Judge], ...]], ...] = (
    (gettext_lazy("目标职责"), (
        (gettext_lazy("岗位责任清单和责任书"), _lists), (gettext_lazy("主要负责人和安全总监"), _people), (gettext_lazy("岗位有人"), _vacancies),
    )),
    (gettext_lazy("制度化管理"), (
        (gettext_lazy("现行制度文件"), _rules), (gettext_lazy("清单跟上职责库"), _library),
    )),
    (gettext_lazy("教育培训"), ((gettext_lazy("培训学时"), _training), (gettext_lazy("持证上岗"), _certificates))),
    (gettext_lazy("现场管理"), ((gettext_lazy("按时履职"), _on_time), (gettext_lazy("危险作业收尾"), _permits))),
    (gettext_lazy("安全风险管控和隐患排查治理"), (
        (gettext_lazy("风险图和隐患整改"), _prevention), (gettext_lazy("排查是真的"), _real), (gettext_lazy("改好不反弹"), _closing),
    )),
    (gettext_lazy("应急管理"), ((gettext_lazy("应急演练"), _emergency),)),
    (gettext_lazy("事故管理"), ((gettext_lazy("如实按时报告"), _reporting), (gettext_lazy("查明、整改、结案"), _learning))),
    (gettext_lazy("持续改进"), ((gettext_lazy("事后修订清单"), _revision),)),
)  # fmt: skip
