"""Reads that steps, pages and exports of this room need; what strangers may see stands in ``public.py``."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import kinds
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.labels import Sentence
from wuxie.kernel.parties import roles
from wuxie.kernel.parties.models import Appointment, Organisation
from wuxie.kernel.places.models import Place, under
from wuxie.kernel.standards import document as documents
from wuxie.kernel.standards.actions import published
from wuxie.kernel.standards.document import Standard
from wuxie.rooms.register.models import Project

from . import evidence, law, reading
from .models import Application, Award, Cycle, Mark, Recusal

S = Application.State
#: States in which something is still to be done before the award.
PENDING = (
    S.DRAFT, S.SUBMITTED, S.PRE_CHECK, S.NEED_SUPPLEMENT, S.COMMUNITY_OPINION, S.SCORING, S.REVIEW, S.JOINT_HEARING,
    S.PUBLICITY, S.OBJECTION,
)  # fmt: skip
BEFORE_HEARING = (
    S.SUBMITTED, S.PRE_CHECK, S.NEED_SUPPLEMENT, S.COMMUNITY_OPINION, S.SCORING, S.REVIEW
)  # fmt: skip
NOT_SCORED = (*BEFORE_HEARING, S.DRAFT, S.WITHDRAWN)
#: How a panel was drawn, kept with the draw.
DRAWN = Sentence(gettext_noop("在%(where)s抽取，可抽 %(near)s 人，回避 %(out)s 人。"))
TOO_FEW = Sentence(
    gettext_noop("在%(where)s抽取，可抽 %(near)s 人，回避 %(out)s 人。人数不足 %(wanted)s 人，须补充评审。")
)


def served_in(cycle: Cycle) -> QuerySet[Project]:
    """Everything that was served in the cycle's place on the last day of its window, applied or not."""
    rows = Project.objects.on(cycle.window_to).filter(under("estate__place_id", cycle.place_code))
    return rows.select_related("estate", "company").order_by("pk")


# The standard of a case


def standard_is_published(key: str) -> bool:
    """Whether ``name@version`` is a published standard."""
    return published(key) is not None


def document_for(application: Application) -> dict[str, Any]:
    """The standard as this application's cycle and class of estate use it: window, cut-off, what is not applicable."""
    return document_of(application.cycle, application.klass)


def document_of(cycle: Cycle, klass: str, data: dict[str, Any] | None = None) -> dict[str, Any]:
    """The cycle's standard (or another one in ``data``) as the cycle uses it for one class of estates."""
    data = published(cycle.standard) if data is None else data
    if data is None:
        raise LookupError(cycle.standard)
    dropped = set(cycle.not_applicable.get(klass, ()))
    if dropped:
        data = {**data, "groups": [_without(group, dropped, klass) for group in data["groups"]]}
    return documents.for_cycle(data, start=cycle.window_from, end=cycle.window_to, cutoff=cycle.cutoff, klass=klass)


def compiled(document: Mapping[str, Any]) -> Standard:
    """A published standard ready to judge by. It never changes, so that each is compiled once."""
    return _compiled(json.dumps(document, default=str, sort_keys=True))


@lru_cache(maxsize=64)
def _compiled(text: str) -> Standard:
    return documents.load(json.loads(text))


def _without(group: Mapping[str, Any], dropped: set[str], klass: str) -> dict[str, Any]:
    """The group in which the cycle's own list says what is not asked of a class."""
    return {
        **group,
        "indicators": [
            {**one, "not_for": sorted({*(one.get("not_for") or ()), klass})} if one["id"] in dropped else one
            for one in group["indicators"]
        ],
    }


# Vetoes


def vetoes_today(application: Application) -> list[str]:
    """Vetoes that end a star and hold today, whenever they were recorded; with their words."""
    standard = _standard_of(application)
    holding = reading.vetoes_holding(standard, [application.project], on=today())[application.project_id]
    labels = {veto.id: str(veto.words.get("label", "")) for veto in standard.vetoes}
    return [f"{one} {labels[one]}".strip() for one in holding]


def _standard_of(application: Application) -> Standard:
    return compiled(application.snapshot.document if application.snapshot else document_for(application))


def veto_facts(application: Application) -> list[Fact]:
    """The facts behind the vetoes that hold today."""
    standard, project = _standard_of(application), application.project
    holding = reading.vetoes_holding(standard, [project], on=today())[project.pk]
    kinds = {kind for veto in standard.vetoes if veto.id in holding for kind in veto.when.kinds}
    return list(Fact.objects.filter(pk__in=_standing(project, kinds)).order_by("-recorded_at", "pk"))


