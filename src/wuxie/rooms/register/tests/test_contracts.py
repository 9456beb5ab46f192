"""One company at a time in an estate; who it was on any day; what the ledger says of it."""

import datetime
import os
import subprocess
import sys
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from wuxie.kernel.access.actor import THE_CLOCK
from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.queries import relation_rows
from wuxie.rooms.register import api, queries
from wuxie.rooms.register.actions import contracts, estates, levels, owners, posts
from wuxie.rooms.register.models import Holding, Post, Project

from . import factories as make

DAY = datetime.date


@pytest.mark.django_db
@pytest.mark.parametrize(("starts", "ends", "mend"), [
    (DAY(2025, 1, 1), None, "把起始日改到 2027-01-01 或以后"),
    (DAY(2026, 12, 31), DAY(2028, 1, 1), "把起始日改到 2027-01-01 或以后"),
    (DAY(2023, 1, 1), DAY(2024, 1, 1), "把这份的到期日改到 2023-12-31 或以前"),
    (DAY(2023, 1, 1), None, "把这份的到期日改到 2023-12-31 或以前"),
])  # fmt: skip
def test_an_overlapping_contract_is_refused_with_its_name_and_the_mend(city, starts, ends, mend):
    home = make.estate()
    make.project(home, starts_on=DAY(2024, 1, 1), ends_on=DAY(2026, 12, 31), contract_number="HT-7")

    with pytest.raises(ValidationError) as refused:
        make.project(home, make.company("乙物业", 2), starts_on=starts, ends_on=ends)
    said = "".join(refused.value.messages)
    assert "立春里 已有“甲物业服务有限公司”的服务合同（编号 HT-7，2024-01-01 至 2026-12-31）" in said
    assert mend in said
    assert Project.objects.count() == 1


@pytest.mark.django_db
def test_contracts_that_touch_do_not_overlap(city):
    home = make.estate()
    make.project(home, starts_on=DAY(2024, 1, 1), ends_on=DAY(2025, 12, 31))
    make.project(home, make.company("乙物业", 2), starts_on=DAY(2026, 1, 1), ends_on=None)
    make.project(home, make.company("丙物业", 3), starts_on=DAY(2020, 1, 1), ends_on=DAY(2023, 12, 31))

    with pytest.raises(ValidationError, match="先给那份合同登记撤离日"):
        make.project(home, starts_on=DAY(2027, 1, 1), ends_on=None)


@pytest.mark.django_db
def test_who_serves_when(city):
    home = make.estate()
    first = make.project(home, starts_on=DAY(2024, 1, 1), ends_on=DAY(2026, 12, 31))
    second = contracts.change_company(
        first, make.company("乙物业", 2), by=THE_CLOCK, on=DAY(2026, 6, 1), ends_on=DAY(2028, 5, 31)
    )

    days = [DAY(2023, 12, 31), DAY(2024, 1, 1), DAY(2026, 5, 31), DAY(2026, 6, 1), DAY(2028, 5, 31), DAY(2028, 6, 1)]
    assert [api.serving(home, day) for day in days] == [None, first, first, second, second, None]
    assert api.serving_many([home.pk], DAY(2026, 6, 1)) == {home.pk: second}


@pytest.mark.django_db
def test_a_contract_is_extended_but_not_into_another(city):
    home = make.estate()
    first = make.project(home, starts_on=DAY(2024, 1, 1), ends_on=DAY(2025, 12, 31))
    make.project(home, make.company("乙物业", 2), starts_on=DAY(2027, 1, 1), ends_on=None)

    contracts.extend_service(first, by=THE_CLOCK, ends_on=DAY(2026, 12, 31))
    with pytest.raises(ValidationError, match="日期重叠"):
        contracts.extend_service(first, by=THE_CLOCK, ends_on=None)
    first.refresh_from_db()
    assert first.ends_on == DAY(2026, 12, 31)
    with pytest.raises(ValidationError, match="早于服务起始日"):
        contracts.end_service(first, by=THE_CLOCK, on=DAY(2023, 1, 1))


