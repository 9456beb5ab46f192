"""The two standards: lines against the catalogue of evidence, months, scale, grades, the oracles of the scheme."""

from __future__ import annotations

import datetime
from fractions import Fraction
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import kinds, ledger
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.queries import not_replaced
from wuxie.kernel.standards import actions as standards
from wuxie.kernel.standards import document as documents
from wuxie.kernel.standards import selection
from wuxie.kernel.standards.judge import judge
from wuxie.rooms.conduct import credit, scoring
from wuxie.rooms.conduct.actions import scores
from wuxie.rooms.conduct.models import Score
from wuxie.rooms.conduct.views import scores as pages
from wuxie.rooms.register.models import Project
from wuxie.rooms.register.tests import factories as register

DAY = datetime.timedelta(days=1)


def score(events, *, projects=1, on="2026-06-30", issued="2026-06-01"):
    """What a company with these lines stands at: total and grade."""
    day = datetime.date.fromisoformat(on)
    rows = [
        {"id": f"f{n}", "kind": credit.line(name)["kind"], "subject": "company:1", "quantity": "1", "occurred_on": issued, "recorded_on": issued,
         "valid_until": "", "trust": "authority_document", "superseded_by": "", "disputed": "false"}
        for n, name in enumerate(events)
    ]  # fmt: skip
    rows.append(
        rows[0] | {"id": "p", "kind": credit.PROJECTS, "quantity": str(projects), "occurred_on": "2020-01-01"}
        if rows
        else {}
    )
    bound = documents.for_cycle(credit.document(credit.STATUTORY), start=day - 365 * DAY, end=day - DAY, cutoff=day)
    standard = documents.load(bound)
    result = judge(
        standard,
        selection.add_up(standard, selection.from_rows(filter(None, rows)), scale=selection.MILLION).of("company:1"),
    )
    return Fraction(*result.total), credit.GRADES[result.stars]


@pytest.mark.parametrize(
    ("events", "total", "grade"),
    [
        (["G04", "G08", "B03", "B03"], 80, "B"),
        (["G01", "B14"], 50, "D"),
        (["G01", "G02", "B09"], 88, "C"),  # a serious record in force: C at best
        (["G01", "G01", "G02", "G03", "G18", "G20"], 103, "A"),  # the highest honours are capped each
        (["D01"], 80, "D"),
        (["B11", "B12", "B13", "B14"], 0, "D"),  # not below nought
    ],
)
def test_the_scheme(events, total, grade):
    assert score(events) == (total, grade)


def test_it_counts_on_the_last_day_and_no_longer():
    assert score(["B01"], issued="2026-01-10", on="2026-07-10") == (78, "B")
    assert score(["B01"], issued="2026-01-10", on="2026-07-11") == (80, "B")
    assert credit.last_day(datetime.date(2026, 1, 10), 6) == datetime.date(2026, 7, 10)


@given(st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 12, 31)), st.sampled_from([6, 12, 24, 36]))
def test_the_last_day_is_that_of_the_language(issued, months):
    last = credit.last_day(issued, months)

    def counted(on):
        standard = documents.load(
            documents.for_cycle(credit.document(credit.ASSOCIATION), start=on - 365 * DAY, end=on - DAY, cutoff=on)
        )
        return selection.span(standard, months).holds(issued.isoformat())

    assert counted(last) and not counted(last + DAY)


def test_general_lines_are_scaled_by_projects_and_serious_ones_are_not():
    assert score(["B01"], projects=10) == (80 - 2 * Fraction("0.3028"), "B")
    assert score(["B01"], projects=500)[0] == 80 - 2 * Fraction("0.3")
    assert score(["B18"], projects=500)[0] == 70


@pytest.mark.parametrize(("least", "shown"), credit.SCALE)
def test_the_scale_is_the_logarithm_to_four_decimals(least, shown):
    exact = 1 / (1 + log(max(least, 1)))
    assert float(shown) == max(round(exact, 4), 0.3)


def test_every_line_reads_a_kind_that_somebody_declares():
    for one in credit.lines():
        kind = kinds.get(one["kind"])
        assert kind.measure != "event" and (kind.polarity == "good") >= (kind.polarity != "bad" and credit.is_good(one))
        assert (one.get("level", "") != "") == (not credit.is_good(one)), one["id"]


