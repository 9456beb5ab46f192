"""Asking together: each step by the office, each share its own project's, and nobody reads another company's price."""

from __future__ import annotations

import re

import pytest
from django.db import transaction

from wuxie.kernel.access.actor import THE_CLOCK, Actor, Seat
from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.papers.models import Document
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.inspections import pooled
from wuxie.rooms.inspections.actions import pools
from wuxie.rooms.inspections.models import Pool
from wuxie.rooms.inspections.pool_workflow import POOL
from wuxie.rooms.register.tests import factories as register

from .factories import DAY, keeper, office, pool

pytestmark = pytest.mark.django_db
TODAY = DAY(2026, 11, 16)
S = Pool.State
STEPS = {
    "gather": ("intention", "pooled"), "ask": ("pooled", "rfq"), "compare": ("rfq", "comparison"),
    "contract": ("comparison", "individual_contract"), "perform": ("individual_contract", "performed"), "evaluate": ("performed", "evaluated"),
}  # fmt: skip
PRICES = (71100, 72200, 73300, 74400, 75500, 76600)


@pytest.fixture
def world(world):
    world.projects = [
        register.project(register.estate(f"小区{n}"), register.company(f"{n}号物业", n + 10)) for n in range(6)
    ]
    return world


def joined(world, count=6):
    made = pool()
    for project in world.projects[:count]:
        pools.join(made, project, by=keeper(project), quantity=10, before=90000)
    return made


def asked(world, offers=6):
    made = joined(world)
    pools.step("gather")(made, by=office())
    pools.ask(made, by=office())
    for share, price in list(zip(made.shares.select_related("project"), PRICES, strict=True))[:offers]:
        pools.offered(share, by=keeper(share.project), agency="川检", licence="TS1", price=price)
    return made


def test_the_table_and_the_matrix_name_the_same_steps():
    assert set(STEPS) == set(POOL.steps)


@pytest.mark.parametrize("name", sorted(STEPS))
def test_the_office_alone_moves_it_on(world, name):
    made = joined(world)
    source, target = STEPS[name]
    people = {one: world[one] for one in (*world.people, "visitor")} | {"clock": THE_CLOCK}
    for state in S.values:
        Pool.objects.filter(pk=made.pk).update(state=state)
        found = Pool.objects.get(pk=made.pk)
        for who, actor in people.items():
            with transaction.atomic():
                try:
                    engine.check(POOL, name, found, by=actor)
                    got = True
                except Refusal as refusal:
                    got = refusal.code == "guard"
                transaction.set_rollback(True)
            assert got == (state == source and who == "office"), (name, state, who)
    assert POOL.steps[name].target == target


def test_one_company_alone_is_no_pool(world):
    made = joined(world, 1)
    with pytest.raises(Refusal, match="至少要有两家企业"):
        pools.step("gather")(made, by=office())


def test_joining_is_free_until_the_day_and_for_estates_of_the_place(world):
    made = pool(place="510403", title="西区")
    with pytest.raises(Refusal, match="不在这次询价的范围"):
        pools.join(made, world.projects[0], by=keeper(world.projects[0]), quantity=1)
    made = joined(world, 2)
    share = made.shares.select_related("project", "pool").first()
    pools.leave(share, by=keeper(share.project))
    assert made.shares.count() == 1
    with frozen(DAY(2026, 11, 27)), pytest.raises(Refusal, match="截止"):
        pools.join(made, world.projects[3], by=keeper(world.projects[3]), quantity=1)


def test_nobody_joins_offers_or_signs_for_somebody_else(world):
    made = asked(world, 0)
    share = made.shares.select_related("project", "pool").first()
    for actor in (keeper(world.projects[5]), office(), world["city"]):
        for verb, known in (
            (pools.offered, {"agency": "甲", "licence": "1", "price": 1}), (pools.signed, {"agency": "甲", "price": 1, "signed_on": TODAY}),
            (pools.performed, {"performed_on": TODAY, "marks": 5}), (pools.leave, {}),
        ):  # fmt: skip
            with pytest.raises(Refusal):
                verb(share, by=actor, **known)


