"""The large demo city: the size of a province's capital, ten years of it, in the order in which it happened.

400 companies, 1,500 estates, 300,000 units, ten million facts, and 100,000 cases of the workflows there are: what ten
yearly ratings of 1,500 projects hold (applications, benefits, objections). On top of it the ratings of this year, told as
in the small city. Each part is committed for itself: ten million facts are too much for one transaction.
"""

from __future__ import annotations

import calendar
import datetime
import gc
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction

from wuxie.kernel.clock.now import SHANGHAI, frozen, today
from wuxie.kernel.facts import bulk, ledger, sealer
from wuxie.kernel.jobs import outbox
from wuxie.kernel.papers.actions import print_later
from wuxie.kernel.parties.models import Appointment, Organisation, Person
from wuxie.kernel.standards import actions as standards
from wuxie.kernel.standards import document as documents
from wuxie.kernel.workflow import clock
from wuxie.rooms.rating.standards import DEMONSTRATION
from wuxie.rooms.register.actions import levels

from . import city as building
from . import conduct, past, ratings, safe, story, votes, years
from .evidence import Maker, Row, company_rows, project_rows
from .load import Progress, accounts

DAY = datetime.timedelta(days=1)
#: The last day that is loaded as history lies this many days back, at the end of a month; then the story begins.
STORY_DAYS = 80
YEARS = 10
#: Duties as one fact a day in the last years, as one a week before.
DAILY_YEARS = 4
#: Parts of the bar, in thousandths.
BODIES, FACTS, CASES, STORY = 150, 620, 120, 110


@dataclass(frozen=True)
class Subject:
    """Who announces evidence, without a database behind it: the helper has none."""

    key: str
    quality: int
    households: int = 300
    area: int = 30_000
    projects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Span:
    """A month of evidence."""

    start: datetime.date
    end: datetime.date
    daily: bool
    first: bool


