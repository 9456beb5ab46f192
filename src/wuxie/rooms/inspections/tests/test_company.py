"""A company's whole year, numbers of reports that cannot be, and prices that lie far apart."""

from __future__ import annotations

import doctest
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.inspections import burden, law, pooled
from wuxie.rooms.inspections.actions import cases, obligations, pools
from wuxie.rooms.inspections.models import Obligation
from wuxie.rooms.inspections.views import calendar, companies
from wuxie.rooms.register.tests import factories as register
from wuxie.rooms.safety.actions.lists import keep_profile

from .factories import AGENCY, DAY, PDF, asset, duty, keeper, office, pool

pytestmark = pytest.mark.django_db


# The year.


def test_a_company_s_year_is_the_sum_of_its_projects_years(world):
    second = register.project(register.estate("晚香里"), world.project.company)
    for one in (world.project, second):
        asset(one, code=f"梯{one.pk}", last_on=DAY(2026, 6, 10))
    for year in (2027, 2028):
        rows = companies.rows_of([world.project, second], year)
        for row in rows:
            single, count, (least, most) = calendar.rows_of(row.project, year)
            assert (row.count, row.least, row.most) == (count, least, most) and count > 0
            assert [bool(n) for n in row.cells] == [any(line.months[at] for line in single) for at in range(12)]


def test_the_page_is_read_by_the_company_and_the_association_and_by_nobody_else(world, enter):
    company = world.project.company
    page = f"/inspections/companies/{company.pk}/?year=2027"
    world.lift()
    for name in ("admin", "contact", "director", "principal", "office"):
        answer = enter(person=world.people[name]).get(page)
        assert answer.status_code == 200 and world.project.estate.name in answer.content.decode(), name
    rival = enter("同行", "company_admin", organisation=register.company("乙物业", 2))
    others = (*(enter(person=world.people[name]) for name in ("owner", "manager", "street", "city")), rival)
    assert {one.get(page).status_code for one in others} == {404}
    assert rival.get("/inspections/companies/999999/").status_code == 404
    sheet = enter(person=world.people["admin"]).get(f"{page}&format=csv")
    assert world.project.estate.name in b"".join(sheet).decode("utf-8-sig")
    assert "全公司年检日历" in enter(person=world.people["admin"]).get("/inspections/projects/").content.decode()


def test_the_page_asks_the_same_for_three_projects_and_for_thirty(world, enter):
    admin, asked = enter(person=world.people["admin"]), []
    for more in (3, 27):
        for n in range(more):
            asset(register.project(register.estate(f"{more}-{n}院"), world.project.company), code=f"{more}-{n}")
        page = f"/inspections/companies/{world.project.company_id}/"
        admin.get(page)
        with CaptureQueriesContext(connection) as found:
            admin.get(page)
        asked.append(len(found))
    assert asked[0] == asked[1]


# The number of a report.


def test_the_number_of_a_report_is_kept_in_one_shape():
    assert doctest.testmod(law).failed == 0
    assert law.report_number("川检〔2026〕第 17 号") == "川检〔2026〕第17号"


@pytest.mark.parametrize(
    "typed", ["无", "见附件", "12", "１２", "-----1", "A" * 61 + "1", "=1+1", "报告<b>1", "待补充"]
)
def test_what_cannot_be_a_number_is_refused_in_words(world, typed):
    case = world.inspected(cases.open_now(duty(world.lift()), by=world["manager"]), DAY(2026, 11, 12))
    with pytest.raises(Refusal, match="不像报告编号"):
        cases.passed(case, by=world["manager"], report_number=typed, file=PDF)
    case.refresh_from_db()
    assert case.state == "inspected" and case.report_number == ""


def test_a_report_of_a_lift_written_otherwise_is_still_the_same_and_another_company_is_not_named(world):
    world.passed(cases.open_now(duty(world.lift(code="梯甲")), by=world["manager"]), DAY(2026, 11, 12), "川检-0917")
    other = world.inspected(cases.open_now(duty(world.lift(code="梯乙")), by=world["manager"]), DAY(2026, 11, 12))
    with pytest.raises(Refusal, match="梯甲.*一份报告只对一台设备"):
        cases.passed(other, by=world["manager"], report_number=" 川检—０９１７", file=PDF)
    rival = register.project(register.estate("乙园"), register.company("乙物业", 2))
    theirs = cases.open_now(duty(asset(rival, code="梯丙")), by=keeper(rival))
    cases.inspect(theirs, by=keeper(rival), inspected_on=DAY(2026, 11, 12), **AGENCY)
    with pytest.raises(Refusal) as caught:
        cases.passed(theirs, by=keeper(rival), report_number="川检-0917", file=PDF)
    assert "另一家企业的设备" in str(caught.value) and "梯甲" not in str(caught.value)