def _standing(project: Project, kinds: Iterable[str]) -> list[str]:
    """Ids of the facts of some kinds that hold today: neither corrected nor disputed nor past their day."""
    day = today().isoformat()
    return [
        row["id"]
        for row in evidence.rows(project, window_to=today(), cutoff=datetime.date.max, only=kinds)
        if not row["superseded_by"]
        and row["disputed"] == "false"
        and (not row["valid_until"] or row["valid_until"] >= day)
    ]


def bars_to_apply(project: Project) -> bool:
    """Whether false reporting that was found still bars this project from applying."""
    return bool(_standing(project, ["report.false_data"]))


def due_vetoes() -> Iterable[Application]:
    """Awarded applications for whose project a veto holds today: they go under review.

    Two statements for all that were scored by the same vetoes, however many they are.
    """
    rows = Application.objects.filter(state=S.AWARDED).exclude(snapshot=None).select_related(
        "project__company", "project__estate", "cycle", "snapshot"
    ).defer("snapshot__packed_rows", "snapshot__result", "snapshot__exact")  # fmt: skip
    alike: dict[str, list[Application]] = {}
    for application in rows:
        assert application.snapshot is not None
        document = application.snapshot.document
        alike.setdefault(repr((document["window"], document.get("min_trust"), document.get("vetoes"))), []).append(
            application
        )
    for group in alike.values():
        standard = _standard_of(group[0])
        for start in range(0, len(group), reading.AT_ONCE):
            some = group[start : start + reading.AT_ONCE]
            holding = reading.vetoes_holding(standard, [application.project for application in some], on=today())
            yield from (application for application in some if holding[application.project_id])


def starred_by(fact: Fact) -> Iterable[Application]:
    """Awarded applications of the projects that a fact counts for, by itself, by name or through the company."""
    projects = Q(project__in=[int(key.partition(":")[2]) for key in fact.subjects if key.startswith("project:")])
    companies = [int(key.partition(":")[2]) for key in fact.subjects if key.startswith("company:")]
    kind = kinds.find(fact.kind)
    if kind is not None and kind.reach == "projects":
        projects |= Q(project__company__in=companies, project__in=Project.objects.on(today()).values("pk"))
    return Application.objects.filter(projects, state=S.AWARDED).select_related("project", "cycle", "snapshot")


def starred_without_service() -> Iterable[Application]:
    """Applications with a star whose company no longer serves the project."""
    serving = Project.objects.on(today()).values("pk")
    return Application.objects.filter(state__in=(S.AWARDED, S.UNDER_REVIEW)).exclude(project__in=serving)


# Benefits

#: Who owes a benefit where the standard does not say: by kind, from so many stars on.
OWNERS = {
    "plaque": ((4, "gov_city"), (3, "gov_district"), (0, "association_secretariat")),
    "reward": ((4, "gov_city"), (0, "gov_district")),
    "media": ((4, "gov_city"), (3, "gov_district"), (0, "association_secretariat")),
    "credit_bonus": ((0, "gov_city"),),
    "tender_recommend": ((0, "association_secretariat"),),
    "honour_recommend": ((4, "association_secretariat"), (0, "gov_district")),
    "inspection_relief": ((0, "gov_city"),),
}


def owner_of(row: Mapping[str, Any], stars: int, place: str) -> tuple[str, str, Organisation | None]:
    """Role, place and body that owe a benefit of the standard for a project in a place."""
    role = row.get("owner") or next(role for least, role in OWNERS[row["id"]] if stars >= least)
    if role == "association_secretariat":
        return role, "", Organisation.objects.filter(kind="association").order_by("pk").first()
    code = place[: {"gov_city": 4, "gov_district": 6, "gov_street": 9}.get(role, 12)]
    office = Appointment.objects.now().filter(role=role, place=code).exclude(organisation=None).order_by("pk").first()
    body = office.organisation if office else _office_at(code)
    return role, code, body


def _office_at(code: str) -> Organisation | None:
    return Organisation.objects.filter(kind="government_unit", place=code).order_by("pk").first()


def role_label(role: str, place: str) -> str:
    """The owner in words where no body is on record: the place and the office."""
    where = Place.objects.filter(code=place).first() if place else None
    return f"{where or ''}{roles.label(role)}"


# The panel


@dataclass(frozen=True)
class Pool:
    pool: str
    said: str
    candidates: list[int]
    excluded: list[dict[str, Any]] = field(default_factory=list)