def load(progress: Progress) -> str:
    """Build it all; returns the text that lists the demo accounts."""
    loaded_on = today()
    spans = list(_spans(loaded_on))
    with _uncollected():
        made, teller, evidence, total = _history(progress, loaded_on, spans)
    with transaction.atomic():
        _this_year(teller, evidence, lambda done, words: progress(1000 - STORY + STORY * done // 6, 1000, words))
    progress(1000, 1000, f"历史事实 {total:,} 条")
    return accounts(made)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for cycles: millions of rows hold none, and every search goes through all of them."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _history(
    progress: Progress, loaded_on: datetime.date, spans: list[Span]
) -> tuple[building.City, story.Teller, Evidence, int]:
    """Bodies, people and ten years of facts and cases; with them the number of facts."""
    progress(0, 1000, "单位、小区、户室、人员")
    with frozen(spans[0].start), transaction.atomic():
        made = building.build(building.LARGE)
    first = [row for one in made.projects for row in levels.first_rows(one, by="clock", on=spans[0].start)]
    progress(BODIES, 1000, "账本")
    teller = story.Teller(made, loaded_on)
    teller.load_people()
    world = _world(made, teller, spans)
    evidence = Evidence(made, world, spans, first)
    total = bulk.load(
        evidence.batches(),
        progress=lambda done, of, facts: progress(BODIES + FACTS * done // of, 1000, f"账本：{facts:,} 条事实"),
    )
    # Who had no star yet when these facts came loses none by them; what else they cause, they cause on the history's last evening.
    with story.on(spans[-1].end, 20):
        outbox.drain_all()
    for done, year in enumerate(world.years, start=1):
        past.write_year(world, year)
        progress(BODIES + FACTS + CASES * done // len(world.years), 1000, f"{year} 年度评定")
    past.finish(world)
    return made, teller, evidence, total


def _spans(loaded_on: datetime.date) -> Iterator[Span]:
    """The months from January ten years back until the story."""
    last = loaded_on - STORY_DAYS * DAY
    day, daily = datetime.date(last.year - YEARS, 1, 1), datetime.date(last.year - DAILY_YEARS + 1, 1, 1)
    first = True
    while True:
        end = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        if end > last:
            return
        yield Span(day, end, day >= daily, first)
        day, first = end + DAY, False


class Evidence:
    """What 1,500 projects and 400 companies announce; each subject and month has a chance of its own."""

    def __init__(self, made: building.City, world: past.World, spans: list[Span], first: list[Row]) -> None:
        self.world, self.spans, self.first = world, spans, first
        self.end = spans[-1].end
        self.projects = [
            Subject(one.key, made.quality[one.pk], one.estate.households, one.estate.area) for one in made.projects
        ]
        own: dict[int, list[Any]] = {company.pk: [] for company in made.companies}
        for one in made.projects:
            own[one.company_id].append(one)
        self.companies = [
            Subject(
                company.key, sum(made.quality[one.pk] for one in own[company.pk]) // max(len(own[company.pk]), 1) or 700,
                projects=tuple(one.key for one in own[company.pk]),
            )
            for company in made.companies
        ]  # fmt: skip

    def batches(self) -> list[bulk.Batch]:
        return [bulk.Batch(_evening(span.end), partial(self.month, span)) for span in self.spans]

    def month(self, span: Span) -> Iterator[Row]:
        """A month of history: the evidence by subject, and what the cases of the past announced."""
        if span.first:
            yield from self.first
        yield from self.rows(span, companies=span.first or span.end.month == 12 or span is self.spans[-1])
        yield from past.fact_rows(self.world, span.end)

    def rows(self, span: Span, *, companies: bool) -> Iterator[Row]:
        """Companies speak once a year, of the whole year."""
        for one in self.projects:
            make = self._maker(one, span.start, span)
            make.households, make.area = one.households, one.area
            yield from project_rows(make)
        for one in self.companies if companies else ():
            start = span.start if span.first else span.end.replace(month=1, day=1)
            if start == self.spans[0].start and not span.first:
                start = self.spans[0].end + DAY
            yield from company_rows(self._maker(one, start, span), list(one.projects))

    def _maker(self, one: Subject, start: datetime.date, span: Span) -> Maker:
        chance = random.Random(f"{one.key}/{span.end}")  # noqa: S311  a repeatable sample, no secret
        return Maker(one.key, start, span.end, one.quality, chance, daily=span.daily, levels=span.first, dated=True)

    def told(self, start: datetime.date, end: datetime.date) -> None:
        """For the story: what was announced between two days, as far as the history has not got it already."""
        start = max(start, self.end + DAY)
        rows = self.rows(Span(start, end, daily=True, first=False), companies=False) if start <= end else ()
        with story.on(end, 20):
            ledger.announce_many(sorted(rows, key=lambda row: row["occurred_on"]), by="clock")
            sealer.seal()


def _evening(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(20), SHANGHAI)


def _world(made: building.City, teller: story.Teller, spans: list[Span]) -> past.World:
    """The standard of all those years is the demonstration standard; it is read here and published by the story."""
    data = standards.checked(documents.load_yaml(DEMONSTRATION.read_bytes()))
    persons = dict(Person.objects.filter(appointments__isnull=False).values_list("pk", "name"))

    def who(role: str, where: object) -> past.Who:
        pk = teller.people[(role, where)]
        return (f"person:{pk}", persons[pk], titles[(role, where)])

    titles: dict[tuple[str, object], str] = {}
    for role, organisation, place, title in Appointment.objects.values_list(
        "role", "organisation_id", "place_id", "title"
    ):
        for where in (organisation, place):
            titles.setdefault((role, where), title)
    places = {one.estate.place_id for one in made.projects}
    people = {
        "secretary": who("association_secretariat", made.association.pk), "authority": who("gov_city", building.CITY),
        "bureau": Organisation.objects.get(kind="government_unit", place_id=building.CITY),
        "company": {company.pk: who("company_admin", company.pk) for company in made.companies},
        "community": {place: who("gov_community", place) for place in places},
        "street": {place[:9]: who("gov_street", place[:9]) for place in places},
    }  # fmt: skip
    years = range(spans[0].start.year, spans[-1].end.year)
    return past.world_of(made, data, f"{data['standard']}@{data['version']}", people, years)


def _this_year(teller: story.Teller, evidence: Evidence, report: Callable[[int, str], None]) -> None:
    """The ratings under way, as in the small city; what lies further back than the history's end is told there only."""
    done = 0

    def said(words: str) -> None:
        nonlocal done
        done += 1
        report(done, words)

    made, loaded_on = teller.city, teller.today

    def told(start: datetime.date, end: datetime.date) -> None:
        if end == loaded_on - DAY:
            safe.last_weeks(made, loaded_on)
        votes.tell(made, end, loaded_on)
        evidence.told(start, end)

    with print_later():
        ratings.publish_standard(teller, evidence.end + DAY)
        conduct.begin(made, evidence.end + DAY)
        years.this_year(teller, said, told)
        safe.last_night(made, loaded_on)
        conduct.numbers(made, loaded_on)
    outbox.drain_all()
    clock.take_due()
    sealer.seal()