def in_force(project: Project, day: datetime.date) -> dict[str, int]:
    """The levels that a standard would read on a day, by the rows of the ledger."""
    rows = [
        row for row in relation_rows([project.key], sealed_only=False)
        if not row["superseded"] and row["occurred_on"] <= day.isoformat()
        and (not row["valid_until"] or row["valid_until"] >= day.isoformat())
    ]  # fmt: skip
    return {row["kind"]: row["quantity"] // 10**6 for row in rows if row["kind"].startswith(("project.", "party."))}


@pytest.mark.django_db
def test_levels_are_right_on_any_day(city):
    with frozen(DAY(2026, 1, 10)):
        project = make.project(make.estate(households=300, area=3_000_000), starts_on=DAY(2025, 1, 1))
    with frozen(DAY(2026, 3, 1)):
        estates.change_estate(project.estate, by=THE_CLOCK, households=320)
    with frozen(DAY(2026, 3, 1)):
        estates.change_estate(project.estate, by=THE_CLOCK, households=330)
    with frozen(DAY(2026, 9, 1)):
        contracts.end_service(project, by=THE_CLOCK, on=DAY(2026, 9, 30))

    found = {day: in_force(project, day).get("project.households") for day in (
        DAY(2024, 12, 31), DAY(2025, 1, 1), DAY(2026, 2, 28), DAY(2026, 3, 1), DAY(2026, 9, 30), DAY(2026, 10, 1))}  # fmt: skip
    assert list(found.values()) == [None, 300, 300, 330, 330, None]
    assert in_force(project, DAY(2026, 5, 1)) == {"project.base": 1, "project.households": 330, "project.area": 30_000}
    assert in_force(project, DAY(2026, 10, 1)) == {}


@pytest.mark.django_db
def test_saying_the_same_again_announces_nothing(city):
    project = make.project()
    before = Fact.objects.count()
    levels.announce_levels(project, by=THE_CLOCK)
    estates.change_estate(project.estate, by=THE_CLOCK, address="新路 1 号")
    assert Fact.objects.count() == before


@pytest.mark.django_db
def test_management_posts_count_once_the_office_says_so(city, actor, office):
    project = make.project()
    own = actor("刘洋", "company_admin", organisation=project.company)
    posts.open_post(project, by=own, kind="project_manager", name="项目经理", is_management=True)
    assert "party.management_posts" not in in_force(project, DAY(2026, 11, 25))
    levels.confirm_posts(project, by=office)
    assert in_force(project, DAY(2026, 11, 25))["party.management_posts"] == 1
    posts.open_post(project, by=office, kind="service", name="客服主管", is_management=True)
    assert in_force(project, DAY(2026, 11, 25))["party.management_posts"] == 2


@pytest.mark.django_db
def test_a_post_has_one_holder_and_any_substitutes(city):
    post = make.post(make.project())
    first = make.holding(post, "李样二", "13900000002", starts_on=DAY(2026, 1, 1))
    second = make.holding(post, "钱样三", "13900000003", starts_on=DAY(2026, 6, 1))
    make.holding(post, "孙样四", "13900000004", starts_on=DAY(2026, 6, 1), substitute=True)

    first.refresh_from_db()
    assert first.ends_on == DAY(2026, 5, 31)
    assert queries.holder(post, DAY(2026, 7, 1)) == second
    with pytest.raises(ValidationError, match="请先结束那一任"):
        make.holding(post, "周样五", "13900000005", starts_on=DAY(2026, 3, 1))
    with pytest.raises(ValidationError, match="已在这一岗"):
        make.holding(post, "钱样三", "13900000003", starts_on=DAY(2026, 8, 1))


@pytest.mark.django_db
def test_vacancies_are_posts_without_a_holder_that_day(city):
    project = make.project()
    held, vacant = make.post(project), make.post(project, "电工", kind="electrician")
    make.holding(held, starts_on=DAY(2026, 1, 1), ends_on=DAY(2026, 11, 30))
    make.holding(vacant, "孙样四", "13900000004", substitute=True)

    assert list(queries.vacancies(DAY(2026, 11, 25))) == [vacant]
    assert set(queries.vacancies(DAY(2026, 12, 1))) == {held, vacant}
    posts.close_post(vacant, by=THE_CLOCK, on=DAY(2026, 11, 30))
    assert list(queries.vacancies(DAY(2026, 12, 1))) == [held]
    assert not Holding.objects.on(DAY(2026, 12, 1)).exists()


@pytest.mark.django_db
def test_a_certificate_must_be_there_and_valid(city):
    post = make.post(make.project(), certificate="消防设施操作员")
    with pytest.raises(ValidationError, match="要持消防设施操作员"):
        make.holding(post)
    with pytest.raises(ValidationError, match="已经过期"):
        make.holding(post, certificate_number="X-1", certificate_until=DAY(2025, 12, 31))
    make.holding(post, certificate_number="X-1", certificate_until=DAY(2026, 6, 30))
    assert [p.lapsed for p in Post.objects.with_holder(DAY(2026, 11, 25))] == [True]


WORKER = """
import datetime, pathlib, sys, time, django
django.setup()
from django.core.exceptions import ValidationError
from wuxie.kernel.access.actor import THE_CLOCK
from wuxie.kernel.parties.models import Organisation
from wuxie.rooms.register.actions import contracts
from wuxie.rooms.register.models import Estate

gate, number = pathlib.Path(sys.argv[1]), int(sys.argv[2])
home, company = Estate.objects.get(), Organisation.objects.order_by("pk")[number]
(gate / sys.argv[2]).touch()
while len(list(gate.iterdir())) < 2:
    time.sleep(0.002)
try:
    contracts.begin_service(home, company, by=THE_CLOCK, starts_on=datetime.date(2025, 1, 1 + number))
    print("registered")
except ValidationError as refused:
    print("refused" if "日期重叠" in "".join(refused.messages) else refused.messages)
"""


@pytest.mark.django_db(transaction=True)
def test_of_two_contracts_registered_at_the_same_moment_one_is_refused(emptied, city, tmp_path):
    """Two processes, one estate: its lock lets them in one after the other, and the second sees the first."""
    make.estate()
    make.company("甲物业", 1), make.company("乙物业", 2)
    gate = tmp_path / "gate"
    gate.mkdir()
    env = os.environ | {"DATABASE_URL": same_database(tmp_path), "DJANGO_SETTINGS_MODULE": "wuxie.config.settings"}
    workers = [
        subprocess.Popen([sys.executable, "-c", WORKER, str(gate), str(n)], env=env, stdout=subprocess.PIPE, text=True)
        for n in range(2)
    ]
    assert sorted(worker.communicate(timeout=60)[0].strip() for worker in workers) == ["refused", "registered"]


def same_database(tmp_path):
    """An address under which another process sees this test's rows (SQLite in memory: a copy in a file)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(tmp_path / "copy.sqlite3")])
        return f"sqlite:///{tmp_path / 'copy.sqlite3'}"
    held = connection.settings_dict
    return f"postgres://{held['USER']}@{held['HOST']}:{held['PORT'] or 5432}/{held['NAME']}"


def moved(door, who):
    held = make.owner(door, who)
    held.starts_on = DAY(2026, 1, 1)
    held.save()
    return held


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (
            lambda at: [contracts.end_service(at, by=THE_CLOCK, on=DAY(2026, 5, n)) for n in (1, 2)],
            "已经登记 2026-05-01 撤离",
        ),
        (
            lambda at: contracts.change_company(at, at.company, by=THE_CLOCK, on=DAY(2026, 5, 1)),
            "还是同一家企业。要延长服务期，请用“续签”",
        ),
        (
            lambda at: contracts.extend_service(
                contracts.end_service(at, by=THE_CLOCK, on=DAY(2026, 5, 1)), by=THE_CLOCK, ends_on=None
            ),
            "这家企业已在 2026-05-01 撤离，不能续。请登记新合同",
        ),
        (
            lambda at: contracts.change_contract(at, by=THE_CLOCK, ends_on=DAY(2023, 12, 31)),
            "早于服务起始日 2024-01-01。请核对合同",
        ),
        (
            lambda at: contracts.extend_service(at, by=THE_CLOCK, ends_on=DAY(2028, 12, 31)),
            "新的到期日要晚于 2028-12-31",
        ),
        (lambda at: make.estate(at.estate.name), "这个社区已有“立春里”（编码 510402-0001）。请直接改那一个"),
        (
            lambda at: make.estate("雨水园", code=at.estate.code),
            "编码 510402-0001 已有小区在用。换一个，或留空由系统编",
        ),
        (
            lambda at: estates.take_totals(at.estate, by=THE_CLOCK),
            "这个小区还没有户室，没有数可取。请先导入户室清册",
        ),
        (
            lambda at: estates.change_building(
                [estates.add_building(at.estate, by=THE_CLOCK, name=name, floors=6) for name in "12"][1],
                by=THE_CLOCK,
                name="1",
            ),
            "已有“1”这一栋",
        ),
        (
            lambda at: [make.owner(door) for door in [make.unit(at.estate)] for _twice in range(2)],
            "这一户已经登记了这位业主",
        ),
        (
            lambda at: [
                owners.end_ownership(held, by=THE_CLOCK, on=DAY(2026, 3, 1))
                for held in [make.owner(make.unit(at.estate))] for _twice in range(2)
            ],
            "这位业主已在 2026-03-01 转出",
        ),
        (
            lambda at: owners.end_ownership(moved(make.unit(at.estate), "李样二"), by=THE_CLOCK, on=DAY(2025, 12, 31)),
            "转出日早于登记的起日。请改成 2026-01-01 或以后",
        ),
        (
            lambda at: [make.post(at, "消控室") for _twice in range(2)],
            "这个项目已有“消控室”岗。请换个名称，如加班次或区域",
        ),
        (
            lambda at: posts.change_post([make.post(at, name) for name in ("甲", "乙")][1], by=THE_CLOCK, name="甲"),
            "这个项目已有“甲”岗",
        ),
        (
            lambda at: [
                posts.close_post(one, by=THE_CLOCK, on=DAY(2025, 12, 31))
                for one in [make.post(at)] if make.holding(one)
            ],
            "2026-01-01 起还有人任这一岗。请改成那天以后",
        ),
        (
            lambda at: make.holding(posts.close_post(make.post(at), by=THE_CLOCK, on=DAY(2025, 12, 31))),
            "这一岗已在 2025-12-31 撤销",
        ),
        (
            lambda at: make.holding(make.post(at), ends_on=DAY(2025, 12, 31)),
            "止日早于起日。请改成 2026-01-01 或以后",
        ),
        (
            lambda at: posts.end_holding(make.holding(make.post(at)), by=THE_CLOCK, on=DAY(2025, 12, 31)),
            "离岗日早于到岗日。请改成 2026-01-01 或以后",
        ),
        (
            lambda at: posts.renew_certificate(
                make.holding(make.post(at)), by=THE_CLOCK, number="X-2", until=DAY(2026, 11, 24)
            ),
            "有效期已过。请填新证的有效期",
        ),
        (
            lambda at: [make.holding(one, phone=phone) for one in [make.post(at)] for phone in ("13900000002",) * 2],
            "这段时间已在这一岗",
        ),
    ],
)  # fmt: skip
def test_what_contradicts_the_register_is_refused_with_the_mend(city, act, sentence):
    at = make.project()
    with pytest.raises(ValidationError) as refused:
        act(at)
    assert sentence in "".join(refused.value.messages)


@pytest.mark.django_db
def test_a_post_is_renamed_and_closed_with_whoever_holds_it(city):
    post = make.post(make.project(), "消控室")
    held = make.holding(post)
    posts.change_post(post, by=THE_CLOCK, name="消控室 1 班")
    posts.close_post(post, by=THE_CLOCK, on=DAY(2026, 11, 20))
    held.refresh_from_db()
    assert (post.closed_on, held.ends_on) == (DAY(2026, 11, 20), DAY(2026, 11, 20))
    assert Post.objects.get().name == "消控室 1 班"


@pytest.mark.django_db
def test_a_further_owner_leaves_the_designated_one_where_they_are(city):
    door = make.unit(make.estate())
    first = make.owner(door)
    second = owners.add_owner(door, by=THE_CLOCK, name="李样二", phone="13900000002", designated=False)
    first.refresh_from_db()
    assert (first.designated, second.designated) == (True, False)


@pytest.mark.django_db
def test_who_follows_a_contract_that_ran_out_does_not_end_it_again(city):
    first = make.project(starts_on=DAY(2024, 1, 1), ends_on=DAY(2025, 12, 31))
    second = contracts.change_company(first, make.company("乙物业", 2), by=THE_CLOCK, on=DAY(2026, 2, 1))
    first.refresh_from_db()
    assert (first.left_on, second.starts_on) == (None, DAY(2026, 2, 1))


@pytest.mark.django_db
def test_who_has_left_has_no_levels_from_then_on(city):
    project = make.project(starts_on=DAY(2024, 1, 1), ends_on=DAY(2025, 12, 31))
    before = Fact.objects.count()
    assert levels.announce_levels(project, by=THE_CLOCK, on=DAY(2026, 1, 1)) == []
    assert Fact.objects.count() == before


@pytest.mark.django_db
def test_the_first_rows_of_a_bulk_load_are_what_is_announced_one_by_one(city):
    project = make.project(fee=23_800)
    rows = levels.first_rows(project, by="clock", on=DAY(2024, 1, 1))
    levels.confirm_all(project, by=THE_CLOCK)
    found = {fact.kind: Decimal(fact.quantity) / 10**6 for fact in queries.levels(project).values()}
    assert {row["kind"]: Decimal(row["quantity"]) for row in rows} == found
    assert {row["source"] for row in rows} == {f"register/{project.key}/2024-01-01"}
