"""What pages and rules ask about disputes, experts and shifts."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from wuxie.kernel.clock import days
from wuxie.kernel.clock.now import today
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.jobs.models import Job
from wuxie.kernel.parties.secrets import blind_indexes
from wuxie.rooms.association.queries import weights
from wuxie.rooms.register.models import Project

from .catalogue import Learnt, categories, likeness
from .figures import term
from .models import Committee, Dispute, Expert, Rota, Shift, Voice
from .models.experts import affiliates, competitors

#: From this likeness on two texts of one estate are shown as perhaps the same matter.
ALIKE = 0.45
#: So many days back the same matter is looked for.
BACK = 180
#: The job that solves a rota; its key is the rota's own.
SOLVE = "mediation.rota"
#: So many sorted disputes teach what to suggest.
TAUGHT = 2000


def label(code: str) -> str:
    """``房屋质量和渗漏 · 楼上漏水``; the code itself for one that the catalogue no longer has."""
    found = categories().get(code)
    if found is None:
        return code
    above = categories().get(found.parent)
    return f"{above.label} · {found.label}" if above else found.label


def committee(day: datetime.date) -> Committee | None:
    """The people's mediation committee registered on a day."""
    rows = Committee.objects.filter(registered_on__lte=day).exclude(ended_on__lt=day)
    return rows.order_by("-registered_on", "-pk").first()


def learnt() -> Learnt:
    """What people's own sorting teaches: their titles and summaries, newest first."""
    rows = Dispute.objects.exclude(category="").order_by("-pk").values_list("title", "summary", "category")[:TAUGHT]
    return Learnt.of((f"{title}\n{summary}", category) for title, summary, category in rows)


@dataclass(frozen=True)
class Like:
    """A dispute that may be the same matter, and why."""

    dispute: Dispute
    why: str
    weight: float


def alike(dispute: Dispute, voices: Iterable[Voice] | None = None) -> list[Like]:
    """Running or recent disputes of the same estate that may be this one: the same telephone, or much the same words."""
    told = list(dispute.voices.all()) if voices is None else list(voices)
    text = " ".join([dispute.title, dispute.summary, *(one.words for one in told)])
    phones = {index for one in told if one.phone for index in blind_indexes(one.phone, context="phone")}
    since = dispute.occurred_on - datetime.timedelta(days=BACK)
    rows = Dispute.objects.filter(project__estate=dispute.project.estate_id, occurred_on__gte=since)
    others = (
        rows.exclude(pk=dispute.pk)
        .exclude(state=Dispute.State.MERGED)
        .select_related("project__estate")
        .prefetch_related("voices")
    )
    found = []
    for other in others.order_by("-pk")[:100]:
        theirs = list(other.voices.all())
        same = any(one.phone_index and one.phone_index in phones for one in theirs)
        weight = max(likeness(text, " ".join([other.title, other.summary, *(one.words for one in theirs)])), 0.0)
        if same or weight >= ALIKE:
            why = _("同一个电话") if same else _("内容相近 %(n)s%%") % {"n": round(100 * weight)}
            found.append(Like(other, why, weight + same))
    return sorted(found, key=lambda one: (-one.weight, -one.dispute.pk))[:5]


def cluster(dispute: Dispute) -> int:
    """How many voices the same estate raised about the same upper category lately; 0 while they are few."""
    if not dispute.category:
        return 0
    since = today() - datetime.timedelta(days=term("cluster_days"))
    upper = dispute.category.partition(".")[0]
    count = Voice.objects.filter(
        dispute__project__estate=dispute.project.estate_id,
        dispute__category__startswith=f"{upper}.",
        received_on__gte=since,
    ).count()
    return count if count >= term("cluster_households") else 0


def why_not(expert: Expert, project: Project, day: datetime.date) -> str:
    """Why this expert may not have a dispute about this project; empty where nothing stands against it."""
    return _why_not(expert, project, affiliates(project.company_id), competitors(project, day))


def _why_not(expert: Expert, project: Project, own: set[int], rivals: set[int]) -> str:
    if expert.organisation_id == project.company_id:
        return _("和被反映的企业同一单位")
    if expert.organisation_id in own:
        return _("单位和被反映的企业有关联")
    if expert.organisation_id in rivals:
        return _("单位在同一街道和被反映的企业竞争")
    return ""