def test_the_letter_says_the_total_and_no_name(world):
    made = asked(world, 0)
    fields = Document.objects.get(case=POOL.key(made)).values["fields"]
    assert "60" in fields["quantity"] and not any(project.company.name in str(fields) for project in world.projects)


def test_four_companies_show_nothing_five_show_range_and_median(world):
    made = asked(world, 4)
    assert pooled.spread(made, "offer") is None
    share = made.shares.select_related("project").order_by("pk")[4]
    pools.offered(share, by=keeper(share.project), agency="川检", licence="TS1", price=PRICES[4])
    found = pooled.spread(made, "offer")
    assert (found.least, found.median, found.most, found.companies) == (71100, 73300, 75500, 5)


def test_five_figures_of_one_company_are_one_company(world):
    made = pool(title="一家多项目")
    company = register.company("独家物业", 90)
    mine = [register.project(register.estate(f"独{n}"), company) for n in range(5)]
    for project in [*mine, world.projects[0]]:
        pools.join(made, project, by=keeper(project), quantity=1)
    pools.step("gather")(made, by=office())
    pools.ask(made, by=office())
    for share in made.shares.select_related("project"):
        pools.offered(share, by=keeper(share.project), agency="川检", licence="TS1", price=50000 + share.pk)
    assert pooled.spread(made, "offer") is None, "the one other price could be worked out"


def test_an_even_number_has_its_median_between_the_two_in_the_middle():
    assert pooled.median([1, 4]) == 3 and pooled.median([3, 1, 2]) == 2 and pooled.median([10, 20, 30, 41]) == 25


def test_nobody_reads_another_companys_price_on_any_page(world, enter, someone):
    made = asked(world)
    for name in ("compare", "contract"):
        (pools.contract if name == "contract" else pools.step(name))(made, by=office())
    for share, price in zip(made.shares.select_related("project"), PRICES, strict=True):
        pools.signed(share, by=keeper(share.project), agency="川检", price=price - 100, signed_on=TODAY)
    mine = world.projects[2]
    browser = enter("丙管理", "company_admin", organisation=mine.company)
    page = made.get_absolute_url()
    text = browser.get(page).content.decode()
    assert "733" in text and "732 元" in text, "one's own offer and contract"
    #: The ends of the range and the median are all that is told of the others.
    told = {"711 元", "766 元", "739 元", "710 元", "765 元", "738 元"}
    for price in PRICES:
        for cents in (price, price - 100):
            said = f"{cents // 100} 元"
            if said not in told and price != PRICES[2]:
                assert said not in text, said
    office_page = enter(person=world.people["office"]).get(page).content.decode()
    assert not re.search(r"73[23] 元", office_page.replace("738 元", "").replace("739 元", "")), (
        "the association reads no price either"
    )
    for share in made.shares.exclude(project=mine):
        for name in ("offer", "sign", "perform", "leave"):
            assert browser.get(f"/inspections/shares/{share.pk}/{name}/").status_code == 404
            assert (
                enter(person=world.people["office"]).get(f"/inspections/shares/{share.pk}/{name}/").status_code == 404
            )


