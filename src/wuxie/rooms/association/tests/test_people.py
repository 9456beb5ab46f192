"""The office gives appointments and keys, never its own; private data opens for a reason only."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wuxie.kernel.access import actions as access
from wuxie.kernel.access.models import Account, Look
from wuxie.kernel.parties.models import Appointment, Organisation, Person
from wuxie.rooms.register.tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(city, someone):
    """Somebody of a street's office, with private data."""
    return someone("王样一", "gov_street", place="510402001", phone="13900000001", id_number="11010519491231002X")


def test_the_list_of_people_is_the_associations(desk, enter, association, officer):
    url = reverse("people:people")
    Account.objects.create_user("yezhu", person=Person.objects.create(name="赵样五", phone="13900000005"))
    page = desk.get(url).content.decode()
    assert "王样一" in page
    assert "赵**" in page
    assert "赵样五" not in page
    assert "13900000001" not in page
    assert enter("会长", "association_president", organisation=association).get(url).status_code == 200
    assert enter(person=officer).get(url).status_code == 403
    assert Client().get(url).status_code == 302


def test_the_list_costs_the_same_for_three_and_thirty(desk, city, someone):
    url, counts = reverse("people:people"), []
    for start, stop in ((0, 3), (3, 30)):
        for number in range(start, stop):
            someone(f"李样{number}", "gov_street", place="510402001", phone=f"139{number:08d}")
        desk.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(url).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert "李样7" in desk.get(url, {"q": "13900000007"}).content.decode()
    assert desk.get(url, {"f_role": "gov_street", "view": "none"}).status_code == 200


def test_registering_a_person_twice_is_refused(desk, officer):
    same = {"name": "王样一", "phone": "139 0000 0001"}
    answer = desk.post(reverse("people:person_new"), same)
    assert answer.status_code == 422
    assert "已经登记过" in answer.content.decode()
    wrong = desk.post(reverse("people:person_new"), {"name": "新人", "id_number": "110105194912310021"})
    assert wrong.status_code == 422
    assert "110105194912310021" not in "".join(wrong.context["form"].errors["id_number"])
    assert desk.post(reverse("people:person_new"), {"name": "新人", "phone": "13900000055"}).status_code == 302
    assert Person.objects.by_phone("13900000055").count() == 1


def test_giving_and_ending_an_appointment(desk, officer):
    url = reverse("people:appoint", args=[officer.pk])
    assert "请选市" in desk.post(url, {"role": "gov_district"}).content.decode()
    assert desk.post(url, {"role": "gov_district", "place": "东区", "starts_on": "2026-12-01"}).status_code == 302
    given = Appointment.objects.get(role="gov_district")
    assert (given.place_id, given.starts_on) == ("510402", datetime.date(2026, 12, 1))
    assert (
        "已任这一职"
        in desk.post(url, {"role": "gov_district", "place": "东区", "starts_on": "2026-12-05"}).content.decode()
    )
    end = reverse("people:appointment_end", args=[given.pk])
    assert desk.post(end, {"on": "2026-11-01"}).status_code == 422
    assert desk.post(end, {"on": "2026-12-31"}).status_code == 302
    assert "街道办事处" in desk.get(reverse("people:person", args=[officer.pk])).content.decode()


def test_a_seat_is_found_by_typing_and_written_out_only_when_chosen(desk, enter, officer):
    home = factories.estate("立春里")
    project, url = factories.project(home), reverse("people:appoint", args=[officer.pk])
    assert "立春里" not in desk.get(url).content.decode(), "not every estate of a city stands in the form"

    found = desk.get(reverse("people:seats"), {"q": "lcl"}).json()
    assert {"value": project.key, "text": str(project)} in found
    assert {"value": home.key, "text": "立春里"} in found
    assert desk.get(reverse("people:seats"), {"q": "没有这个"}).json() == []
    assert enter(person=officer).get(reverse("people:seats")).status_code == 403

    refused = desk.post(url, {"role": "project_manager", "subject": "project:0"}).content.decode()
    assert "没有这个小区或项目" in refused
    kept = desk.post(url, {"role": "gov_district", "subject": project.key}).content.decode()
    assert f'<option value="{project.key}" selected>' in kept, "what was chosen survives a refusal"
    assert desk.post(url, {"role": "project_manager", "subject": project.key}).status_code == 302
    assert Appointment.objects.get(role="project_manager").subject == project.key


def test_nobody_gives_or_ends_their_own(desk):
    own = desk.person
    held = own.appointments.get()
    for name, pk in (
        ("appoint", own.pk),
        ("account_reset", own.pk),
        ("account_close", own.pk),
        ("appointment_end", held.pk),
    ):
        assert desk.get(reverse(f"people:{name}", args=[pk])).status_code == 403, name
        assert desk.post(reverse(f"people:{name}", args=[pk])).status_code == 403, name