def suitable(dispute: Dispute) -> list[tuple[Expert, str]]:
    """The experts of today, each with why not (empty: they may); those that a side refused may not."""
    day, project = today(), dispute.project
    own, rivals = affiliates(project.company_id), competitors(project, day)
    refused = set(dispute.refusals.values())
    found = []
    for one in Expert.objects.on(day).select_related("person", "organisation"):
        why = _("当事人申请更换过") if one.person_id in refused else _why_not(one, project, own, rivals)
        found.append((one, why))
    return found


def invited_in_time(at: datetime.datetime) -> bool:
    """Whether a sitting lies as many working days ahead as the notice asks for."""
    return at.date() >= days.add(today(), term("notice"), "working_day", calendar()).on


def next_due(dispute: Dispute) -> datetime.date | None:
    """The day of the next clause that nobody has confirmed as kept."""
    row = dispute.clauses.filter(performed_on__isnull=True).order_by("due_on", "pk").first()
    return row.due_on if row else None


def check_by(dispute: Dispute) -> datetime.date:
    """The last day on which to look whether the next clause was kept."""
    return days.add(next_due(dispute) or today(), term("check"), "working_day", calendar()).on


def owes(dispute: Dispute) -> bool:
    """Whether the company owes anything by the agreement."""
    sides = set(dispute.parties.filter(organisation=dispute.project.company_id).values_list("side", flat=True))
    return dispute.clauses.filter(debtor__in=sides).exists()


def mediators(dispute: Dispute) -> list[int]:
    """The ids of the people who mediate it."""
    return [one for one in (dispute.mediator_id, dispute.expert_id) if one]


@dataclass(frozen=True)
class Load:
    """What one unit bears of a rota."""

    name: str
    weight: int
    duties: int
    missed: int


def loads(rota: Rota) -> list[Load]:
    """Every unit of a rota with its duties as drawn, the heaviest first, and how many of its own nobody came to."""
    drawn = rota.shifts.values_list("planned__organisation", "planned__organisation__name")
    rows = list(drawn.annotate(n=Count("pk")).order_by("-n", "planned__organisation__name"))
    missed = dict(
        rota.shifts.filter(state=Shift.State.MISSED)
        .values_list("expert__organisation")
        .annotate(n=Count("pk"))
        .order_by()
    )
    parts = weights([unit for unit, _name, _n in rows], rota.starts_on)
    return [Load(name, parts[unit], n, missed.get(unit, 0)) for unit, name, n in rows]


def solving(rota: Rota) -> Job | None:
    """The solver's last run for a rota that binds nobody yet, while it runs or where it found none."""
    if rota.state == Rota.State.PUBLISHED:
        return None
    last = Job.objects.filter(name=SOLVE, key=str(rota.pk)).order_by("-pk").first()
    return None if last is None or last.state == Job.State.DONE else last


def away_from(expert: Expert, first: datetime.date) -> list[tuple[datetime.date, datetime.date]]:
    """The stretches of days on which somebody cannot come, from a day on."""
    spans: list[tuple[datetime.date, datetime.date]] = []
    for day in sorted(map(datetime.date.fromisoformat, expert.away)):
        if day < first:
            continue
        if spans and (day - spans[-1][1]).days == 1:
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans


#: So many turns stand on the desk of an expert.
COMING = 3


def coming(person: int) -> list[Shift]:
    """The next turns of somebody at the desk, today's first, each with who else sits there (``others``)."""
    published = Shift.objects.filter(rota__state=Rota.State.PUBLISHED).select_related("rota", "expert__person")
    mine = published.filter(expert__person=person, day__gte=today()).exclude(state=Shift.State.MISSED)
    found = list(mine.order_by("day", "pk")[:COMING])
    beside: dict[tuple[int, datetime.date], list[Shift]] = {}
    for one in published.filter(rota__in={one.rota_id for one in found}, day__in={one.day for one in found}):
        beside.setdefault((one.rota_id, one.day), []).append(one)
    for one in found:
        one.others = [other.expert for other in beside[one.rota_id, one.day] if other.pk != one.pk]  # type: ignore[attr-defined]
    return found


def drawn(rota: Rota) -> dict[str, Any]:
    """What the solver answered (contract ``rota``), whoever has swapped since."""
    days: dict[str, list[str]] = {day: [] for day in rota.document.get("days", ())}
    for day, planned in rota.shifts.order_by("day", "planned").values_list("day", "planned"):
        days.setdefault(day.isoformat(), []).append(f"e{planned}")
    assignments = [{"day": day, "experts": experts} for day, experts in days.items()]
    return {"optimal": rota.optimal, "spread": rota.spread, "assignments": assignments}