def test_what_was_saved_goes_on_record_without_a_price(world):
    made = asked(world)
    pools.step("compare")(made, by=office())
    pools.contract(made, by=office())
    first, second, *_rest = made.shares.select_related("project", "pool")
    with pytest.raises(Refusal, match="一家也没有签"):
        pools.step("perform")(made, by=office())
    with pytest.raises(Refusal, match="先登记签约"):
        pools.performed(first, by=keeper(first.project), performed_on=TODAY, marks=5)
    pools.signed(first, by=keeper(first.project), agency="川检", price=70050, signed_on=TODAY)
    pools.signed(second, by=keeper(second.project), agency="乙检", price=95000, signed_on=TODAY)
    with pytest.raises(Refusal, match="没有履约"):
        pools.step("perform")(made, by=office())
    for share in (first, second):
        pools.performed(share, by=keeper(share.project), performed_on=TODAY, marks=4)
    pools.step("perform")(made, by=office())
    pools.evaluate(made, by=office())
    fact = Fact.objects.get(kind="inspection.group_saving")
    assert fact.subject == first.project.key and fact.amount == "1995", "ten times 199.50; the dearer one saved nothing"
    assert made.state == S.EVALUATED


def test_what_companies_think_of_the_agencies_is_read_once_enough_of_them_said_so(world, enter):
    made = asked(world)
    pools.step("compare")(made, by=office())
    pools.contract(made, by=office())
    shares = list(made.shares.select_related("project", "pool"))
    browser, read = enter(person=world.people["office"]), {}
    for n, share in enumerate(shares, 1):
        pools.signed(share, by=keeper(share.project), agency="川检", price=70000, signed_on=TODAY)
        pools.performed(share, by=keeper(share.project), performed_on=TODAY, marks=min(n, 5))
        read[n] = {str(label): str(value) for label, value in browser.get(made.get_absolute_url()).context["pairs"]}
    assert read[1]["签约和履约"] == "已签约 1 个，已履约 1 个" and "不满 5 家企业" in read[4]["服务评价"]
    assert read[5]["服务评价"] == "1 分 到 5 分，中位数 3 分（5 家企业）"


def test_a_company_of_another_city_sees_nothing(world):
    made = joined(world)
    stranger = Actor("person:9", "外", seats=(Seat("company_admin", 999),))
    assert (
        not Pool.objects.visible_to(stranger).exists()
        and Pool.objects.visible_to(keeper(world.projects[0])).get() == made
    )


def test_the_office_begins_one_on_the_page_and_a_company_joins(world, enter):
    browser = enter(person=world.people["office"])
    given = {"item": "IN-01", "title": "东区电梯", "place": "510402", "closes_on": "2026-12-01", "once": "p-1"}
    assert browser.post("/inspections/pools/new/", given | {"closes_on": "2026-11-16"}).status_code == 422
    assert browser.post("/inspections/pools/new/", given | {"once": "p-2"}).status_code == 302
    made = Pool.objects.get()
    mine = world.projects[1]
    company = enter("乙管理", "company_admin", organisation=mine.company)
    assert "报意向" in company.get(made.get_absolute_url()).content.decode()
    assert (
        company.post(
            f"/inspections/pools/{made.pk}/join/", {"project": mine.pk, "quantity": "6", "before": "900.00"}
        ).status_code
        == 302
    )
    assert made.shares.get().before == 90000


def test_a_request_refuses_what_cannot_be_and_says_what_is_wanted(world):
    with pytest.raises(Refusal, match="目录里没有这一项"):
        pool(item="IN-999")
    made = asked(world)
    share = made.shares.select_related("project", "pool").first()
    mine = keeper(share.project)
    signing = {"by": mine, "agency": "川检", "price": 70000}
    with pytest.raises(Refusal, match="还没有转到各自签约，或者已经结束"):
        pools.signed(share, signed_on=TODAY, **signing)
    pools.step("compare")(made, by=office())
    pools.contract(made, by=office())
    with pytest.raises(Refusal, match="签约日不能晚于今天"):
        pools.signed(share, signed_on=DAY(2026, 11, 17), **signing)
    pools.signed(share, signed_on=DAY(2026, 11, 12), **signing)
    for day in (DAY(2026, 11, 11), DAY(2026, 11, 17)):
        with pytest.raises(Refusal, match="履约日要在签约日 2026-11-12 和今天之间"):
            pools.performed(share, by=mine, performed_on=day, marks=4)
