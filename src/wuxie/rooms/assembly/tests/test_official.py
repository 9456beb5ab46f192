"""The official system's result as the binding one: its sheet cell by cell, adopted with its paper, counted and verified as ever."""

from __future__ import annotations

import csv
import io

import pytest

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts import sealer
from wuxie.kernel.papers.actions import print_later
from wuxie.kernel.tabular import actions as tabular
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.assembly import imports, packs
from wuxie.rooms.assembly.actions import counting, official, result
from wuxie.rooms.assembly.models import Ballot, Decision

from .factories import AFTER, OPENS_ON, PDF, moment

pytestmark = pytest.mark.django_db
S = Decision.State
AREAS = {
    "1-1-101": "89.50", "1-1-102": "90.00", "1-1-201": "89.50", "1-1-202": "90.00", "2-1-101": "120.00", "2-1-102": "120.00",
}  # fmt: skip


def rows(sides=None, areas=None):
    """The sheet of everybody: door, area, side."""
    said = dict.fromkeys(AREAS, "同意") | (sides or {})
    return [(label, (AREAS | (areas or {})).get(label, "1.00"), side) for label, side in said.items()]


def sheet(found, heads=("户室", "专有面积", "第1项")):
    out = io.StringIO()
    csv.writer(out).writerows([heads, *found])
    return out.getvalue().encode("utf-8-sig")


@pytest.fixture
def case(world):
    """After the close, with one paper collected here."""
    made = world.collecting()
    world.collect(made, "1-1-101")
    world.close(made)
    return made


def receive(world, case, found, by="committee"):
    with frozen(AFTER):
        return tabular.receive(sheet(found), "结果.csv", f"{imports.NAME}-{case.pk}", by=world[by])


def imported(world, case, found=None, by="committee"):
    with frozen(AFTER):
        tabular.apply(receive(world, case, found or rows(), by), by=world[by])
        case.refresh_from_db()
    return case


def adopted(world, case, found=None):
    imported(world, case, found)
    with frozen(AFTER):
        official.adopt(case, by=world["committee"], paper=PDF)
    return case


def test_the_sheet_is_looked_at_first_and_binds_only_once_adopted(world, case):
    imported(world, case)
    assert len(case.official) == 6 and not case.is_official
    assert [one.capacity for one in Ballot.objects.standing()] == ["owner"], "the paper stands until then"
    with frozen(AFTER):
        official.adopt(case, by=world["committee"], paper=PDF, note="省系统 2027-04-05 导出")
    standing = Ballot.objects.standing().filter(decision=case)
    assert {(one.capacity, one.state, one.collector_id) for one in standing} == {
        ("official", "valid", None)
    } and standing.count() == 6
    old = Ballot.objects.get(capacity="owner")
    assert (old.state, old.stands, old.marks.last().reason) == ("replaced", False, "以官方电子投票系统的结果为准")
    assert (case.is_official, case.official, case.state) == (True, None, S.CLOSED)


def test_it_is_counted_without_counters_and_the_packs_verify(world, case):
    adopted(world, case, rows({"2-1-102": "反对", "1-1-202": "未投票"}))
    case.helpers.all().delete()
    with frozen(AFTER), print_later():
        counting.count(case, by=world["committee"], seed="3 1 4")
        result.publish(case, by=world["committee"])
        sealer.seal()
    [one] = case.result
    assert (one["for"], one["against"], one["participating"]["heads"], one["passed"]) == (
        {"area": "389.00", "heads": 3}, {"area": "120.00", "heads": 1}, 4, True,
    )  # fmt: skip
    assert packs.members_of(case, rows=True), "checked by the verifier before it leaves"


def test_a_row_changed_past_the_program_stops_the_count(world, case):
    adopted(world, case)
    Ballot.objects.standing().filter(entry__label="1-1-102").update(choices={"1": "against"})
    with frozen(AFTER), pytest.raises(Refusal, match="对不上"):
        counting.count(case, by=world["committee"], seed="3 1 4")


def test_a_later_sheet_takes_the_place_of_the_first(world, case):
    adopted(world, case)
    adopted(world, case, rows({"1-1-102": "反对"}))
    standing = Ballot.objects.standing().filter(decision=case)
    assert standing.count() == 6 and standing.get(entry__label="1-1-102").choices == {"1": "against"}
    assert Ballot.objects.filter(decision=case, stands=False).count() == 7