def test_one_paper_for_two_estates_is_shown_to_whoever_looks_at_either(world, enter):
    second = register.project(register.estate("晚香里"), world.project.company)
    rival = register.project(register.estate("乙园"), register.company("乙物业", 2))
    made = []
    for one in (world.project, second, rival):
        row = duty(asset(one, kind="gauge", code=f"表{one.pk}"), "IN-27")
        made.append(
            cases.enter_report(
                row, by=keeper(one), inspected_on=DAY(2026, 11, 2), report_number="计量2026-5", file=PDF, **AGENCY
            )
        )
    text = enter(person=world.people["admin"]).get(made[0].get_absolute_url()).content.decode()
    assert "请向机构核对真伪" in text and "晚香里" in text and "另一家企业的项目" in text and "乙园" not in text
    again = duty(asset(world.project, kind="gauge", code="表又"), "IN-27")
    cases.enter_report(
        again, by=world["manager"], inspected_on=DAY(2026, 11, 2), report_number="计量2026-6", file=PDF, **AGENCY
    )
    alone = again.inspections.get()
    assert "核对真伪" not in enter(person=world.people["admin"]).get(alone.get_absolute_url()).content.decode()


# Prices.


def offers(prices, agencies=()):
    """A pool to which a company each offered a price."""
    made = pool()
    projects = [
        register.project(register.estate(f"小区{n}"), register.company(f"{n}号", n + 10)) for n in range(len(prices))
    ]
    for one in projects:
        pools.join(made, one, by=keeper(one), quantity=1)
    pools.step("gather")(made, by=office())
    pools.ask(made, by=office())
    named = agencies or ["川检"] * len(prices)
    for share, price, agency in zip(
        made.shares.select_related("project", "pool").order_by("pk"), prices, named, strict=True
    ):
        pools.offered(share, by=keeper(share.project), agency=agency, licence="TS1", price=price)
    return made


@pytest.mark.parametrize(("prices", "odd"), [
    ((100, 100, 100, 100, 129), False), ((100, 100, 100, 100, 130), True), ((100, 100, 100, 300), None),
])  # fmt: skip
def test_from_thirty_per_cent_on_prices_are_told_apart_once_enough_companies_stand_behind_them(
    world, enter, prices, odd
):
    made = offers(prices)
    found = pooled.spread(made, "offer")
    assert (found.is_odd if found else None) is odd
    assert bool(pooled.by_agency(made, "offer")) is (odd is not None)
    text = enter(person=world.people["office"]).get(made.get_absolute_url()).content.decode()
    assert ("要核查" in text) is bool(odd)


def test_an_agency_with_few_companies_behind_it_is_not_named(world):
    made = offers((100, 100, 100, 100, 100, 500), ["川检"] * 5 + ["蜀检"])
    assert set(pooled.by_agency(made, "offer")) == {"川检"} and not pooled.by_agency(made, "offer")["川检"].is_odd
    assert pooled.spread(made, "offer").is_odd


def test_prices_of_one_estate_that_lie_far_apart_are_said_in_its_burden(world, enter):
    assert burden.dispersion([]) == burden.dispersion([Fraction(7)]) == 0
    assert burden.dispersion([Fraction(100), Fraction(100), Fraction(130)]) == Fraction(3, 10)
    for code, price in (("梯甲", 60000), ("梯乙", 90000)):
        case = cases.open_now(duty(world.lift(code=code)), by=world["manager"])
        cases.book(case, by=world["manager"], visit_on=DAY(2027, 3, 1), price=price, **AGENCY)
    line = next(one for one in burden.of(world.project).lines if one.label == "电梯定期检验")
    assert line.dispersion == Fraction(2, 5) and line.is_odd
    text = enter(person=world.people["admin"]).get(f"/inspections/projects/{world.project.pk}/burden/").content.decode()
    assert "签约单价离散 40%，要核查" in text


# What binds but is no inspection of the enterprise's own.


def test_a_contract_and_a_visit_of_the_gas_company_stand_in_the_year_and_are_not_counted(world):
    keep_profile(world.project, by=world["admin"], equipment={"gas": 1})
    obligations.refresh([world.project])
    assert not Obligation.objects.get(project=world.project, item="IN-31").is_statutory
    waste = Obligation.objects.get(project=world.project, item="IN-37")
    assert waste.level == "statutory" and not waste.is_statutory
    assert Obligation.objects.get(project=world.project, item="IN-14").is_statutory
