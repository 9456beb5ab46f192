"""The register of assets: what follows from it, how it is corrected, and what vanishes when one goes."""

from __future__ import annotations

import pytest

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.queries import rows_relation
from wuxie.kernel.workflow.models import DeadlineRow, Turn
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.inspections import queries
from wuxie.rooms.inspections.actions import assets, cases, night, obligations
from wuxie.rooms.inspections.models import Asset, Inspection, Obligation
from wuxie.rooms.safety.actions.lists import keep_profile

from .factories import AGENCY, DAY, PDF, duty

pytestmark = pytest.mark.django_db
TODAY = DAY(2026, 11, 16)
S = Inspection.State


def level(world, kind):
    """What a standard reads of a level today."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COALESCE(SUM(quantity), 0) FROM {rows_relation()} WHERE subject = %s AND kind LIKE %s AND superseded = 0 "
            "AND occurred_on <= %s AND (valid_until = '' OR valid_until >= %s)",
            [world.project.key, f"{kind}%", queries.today().isoformat(), queries.today().isoformat()],
        )
        return int(cursor.fetchone()[0]) // 1_000_000


def test_a_lift_has_four_items_each_with_its_next_day(world):
    lift = world.lift()
    found = {row.item: (row.due_on, row.guessed) for row in lift.obligations.all()}
    assert found == {
        "IN-01": (DAY(2027, 6, 30), False), "IN-02": (DAY(2028, 6, 30), False),
        "IN-03": (DAY(2028, 6, 18), True), "IN-04": (DAY(2030, 6, 18), True),
    }  # fmt: skip


def test_without_a_last_date_the_first_due_date_since_the_base_is_open_and_late(world):
    lift = world.lift(last_on=None)
    assert duty(lift).due_on == DAY(2021, 6, 30)


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"base_on": DAY(2027, 1, 1), "last_on": None}, "不能晚于今天"),
        ({"last_on": DAY(2019, 1, 1)}, "早于基准日"),
        ({"base_on": DAY(1899, 1, 1)}, "不像是真的"),
        ({"code": "  "}, "编号"),
    ],
)
def test_dates_that_cannot_be_are_refused_with_a_sentence(world, known, words):
    with pytest.raises(Refusal, match=words):
        world.lift(**known)
    assert not Obligation.objects.exists()


def test_a_number_is_registered_once_and_by_the_keepers_only(world):
    world.lift(code="A1")
    with pytest.raises(Refusal, match="已经登记过"):
        world.lift(code="A1")
    for who in ("contact", "community", "office", "owner", "visitor", "director"):
        with pytest.raises(Refusal):
            assets.register(world.project, by=world[who], kind="lift", code="A2", base_on=DAY(2020, 1, 1))


def test_items_of_the_estate_follow_from_the_profile_and_say_why(world):
    keep_profile(world.project, by=world["admin"], equipment={"fire_pump": 2, "lift": 3})
    night.run()
    found = set(Obligation.objects.filter(asset=None).values_list("item", flat=True))
    assert "IN-07" in found and "IN-14" in found and "IN-38" not in found
    said = {one.item.code: (one.applies, one.why) for one in queries.verdicts(world.project)}
    assert said["IN-07"] == (True, "设施档案里有：消防泵 2。")
    assert said["IN-38"][0] is False and "泳池" in said["IN-38"][1]
    assert said["IN-01"][0] is False, "no lift is registered yet"
    assert queries.gaps(world.project) == ["设施档案写有电梯 3，台账只有 0。请补登记，否则漏检。"]


def test_without_a_profile_nobody_can_say(world):
    world.lift()
    said = {one.item.code: one.applies for one in queries.verdicts(world.project)}
    assert said["IN-07"] is None and said["IN-01"] is True


def test_an_estate_of_which_nothing_is_registered_is_left_alone(world):
    night.run()
    assert not Obligation.objects.exists()


def test_what_the_profile_no_longer_has_ends_with_the_reason(world):
    keep_profile(world.project, by=world["admin"], equipment={"pool": 1})
    obligations.refresh([world.project])
    keep_profile(world.project, by=world["admin"], equipment={"lift": 1})
    obligations.refresh([world.project])
    row = Obligation.objects.get(item="IN-38")
    assert row.ended_on == TODAY and row.ended_why == "设施档案里不再有这类设施"
    keep_profile(world.project, by=world["admin"], equipment={"pool": 1})
    obligations.refresh([world.project])
    row.refresh_from_db()
    assert row.ended_on is None and row.begun == 2
    assert obligations.refresh([world.project]) == 0, "a second time changes nothing"


def test_a_corrected_date_takes_the_wrong_case_away(world):
    lift = world.lift(last_on=DAY(2024, 6, 1))
    case = world.opened(lift, "IN-02")
    assert case.due_on == DAY(2025, 6, 30)
    cases.expire(case)
    assert level(world, "inspection.overdue") == 1
    assets.correct(lift, by=world["manager"], place="", quantity=1, base_on=lift.base_on, last_on=DAY(2026, 6, 2))
    case.refresh_from_db()
    assert case.state == S.WITHDRAWN and "更正" in case.reason
    assert level(world, "inspection.overdue") == 0, "a mistake of the register is held against nobody"


@pytest.mark.parametrize("how", ["retired", "handed_over"])
def test_a_retired_asset_takes_its_open_items_with_it_and_keeps_the_reason(world, how):
    lift = world.lift(last_on=DAY(2024, 6, 1))
    case = world.opened(lift, "IN-02")
    assert level(world, "inspection.due") == 6, "four of the lift, two of the estate"
    assets.retire(lift, by=world["manager"], retired_on=TODAY, how=how, why="按协议 2026-03 移交")
    case.refresh_from_db()
    assert case.state == S.WITHDRAWN and "移交" in case.reason
    assert not DeadlineRow.objects.filter(workflow="inspection", state__in=["open", "overdue"]).exists()
    assert not Turn.objects.filter(workflow="inspection").exists()
    assert all("移交" in row.ended_why for row in lift.obligations.all())
    with frozen(DAY(2026, 11, 17)):
        night.run()
        assert level(world, "inspection.due") == 2
        assert Inspection.objects.open().count() == 0


def test_retiring_needs_a_reason(world):
    lift = world.lift()
    with pytest.raises(Refusal, match="注销原因"):
        assets.retire(lift, by=world["manager"], retired_on=TODAY, how="retired", why=" ")


def test_a_lift_out_of_use_for_a_year_is_inspected_before_it_is_used_again(world):
    lift = world.lift(last_on=DAY(2025, 6, 1))
    with frozen(DAY(2026, 1, 5)):
        assets.lay_up(lift, by=world["manager"], idle_since=DAY(2026, 1, 5))
    with frozen(DAY(2027, 1, 5)):
        night.run()
        assert not Inspection.objects.exists(), "nothing is due while it stands still"
        case = assets.use_again(lift, by=world["manager"])
        lift.refresh_from_db()
        assert case.is_restart and lift.stopped_on == DAY(2027, 1, 5)
        world.passed(case, DAY(2027, 1, 5))
        lift.refresh_from_db()
        assert lift.stopped_on is None
        assert duty(lift).due_on == DAY(2027, 6, 30)


def test_a_short_rest_within_the_period_asks_for_nothing(world):
    lift = world.lift()
    assets.lay_up(lift, by=world["manager"], idle_since=DAY(2026, 9, 1))
    assert assets.use_again(lift, by=world["manager"]) is None
    lift.refresh_from_db()
    assert lift.stopped_on is None and lift.obligations.filter(ended_on=None).count() == 4


def test_a_report_in_hand_makes_it_valid_until_the_next_due_date(world):
    lift = world.lift(last_on=DAY(2025, 6, 1))
    row = duty(lift, "IN-02")
    assert row.due_on == DAY(2026, 6, 30)
    cases.enter_report(row, by=world["manager"], inspected_on=DAY(2026, 6, 12), report_number="R-1", file=PDF, **AGENCY)
    assert (level(world, "inspection.due"), level(world, "inspection.valid")) == (6, 1)
    fact = Fact.objects.get(kind="inspection.valid")
    assert fact.valid_until == DAY(2028, 6, 30) and fact.attachments and int(fact.trust) == 3
    with frozen(DAY(2028, 7, 1)):
        assert level(world, "inspection.valid") == 0


def test_an_item_is_found_not_to_apply_by_the_director_with_reason_and_basis(world):
    keep_profile(world.project, by=world["admin"], equipment={"lift": 1})
    obligations.refresh([world.project])
    row = Obligation.objects.select_related("project__estate", "project__company", "asset").get(item="IN-14")
    before = level(world, "inspection.due")
    with pytest.raises(Refusal):
        obligations.exempt(row, by=world["manager"], reason="不在目录", basis="目录")
    with pytest.raises(Refusal, match="依据"):
        obligations.exempt(row, by=world["director"], reason="不在目录", basis=" ")
    obligations.exempt(row, by=world["director"], reason="不在防雷重点单位目录", basis="市气象局 2026 年目录")
    with frozen(DAY(2026, 11, 17)):
        assert level(world, "inspection.due") == before - 1
    said = {one.item.code: one for one in queries.verdicts(world.project)}
    assert said["IN-14"].applies is False and "不在防雷重点单位目录" in said["IN-14"].why


def test_a_lift_cannot_be_found_not_to_apply(world):
    with pytest.raises(Refusal, match="特种设备"):
        obligations.exempt(duty(world.lift()), by=world["director"], reason="不想检", basis="无")


def test_a_last_date_is_asked_where_none_is_known(world):
    keep_profile(world.project, by=world["admin"], equipment={"fire_pump": 1})
    obligations.refresh([world.project])
    row = Obligation.objects.select_related("project__estate", "project__company", "asset").get(item="IN-07")
    assert row.due_on is None
    with pytest.raises(Refusal, match="晚于今天"):
        obligations.set_last(row, by=world["manager"], last_on=DAY(2026, 12, 1))
    obligations.set_last(row, by=world["manager"], last_on=DAY(2026, 3, 15))
    assert row.due_on == DAY(2027, 3, 15) and row.opens_on == DAY(2027, 1, 14)


def test_years_ahead_follow_the_rule(world):
    lift = world.lift()
    ahead = [(day.year, label) for day, label in assets.years_ahead(lift, 5)]
    assert (2027, "电梯定期检验") in ahead and (2028, "电梯自行检测") in ahead and (2029, "电梯定期检验") in ahead
    assert ahead == sorted(ahead, key=lambda one: one[0])


@pytest.mark.parametrize(("kind", "item", "due"), [
    ("water_card", "IN-23", DAY(2027, 5, 6)), ("special_card", "IN-43", DAY(2029, 5, 6)),
    ("fire_card", "IN-44", DAY(2029, 5, 6)), ("exposed", "IN-45", DAY(2027, 5, 6)),
])  # fmt: skip
def test_a_paper_of_a_person_falls_due_like_anything_else_and_is_no_inspection(world, kind, item, due):
    paper = world.lift(kind=kind, code="泵房 03", base_on=DAY(2026, 5, 6), last_on=None)
    row = duty(paper, item)
    assert (row.due_on, row.is_statutory) == (due, False)


@pytest.mark.parametrize("code", ["T51040219800101123X", "510402198001011234", "证 510402800101123"])
def test_the_number_of_a_person_is_refused_for_a_paper_and_nothing_is_written(world, code):
    with pytest.raises(Refusal, match="不登记身份证号"):
        world.lift(kind="special_card", code=code)
    assert not Asset.objects.exists()
    assert world.lift(code="11015104002020000123").pk, "the long number of a lift is its own"


def test_a_lift_that_is_old_is_tested_no_more(world):
    assert not world.lift(base_on=DAY(2005, 6, 18)).obligations.filter(label="电梯自行检测").exists()
    lift = world.lift(base_on=DAY(2012, 12, 5), last_on=DAY(2025, 12, 1))
    assert [day for day, label in assets.years_ahead(lift, 5) if label == "电梯自行检测"] == [DAY(2026, 12, 31)]
    testing = lift.obligations.select_related("project", "asset").get(label="电梯自行检测")
    case = cases.open_now(testing, by=world["manager"])
    obligations.set_last(testing, by=world["manager"], last_on=DAY(2026, 11, 10))
    case.refresh_from_db()
    assert (testing.due_on, case.state) == (None, S.WITHDRAWN), "the last year of testing is done"


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (
            lambda w, lift: [
                assets.retire(lift, by=w["manager"], retired_on=TODAY, how="retired", why="报废") for _twice in range(2)
            ],
            "这台设备已在 2026-11-16 注销",
        ),
        (
            lambda w, lift: [assets.lay_up(lift, by=w["manager"], idle_since=TODAY) for _twice in range(2)],
            "这台设备已经停用或注销",
        ),
        (
            lambda w, lift: obligations.set_last(duty(lift), by=w["manager"], last_on=DAY(2020, 6, 17)),
            "上次检验日早于这台设备的基准日 2020-06-18",
        ),
        (
            lambda w, lift: cases.open_now(
                ended(assets.retire(lift, by=w["manager"], retired_on=TODAY, how="retired", why="报废")), by=w["manager"]
            ),
            "这一项不再适用，不用办",
        ),
        (
            lambda w, lift: cases.before_use(
                assets.retire(lift, by=w["manager"], retired_on=TODAY, how="retired", why="报废"), TODAY, by=w["manager"]
            ),
            "目录里没有这类设备的检验项目",
        ),
        (
            lambda w, lift: cases.book(
                cases.open_now(duty(lift), by=w["manager"]), by=w["manager"], **AGENCY, price=None, visit_on=DAY(2026, 11, 15)
            ),
            "约定日期已经过了。做完的，直接登记已检",
        ),
        (
            lambda w, lift: w.inspected(cases.open_now(duty(lift), by=w["manager"]), DAY(2020, 6, 17)),
            "检验日早于这台设备的基准日 2020-06-18",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_of_an_asset_is_refused_with_the_reason(world, act, sentence):
    with pytest.raises(Refusal, match=sentence):
        act(world, world.lift())


def ended(lift):
    return lift.obligations.select_related("project__estate", "project__company", "asset").first()


def fire_item(world, item="IN-14"):
    keep_profile(world.project, by=world["admin"], equipment={"lift": 1})
    obligations.refresh([world.project])
    return Obligation.objects.select_related("project__estate", "project__company", "asset").get(item=item)


def test_what_the_director_exempts_leaves_the_lists_with_its_open_case(world):
    known = {"by": world["director"], "reason": "不在防雷重点单位目录", "basis": "市气象局 2026 年目录"}
    row = fire_item(world)
    case = cases.open_now(row, by=world["manager"])
    obligations.exempt(row, **known)
    case.refresh_from_db()
    assert (case.state, case.reason) == (S.WITHDRAWN, "不在防雷重点单位目录")


def test_a_case_is_exempted_by_the_director_with_its_item(world):
    case = cases.open_now(fire_item(world), by=world["manager"])
    with pytest.raises(Refusal, match="请写为什么不适用"):
        cases.exempt(case, by=world["director"], reason=" ", basis="目录")
    cases.exempt(case, by=world["director"], reason="不在目录", basis="市气象局 2026 年目录")
    assert (case.state, Obligation.objects.get(item="IN-14").exempt_why) == (S.WITHDRAWN, "不在目录")


def test_a_report_is_entered_for_a_visit_that_was_written_down_before(world):
    lift = world.lift()
    case = world.inspected(cases.open_now(duty(lift), by=world["manager"]), DAY(2026, 11, 12))
    entered = cases.enter_report(
        duty(lift), by=world["manager"], inspected_on=DAY(2026, 11, 12), report_number="川检-11", file=PDF, **AGENCY
    )
    assert (entered, entered.state) == (case, S.PASSED)


def test_what_is_in_use_is_not_taken_into_use_again(world):
    with pytest.raises(Refusal, match="这台设备没有停用"):
        assets.use_again(world.lift(), by=world["manager"])
    pile = world.lift(kind="car_charger", code="桩1", last_on=None)
    assets.lay_up(pile, by=world["manager"], idle_since=DAY(2024, 11, 1))
    assert assets.use_again(pile, by=world["manager"]) is None, "what is no special equipment needs no inspection first"


def test_the_last_testing_ends_the_item_and_a_new_report_ends_the_one_before(world):
    lift = world.lift(base_on=DAY(2012, 12, 5), last_on=DAY(2025, 12, 1))
    testing = lift.obligations.select_related("project__estate", "project__company", "asset").get(label="电梯自行检测")
    world.passed(cases.open_now(testing, by=world["manager"]), DAY(2026, 11, 12), "川检-20")
    testing.refresh_from_db()
    assert (testing.ended_on, testing.ended_why) == (TODAY, "满年限后不再单独做这一项")
    other = world.lift()
    for number, day in (("川检-21", TODAY), ("川检-22", DAY(2026, 11, 17))):
        with frozen(day):
            world.passed(cases.open_now(duty(other), by=world["manager"]), day, number)
    first, second = Fact.objects.filter(kind="inspection.valid", note__contains="川检-2").order_by("occurred_on")[:2]
    assert first.pk != second.pk and level(world, "inspection.valid") == 1


def test_what_no_law_asks_for_stops_nothing_when_it_is_late_or_fails(world):
    keep_profile(world.project, by=world["admin"], equipment={"sump": 1})
    obligations.refresh([world.project])
    row = Obligation.objects.select_related("project__estate", "project__company", "asset").get(item="IN-47")
    case = cases.open_now(row, by=world["manager"])
    cases.expire(case)
    assert case.state == S.OVERDUE and not Fact.objects.filter(kind__startswith="inspection.overdue").exists()
    cases.inspect(case, by=world["manager"], inspected_on=TODAY, agency="样泵业")
    assert (case.agency, case.licence) == ("样泵业", ""), "nor does anybody need a licence for it"
    cases.failed(case, by=world["manager"], failure="水泵不转")
    assert case.state == S.FAILED and not Asset.objects.exclude(stopped_on=None).exists()
