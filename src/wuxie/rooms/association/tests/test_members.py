"""Members join and leave of their own will; contacts speak for them; a sheet of members comes in as it goes out."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wuxie.kernel.access.actor import actor_of
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.parties.models import Appointment, Organisation
from wuxie.kernel.tabular import actions as sheets
from wuxie.kernel.tabular.models import Upload
from wuxie.rooms.association import imports
from wuxie.rooms.association.actions import members as actions
from wuxie.rooms.association.models import Member
from wuxie.rooms.register.models import Project

pytestmark = pytest.mark.django_db
DAY = datetime.date


def unit(name: str) -> Organisation:
    return Organisation.objects.create(kind="company", name=f"{name}服务有限公司", short_name=name)


def member(office, name: str = "角宿物业", **known) -> Member:
    return actions.admit(unit(name), by=office, **({"joined_on": DAY(2024, 3, 1)} | known))


def test_numbers_follow_one_another_and_stay_taken(office):
    first = member(office)
    actions.leave(first, by=office, on=DAY(2025, 1, 1))

    assert [first.number, member(office, "亢宿物业").number] == ["H0001", "H0002"]
    with pytest.raises(ValidationError, match="已有单位在用"):
        member(office, "氐宿物业", number="H0001")
    with pytest.raises(ValidationError, match="已经是会员"):
        actions.admit(first.organisation, by=office, joined_on=DAY(2026, 1, 1))


def test_leaving_before_joining_is_refused(office):
    with pytest.raises(ValidationError, match="早于入会日"):
        actions.leave(member(office), by=office, on=DAY(2023, 1, 1))


def test_a_contact_is_an_appointment_at_the_member(office):
    joined = member(office)
    held = actions.name_contact(joined, by=office, name="刘样一", phone="13900000001", title="办公室主任")

    assert held.organisation == joined.organisation
    assert actor_of(held.person).holds("company_contact", organisation=joined.organisation_id)


def test_the_pages_of_a_member(desk, office, enter):
    joined = member(office)
    contact = actions.name_contact(joined, by=office, name="刘样一", phone="13900000001")
    page = desk.get(joined.get_absolute_url()).content.decode()
    assert "刘样一" in page
    assert "139****0001" in page
    own = enter(person=contact.person).get(joined.get_absolute_url())
    other = enter("周生", "company_admin", organisation=unit("亢宿物业")).get(joined.get_absolute_url())
    assert "刘样一" in own.content.decode()
    assert other.status_code == 200
    assert "刘样一" not in other.content.decode()


@pytest.mark.parametrize("name", ["member_edit", "member_leave", "contact_new"])
def test_only_the_office_keeps_members(desk, enter, office, name):
    joined = member(office)
    url = reverse(f"association:{name}", args=[joined.pk])

    assert desk.get(url).status_code == 200
    assert enter("周生", "company_admin", organisation=joined.organisation).get(url).status_code == 403


def test_keeping_members_by_hand(desk, office):
    new = unit("房宿物业")
    form = {"organisation": new.pk, "kind": "council", "group": "training_group", "joined_on": "2026-05-01"}
    assert desk.post(reverse("association:member_new"), form).status_code == 302
    joined = Member.objects.get(organisation=new)
    assert desk.post(reverse("association:contact_new", args=[joined.pk]),
                     {"name": "刘样一", "phone": "13900000001", "role": "company_admin"}).status_code == 302  # fmt: skip
    assert Appointment.objects.now().filter(organisation=new, role="company_admin").exists()
    change = {"kind": "standing", "joined_on": "2026-05-01", "group": ""}
    assert desk.post(reverse("association:member_edit", args=[joined.pk]), change).status_code == 302
    assert "会员类别 理事 → 常务理事" in desk.get(joined.get_absolute_url()).content.decode()
    assert desk.post(reverse("association:member_leave", args=[joined.pk]), {"on": "2026-04-01"}).status_code == 422
    assert desk.post(reverse("association:member_leave", args=[joined.pk]), {"on": "2026-12-01"}).status_code == 302


def test_the_list_costs_the_same_for_three_and_thirty(desk, office):
    url, counts = reverse("association:members"), []
    for start, stop in ((0, 3), (3, 30)):
        for number in range(start, stop):
            member(office, f"第{number}物业")
        desk.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(url).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert "第7物业" in desk.get(url, {"q": "d7wy"}).content.decode()


def test_a_sheet_of_members_comes_in_as_it_goes_out(desk, office):
    for name in ("角宿物业", "亢宿物业"):
        member(office, name, kind="council", group="training_group")
    actions.leave(Member.objects.get(number="H0002"), by=office, on=DAY(2026, 1, 1))
    before = list(Member.objects.values_list())
    sheet = b"".join(desk.get(reverse("association:members"), {"format": "csv"}))

    upload = sheets.receive(sheet, "会员名册.csv", "members", by=office)
    assert (upload.state, upload.flaw_count) == (Upload.State.CHECKED, 0)
    sheets.write(upload, by=office)
    assert list(Member.objects.values_list()) == before
    assert Member.history.filter(history_type="~").count() == 1


def test_a_sheet_names_what_is_wrong(office):
    member(office)
    unit("房宿物业")
    text = "单位名称,编号,类别,入会时间,退会日\n没有的单位,H1,会员,2024-01-01,\n房宿物业服务有限公司,H0001,会长级,2024-02-30,2020-01-01\n"

    upload = sheets.receive(text.encode(), "会员.csv", "members", by=office)
    said = {flaw.address: flaw.message for flaw in sheets.flaws_of(upload)}
    assert said == {
        "A2": "没有单位“没有的单位”", "B3": "会员编号 H0001 已有单位在用", "D3": "2024 年 2 月没有 30 日",
        "C3": "会员类别要是 会员、理事、常务理事、副会长、会长、监事、单位会员、普通会员 之一",
    }  # fmt: skip


def test_the_sheet_is_the_offices(office, actor):
    assert imports.may(office)
    assert not imports.may(actor("周生", "company_admin", organisation=unit("房宿物业")))
    assert not Project.objects.exists()


def test_a_day_of_leaving_is_refused_that_cannot_be(office):
    joined = member(office)
    with pytest.raises(ValidationError, match="退会日早于入会日 2024-03-01"):
        actions.change_member(joined, by=office, left_on=DAY(2024, 2, 29))
    joined.refresh_from_db()
    actions.leave(joined, by=office, on=DAY(2026, 1, 1))
    with pytest.raises(ValidationError, match="已登记 2026-01-01 退会"):
        actions.leave(joined, by=office, on=DAY(2026, 2, 1))


def test_an_expelled_member_is_none_from_that_day_on(office):
    joined = member(office)
    for measure, left in (("warn", None), ("expel", DAY(2026, 11, 20))):
        fact = Fact(subject=joined.organisation.key, details={"measure": measure}, occurred_on=DAY(2026, 11, 20))
        actions.follow_expulsion(fact)
        joined.refresh_from_db()
        assert joined.left_on == left
    actions.follow_expulsion(fact)
    assert Member.history.filter(left_on=DAY(2026, 11, 20)).count() == 1, "the same news again changes nothing"


def test_a_sheet_makes_new_members_and_changes_the_others(office):
    member(office)
    unit("房宿物业")
    unit("心宿物业")
    rows = (
        "角宿物业服务有限公司,,理事,2024-03-01,",
        "房宿物业服务有限公司,H0009,会员,2025-05-01,",
        "心宿物业服务有限公司,,,2026-02-01,",
    )
    upload = sheets.receive(
        "\n".join(("单位名称,编号,类别,入会时间,退会日", *rows)).encode(), "会员.csv", "members", by=office
    )
    assert sheets.flaws_of(upload) == []
    sheets.write(upload, by=office)
    assert list(Member.objects.order_by("number").values_list("number", "organisation__short_name", "joined_on", "kind")) == [
        ("H0001", "角宿物业", DAY(2024, 3, 1), "council"), ("H0009", "房宿物业", DAY(2025, 5, 1), "ordinary"),
        ("H0010", "心宿物业", DAY(2026, 2, 1), "ordinary"),
    ]  # fmt: skip
