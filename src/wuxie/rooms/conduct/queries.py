"""Reads: figures of the charter, whose interest bars them, like cases, how consistent the panel is."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from django.db.models import Count, Q, QuerySet

from wuxie.kernel.clock.days import add_months
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.models import Appointment, Organisation, Person
from wuxie.kernel.statutes.figures import figure
from wuxie.kernel.statutes.queries import HOME_CITY
from wuxie.rooms.association.models import Member
from wuxie.rooms.register.models import Project

from . import law
from .models import PANEL, Involvement, Proceeding
from .words import HEAVY, Charge, Lifted, Review

S = Proceeding.State
#: Cases that ended with a measure; those still open are nobody's example.
DECIDED = (S.EFFECTIVE, S.LIFTED)
COUNCIL = (Member.Kind.COUNCIL, Member.Kind.STANDING, Member.Kind.VICE, Member.Kind.PRESIDENT)


def term(name: str) -> int:
    """A whole figure of discipline or credit (``reply``) as it is in force today."""
    return figure(name if "." in name else f"discipline.{name}", on=today(), region=HOME_CITY).number


def share(name: str) -> Fraction:
    return figure(f"discipline.{name}", on=today(), region=HOME_CITY).fraction


#: Level of a bad record → figures of its least wait and of its longest publicity.
PERIODS = {
    "slight": ("", "credit.repair_minor_most"), "general": ("credit.repair_general_least", "credit.repair_general_most"),
    "grave": ("credit.repair_grave_least", "credit.repair_general_most"), "serious": ("credit.repair_serious_least", "credit.repair_serious_most"),
}  # fmt: skip


def months(key: str) -> int:
    """A figure of months or years, in months."""
    found = figure(key, on=today(), region=HOME_CITY)
    return found.number * (12 if found.unit == "year" else 1)


def wait(level: str) -> int:
    """After so many months a record may be repaired: a slight one as soon as it is put right."""
    key = PERIODS[level][0] if level else ""
    return months(key) if key else 0


def longest(level: str) -> int:
    """After so many months publicity stops by itself, whatever else."""
    return months(PERIODS[level][1])


def investigators(case: Proceeding) -> set[int]:
    return set(_parts(case, Involvement.Part.INVESTIGATOR))


def _parts(case: Proceeding, part: str) -> QuerySet[Involvement, int]:
    return Involvement.objects.filter(proceeding=case.pk, part=part).values_list("person", flat=True)


def interested(case: Proceeding) -> set[int]:
    """Ids of the people whom an interest bars: who works or lately worked for the company or for the body that told of it, who told
    of it, and who was told to stand aside.
    """
    bodies = [pk for pk in (case.respondent_id, case.informant_company_id) if pk]
    since = add_months(today(), -term("interest"))
    projects = [
        f"project:{pk}" for pk in Project.objects.filter(company__in=bodies).order_by().values_list("pk", flat=True)
    ]
    lately = Appointment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=since), starts_on__lte=today())
    # Posts at a project are held by the project's key; the company's by the company.
    held = lately.filter(
        Q(organisation__in=bodies) | Q(subject__in=projects, role__in=("project_manager", "post_holder"))
    )
    found = set(held.order_by().values_list("person", flat=True)) | set(_parts(case, Involvement.Part.RECUSED))
    return found | ({case.informant_id} if case.informant_id else set())


def may_investigate(person: Person) -> bool:
    """Whether somebody works in the office or sits on the panel today."""
    return Appointment.objects.now().filter(person=person, role__in=("association_secretariat", PANEL)).exists()


def candidates(case: Proceeding) -> QuerySet[Person]:
    """Who may be named to investigate a case."""
    seated = Appointment.objects.now().filter(role__in=("association_secretariat", PANEL)).values("person")
    return Person.objects.filter(pk__in=seated).exclude(pk__in=interested(case)).order_by("pk")


def hands(case: Proceeding) -> QuerySet[Person]:
    """Who has or may have a part in a case: its investigators and the panel."""
    seated = Appointment.objects.now().filter(role=PANEL).values("person")
    return Person.objects.filter(Q(pk__in=seated) | Q(pk__in=investigators(case))).order_by("pk")


def panel_of(case: Proceeding) -> set[int]:
    """Members of the panel who may vote in a case: without an interest, and who did not investigate it."""
    seated = set(Appointment.objects.now().filter(role=PANEL).values_list("person", flat=True))
    return seated - interested(case) - investigators(case)


def ballots_of(case: Proceeding) -> list[str]:
    """The ballots that count: of those who may (still) vote."""
    return list(case.ballots.filter(person__in=panel_of(case)).values_list("choice", flat=True))


def decided(case: Proceeding) -> law.Decided:
    """What the ballots cast until now come to."""
    return law.decide(
        ballots_of(case), entitled=len(panel_of(case)), quorum=share("quorum"), expel=share("expel"), most=case.proposed,
        least=term("panel_least"),
    )  # fmt: skip


def members_on(day: datetime.date) -> QuerySet[Member]:
    return Member.objects.filter(joined_on__lte=day).filter(Q(left_on=None) | Q(left_on__gte=day))


def is_member(organisation: int, day: datetime.date) -> bool:
    return members_on(day).filter(organisation=organisation).exists()


def council(case: Proceeding) -> QuerySet[Member]:
    """The units of the council that may review a case: not the company, and not who told of it."""
    bodies = [pk for pk in (case.respondent_id, case.informant_company_id) if pk]
    return (
        members_on(today())
        .filter(kind__in=COUNCIL)
        .exclude(organisation__in=bodies)
        .select_related("organisation")
        .order_by("number")
    )


def same_matter(case: Proceeding) -> Proceeding | None:
    """An earlier case about the same fact of the same company that was not dismissed or overturned."""
    rows = Proceeding.objects.filter(respondent=case.respondent_id, charge=case.charge, occurred_on=case.occurred_on)
    return rows.exclude(pk=case.pk).exclude(state__in=(S.CLUE, S.DISMISSED, S.WITHDRAWN)).order_by("pk").first()


def lately_sanctioned(case: Proceeding) -> bool:
    """Whether a measure for the same charge took effect within the last year."""
    since = add_months(today(), -12)
    return Proceeding.objects.filter(
        respondent=case.respondent_id, charge=case.charge, state__in=DECIDED, effective_on__gt=since
    ).exclude(pk=case.pk).exists()  # fmt: skip


@dataclass(frozen=True)
class Like:
    """A decided case beside the one at hand."""

    case: Proceeding
    likeness: Fraction

    @property
    def percent(self) -> str:
        return f"{round(self.likeness * 100)}%"


def similar(case: Proceeding, factors: Sequence[str] | None = None, most: int = 6) -> list[Like]:
    """Decided cases of the same charge that share at least half of the factors, the likest and newest first."""
    wanted = case.factors if factors is None else factors
    rows = (
        Proceeding.objects.filter(charge=case.charge, state__in=DECIDED)
        .exclude(pk=case.pk)
        .select_related("respondent")
    )
    found = [Like(one, law.likeness(wanted, one.factors)) for one in rows.order_by("-effective_on", "-pk")[:200]]
    return sorted((one for one in found if one.likeness >= law.ALIKE), key=lambda one: -one.likeness)[:most]


@dataclass(frozen=True)
class Figures:
    """How the procedure is kept, over all cases of a span."""

    cases: int
    days: int | None
    appealed: int
    overturned: int
    repeated: int
    lifted: int
    consistency: Fraction | None
    by_charge: list[tuple[str, int, int]]
    """Charge, cases, of them with a measure."""


def figures(rows: QuerySet[Proceeding]) -> Figures:
    """Cases, the middle of their days, appeals that changed something, relapses after repair, consistency."""
    done = list(rows.filter(state__in=DECIDED).order_by("pk"))
    reviewed = rows.exclude(review="")
    closed = list(
        rows.filter(state__in=Proceeding.CLOSED + (S.EFFECTIVE,)).only("opened_at", "changed_at", "effective_on")
    )
    charges = rows.order_by().values("charge").annotate(n=Count("pk"), heavy=Count("pk", filter=Q(state__in=DECIDED)))
    labels = dict(Charge.choices)
    return Figures(
        cases=rows.count(),
        days=round(median(one.days for one in closed)) if closed else None,
        appealed=reviewed.count(),
        overturned=reviewed.exclude(review=Review.UPHELD).count(),
        repeated=sum(_relapsed(one, done) for one in done if one.lifted_why == Lifted.REPAIRED),
        lifted=sum(one.lifted_why == Lifted.REPAIRED for one in done),
        consistency=law.consistency([(one.charge, one.factors, one.measure) for one in done]),
        by_charge=[(str(labels.get(row["charge"], row["charge"])), row["n"], row["heavy"]) for row in charges.order_by("-n", "charge")],
    )  # fmt: skip


def _relapsed(case: Proceeding, later: Iterable[Proceeding]) -> bool:
    return any(
        one.respondent_id == case.respondent_id and one.charge == case.charge and case.lifted_on and one.occurred_on > case.lifted_on
        for one in later
    )  # fmt: skip


def place_of(company: Organisation) -> str:
    """Where a company lies: its own place, else that of an estate which it serves; empty where neither is known."""
    if company.place_id:
        return str(company.place_id)
    project = Project.objects.filter(company=company).select_related("estate").order_by("-starts_on", "pk").first()
    return str(project.estate.place_id) if project else ""


def companies() -> QuerySet[Organisation]:
    """Companies that a clue may be about."""
    return Organisation.objects.filter(kind=Organisation.Kind.COMPANY).order_by("name", "pk")


def heavy_in_force() -> QuerySet[Proceeding]:
    """What the public site may name."""
    return (
        Proceeding.objects.public()
        .filter(measure__in=HEAVY)
        .select_related("respondent")
        .order_by("-effective_on", "-pk")
    )