def test_the_two_never_read_the_same_line():
    kinds_of = {
        name: set(documents.load(documents.for_cycle(credit.document(name), start=datetime.date(2026, 1, 1), end=datetime.date(2026, 2, 1), cutoff=datetime.date(2026, 2, 1))).kinds)
        for name in credit.NAMES
    }  # fmt: skip
    assert not kinds_of[credit.STATUTORY] & kinds_of[credit.ASSOCIATION]
    assert (
        "discipline.sanction" in kinds_of[credit.ASSOCIATION]
        and credit.document(credit.STATUTORY)["min_trust"] == "authority_document"
    )


@pytest.mark.django_db
def test_what_is_shipped_is_a_standard_that_can_be_published_once(world):
    made = scores.publish_shipped(by=world["office"])
    assert [one.key for one in made] == ["company-credit@2026.2", "company-self-discipline@2026.2"]
    assert scores.publish_shipped(by=world["office"]) == []
    assert standards.published("company-credit@2026.2")["groups"][0]["indicators"][0]["wanted"][0]["id"] == "G01"


@pytest.mark.django_db
def test_a_star_of_a_project_is_a_line_of_its_company(world):
    scores.publish_shipped(by=world["office"])
    project = register.project(register.estate(), world.company)
    fact = ledger.announce(
        "star.awarded", project.key, occurred_on=datetime.date(2027, 3, 1), quantity="4", source="test", trust=3
    )
    scores.follow_star(fact)
    scores.follow_star(fact)
    statutory, own = scores.reckon(world.company)
    assert (statutory.total, [one["id"] for one in statutory.lines], own.total) == ("84.0", ["G06"], "80.0")


@pytest.mark.django_db
def test_who_is_new_to_the_city_gets_no_a_in_the_first_year(world, monkeypatch):
    monkeypatch.setitem(credit.book(), "base", 95)
    scores.publish_shipped(by=world["office"])
    project = register.project(register.estate(), world.company)
    Project.objects.filter(pk=project.pk).update(starts_on=datetime.date(2026, 6, 1))
    statutory, _own = scores.reckon(world.company, datetime.date(2027, 5, 31))
    assert (statutory.grade, statutory.vetoes) == ("B", ["N"]) and "新入市" in str(pages.grade(statutory))
    later, _own = scores.reckon(world.company, datetime.date(2027, 6, 2))
    assert (later.grade, later.vetoes) == ("A", [])


@pytest.mark.django_db
def test_a_sanction_reaches_the_associations_number_and_only_that(world):
    scores.publish_shipped(by=world["office"])
    world.effective()
    statutory, own = scores.reckon(world.company, datetime.date(2027, 3, 28))
    assert (statutory.total, own.total) == ("80.0", "78.0")
    assert list(Score.objects.newest().values_list("total", flat=True)) == ["78.0", "80.0"]
    first = scoring.outcome(scoring.version_of("association"), world.company, datetime.date(2027, 3, 28))
    assert first.rows_sha256 == own.rows_sha256 and [one.points for one in first.lines] == ["-2.00"]
    assert scores.reckon(world.company, datetime.date(2028, 3, 27))[1].total == "80.0"


@pytest.mark.django_db
def test_how_many_projects_a_company_serves_is_kept_up_to_date(world):
    day = today()
    for number, home in enumerate(("立春里", "雨水园"), 1):
        register.project(register.estate(home), world.company)
        scores.note_projects(world.company, day)
        kept = not_replaced(Fact.objects.filter(kind="credit.projects_served", subject=world.company.key))
        assert [one.amount for one in kept] == [str(number)]


@pytest.mark.django_db
def test_without_a_published_standard_there_is_no_number(world):
    assert scores.reckon(world.company) == [] and not Score.objects.exists()


@pytest.mark.django_db
def test_two_stars_are_no_line_of_the_company(world):
    project = register.project(register.estate("立春里"), world.company)
    before = Fact.objects.count()
    scores.follow_star(Fact(id="F1", subject=project.key, quantity=2_000_000))
    assert Fact.objects.count() == before