def test_a_key_is_given_shown_once_and_opens_the_door(desk, officer, client):
    here = reverse("people:person", args=[officer.pk])
    answer = desk.post(reverse("people:account_new", args=[officer.pk]), {"username": "wangyang"}, follow=True)
    word = answer.content.decode().split("密码 ")[1].split("。")[0]

    assert word not in desk.get(here).content.decode()
    client.post("/accounts/login/", {"login": "wangyang", "password": word})
    assert client.get("/desk/").status_code == 200
    assert desk.post(reverse("people:account_new", args=[officer.pk]), {"username": "other"}).status_code == 422


def test_a_new_password_and_a_closed_account_end_every_session(desk, officer, client):
    account, word = access.open_account(officer, "wangyang", by=desk_actor(desk))
    client.post("/accounts/login/", {"login": "wangyang", "password": word})
    assert client.get("/desk/").status_code == 200
    desk.post(reverse("people:account_reset", args=[officer.pk]))
    assert client.get("/desk/").status_code == 302
    account.refresh_from_db()
    client.force_login(account, backend="wuxie.kernel.access.backends.SignInBackend")
    assert desk.post(reverse("people:account_close", args=[officer.pk]), {"reason": "调离"}).status_code == 302
    assert client.get("/desk/").status_code == 302
    assert desk.post(reverse("people:account_reopen", args=[officer.pk])).status_code == 302
    assert Account.objects.get(pk=account.pk).is_active
    page = desk.get(reverse("people:person", args=[officer.pk])).content.decode()
    assert "停用：调离" in page
    assert "重设密码" in page


def desk_actor(desk):
    from wuxie.kernel.access.actor import actor_of

    return actor_of(desk.person)


def test_signing_in_is_no_change_of_an_account(desk, officer, client):
    account, word = access.open_account(officer, "wangyang", by=desk_actor(desk))
    client.post("/accounts/login/", {"login": "wangyang", "password": word})

    assert client.get("/desk/").status_code == 200
    assert account.history.count() == 1


def test_the_kept_versions_of_an_account_hold_no_password(desk, officer):
    access.open_account(officer, "wangyang", by=desk_actor(desk))

    assert "password" not in {field.name for field in Account.history.model._meta.fields}


def test_private_data_opens_for_a_reason_and_leaves_a_line(desk, officer, enter):
    url = reverse("looks:person", args=[officer.pk])
    shut = desk.get(url).content.decode()
    assert "139****0001" in shut
    assert "13900000001" not in shut
    assert desk.post(url, {"fields_wanted": ["phone"], "reason": " "}).status_code == 422
    assert not Look.objects.exists()

    answer = desk.post(url, {"fields_wanted": ["phone"], "reason": "漏水要联系本人"})
    assert "13900000001" in answer.content.decode()
    assert "11010519491231002X" not in answer.content.decode()
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert [(look.person, look.fields, look.by, look.reason) for look in Look.objects.all()] == [
        (officer, "phone", desk.person.key, "漏水要联系本人")
    ]
    assert "漏水要联系本人" in desk.get(reverse("looks:list")).content.decode()
    assert "漏水要联系本人" in enter(person=officer).get(reverse("looks:list")).content.decode()
    stranger = enter("李远", "gov_street", place="510403001")
    assert "漏水要联系本人" not in stranger.get(reverse("looks:list")).content.decode()
    assert stranger.get(url).status_code == 404
    assert stranger.post(url, {"fields_wanted": ["phone"], "reason": "想看看是谁"}).status_code == 404
    assert Look.objects.count() == 1


def test_changing_a_person_leaves_what_is_not_typed(desk, officer):
    assert desk.post(reverse("people:person_edit", args=[officer.pk]), {"phone": "13900000002"}).status_code == 302
    officer.refresh_from_db()
    assert (officer.name, officer.phone, officer.id_number) == ("王样一", "13900000002", "11010519491231002X")


def test_the_first_person_comes_by_the_command_line(db, capsys):
    with pytest.raises(CommandError, match="association"):
        call_command("newcomer", "陈办", "chenban")
    call_command("newcomer", "陈办", "chenban", association="某市物业管理协会", phone="13900000001")
    word = capsys.readouterr().out.split("初始密码 ")[1].split("。")[0]

    browser = Client()
    browser.post("/accounts/login/", {"login": "chenban", "password": word})
    assert browser.get(reverse("people:people")).status_code == 200
    assert Organisation.objects.get(kind="association").appointments.get().role == "association_secretariat"
    with pytest.raises(CommandError, match="已有人用|已任"):
        call_command("newcomer", "李办", "chenban", phone="13900000002")


def test_a_new_password_has_three_classes():
    words = {access.new_password() for _number in range(50)}

    assert len(words) == 50
    assert all(len(word) == 12 and any(c.isdigit() for c in word) and any(c.isupper() for c in word) for word in words)
