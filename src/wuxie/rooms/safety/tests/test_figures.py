"""What people look at: days, posts and shifts, classes of estates, and whether so few hazards can be true."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact
from wuxie.rooms.register.models import Project
from wuxie.rooms.register.tests import factories as register
from wuxie.rooms.safety import figures, rates, selfcheck
from wuxie.rooms.safety.actions import night, tallies
from wuxie.rooms.safety.models import Instance, ListPost, Night, Tally
from wuxie.rooms.safety.seven import Verdict

from . import factories as make
from .phones import MONDAY, at, on_duty, started
from .work import Work

pytestmark = pytest.mark.django_db
ONE = datetime.timedelta(days=1)
TODAY = MONDAY + 3 * ONE


def counted(project: Project, day: datetime.date, due: int, on_time: int, found: int = 0) -> None:
    """A day as the night put it on record."""
    for kind, number in (("safety.duty_due", due), ("safety.duty_on_time", on_time), ("safety.hazard_found", found)):
        if number:
            ledger.announce(
                kind, project.key, occurred_on=day, quantity=str(number), source=f"{project.key}/{day}", by="clock"
            )


@pytest.mark.parametrize(("part", "whole", "said"), [
    (0, 0, ""), (1, 3, "33.3%"), (2, 3, "66.7%"), (1, 8, "12.5%"), (1, 2000, "0.1%"), (7, 7, "100.0%"), (9995, 10000, "100.0%"),
])  # fmt: skip
def test_a_share_is_exact_until_it_is_shown(part, whole, said):
    assert rates.percent(rates.share(part, whole)) == said
    assert rates.share(part, whole) == (Fraction(part, whole) if whole else None)


@pytest.mark.parametrize(
    ("hazards", "duties", "sparse"), [(0, 299, False), (0, 300, True), (1, 1000, False), (1, 1001, True)]
)
def test_so_few_hazards_are_a_sign_only_after_enough_duties(hazards, duties, sparse):
    assert rates.is_sparse(hazards, duties, least_duties=300, per_thousand=1) is sparse
    assert rates.per_hundred(hazards, duties) == str((Decimal(hazards) * 100 / duties).quantize(Decimal("0.01")))


def test_the_calendar_has_every_day_of_half_a_year_once_and_none_to_come(city):
    project = register.project()
    with frozen(TODAY):
        counted(project, TODAY - ONE, 10, 8)
        counted(project, TODAY - 2 * ONE, 10, 10)
        rows = figures.heat(project, TODAY - ONE)
    days = sorted(day.day for row in rows for day in row if day)
    assert [row[0].day.weekday() for row in rows] == list(range(7))
    assert days == [days[0] + n * ONE for n in range(len(days))] and days[-1] == TODAY - ONE
    found = {day.day: (day.depth, day.missing) for row in rows for day in row if day and day.due}
    assert found == {TODAY - ONE: (2, 2), TODAY - 2 * ONE: (4, 0)}
    assert [day.day for day in figures.worst(rows)] == [TODAY - ONE]


def test_posts_and_shifts_the_worst_first_and_a_contractor_outside_the_numbers(city):
    project = register.project()
    make.prepared(project)
    make.outsource(project, "CLEANER", "例洁公司")
    started(project)
    post = ListPost.objects.get(duty_list__project=project, code="ELECTRICIAN")
    Instance.objects.filter(duty__list_post=post, shift=1).update(state="done")
    found = figures.lines(project, MONDAY, MONDAY)
    first = next(one for one in found if one.post == post and one.hours == "08:00–20:00")
    assert first.on_time == first.due > 0
    assert [one.outside for one in found] == sorted(one.outside for one in found)
    assert {one.post.code for one in found if one.outside} == {"CLEANER"}
    assert (
        sum(one.due for one in found)
        == Instance.objects.filter(project=project, closes_at__lte=at(0, day=MONDAY + ONE)).count()
    )


def test_the_sums_are_made_once_a_day_after_its_night_and_leave_out_what_was_corrected(city):
    project = register.project()
    with frozen(TODAY):
        counted(project, TODAY - ONE, 10, 8, 1)
        counted(project, TODAY - 200 * ONE, 50, 50)
        counted(project, TODAY, 7, 7)
        assert tallies.keep_up(TODAY) == 0
        make.in_force(project, TODAY)
        night.catch_up()
        assert Night.objects.filter(day=TODAY).exists() and tallies.keep_up(TODAY) == 1 and tallies.keep_up(TODAY) == 0
        tally = Tally.objects.get(project=project)
        assert (tally.due, tally.on_time, tally.found) == (10, 8, 1)
        ledger.withdraw(Fact.objects.get(kind="safety.hazard_found"), by="person:1", reason="登错了小区，撤回这一条")
        tallies.add_up(TODAY)
        tally.refresh_from_db()
        assert (tally.due, tally.found) == (10, 0)


def world_of(number: int, klass: str = "old_estate") -> list[Project]:
    """A project of each of so many companies, all of one class, with one day on record."""
    made = []
    for n in range(number):
        home = register.estate(f"{n}号院", klass=klass)
        project = register.project(home, register.company(f"样{n}", n + 1))
        counted(project, TODAY - ONE, 100, 90 + n)
        made.append(project)
    return made


@pytest.mark.parametrize(("companies", "shown"), [(4, False), (5, True)])
def test_a_company_reads_of_others_only_what_cannot_be_worked_out(city, enter, companies, shown):
    with frozen(TODAY):
        projects = world_of(companies)
        tallies.add_up(TODAY)
        own = projects[0].company
        text = enter("企业", "company_admin", organisation=own).get("/safety/figures/").content.decode()
        assert ("全市同类：按时" in text) is shown and ("不够多" in text) is not shown
        assert own.name in text and not any(one.company.name in text or one.estate.name in text for one in projects[1:])
        office = enter("秘书", "association_secretariat").get("/safety/figures/").content.decode()
        assert all(one.estate.name in office for one in projects) and "全市同类" not in office
        street = enter("街道", "gov_street", place="510402001").get("/safety/figures/")
        assert street.status_code == 200 and projects[0].estate.name in street.content.decode()
        assert enter("业主", "owner", subject=projects[0].estate.key).get("/safety/figures/").status_code == 404


def test_both_pages_ask_the_same_for_three_projects_and_for_thirty(city, enter):
    asked = []
    with frozen(TODAY):
        office = enter("秘书", "association_secretariat")
        for more in (3, 30):
            projects = world_of(more, "new_residential") if more == 3 else world_more(27)
            tallies.add_up(TODAY)
            for address in ("/safety/figures/", f"/safety/projects/{projects[0].pk}/figures/"):
                office.get(address)
                with CaptureQueriesContext(connection) as found:
                    assert office.get(address).status_code == 200
                asked.append(len(found))
    assert asked[:2] == asked[2:]


def world_more(number: int) -> list[Project]:
    made = []
    for n in range(number):
        project = register.project(register.estate(f"{n}号苑"), register.company(f"更{n}", n + 100))
        counted(project, TODAY - ONE, 100, 50)
        made.append(project)
    return made


def test_the_page_of_a_project_says_every_day_in_words_and_warns_of_too_few_hazards(city, enter):
    project = started()
    on_duty(project, "ELECTRICIAN")
    with frozen(TODAY):
        counted(project, TODAY - ONE, 400, 390)
        tallies.add_up(TODAY)
        manager = enter("经理", "project_manager", subject=project.key)
        text = manager.get(f"/safety/projects/{project.pk}/figures/").content.decode()
        assert "应做 400 件，按时 390 件" in text and "少得不像真的" in text and "97.5%" in text
        rows = manager.get("/safety/figures/?view=sparse").content.decode()
        assert project.estate.name in rows and "隐患太少，要抽查" in rows
        assert manager.get("/safety/figures/?format=csv").status_code == 200
        for other in (("西区", "gov_street", "510403001"),):
            assert (
                enter(other[0], other[1], place=other[2]).get(f"/safety/projects/{project.pk}/figures/").status_code
                == 404
            )


def test_the_self_assessment_is_reckoned_and_says_what_nothing_records(city, enter):
    with frozen(TODAY):
        work = Work()
        company = work.project.company
        before = {item.label: item.verdict for one in selfcheck.elements(company, TODAY) for item in one.items}
        assert before["按时履职"] == Verdict.UNKNOWN and before["岗位责任清单和责任书"] == Verdict.WANTING
        assert before["主要负责人和安全总监"] == Verdict.MET
        make.in_force(work.project, TODAY)
        counted(work.project, TODAY - ONE, 400, 300)
        tallies.add_up(TODAY)
        after = {item.label: item.verdict for one in selfcheck.elements(company, TODAY) for item in one.items}
        assert (after["按时履职"], after["排查是真的"], after["清单跟上职责库"]) == (
            Verdict.WANTING,
            Verdict.WANTING,
            Verdict.MET,
        )
        page = f"/safety/principal/{company.pk}/standard/"
        text = enter(person=work.people["principal"]).get(page).content.decode()
        assert "不是等级" in text and "75.0%" in text
        for name in ("manager", "street", "owner"):
            assert enter(person=work.people[name]).get(page).status_code == 404


def test_the_self_assessment_asks_the_same_for_one_project_and_for_ten(city):
    with frozen(TODAY):
        first = world_of(1)[0]
        asked = []
        for more in (0, 9):
            for n in range(more):
                register.project(register.estate(f"{n}号园"), first.company)
            with CaptureQueriesContext(connection) as found:
                selfcheck.elements(first.company, TODAY)
            asked.append(len(found))
    assert asked[0] == asked[1]