def reviewer_pool(application: Application, wanted: int, *, but: Iterable[int] = ()) -> Pool:
    """The nearest circle of reviewers with enough people who have no interest: street, neighbour, district, city.

    Kept out: who belongs to the company, to one that serves another estate in the same street (a competitor), or has
    declared to keep away. The last circle is taken even if too few are left; the caller sees how many.
    """
    place, gone = application.project.estate.place_id, set(but)
    barred = _barred(application)
    fit: dict[int, str] = {}
    excluded: dict[int, str] = {}
    for person, codes in _reviewers(place[:4]).items():
        reason = "已退出" if person in gone else barred(person)
        if reason:
            excluded[person] = reason
        else:
            fit[person] = codes
    out = [{"person": person, "reason": excluded[person]} for person in sorted(excluded)]
    for name, label, inside in _circles(place):
        near = sorted(person for person, code in fit.items() if inside(code))
        if len(near) >= wanted or name == "city":
            few = len(near) < wanted
            said = (TOO_FEW if few else DRAWN)(where=label, near=len(near), out=len(out), wanted=wanted)
            return Pool(name, said, near, out)
    raise AssertionError("the city is the last circle")


def _circles(place: str) -> list[tuple[str, str, Any]]:
    street, district = place[:9], place[:6]
    neighbour = _neighbour(street)
    return [
        ("street", gettext_noop("本街道"), lambda code: code.startswith(street)),
        ("neighbour", gettext_noop("本街道和相邻街道（本街道人数不足）"),
         lambda code: code.startswith(street) or bool(neighbour) and code.startswith(neighbour)),
        ("district", gettext_noop("全县区（相邻街道人数仍不足）"), lambda code: code.startswith(district)),
        ("city", gettext_noop("全市（县区人数仍不足）"), lambda code: True),
    ]  # fmt: skip


def _neighbour(street: str) -> str:
    """The street of the same district whose code is nearest (codes run by neighbourhood); empty if there is none."""
    codes = Place.objects.filter(under("code", street[:6]), level=Place.Level.STREET).values_list("code", flat=True)
    others = [code for code in codes if code != street]
    return min(others, key=lambda code: (abs(int(code) - int(street)), code), default="")


def _reviewers(city: str) -> dict[int, str]:
    """Reviewers in office today, with the place of the body they come from (the city's where it has none)."""
    rows = Appointment.objects.now().filter(role="reviewer").values_list("person_id", "organisation__place_id")
    found: dict[int, str] = {}
    for person, code in rows.order_by("pk"):
        found.setdefault(person, code or city)
    return found


def _barred(application: Application) -> Any:
    """A function that says why a reviewer must keep away, or an empty text."""
    day, project = today(), application.project
    street = project.estate.place_id[:9]
    rivals = set(
        Project.objects.on(day).filter(under("estate__place_id", street)).exclude(company=project.company_id)
        .exclude(estate=project.estate_id).values_list("company_id", flat=True)
    )  # fmt: skip
    bodies: dict[int, set[int]] = {}
    for person, body in (
        Appointment.objects.now().exclude(organisation=None).values_list("person_id", "organisation_id")
    ):
        bodies.setdefault(person, set()).add(body)
    declared = set(
        Recusal.objects.filter(organisation=project.company_id).filter(Q(ended_on=None) | Q(ended_on__gte=day))
        .values_list("person_id", flat=True)
    )  # fmt: skip

    def why(person: int) -> str:
        own = bodies.get(person, set())
        if project.company_id in own:
            return "任职于申报企业"
        if own & rivals:
            return "任职于同街道服务的竞争企业"
        return "登记了回避" if person in declared else ""

    return why


def marks(application: Application, rounds: int) -> dict[str, list[int]]:
    """Indicator → the points of the current panel in one round, in hundredths, lowest first."""
    rows = Mark.objects.filter(
        assignment__application=application, assignment__released_at=None, round=rounds
    ).values_list("indicator", "points")
    found: dict[str, list[int]] = {}
    for indicator, points in rows.order_by("indicator", "points"):
        found.setdefault(indicator, []).append(points)
    return found


def settled_marks(application: Application) -> dict[str, int]:
    """The panel's result by indicator in hundredths: of the second round where the panel met, else of the first."""
    return {
        indicator: law.settled(points)
        for indicator, points in {**marks(application, 1), **marks(application, 2)}.items()
    }


def proven(application: Application) -> bool:
    """Whether the project was given four stars or more in both cycles before this one."""
    cycle = application.cycle
    years = Award.objects.filter(
        project=application.project_id, stars__gte=4, application__cycle__place_code=cycle.place_code,
        application__cycle__year__in=[cycle.year - 1, cycle.year - 2],
    ).exclude(ending=Award.Ending.REVOKED)  # fmt: skip
    return years.values("application__cycle__year").distinct().count() == 2
