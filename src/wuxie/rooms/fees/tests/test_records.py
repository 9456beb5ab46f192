"""Disclosures and findings, who hears of them, and what is never told across companies."""

from __future__ import annotations

import pytest

from wuxie.kernel.clock.now import frozen, today
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.trust import Trust
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.fees import queries
from wuxie.rooms.fees.actions import disclosing, findings
from wuxie.rooms.fees.models import Adjustment, Disclosure, Finding
from wuxie.rooms.register.tests import factories as register

from .factories import COSTS, DAY, PDF, begin, shot

pytestmark = pytest.mark.django_db


def told():
    return sorted(Fact.objects.filter(kind__startswith="disclosure.").values_list("kind", "subject"))


def test_a_quarter_is_laid_down_hung_confirmed_and_counted(world):
    with frozen(DAY(2027, 4, 2)):
        assert disclosing.lay_down(today()) == 5 and disclosing.lay_down(today()) == 0
        row = Disclosure.objects.get(topic="public_income")
        assert (row.starts_on, row.ends_on, row.due_on) == (DAY(2027, 1, 1), DAY(2027, 3, 31), DAY(2027, 4, 15))
        with pytest.raises(Refusal, match="公示栏的照片"):
            disclosing.publish(row, by=world["manager"], file=None)
        with pytest.raises(Refusal, match="没有可核实的"):
            disclosing.confirm(row, by=world["member"])
        disclosing.publish(row, by=world["manager"], file=shot())
        with pytest.raises(Refusal, match="这一项已经登记过公示"):
            disclosing.publish(row, by=world["manager"], file=shot())
        with pytest.raises(Refusal, match="办理"):
            disclosing.confirm(row, by=world["manager"])
        disclosing.confirm(row, by=world["community"])
        with pytest.raises(Refusal, match="核实过"):
            disclosing.confirm(row, by=world["member"])
        assert disclosing.count_due(today()) == 0
    with frozen(DAY(2027, 4, 16)):
        assert disclosing.count_due(today()) == 5 and disclosing.count_due(today()) == 0
        late = Disclosure.objects.get(topic="charges")
        disclosing.publish(late, by=world["manager"], file=shot())
        disclosing.confirm(late, by=world["member"])
    key = world.project.key
    assert told() == [
        ("disclosure.published_on_time.public_income", key), *[("disclosure.required.other", key)] * 4, ("disclosure.required.public_income", key),
    ], "what hung late is not on time"  # fmt: skip
    assert Fact.objects.get(kind="disclosure.published_on_time.public_income").trust == Trust.COUNTERPART_CONFIRMED


def test_nothing_of_the_past_is_laid_down(world):
    assert disclosing.lay_down(DAY(2027, 2, 20)) == 0 and disclosing.lay_down(DAY(2027, 1, 15)) == 5


@pytest.mark.parametrize(("day", "quarter"), [
    (DAY(2027, 1, 1), (DAY(2026, 10, 1), DAY(2026, 12, 31))), (DAY(2027, 5, 31), (DAY(2027, 1, 1), DAY(2027, 3, 31))),
    (DAY(2027, 12, 31), (DAY(2027, 7, 1), DAY(2027, 9, 30))),
])  # fmt: skip
def test_the_quarter_before_a_day(day, quarter):
    assert disclosing.quarter_before(day) == quarter


def entered(world, by="district", **known):
    given = {
        "kind": "fee.utility_cut_to_collect",
        "number": "川住罚〔2027〕3号",
        "words": "停水催费",
        "found_on": DAY(2027, 3, 1),
        "file": PDF,
    } | known
    return findings.enter(world.project, by=world[by], **given)


def test_a_finding_needs_an_authority_and_its_paper(world):
    for by in ("manager", "member", "community", "street", "office"):
        with pytest.raises(Refusal, match="区县、市主管部门"):
            entered(world, by)
    for known, words in (
        ({"file": None}, "不能登记"),
        ({"found_on": DAY(2027, 3, 11)}, "文书日期"),
        ({"kind": "x"}, "名单"),
        ({"number": " "}, "文号"),
    ):
        with pytest.raises(Refusal, match=words):
            entered(world, **known)
    assert not Finding.objects.exists()
    entered(world)
    (fact,) = Fact.objects.filter(kind="fee.utility_cut_to_collect")
    assert (fact.subject, fact.trust) == (world.project.key, Trust.AUTHORITY_DOCUMENT)
    with pytest.raises(Refusal, match="登记过"):
        entered(world)


def others(count, start=0):
    """Reviewed costs of so many further companies."""
    for n in range(start, start + count):
        case = begin(register.project(register.estate(f"邻里{n}"), register.company(f"邻{n}", 300 + n)))
        case.costs.create(year=2026, item="staff", amount=COSTS["staff"] + n, voucher="attachment:1", sha256="0" * 64)
        Adjustment.objects.filter(pk=case.pk).update(reviewed_on=today())


def test_fewer_than_ten_companies_are_refused_with_the_article(world, browser):
    world.reviewed()
    others(8)
    with pytest.raises(Refusal, match="少于 10 家企业.*反垄断法第21条"):
        queries.shares_of_cost(Adjustment.objects.all())
    text = browser("office").get("/fees/structure/").content.decode()
    assert "少于 10 家企业" in text and "data-chart" not in text
    others(1, 8)
    parts = queries.shares_of_cost(Adjustment.objects.all())
    assert parts["staff"] == 100 and sum(parts.values()) == 100
    text = browser("office").get("/fees/structure/").content.decode()
    assert "100%" in text and "元" not in text.partition("<main")[2].partition("</main")[0].replace(
        "没有单价，没有金额", ""
    )


def test_a_second_case_of_one_company_does_not_make_it_more(world):
    world.reviewed()
    others(8)
    again = begin(register.project(register.estate("又一里"), world.project.company))
    again.costs.create(year=2026, item="staff", amount=1, voucher="attachment:1", sha256="0" * 64)
    Adjustment.objects.filter(pk=again.pk).update(reviewed_on=today())
    with pytest.raises(Refusal, match="少于 10 家"):
        queries.shares_of_cost(Adjustment.objects.all())


@pytest.mark.parametrize("name", ["office", "rival", "visitor"])
def test_neither_association_nor_competitor_sees_a_change_its_papers_or_a_price(world, browser, client, name):
    case = world.published()
    page = client if name == "visitor" else browser(name)
    assert (
        page.get(case.get_absolute_url()).status_code in (302, 404)
        and not Adjustment.objects.visible_to(world[name]).exists()
    )
    if name != "visitor":
        sheet = b"".join(page.get("/fees/", {"format": "csv"})).decode("utf-8-sig")
        assert world.project.estate.name not in sheet and "1.60" not in sheet
        assert page.get("/fees/").content.decode().count(case.number) == 0


def test_an_owner_sees_it_once_it_hangs(world):
    case = world.reviewed()
    assert (
        not Adjustment.objects.visible_to(world["owner"]).exists()
        and Adjustment.objects.visible_to(world["member"]).exists()
    )
    Adjustment.objects.filter(pk=case.pk).update(state="cost_published")
    assert Adjustment.objects.visible_to(world["owner"]).exists()