@pytest.mark.parametrize(("found", "cell", "words"), [
    ([*rows(), ("1-1-101", "89.50", "反对")], "A8", "已在第 2 行出现"),
    (rows(areas={"2-1-101": "119.99"}), "B6", "名册是 120.00 ㎡，表里是 119.99 ㎡"),
    (rows({"9-1-101": "同意"}), "A8", "名册里没有 9-1-101"),
    (rows()[:-1], "A2", "还缺 1 户：2-1-102"),
    (rows({"1-1-101": "未投票"}), "C2", "收有纸票"),
    (rows({"1-1-102": "随便"}), "C3", "第1项"),
    (rows({"1-1-102": ""}), "C3", "第1项"),
])  # fmt: skip
def test_a_wrong_cell_is_named_and_nothing_is_written(world, case, found, cell, words):
    upload = receive(world, case, found)
    flaws = tabular.flaws_of(upload)
    assert any(one.address.startswith(cell) and words in one.message for one in flaws), [
        (f.address, f.message) for f in flaws
    ]
    with frozen(AFTER), pytest.raises(Problem):
        tabular.apply(upload, by=world["committee"])
    case.refresh_from_db()
    assert case.official is None


def test_half_a_vote_is_refused(world):
    made = world.collecting("fund_use", "other")
    world.close(made)
    found = [(*row, "同意") for row in rows({"1-1-102": "未投票"})]
    with frozen(AFTER):
        content = sheet(found, ("户室", "专有面积", "第1项", "第2项"))
        upload = tabular.receive(content, "结果.csv", f"{imports.NAME}-{made.pk}", by=world["committee"])
    assert [(one.address, "每一项" in one.message) for one in tabular.flaws_of(upload)] == [("C3", True)]


def test_who_may_import_and_when(world, case, enter):
    address = f"/imports/{imports.NAME}-{case.pk}/"
    with frozen(AFTER):
        assert enter(person=world.people["committee"]).get(address).status_code == 200
        for name in ("street", "admin", "office", "owner", "collector", "counter"):
            assert enter(person=world.people[name]).get(address).status_code in (403, 404), name
        with pytest.raises(Refusal, match="由组织人"):
            official.keep(case, by=world["counter"], sides={})
        with pytest.raises(Refusal, match="还没有导入"):
            official.adopt(case, by=world["committee"], paper=PDF)
    open_still = world.collecting(title="另一次")
    with frozen(moment(OPENS_ON)):
        assert enter(person=world.people["committee"]).get(f"/imports/{imports.NAME}-{open_still.pk}/").status_code in (
            403,
            404,
        )
        with pytest.raises(Refusal, match="截止以后"):
            official.keep(open_still, by=world["committee"], sides={})


def test_the_page_leads_from_the_sheet_to_the_adoption(world, case, enter):
    from django.core.files.uploadedfile import SimpleUploadedFile

    committee = enter(person=world.people["committee"])
    with frozen(AFTER):
        assert f"/imports/{imports.NAME}-{case.pk}/" in committee.get(case.get_absolute_url()).content.decode()
        imported(world, case)
        address = f"/votes/case/{case.pk}/adopt/"
        assert committee.post(address, {"note": ""}).status_code == 422, "without the system's paper"
        paper = SimpleUploadedFile("结果.pdf", PDF[1], content_type="application/pdf")
        assert committee.post(address, {"paper": paper, "note": ""}).status_code == 302
        case.refresh_from_db()
        assert case.is_official
        text = committee.get(f"/votes/{case.pk}/ballots/").content.decode()
        assert "官方电子投票系统" in text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda sides: {key: {"9": "for"} for key in sides}, "表里有不是这次表决的事项或者意见"),
        (lambda sides: {key: {"1": "perhaps"} for key in sides}, "表里有不是这次表决的事项或者意见"),
        (lambda sides: dict(list(sides.items())[1:]), "表里的户室和名册不一样，请从官方系统重新导出"),
    ],
)
def test_what_is_not_of_this_vote_is_not_kept_beside_it(world, case, change, sentence):
    sides = {str(pk): {"1": "for"} for pk in case.entries.values_list("pk", flat=True)}
    with frozen(AFTER), pytest.raises(Refusal, match=sentence):
        official.keep(case, by=world["committee"], sides=change(sides))
    case.refresh_from_db()
    assert not case.official
