"""Ten finished years of ratings for the large city: what the cases of those years left behind, written down set by set.

The steps are those of the declared workflows, each with its event and its fact under the names that the engine would have
given them. They are taken over as history: without frozen snapshots, papers or marks, and without ended deadlines. A year
is computed from its number alone, so that the helper that makes the facts and the process that writes the rows get the
same cases without handing them over.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from stdnum.iso7064 import mod_37_36

from wuxie.kernel import labels
from wuxie.kernel.access.actor import THE_CLOCK
from wuxie.kernel.clock.now import SHANGHAI, frozen
from wuxie.kernel.facts.ledger import ulid
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.rows import insert
from wuxie.kernel.parties.secrets import encrypt
from wuxie.kernel.workflow import deadlines, desk
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.table import Workflow
from wuxie.rooms.rating.codes import LETTERS
from wuxie.rooms.rating.models import Application, Award, Benefit, Cycle, Objection, Opinion
from wuxie.rooms.rating.workflow import STAR_APPLICATION, STAR_BENEFIT, STAR_OBJECTION

from .city import CITY, City

DAY = datetime.timedelta(days=1)
Who = tuple[str, str, str]
"""Key, name and title."""
CLOCK: Who = (THE_CLOCK.key, THE_CLOCK.name, THE_CLOCK.title)
VISITOR: Who = ("visitor", "", "")


@dataclass(frozen=True)
class Place:
    """What the past needs to know of a project."""

    pk: int
    key: str
    estate: str
    company_pk: int
    klass: str
    place: str
    quality: int
    company: Who
    community: Who
    street: Who


@dataclass(frozen=True, eq=False)
class World:
    """Everything that does not change from year to year."""

    projects: list[Place]
    secretary: Who
    authority: Who
    authority_pk: int
    authority_name: str
    association_pk: int
    association_name: str
    benefits: list[Mapping[str, Any]]
    standard: str
    groups: dict[str, int]
    years: range
    seed: int = 5104


@dataclass
class Taken:
    """One step that was taken."""

    step: str
    day: datetime.date
    by: Who
    version: int
    fact: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    hour: int = 10


@dataclass
class Past:
    """One case of the past: its workflow, its columns, the project it is about and its steps."""

    workflow: Workflow
    pk: int
    about: Place
    columns: dict[str, Any]
    opened: datetime.date
    opened_by: Who
    steps: list[Taken] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    def take(self, step: str, day: datetime.date, by: Who, **rest: Any) -> None:
        self.steps.append(Taken(step, day, by, len(self.steps) + 1, **rest))

    @property
    def key(self) -> str:
        return f"{self.workflow.name}:{self.pk}"

    def source(self, taken: Taken) -> str:
        return f"{self.key}/{taken.step}/{taken.version}"


def at(day: datetime.date, hour: int = 10) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour), SHANGHAI).astimezone(datetime.UTC)


def _number(*parts: object) -> str:
    """A number with its check character, as ``codes.new_number`` draws it, here from what it is for."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    body = "".join(LETTERS[byte & 31] for byte in digest[:8])
    return f"{body[:4]}-{body[4:]}-{mod_37_36.calc_check_digit(body)}"


