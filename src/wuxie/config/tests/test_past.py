"""The finished years of the large demo city: cases as the workflows could have led them, with their facts in the ledger."""

from __future__ import annotations

import calendar
import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from wuxie.config.demo import city as building
from wuxie.config.demo import large, names, past, ratings, years
from wuxie.kernel.facts import audit, bulk
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.standards import document
from wuxie.kernel.workflow.models import DeadlineRow, Event
from wuxie.rooms.rating.models import Application, Award, Benefit, Objection
from wuxie.rooms.rating.standards import DEMONSTRATION
from wuxie.rooms.register.models import Estate, Project

YEARS = range(2023, 2026)
SECRETARY, AUTHORITY = ("person:1", "陈示春", "协会秘书处"), ("person:2", "唐例东", "市住房和城乡建设局")


@pytest.fixture
def world(city: dict[str, Any]) -> past.World:
    association = Organisation.objects.create(kind="association", name="演示物协")
    bureau = Organisation.objects.create(kind="government_unit", name="演示住建局", place_id="5104")
    company = Organisation.objects.create(kind="company", name="角宿物业")
    places = []
    for number in range(20):
        estate = Estate.objects.create(name=f"立春{number}", code=f"XQ{number:05d}", place_id="510402001001")
        project = Project.objects.create(estate=estate, company=company, starts_on=datetime.date(2014, 1, 1))
        places.append(
            past.Place(
                project.pk, project.key, estate.key, company.pk, estate.klass, estate.place_id, 760 + 11 * number,
                ("person:3", "角", "企业管理员"), ("person:4", "亢", "社区"), ("person:5", "氐", "街道"),
            )
        )  # fmt: skip
    data = document.load_yaml(DEMONSTRATION.read_bytes())
    return past.World(
        places, SECRETARY, AUTHORITY, bureau.pk, bureau.name, association.pk, association.name, data["benefits"],
        "red-property-star@2026.1", {"A": 16, "B": 14}, YEARS,
    )  # fmt: skip


def months(first: int, last: int) -> list[datetime.date]:
    return [
        datetime.date(year, month, calendar.monthrange(year, month)[1])
        for year in range(first, last + 1)
        for month in range(1, 13)
    ]


def test_every_step_was_allowed_and_a_year_comes_out_the_same_twice(world: past.World) -> None:
    cases = list(past.of_year(world, 2024))
    again = list(past.of_year(world, 2024))
    assert [(case.key, case.columns, case.steps) for case in cases] == [
        (case.key, case.columns, case.steps) for case in again
    ]
    assert len({case.key for case in cases}) == len(cases) > 100
    for case in cases:
        state, day = str(case.workflow.initial), case.opened
        for taken in case.steps:
            step = case.workflow.steps[taken.step]
            assert state in step.sources, (case.key, taken.step)
            assert taken.day >= day, (case.key, taken.step)
            state, day = str(step.target or state), taken.day
        assert state in case.workflow.final or (case.workflow.name, state) == ("star_application", "awarded")


def test_cases_events_and_facts_belong_together(world: past.World) -> None:
    spans = months(2023, 2026)
    bulk.load([bulk.Batch(large._evening(end), lambda end=end: past.fact_rows(world, end)) for end in spans])
    made = sum(past.write_year(world, year) for year in YEARS)
    past.finish(world)
    assert made == sum(model.objects.count() for model in (Application, Benefit, Objection))
    assert Application.objects.count() == 60
    assert Objection.objects.exists() and Benefit.objects.filter(state="confirmed").exists()
    # Each step but the opening stands in the ledger, under the source that the engine gives it.
    events = Event.objects.exclude(step="open")
    assert not events.filter(fact_id="").exists()
    facts = dict(Fact.objects.values_list("id", "source"))
    assert sorted(facts) == sorted(events.values_list("fact_id", flat=True))
    one = events.filter(step="award").first()
    assert one is not None and facts[one.fact_id].startswith(f"star_application:{one.case_pk}/award/")
    assert audit.examine().well
    # Who has a star today has one that stands, with the periods that the clock watches; nobody has two.
    standing = Award.objects.filter(ended_on=None)
    assert standing.count() == Application.objects.filter(state="awarded").count() > 0
    watched = DeadlineRow.objects.filter(state="open")
    assert set(watched.values_list("name", flat=True)) == {"validity", "yearly_review"}
    assert watched.count() == 2 * standing.count()
    # The next case does not meet a number that is taken.
    Application.objects.create(
        cycle_id=1, project=Project.objects.create(
            estate=Estate.objects.all()[0], company=Organisation.objects.get(kind="company"),
            starts_on=datetime.date(2015, 1, 1),
        ), klass="mixed", state="draft", opened_at=large._evening(spans[0]), changed_at=large._evening(spans[0]),
    )  # fmt: skip


def test_names_do_not_repeat_and_the_small_ones_stay() -> None:
    estates = [names.estate_name(index) for index in range(building.LARGE.estates)]
    companies = [names.company_name(index) for index in range(building.LARGE.companies)]
    assert len(set(estates)) == 1500 and len(set(companies)) == 400
    assert (estates[0], estates[25], companies[3]) == (
        "立春里（虚构）",
        "雨水园（虚构）",
        "房宿物业服务有限公司（虚构）",
    )
    assert all("虚构" in name for name in (*estates, *companies))


def test_history_ends_before_the_story_begins() -> None:
    spans = list(large._spans(datetime.date(2026, 11, 25)))
    assert (spans[0].start, spans[-1].end) == (datetime.date(2016, 1, 1), datetime.date(2026, 8, 31))
    assert [span.first for span in spans].count(True) == 1
    assert all(
        after.start == before.end + datetime.timedelta(days=1) for before, after in zip(spans, spans[1:], strict=False)
    )


def test_the_large_city_has_duties_and_hazards_before_its_accounts_are_written(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of the accounts is an electrician with a list: without one the load broke off on its last line."""
    done: list[str] = []
    day = datetime.date(2026, 11, 25)
    teller = SimpleNamespace(city="city", today=day)
    evidence = SimpleNamespace(end=day, told=lambda start, end: done.append(f"facts until {end}"))

    def this_year(teller: Any, report: Any, told: Any) -> None:
        for back in (30, 1):
            told(day - 60 * large.DAY, day - back * large.DAY)

    monkeypatch.setattr(large, "_history", lambda *_rest: ("city", teller, evidence, 0))
    monkeypatch.setattr(ratings, "publish_standard", lambda *_rest: None)
    monkeypatch.setattr(years, "this_year", this_year)
    monkeypatch.setattr(large.safe, "last_weeks", lambda city, today: done.append(f"last weeks of {city}"))
    monkeypatch.setattr(large.safe, "last_night", lambda city, today: done.append(f"last night of {city}"))
    monkeypatch.setattr(large.votes, "tell", lambda city, end, today: done.append(f"votes of {city} until {end}"))
    monkeypatch.setattr(large.conduct, "begin", lambda city, day: done.append(f"the panel of {city}"))
    monkeypatch.setattr(large.conduct, "numbers", lambda city, today: done.append(f"credit in {city}"))
    monkeypatch.setattr(large, "accounts", lambda city: done.append("accounts") or "")
    large.load(lambda *_rest: None)
    assert done == [
        "the panel of city",
        "votes of city until 2026-10-26",
        "facts until 2026-10-26",
        "last weeks of city",
        "votes of city until 2026-11-24",
        "facts until 2026-11-24",
        "last night of city",
        "credit in city",
        "accounts",
    ]
