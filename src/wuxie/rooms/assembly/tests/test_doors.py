"""At the door: who may sign for a unit, what is refused with the rule, and nothing half written."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from stdnum.cn import ric

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.assembly import commitments, facts, queries
from wuxie.rooms.assembly.actions import doors, question
from wuxie.rooms.assembly.models import Ballot, Proxy, Visit
from wuxie.rooms.register.actions.owners import end_ownership
from wuxie.rooms.register.tests import factories as register

from .factories import AFTER, DAY, OPENS_ON, PDF, TODAY, moment, shot

pytestmark = pytest.mark.django_db
B = Ballot.State


@pytest.fixture
def case(world):
    return world.collecting()


def refused(world, case, label, sentence, **known):
    """The refusal, and that nothing of it was written."""
    before = (Ballot.objects.count(), Visit.objects.count(), Fact.objects.count())
    with pytest.raises(Refusal, match=sentence):
        world.collect(case, label, **known)
    assert (Ballot.objects.count(), Visit.objects.count(), Fact.objects.count()) == before


def test_a_paper_is_collected_by_two_with_a_picture_and_stands_in_the_ledger(world, case):
    ballot = world.collect(case, "1-1-101")
    fact = Fact.objects.get(kind=facts.COLLECTED.code)
    assert ballot.state == B.COLLECTED and ballot.choices == {} and ballot.fact_id == fact.id
    assert fact.attachments == [ballot.envelope_sha256] and set(fact.details) == {"case", "ballot"}
    assert world.entry(case, "1-1-101").door == "collected"


def test_one_unit_has_one_ballot(world, case):
    ballot = world.collect(case, "1-1-101")
    refused(world, case, "1-1-101", "一户只能有一张有效票")
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.create(
            decision=case, entry=ballot.entry, issue=1, state=B.VALID, capacity="owner", collector=ballot.collector, second=ballot.second,
            collected_at=AFTER, envelope="x", envelope_sha256="0" * 64,
        )  # fmt: skip


def test_one_picture_is_of_one_envelope(world, case):
    same = shot()
    world.collect(case, "1-1-101", picture=same)
    refused(world, case, "1-1-102", "已经用在别的票上", picture=same)


def test_after_the_close_not_one_more_even_before_the_clock_came(world, case):
    refused(world, case, "1-1-101", "一张也不能再收", at=AFTER)


def test_two_collectors_are_two(world, case):
    for who in ("collector", "counter"):
        refused(world, case, "1-1-101", "另一名收票人", second=world.people[who])
    with frozen(moment(OPENS_ON)), pytest.raises(Refusal, match="由收票人办理"):
        doors.collect(
            world.entry(case, "1-1-101"),
            by=world["counter"],
            second=world.people["second"],
            capacity="owner",
            picture=shot(),
        )


@pytest.mark.parametrize(("capacity", "sentence"), [
    ("tenant", "没有投票权"), ("proxy", "没有登记书面委托"), ("guardian", "已成年"), ("company", "归个人所有"), ("neighbour", "签名的是谁"),
])  # fmt: skip
def test_who_may_not_sign(world, case, capacity, sentence):
    refused(world, case, "1-1-101", sentence, capacity=capacity)


def test_a_child_votes_by_the_guardian(world):
    from wuxie.rooms.register.actions import owners

    owners.end_ownership(world.units[5].ownerships.get(), by=world["clock"], on=TODAY)
    number = next(f"51040220150601001{last}" for last in "0123456789X" if ric.is_valid(f"51040220150601001{last}"))
    owners.add_owner(world.units[5], by=world["clock"], name="小己", phone="13900000077", id_number=number)
    case = world.collecting()
    assert world.entry(case, "2-1-102").minor
    refused(world, case, "2-1-102", "由监护人投票", capacity="owner")
    assert world.collect(case, "2-1-102", capacity="guardian").state == B.COLLECTED


def test_a_company_votes_with_seal_and_authority(world):
    from wuxie.rooms.register.actions import owners

    owners.end_ownership(world.units[5].ownerships.get(), by=world["clock"], on=TODAY)
    owners.add_owner(
        world.units[5], by=world["clock"], organisation=Organisation.objects.create(kind="company", name="己商贸")
    )
    case = world.collecting()
    refused(world, case, "2-1-102", "盖章并授权", capacity="owner")
    assert world.collect(case, "2-1-102", capacity="company").state == B.COLLECTED


def test_what_the_developer_still_has_is_one_head_and_signed_by_the_company(world):
    for number in ("103", "104"):
        register.unit(world.estate, number, "2", status="unsold")
    case = world.collecting()
    assert (case.units, case.heads) == (8, 6)
    assert queries.signs_for(world.entry(case, "2-1-103")) == "company"
    refused(world, case, "2-1-103", "盖章并授权", capacity="owner")
    world.collect(case, "2-1-103", capacity="company")


def test_co_owners_without_a_voter_are_in_doubt_until_the_letter_comes(world):
    from wuxie.rooms.register.models import Ownership

    register.owner(world.units[5], "己一", "13900000009")
    Ownership.objects.filter(unit=world.units[5]).update(designated=False)
    case = world.collecting()
    ballot = world.collect(case, "2-1-102")
    assert ballot.state == B.DOUBTFUL and "推选书" in ballot.marks.get().reason
    other = world.collect(case, "1-1-101", doubt="签名像是别人写的")
    assert other.state == B.DOUBTFUL and other.marks.get().reason == "签名像是别人写的"


def authorise(world, case, label, name="代某", phone="13811112222"):
    with frozen(moment(OPENS_ON)):
        return doors.authorise(world.entry(case, label), by=world["collector"], name=name, phone=phone, picture=shot())


def test_a_proxy_is_written_and_for_so_many_owners(world, case):
    for label in ("1-1-101", "1-1-201", "1-1-102", "1-1-202"):
        authorise(world, case, label)  # the first two are of one owner
    with pytest.raises(Refusal, match=r"已经代理 3 名业主，一人最多代理 3 名"):
        authorise(world, case, "2-1-101")
    with pytest.raises(Refusal, match="已经登记过委托"):
        authorise(world, case, "1-1-101", phone="13833334444")
    with pytest.raises(Refusal, match="一人最多代理 3 名"):
        authorise(world, case, "2-1-101", phone="138-1111-2222")  # the same person, written otherwise
    with pytest.raises(ValidationError, match="11 位手机号"):
        authorise(world, case, "2-1-101", phone="12345")
    assert Proxy.objects.count() == 4 and world.collect(case, "1-1-101", capacity="proxy").state == B.COLLECTED
    assert "13811112222" not in str(Proxy.objects.values_list("phone_index", flat=True))


def test_the_rules_of_the_estate_say_for_how_many(world):
    question.keep_rules(
        world.estate, by=world["committee"], adopted_on=TODAY, paper=PDF, proxy_limit=1, proxy_clause="第十二条"
    )
    case = world.collecting()
    authorise(world, case, "1-1-102")
    with pytest.raises(Refusal, match="一人最多代理 1 名（议事规则 第十二条）"):
        authorise(world, case, "2-1-101")


def test_a_paper_issued_anew_makes_the_old_one_and_its_receipt_worthless(world, case):
    old = world.collect(case, "1-1-101")
    before = world.entry(case, "1-1-101")
    with frozen(moment(OPENS_ON)):
        with pytest.raises(Refusal, match="为什么换发"):
            doors.issue_anew(before, by=world["collector"], reason=" ")
        after = doors.issue_anew(before, by=world["collector"], reason="业主改了主意")
    old.refresh_from_db()
    assert (
        old.state == B.REPLACED and not old.stands and [one.reason for one in old.marks.all()] == ["", "业主改了主意"]
    )
    assert after.token != before.token and after.receipt_index != before.receipt_index and after.paper == before.paper
    refused(world, case, "1-1-101", "现在有效的票", token=before.token)
    new = world.collect(case, "1-1-101", token=after.token.lower())
    assert new.issue == 2 and Ballot.objects.standing().filter(entry=after).get() == new


def test_a_visit_without_result_is_kept_and_a_refusal_wants_a_picture(world, case):
    entry = world.entry(case, "1-1-102")
    with frozen(moment(OPENS_ON, 18)):
        doors.missed(entry, by=world["collector"], outcome="nobody", note="敲门没人应")
        with pytest.raises(Refusal, match="拍照留证"):
            doors.missed(entry, by=world["collector"], outcome="refused")
        doors.missed(entry, by=world["collector"], outcome="refused", picture=shot())
        with pytest.raises(Refusal, match="只登记没人或拒签"):
            doors.missed(entry, by=world["collector"], outcome="collected")
    assert [one.outcome for one in entry.visits.all()] == ["refused", "nobody"]
    world.collect(case, "1-1-102")
    with frozen(moment(OPENS_ON)):
        for act in (
            lambda: doors.deliver(entry, by=world["collector"]),
            lambda: doors.missed(entry, by=world["collector"], outcome="nobody"),
        ):
            with pytest.raises(Refusal, match="已经收到"):
                act()


def test_participation_by_building_and_where_to_walk_next(world, case):
    for label in ("1-1-101", "2-1-101"):
        world.collect(case, label)
    found = queries.participation(case)
    assert (found.came.area, found.came.heads) == (20950, 2) and (found.need.area, found.need.heads) == (39934, 4)
    assert (found.gap_area, found.gap_heads, found.enough) == (18984, 2, False)
    assert [(one.building, one.part_area, one.came, one.missing_heads) for one in found.blocks] == [
        ("1", 8950, 1, 2),
        ("2", 12000, 1, 1),
    ]
    assert [(one.name, one.gain, len(one.new_heads)) for one in found.next] == [("1-1", 26950, 2), ("2-1", 12000, 1)]
    for label in ("1-1-102", "1-1-202"):
        world.collect(case, label)
    assert queries.participation(case).enough is False, "four heads, but 389.50 of 599.00 m²"
    world.collect(case, "1-1-201")
    assert queries.participation(case).enough is True
    assert queries.by_day(case) == [(OPENS_ON, 47900, 4)]


def test_parking_counts_only_where_a_clause_says_so(world):
    register.unit(world.estate, "B01", "2", use="parking", area=1200)
    assert world.announced().entries.count() == 6
    question.keep_rules(
        world.estate, by=world["committee"], adopted_on=TODAY, paper=PDF, parking_counts=True, parking_clause="第八条"
    )
    assert world.announced(title="另一次").entries.count() == 7


def test_a_scope_leaves_the_other_buildings_out(world):
    building = world.estate.buildings.get(name="2")
    case = world.announced(scope=[[building.pk, ""]])
    assert list(case.entries.values_list("label", flat=True)) == ["2-1-101", "2-1-102"]
    entrance = world.announced(scope=[[building.pk, "1"]], title="一个单元")
    assert entrance.entries.count() == 2


def test_receipts_and_papers_are_different_secrets(world, case):
    entry = world.entry(case, "1-1-101")
    receipt = commitments.receipt(case.secret, entry.unit_id, 1)
    assert len(receipt) == 26 and not set(receipt) & set("01IO") and entry.token not in receipt
    assert commitments.index_of(f" {receipt[:5]}-{receipt[5:].lower()}") == entry.receipt_index
    assert commitments.sample("7", map(str, range(500)), 60) == commitments.sample(
        "7", map(str, reversed(range(500))), 60
    )


def test_an_extension_keeps_the_doors_open(world, case):
    with frozen(moment(OPENS_ON)):
        question.extend(case, by=world["committee"], closes_at=AFTER + datetime.timedelta(days=3), note="人数不够")
    assert world.collect(case, "1-1-101", at=moment(DAY(2027, 4, 6))).state == B.COLLECTED


def test_nobody_takes_a_paper_before_the_day_or_of_a_home_without_an_owner_unlooked_at(world):
    made = world.frozen()
    refused(world, made, "1-1-101", "现在是“待开票”，不能“收票”")
    before = world.entry(made, "1-1-101").token
    with frozen(moment(OPENS_ON, 7)):
        anew = doors.issue_anew(world.entry(made, "1-1-101"), by=world["collector"], reason="票印坏了")
    assert (anew.issue, anew.ballots.count()) == (2, 0) and anew.token != before


def test_a_home_of_which_no_owner_is_registered_is_looked_at(world):
    for held in world.units[5].ownerships.all():
        end_ownership(held, by=world["clock"], on=TODAY)
    ballot = world.collect(world.collecting(), "2-1-102")
    assert ballot.state == B.DOUBTFUL and ballot.marks.get().reason == "没有登记业主，要核对产权"