# ── one year ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def of_year(world: World, year: int) -> Iterator[Past]:
    """All cases of a year's cycle in the order of their keys. Applications in January of the next year, stars in March."""
    rng = random.Random(f"{world.seed}/{year}")  # noqa: S311  a repeatable sample, no secret
    count = len(world.projects)
    base = (year - world.years.start) * count
    # Five-star places are for the best tenth.
    best = set(sorted(range(count), key=lambda n: -world.projects[n].quality)[: count // 10])
    for place, about in enumerate(world.projects):
        yield from _of_project(world, rng, year, base + place + 1, about, place in best)


def _of_project(world: World, rng: random.Random, year: int, pk: int, about: Place, best: bool) -> Iterator[Past]:
    start = datetime.date(year + 1, 1, 4) + DAY * rng.randrange(16)
    stars = (
        0 if rng.randrange(1000) < 50 else 5 if best else 4 if about.quality > 850 else 3 if about.quality > 790 else 2
    )
    case = _application(world, year, pk, about, start, stars)
    objected, hearing = stars and rng.randrange(100) < 56, start + 50 * DAY
    objection = None
    if objected:
        day = hearing + DAY * (1 + rng.randrange(6))
        case.take("object", day, VISITOR, hour=9)
        case.take("resolve_objection", day + 2 * DAY, world.secretary, hour=16)
        objection = _objection(world, year, pk, about, day)
    award_on = hearing + 15 * DAY
    if stars:
        _decide(world, case, year, award_on, stars)
    yield case
    if objection:
        yield objection
    if stars:
        for place, row in enumerate(world.benefits):
            text = {int(one): words for one, words in row.get("per_star", {}).items()}.get(stars)
            if text and not row.get("off"):
                yield _benefit(world, case, pk * 8 + place, row, str(text), award_on, rng)


def _application(world: World, year: int, pk: int, about: Place, start: datetime.date, stars: int) -> Past:
    share = min(about.quality + 40, 990)
    scores = {group: f"{points * share // 1000}" for group, points in world.groups.items()}
    hearing = start + 50 * DAY
    case = Past(
        STAR_APPLICATION, pk, about,
        {
            "cycle_id": year - world.years.start + 1, "project_id": about.pk, "klass": about.klass, "party_form": "独立支部",
            "self_scores": json.dumps(scores), "self_total": str(sum(map(int, scores.values()))), "promise": True,
            "contact": about.company[1], "filed_by": about.company[0], "submitted_on": start, "review_round": 3,
            "proposed_stars": stars or None, "hearing_on": hearing, "publicity_from": hearing if stars else None,
            "publicity_to": hearing + 9 * DAY if stars else None, "decided_on": hearing if not stars else None,
            "number": f"XJ-{year}-{about.place[:6]}-{pk:05d}", "place_code": about.place,
        },
        start, about.company,
    )  # fmt: skip
    case.take("submit", start, about.company)
    case.take("open_check", start + DAY, world.secretary)
    case.take("pass_check", start + 4 * DAY, world.secretary)
    case.take("give_opinion", start + 9 * DAY, about.street, hour=15)
    case.take("freeze_snapshot", start + 30 * DAY, CLOCK, hour=1, data={"standard": world.standard})
    case.take("finish_review", start + 44 * DAY, world.secretary)
    if stars:
        case.take("resolve", hearing, world.authority, data={"stars": stars})
    else:
        case.take("decline", hearing, world.authority)
    return case


def _decide(world: World, case: Past, year: int, day: datetime.date, stars: int) -> None:
    until = day + 364 * DAY
    plaque = _number("plaque", world.seed, case.pk)
    case.take("end_publicity", day - 5 * DAY, CLOCK, hour=1)
    case.take(
        "award", day, world.authority, data={"stars": stars, "plaque": plaque},
        fact={"quantity": str(stars), "valid_until": until, "trust": "authority_document"},
    )  # fmt: skip
    case.more = {"stars": stars, "plaque": plaque, "day": day, "until": until, "year": year}
    if year + 1 in world.years:
        case.take("expire", until + DAY, CLOCK, hour=1)


def _objection(world: World, year: int, pk: int, about: Place, day: datetime.date) -> Past:
    receipt = _number("objection", world.seed, pk)
    case = Past(
        STAR_OBJECTION, pk, about,
        {
            "application_id": pk, "receipt": receipt, "number": receipt, "indicator": "D2", "by": "visitor",
            "text": "公示的闭环率与我们楼道里看到的不一样，请核对台账。", "reply": "已核对台账与现场，公示数据无误，维持公示结果。",
            "replied_by": world.secretary[0], "replied_on": day + 2 * DAY, "facts": "[]", "place_code": about.place,
            "contact": f"1000{year:04d}{pk % 1000:03d}",
        },
        day, VISITOR,
    )  # fmt: skip
    case.take("reject", day + 2 * DAY, world.secretary)
    return case


def _benefit(
    world: World, case: Past, pk: int, row: Mapping[str, Any], text: str, day: datetime.date, rng: random.Random
) -> Past:
    due, own = day + DAY * int(row.get("due_days", 30)), row["id"] in ("media", "tender_recommend")
    owner = world.secretary if own else world.authority
    done = day + DAY * (3 + rng.randrange(30))
    found = Past(
        STAR_BENEFIT, pk, case.about,
        {
            "application_id": case.pk, "award_id": case.pk, "kind": row["id"], "label": row["label"], "offer": text,
            "proof_wanted": row.get("proof", ""), "owner_id": world.association_pk if own else world.authority_pk,
            "owner_role": "association_secretariat" if own else "gov_city", "owner_place": "" if own else CITY,
            "owner_label": world.association_name if own else world.authority_name, "due_on": due,
            "scheduled_for": day + 2 * DAY, "delivered_on": done, "proof": f"凭证 {row['id']}-{pk:06d}",
            "number": case.more["plaque"], "place_code": case.about.place,
        },
        day, CLOCK,
    )  # fmt: skip
    found.take("schedule", day + 2 * DAY, owner)
    found.take("deliver", done, owner)
    found.take("confirm", done + 2 * DAY, case.about.company)
    return found


# ── its facts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def fact_rows(world: World, month: datetime.date) -> Iterator[dict[str, Any]]:
    """What these cases announced in a month (any day of it)."""
    for year in (month.year - 2, month.year - 1):
        if year in world.years:
            yield from _facts_of(world, year).get((month.year, month.month), ())


@lru_cache(maxsize=3)
def _facts_of(world: World, year: int) -> dict[tuple[int, int], list[dict[str, Any]]]:
    found: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    for case in of_year(world, year):
        for taken in case.steps:
            kind = case.workflow.steps[taken.step].fact
            if kind is not None:
                found[taken.day.year, taken.day.month].append({
                    "kind": kind.code, "subject": case.about.key, "occurred_on": taken.day, "source": case.source(taken),
                    "by": taken.by[0], **taken.fact,
                })  # fmt: skip
    return found


# ── its rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────

CASE = ["id", "state", "version", "reopened", "number", "place_code", "opened_at", "changed_at"]
EVENT = [
    "id", "workflow", "case_pk", "step", "label", "source", "target", "by", "by_name", "by_title", "at", "note", "data",
    "papers", "fact_id", "private",
]  # fmt: skip
DEFAULTS: dict[type[Any], dict[str, Any]] = {
    Application: {
        "supplemented": False, "supplement_asked": "", "snapshot_id": None, "review_reason": "", "review_facts": "[]",
        "lower_stars": None, "appealed": False, "appealed_from": "", "display_stopped_on": None,
    },
    Objection: {},
    Benefit: {"block_reason": "", "published_pending": False},
}  # fmt: skip


def write_year(world: World, year: int) -> int:
    """All rows of a year's cases; their number."""
    cases = list(of_year(world, year))
    made = _fact_ids(year)
    with transaction.atomic():
        _cycle(world, year)
        for model, workflow in ((Application, STAR_APPLICATION), (Objection, STAR_OBJECTION)):
            _insert(model, [case for case in cases if case.workflow is workflow])
        awarded = [case for case in cases if case.more]
        _awards(awarded, made, year)
        _insert(Benefit, [case for case in cases if case.workflow is STAR_BENEFIT])
        _opinions([case for case in cases if case.workflow is STAR_APPLICATION])
        insert(Event, EVENT, [row for case in cases for row in _events(case, made)])
    return len(cases)


def _fact_ids(year: int) -> dict[str, str]:
    """The facts of procedures from the spring after a year on, by their source."""
    steps = [step for workflow in (STAR_APPLICATION, STAR_BENEFIT, STAR_OBJECTION) for step in workflow.steps.values()]
    kinds = sorted({step.fact.code for step in steps if step.fact})
    span = (datetime.date(year + 1, 1, 1), datetime.date(year + 2, 12, 31))
    rows = Fact.objects.filter(kind__in=kinds, occurred_on__range=span)
    return dict(rows.values_list("source", "id").iterator(chunk_size=20_000))


def _cycle(world: World, year: int) -> None:
    end = datetime.date(year, 12, 31)
    Cycle.objects.create(
        pk=year - world.years.start + 1, name=f"{year} 年度红色物业星级评定", year=year, place_code=CITY, state="closed",
        document_number=f"演示组发〔{year}〕7号", document_title="关于开展红色物业星级评定工作的通知（演示）",
        document_authority="演示市委组织部、演示市住房和城乡建设局（虚构）", standard=world.standard,
        window_from=datetime.date(year, 1, 1), window_to=end, cutoff=end + 21 * DAY, apply_from=end + DAY,
        apply_to=end + 25 * DAY, valid_months=12, budget_number=f"演示财建〔{year}〕18号",
        budget_text="四星 2 万元，五星 5 万元，以当年文件为准", quota_settled_on=end + 60 * DAY, opened_on=end - 20 * DAY,
        closed_on=end + 150 * DAY,
    )  # fmt: skip


def _state(case: Past) -> str:
    """Where the steps led; only ``award`` … ``expire`` may lead back into publicity, so the last move counts."""
    state = case.workflow.initial
    for taken in case.steps:
        state = case.workflow.steps[taken.step].target or state
    return str(state)


def _insert(model: type[Any], cases: list[Past]) -> None:
    if not cases:
        return
    rest = DEFAULTS[model]
    own = list(cases[0].columns)
    names = [name for name in own if name not in CASE]
    sealed = {"contact"} if model is Objection else set()

    def value(case: Past, name: str) -> Any:
        found = case.columns[name]
        return encrypt(found, context="rating.objection.contact") if name in sealed else found

    rows = [
        [
            case.pk, _state(case), len(case.steps), 0, case.columns["number"], case.columns["place_code"],
            at(case.opened), at(case.steps[-1].day, case.steps[-1].hour), *(value(case, name) for name in names),
            *rest.values(),
        ]
        for case in cases
    ]  # fmt: skip
    insert(model, [*CASE, *names, *rest], rows)


def _awards(cases: list[Past], made: dict[str, str], year: int) -> None:
    """The year's stars; those of the year before that still stood are replaced by them."""
    rows = []
    for case in cases:
        more = case.more
        taken = next(one for one in case.steps if one.step == "award")
        ended = len(case.steps) > taken.version
        rows.append([
            case.pk, case.pk, case.about.pk, more["stars"], more["plaque"], f"演示住建〔{year + 1}〕{case.pk}号", "", more["day"],
            more["day"], more["until"], more["until"] + DAY if ended else None,
            "superseded" if ended else "", "期满，由新一年度的评定接续" if ended else "", made.get(case.source(taken), ""),
        ])  # fmt: skip
    names = [
        "id", "application_id", "project_id", "stars", "plaque", "decision", "decision_paper", "decided_on", "valid_from",
        "valid_until", "ended_on", "ending", "ending_reason", "fact_id",
    ]  # fmt: skip
    insert(Award, names, rows)


def _opinions(cases: list[Past]) -> None:
    rows = []
    for case in cases:
        day = case.opened + 9 * DAY
        for level, who, hour in (("community", case.about.community, 10), ("street", case.about.street, 15)):
            rows.append((case.pk, level, "agrees", "", "", who[0], who[1], at(day, hour)))
    insert(Opinion, ["application_id", "level", "stance", "text", "paper", "by", "by_name", "at"], rows)


def _events(case: Past, made: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    workflow = case.workflow
    state = str(workflow.initial)
    key, name, title = case.opened_by
    yield (
        _event_id(case, 0, at(case.opened)), workflow.name, case.pk, "open", labels.kept(workflow.label), "", state, key, name,
        title, at(case.opened), "", "{}", "{}", "", False,
    )  # fmt: skip
    for taken in case.steps:
        step = workflow.steps[taken.step]
        target = str(step.target or state)
        key, name, title = taken.by
        moment = at(taken.day, taken.hour)
        yield (
            _event_id(case, taken.version, moment), workflow.name, case.pk, taken.step, labels.kept(step.label), state, target,
            key, name, title, moment, "", json.dumps(taken.data, ensure_ascii=False), "{}",
            made.get(case.source(taken), ""), False,
        )  # fmt: skip
        state = target


def _event_id(case: Past, version: int, moment: datetime.datetime) -> str:
    digest = hashlib.sha256(f"{case.key}/{version}".encode()).digest()[:10]
    return ulid(int(moment.timestamp() * 1000) << 80 | int.from_bytes(digest))


def finish(world: World) -> None:
    """Numbers go on after ours; the stars that still stand get the periods that the clock watches, and their desk rows."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Cycle, Application, Award, Benefit, Objection]):
            cursor.execute(statement)
    watched = list(STAR_APPLICATION.steps["award"].deadlines)
    rows = Application.objects.filter(state="awarded").select_related("project__estate", "project__company", "cycle")
    with transaction.atomic():
        for case in rows:
            award = case.awards.get(ended_on=None)
            with frozen(at(award.decided_on)):
                for one in watched:
                    deadlines.start(STAR_APPLICATION, case, one)
                desk.set_turns(STAR_APPLICATION, case)


def world_of(city: City, document: Mapping[str, Any], standard: str, people: Mapping[str, Any], years: range) -> World:
    """``people`` gives the acting persons: ``secretary``, ``authority``, and by key ``company``, ``community``, ``street``."""
    projects = [
        Place(
            project.pk, project.key, project.estate.key, project.company_id, project.estate.klass, project.estate.place_id,
            city.quality[project.pk], people["company"][project.company_id], people["community"][project.estate.place_id],
            people["street"][project.estate.place_id[:9]],
        )
        for project in city.projects
    ]  # fmt: skip
    bureau = people["bureau"]
    return World(
        projects, people["secretary"], people["authority"], bureau.pk, bureau.name, city.association.pk,
        city.association.name, document["benefits"], standard,
        {str(group["id"]): int(float(group["points"])) for group in document["groups"]}, years,
    )  # fmt: skip
