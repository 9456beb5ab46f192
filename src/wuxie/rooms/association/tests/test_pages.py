"""The pages: what each person finds on them, what a form refuses, that nothing is fetched row by row on a page of one thing."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wuxie.kernel.clock.now import frozen, today
from wuxie.kernel.facts import ledger
from wuxie.rooms.association.actions import desk, groups, members
from wuxie.rooms.association.models import Due, Inquiry, Item, Meeting, Member, Rate, Task

from .factories import SITS, at, on_the_day

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture
def browse(world, enter):
    """A browser of one of the world's people."""
    return lambda name: enter(person=world.people[name])


def page(answer):
    return answer.content.decode()


def test_a_meeting_is_planned_called_and_seen(world, browse):
    office = browse("office")
    asked = {"body": "council", "title": "第二次理事会", "held_at": "2026-12-18T09:00", "venue": "会议室"}
    assert office.post(reverse("association:meeting_new"), asked | {"held_at": "2026-01-01T09:00"}).status_code == 422
    assert office.post(reverse("association:meeting_new"), asked).status_code == 302
    case = Meeting.objects.get()
    item = {"title": "建基地", "matter": "dues"}
    add = reverse("association:meeting_step", args=[case.pk, "add_item"])
    refused = office.post(add, item)
    assert refused.status_code == 422 and "要由会员大会决定" in page(refused)
    assert office.post(add, item | {"matter": "ordinary", "concerns": [world.members[1].pk]}).status_code == 302
    assert office.post(reverse("association:meeting_step", args=[case.pk, "call"])).status_code == 302

    own = page(browse("m1").get(case.get_absolute_url()))
    assert "建基地" in own and "回避：亢宿物业" in own and "登记到会" not in own.partition("现在轮到")[0]
    assert browse("m7").get(case.get_absolute_url()).status_code == 404, "an ordinary member is not called to a council"
    assert browse("city").get(case.get_absolute_url()).status_code == 404


def test_a_recused_member_counted_on_the_page_is_refused_with_the_rule(world, browse):
    case = world.sitting("assembly", {"title": "推荐示范", "matter": "award", "concerns": [world.members[2]]})
    item = case.items.get()
    url = reverse("association:vote", args=[item.pk])
    with on_the_day():
        office = browse("office")
        assert "应当回避" in page(office.get(url))
        rest = {f"member_{one.pk}": "rest" for one in world.members[:8]} | {f"member_{world.members[2].pk}": ""}
        refused = office.post(url, rest | {"rest": "yes", f"member_{world.members[2].pk}": "yes"})
        assert refused.status_code == 422 and "“氐宿物业”和“推荐示范”有利害关系" in page(refused)
        assert Item.objects.get().yes is None
        taken = office.post(url, rest | {"rest": "yes", f"member_{world.members[3].pk}": "no"})
        assert taken.status_code == 302
        assert browse("president").get(url).status_code == 403
        assert browse("outsider").get(url).status_code == 404
    assert Item.objects.values_list("yes", "no", "abstain", "present", "entitled", "outcome").get() == (
        6,
        1,
        0,
        7,
        8,
        "carried",
    )


def test_the_page_of_a_meeting_costs_the_same_for_more_items(world, browse):
    office, counts = browse("office"), []
    for items in ([{}], [{"title": f"第{n}件", "concerns": [world.members[n]]} for n in range(6)]):
        case = world.called("assembly", *items)
        office.get(case.get_absolute_url())
        with CaptureQueriesContext(connection) as seen:
            assert office.get(case.get_absolute_url()).status_code == 200
        counts.append(len(seen))
    assert counts[0] >= counts[1] - 1, "the second has one more prefetch: members concerned"


def test_a_group_its_lead_and_its_load(world, browse):
    group, office = world.led(), browse("office")
    case = world.delivered()
    groups.accept(case, by=world["office"], quality=86, note="好")
    shown = page(browse("m3").get(group.get_absolute_url()))
    assert "角宿物业 角样" in shown and "0.80（4/5）" in shown and "加任务" not in shown
    lead = browse("m0")
    url = reverse("association:task_new", args=[group.pk])
    assert lead.post(url, {"title": "出题", "deliverable": "题库", "due_on": "2026-12-20"}).status_code == 302
    made = Task.objects.get(title="出题")
    assign = {"doer": world.members[2].pk, "criteria": "一百题", "due_on": "2026-12-20", "hours": "5"}
    step = reverse("association:task_step", args=[made.pk, "assign"])
    assert lead.post(step, assign | {"doer": world.members[8].pk}).status_code == 422
    assert lead.post(step, assign).status_code == 302
    assert "80" in page(office.get(reverse("association:workload"))) and "4/5" in page(
        office.get(reverse("association:workload"))
    )
    charter = reverse("association:group_charter", args=[group.pk])
    assert lead.get(charter).status_code == 403
    assert office.post(charter, {"charter": "只承办", "adopted_on": "2026-11-01"}).status_code == 302
    named = {"who": f"{world.members[1].pk}-{world.people['m1'].pk}", "until": "2027-06-01"}
    assert office.post(reverse("association:group_lead", args=[group.pk]), named).status_code == 302
    group.refresh_from_db()
    assert group.lead == world.people["m1"]


def test_a_lead_prepares_the_meeting_of_the_group_and_of_no_other(world, browse):
    world.led()
    lead, url = browse("m0"), reverse("association:meeting_new")
    asked = {
        "body": "group",
        "group": "training_group",
        "title": "例会",
        "held_at": "2026-12-18T09:00",
        "venue": "线上",
    }
    assert lead.post(url, asked | {"group": "brand_group"}).status_code == 422
    made = lead.post(url, asked)
    assert made.status_code == 302 and lead.get(made.url).status_code == 200
    assert browse("m1").get(made.url).status_code == 404, "not called yet"
    assert browse("m1").get(url).status_code == 403


def test_the_state_of_a_member_follows_from_dates_and_dues(world, browse):
    office = browse("office")
    late, going, later = world.members[1], world.members[2], world.members[3]
    Due.objects.create(
        member=late, year=2026, amount=1, due_on=DAY(2026, 3, 1), state="late", opened_at=at(SITS), changed_at=at(SITS)
    )
    members.leave(going, by=world["office"], on=DAY(2026, 12, 31))
    Member.objects.filter(pk=later.pk).update(joined_on=DAY(2027, 1, 1))
    for member, words in ((late, "欠会费"), (going, "在会，将退会"), (later, "待入会"), (world.members[4], "在会")):
        assert words in page(office.get(member.get_absolute_url()))
    assert "亢宿物业" in page(office.get(reverse("association:members"), {"view": "late"}))
    with frozen(DAY(2027, 1, 1)):
        assert "已退会" in page(browse("office").get(going.get_absolute_url()))


def test_a_member_asks_and_others_do_not_read_it(world, browse):
    own = browse("m1")
    sent = own.post(
        reverse("association:inquiry_new"),
        {"member": world.members[1].pk, "subject": "dues", "title": "开票", "text": "怎么开"},
    )
    case = Inquiry.objects.get()
    assert sent.url == case.get_absolute_url()
    assert (
        own.post(
            reverse("association:inquiry_new"),
            {"member": world.members[2].pk, "subject": "dues", "title": "票", "text": "开"},
        ).status_code
        == 422
    )
    for name, status in (("office", 200), ("president", 200), ("m2", 404), ("outsider", 404), ("city", 404)):
        assert browse(name).get(case.get_absolute_url()).status_code == status, name
    desk.answer(case, by=world["office"], answer="网上开")
    assert "网上开" in page(own.get(case.get_absolute_url()))
    assert own.post(reverse("association:inquiry_step", args=[case.pk, "rate"]), {"mark": "4"}).status_code == 302


def test_two_groups_at_most_and_two_different_ones(world, browse):
    office, member = browse("office"), world.members[4]
    url = reverse("association:member_edit", args=[member.pk])
    given = {"kind": "council", "joined_on": "2024-03-01", "group": "brand_group", "listed": "on"}
    assert "要和第一个不同" in page(office.post(url, given | {"second_group": "brand_group"}))
    assert office.post(url, given | {"second_group": "training_group"}).status_code == 302
    assert Member.objects.in_group("training_group").filter(pk=member.pk).exists()


def test_the_directory_is_public_and_one_may_ask_to_be_left_out(world, client):
    Member.objects.filter(pk=world.members[1].pk).update(listed=False)
    members.leave(world.members[2], by=world["office"], on=DAY(2026, 11, 24))
    shown = page(client.get(reverse("portal:members")))
    assert "角宿物业" in shown and "亢宿物业" not in shown and "氐宿物业" not in shown
    assert world.people["m0"].name not in shown
    item = world.item(world.planned(), "会费标准", matter="dues")
    Rate.objects.create(year=2026, kind="council", amount=300_000, item=item)
    assert "3,000.00 元" in page(client.get(reverse("portal:rates")))


def test_what_a_unit_may_ask_for_itself(world, browse):
    outsider = browse("outsider")
    unit = world["outsider"].organisations().pop()
    assert (
        outsider.post(reverse("association:admission_new"), {"organisation": unit, "statement": "想入会"}).status_code
        == 302
    )
    assert browse("m1").get(reverse("association:leaving_new")).status_code == 200
    assert browse("city").get(reverse("association:admission_new")).status_code == 403


def test_a_member_s_page_counts_its_duties_of_the_year_for_itself_and_the_association(world, browse):
    one = world.members[1]
    for kind, count in (("member.duty_done", 2), ("mediation.expert_shift_missed", 1)):
        for n in range(count):
            ledger.announce(
                kind, one.organisation.key, occurred_on=today(), source=f"{kind}/{n}", trust="association_verified"
            )
    for who in ("office", "m1"):
        shown = page(browse(who).get(one.get_absolute_url()))
        assert "今年的会员义务" in shown and "专家值班缺席" in shown
        assert "<small>2 次</small>" in shown.partition("今年的会员义务")[2].partition("</section>")[0]
    assert "今年的会员义务" not in page(browse("m0").get(one.get_absolute_url()))
