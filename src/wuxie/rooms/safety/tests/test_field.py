"""The phone's pages over HTTP: an empty shell for everybody, the day and the queue for the account alone."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from wuxie.kernel.access.actor import actor_of
from wuxie.kernel.clock.now import frozen
from wuxie.rooms.register.models import Holding, Project
from wuxie.rooms.register.tests.factories import whole
from wuxie.rooms.safety import spots
from wuxie.rooms.safety.actions import spots as places_of
from wuxie.rooms.safety.actions.waivers import waive
from wuxie.rooms.safety.models import Check, Duty, Instance, Spot
from wuxie.rooms.safety.phone import bundle
from wuxie.rooms.safety.views import field

from . import factories as make
from .phones import DAY, HOUR, MONDAY, at, body, entry, instance, on_duty, picture, send, started

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return started()


@pytest.fixture
def electrician(project: Project) -> Holding:
    return on_duty(project, "ELECTRICIAN")


def post(browser: Any, item: dict[str, Any], photos: list[bytes], sent_at: datetime.datetime) -> Any:
    files = [SimpleUploadedFile(f"{n}.jpg", photo, "image/jpeg") for n, photo in enumerate(photos)]
    form = {"item": body(item).decode(), "sent_at": sent_at.isoformat(), "photo": files}
    return browser.post(reverse("field:receive"), form)


def test_the_shell_tells_nothing_of_anybody(electrician: Holding, enter: Any) -> None:
    mine = enter(person=electrician.person).get(reverse("field:today"))
    theirs = Client().get(reverse("field:today"))
    assert mine.content == theirs.content
    assert "周样建" not in mine.content.decode()


def test_the_worker_keeps_the_shell_and_what_it_is_drawn_with_and_nothing_else(client: Any) -> None:
    answer = client.get("/field/sw.js")
    assert answer.headers["Service-Worker-Allowed"] == "/field/"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    text = answer.content.decode()
    assert "/field/day/" not in text and "/safety/" not in text
    manifest = client.get("/field/manifest.webmanifest").json()
    assert (manifest["scope"], manifest["start_url"], manifest["display"]) == ("/field/", "/field/", "standalone")
    for icon in manifest["icons"]:
        assert client.get(icon["src"]).headers["Content-Type"] == "image/png"
    assert client.get("/field/icon-7.png").status_code == 404


def test_a_stranger_is_told_to_sign_in_and_gets_nothing(electrician: Holding, enter: Any) -> None:
    client = Client()
    assert client.get(reverse("field:day")).json()["error"]["code"] == "signed_out"
    assert post(client, entry(instance("ELECTRICIAN-03"), at(9)), [], at(9)).status_code == 401
    with frozen(at(9)):
        day = enter("旁人").get(reverse("field:day")).json()
    assert (day["duties"], day["spots"], day["done"]) == ([], [], [])


def test_an_entry_is_taken_over_http_and_refused_in_words(electrician: Holding, enter: Any) -> None:
    browser, photo = enter(person=electrician.person), [picture(1)]
    item = entry(instance("ELECTRICIAN-03"), at(9), photo, account=electrician.person.key)
    with frozen(at(9, 10)):
        first, again = (post(browser, item, photo, at(9, 10)) for _time in range(2))
        assert first.status_code == again.status_code == 200
        assert first.json() == again.json()
        assert first.json()["id"] == item["id"]
        assert first.headers["Cache-Control"] == "private, no-store"
        assert post(browser, item | {"words": "x"}, photo, at(9, 10)).status_code == 409
        stolen = enter("旁人")
        assert post(stolen, item, photo, at(9, 10)).status_code == 403
        bad = post(
            browser, entry(instance("ELECTRICIAN-03"), at(9), [b"no"], account=electrician.person.key), [b"no"], at(9)
        )
        assert (bad.status_code, "第 1 张" in bad.json()["error"]["message"]) == (422, True)
        for form in (
            {},
            {"item": "{"},
            {"item": "{}", "sent_at": "gestern"},
            {"item": "{}", "sent_at": at(9).isoformat()},
        ):
            assert browser.post(reverse("field:receive"), form).status_code == 422
    assert Check.objects.count() == 1


def post_all(browser: Any, sent: list[tuple[dict[str, Any], list[bytes]]], **other: Any) -> Any:
    form = {
        "item": [body(item).decode() for item, _photos in sent], "photos": [str(len(photos)) for _item, photos in sent],
        "photo": [SimpleUploadedFile("1.jpg", photo, "image/jpeg") for _item, photos in sent for photo in photos],
        "sent_at": at(15).isoformat(),
    }  # fmt: skip
    return browser.post(reverse("field:receive_all"), form | other)


def test_several_entries_are_answered_each_as_if_it_came_alone_and_in_order(electrician: Holding, enter: Any) -> None:
    browser, mine = enter(person=electrician.person), {"account": electrician.person.key}
    round_, meter, gone = instance("ELECTRICIAN-03"), instance("ELECTRICIAN-01"), instance("ELECTRICIAN-02")
    Instance.objects.filter(pk=gone.pk).update(state="withdrawn")
    photos = [[picture(n)] for n in range(6)]
    sent = [
        (entry(round_, at(9), photos[0], **mine), photos[0]),
        (entry(gone, at(10), photos[1], **mine), photos[1]),
        (entry(meter, at(11), photos[2], readings=["60℃", "220", "50"], **mine), photos[2]),
        (entry(meter, at(12), [b"no photo"], **mine), [b"no photo"]),
        (entry(meter, at(13), photos[4], **mine), photos[4]),
        (entry(round_, at(14), photos[5], **mine), photos[5]),
    ]
    with frozen(at(15)):
        first, again = (post_all(browser, sent) for _time in range(2))
    answers = first.json()["answers"]
    assert [one.get("standing") or one["error"]["code"] for one in answers] == [
        "on_time", "withdrawn", "type", "type", "on_time", "conflict",
    ]  # fmt: skip
    assert [one["id"] for one in answers if "id" in one] == [sent[n][0]["id"] for n in (0, 4, 5)]
    assert "只写数字" in answers[2]["error"]["message"] and "第 1 张照片" in answers[3]["error"]["message"]
    assert (again.json(), Check.objects.count()) == (first.json(), 3)


def test_of_several_entries_whose_photos_do_not_add_up_nothing_is_taken(electrician: Holding, enter: Any) -> None:
    browser, photo = enter(person=electrician.person), [picture(1)]
    item = entry(instance("ELECTRICIAN-03"), at(9), photo, account=electrician.person.key)
    with frozen(at(15)):
        for wrong in (
            {"photos": ["2"]},
            {"photos": ["-1"]},
            {"photos": []},
            {"photos": ["1", "1"]},
            {"item": [], "photos": []},
        ):
            assert post_all(browser, [(item, photo)], **wrong).status_code == 422
        many = post_all(browser, [(item, [])] * (field.MOST_ENTRIES + 1))
        assert (many.status_code, "1 到 20 件" in many.json()["error"]["message"]) == (422, True)
        assert post_all(Client(), [(item, photo)]).status_code == 401
        with field._door:
            assert post_all(browser, [(item, photo)]).status_code == 503
    assert not Check.objects.exists()


def test_in_a_crowd_a_phone_is_asked_to_come_again_and_loses_nothing(electrician: Holding, enter: Any) -> None:
    browser, photo = enter(person=electrician.person), [picture(1)]
    item = entry(instance("ELECTRICIAN-03"), at(9), photo, account=electrician.person.key)
    with frozen(at(9, 10)):
        with field._door:
            answer = post(browser, item, photo, at(9, 10))
        assert (answer.status_code, answer.headers["Retry-After"], Check.objects.count()) == (503, "10", 0)
        assert post(browser, item, photo, at(9, 10)).status_code == 200


def test_without_its_token_nothing_is_taken(electrician: Holding) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(_account(electrician), backend="wuxie.kernel.access.backends.SignInBackend")
    assert browser.post(reverse("field:receive"), {"item": "{}"}).status_code == 403
    with frozen(at(9)):
        token = browser.get(reverse("field:day")).json()["csrf"]
    assert browser.post(reverse("field:receive"), {"item": "{}"}, headers={"X-CSRFToken": token}).status_code == 422


def _account(holding: Holding) -> Any:
    from wuxie.kernel.access.models import Account

    return Account.objects.create_user("fieldtest", "Passw0rd-long", person=holding.person)


def test_the_day_has_the_posts_own_duties_and_what_they_need_without_a_signal(
    project: Project, electrician: Holding
) -> None:
    with frozen(at(8)):
        room = places_of.put_up(
            project, by=make.keeper(project), label="2# 配电室", kind="power_room", duties=["ELECTRICIAN-01"]
        )
    with frozen(at(9)):
        day = bundle(actor_of(electrician.person))
    meter = next(row for row in day["duties"] if row["text"].startswith("配电室抄表"))
    assert (meter["place"], [row["name"] for row in meter["readings"]]) == (
        "2# 配电室",
        ["变压器温度", "相电压", "负荷率"],
    )
    assert meter["spots"] == [spots.digest_of(room.pk)]
    assert room.code not in str(day) and spots.plain_of(room.code) not in str(day)
    assert not [row for row in day["duties"] if row["post"] != "电工"]
    send(entry(instance("ELECTRICIAN-01"), at(9), readings=["60", "220", "50"], spot=room.code), electrician, at(9))
    with frozen(at(21)):
        later = bundle(actor_of(electrician.person))
    assert [row["text"] for row in later["done"]] == [meter["text"]]
    assert [row["readings"][0]["before"] for row in later["duties"] if row["text"] == meter["text"]] == ["60"]


def test_a_long_day_asks_no_more_than_a_short_one(project: Project, electrician: Holding) -> None:
    duty = Duty.objects.get(code="ELECTRICIAN-03")

    def queries() -> int:
        with frozen(at(9)), CaptureQueriesContext(connection) as found:
            bundle(actor_of(electrician.person))
        return len(found)

    def grow(numbers: range) -> None:
        Instance.objects.bulk_create(
            Instance(duty=duty, project=project, day=MONDAY, shift=n, opens_at=at(8), closes_at=at(9) + n * HOUR) for n in numbers
        )  # fmt: skip

    grow(range(10, 13))
    short = queries()
    grow(range(13, 43))
    assert queries() == short


def test_the_days_sheet_lists_each_duty_with_the_hash_of_its_evidence(
    project: Project, electrician: Holding, enter: Any
) -> None:
    due, photo = instance("ELECTRICIAN-03"), [picture(1, taken=at(9))]
    item = entry(due, at(9), photo, account=electrician.person.key)
    send(item, electrician, at(9), photo)
    check = Check.objects.get()
    manager = enter("经理", "project_manager", subject=project.key)
    address = reverse("safety:sheet", args=[project.pk, MONDAY.isoformat()])
    with frozen(at(10)):
        text = b"".join(manager.get(address, {"format": "csv"})).decode("utf-8-sig")
        assert check.body_sha256 in text and "周样建" in text
        page = manager.get(address)
        assert check.get_absolute_url() in page.content.decode()
        with CaptureQueriesContext(connection) as few:
            manager.get(address, {"q": "挡鼠板"})
        with CaptureQueriesContext(connection) as many:
            manager.get(address)
        assert len(many) <= len(few) + 1, "a text that is looked for is counted with the views at once"
        one = manager.get(check.get_absolute_url()).content.decode()
        assert check.body_sha256 in one and check.photos[0]["sha256"] in one
        shown = Image.open(io.BytesIO(whole(manager.get(reverse("papers:attachment", args=[_photo(check)])))))
        assert shown.height > shown.width == 24  # the strip with place and time stands under it
        assert not shown.getexif()
        owner = enter("业主", "owner", subject=project.estate.key)
        for hidden in (address, check.get_absolute_url(), reverse("papers:attachment", args=[_photo(check)])):
            assert owner.get(hidden).status_code == 404
        assert manager.get(reverse("safety:sheet", args=[project.pk, "nope"])).status_code == 404


def test_a_conflict_and_a_wrong_clock_are_found_on_the_days_sheet(
    project: Project, electrician: Holding, enter: Any
) -> None:
    due = instance("ELECTRICIAN-02", shift=1)
    for moment, sent_at in ((at(9), at(9)), (at(10), at(10, day=MONDAY - DAY))):
        send(entry(due, sent_at), electrician, moment, sent=sent_at)
    manager = enter("经理", "project_manager", subject=project.key)
    address = reverse("safety:sheet", args=[project.pk, MONDAY.isoformat()])
    with frozen(at(11)):
        found = {
            view: list(manager.get(address, {"view": view}).context["shown"].rows)
            for view in ("conflict", "clock", "redo")
        }
    assert found == {"conflict": [due], "clock": [due], "redo": []}


def _photo(check: Check) -> str:
    from wuxie.kernel.papers.models import Attachment

    return str(Attachment.objects.on(check.case).get().pk)


def test_a_place_gets_its_code_is_printed_and_taken_down(project: Project, enter: Any) -> None:
    manager = enter("经理", "project_manager", subject=project.key)
    with frozen(at(9)):
        new = reverse("safety:spot_new", args=[project.pk])
        form = {"label": "2# 配电室", "kind": "power_room", "duties": ["ELECTRICIAN-01"]}
        assert manager.post(new, form).status_code == 302
        spot = Spot.objects.get()
        assert (spot.duties, spots.number_of(spot.code)) == (["ELECTRICIAN-01"], spot.pk)
        assert "已经有一处" in manager.post(new, form).content.decode()
        paper = manager.get(reverse("safety:spot_print", args=[spot.pk])).content.decode()
        assert spot.code in paper and f"/field/at/{spot.code}/" in paper
        street = enter("街道", "gov_street", place=project.estate.place_id[:9])
        listed = street.get(reverse("safety:spots", args=[project.pk])).content.decode()
        assert "2# 配电室" in listed and spot.code not in listed
        assert street.get(reverse("safety:spot_print", args=[spot.pk])).status_code == 403
        manager.post(reverse("safety:spot_close", args=[spot.pk]), {"sure": "on"})
    assert Spot.objects.get().closed_at is not None


def test_a_duty_is_waived_by_the_company_with_a_reason_and_not_by_its_own_people(project: Project, enter: Any) -> None:
    due = instance("ELECTRICIAN-03")
    address = reverse("safety:waive", args=[due.pk])
    manager = enter("经理", "project_manager", subject=project.key)
    company = enter("管理员", "company_admin", organisation=project.company)
    with frozen(at(9)):
        assert manager.post(address, {"reason": "停电"}).status_code == 403
        sheet = reverse("safety:sheet", args=[project.pk, MONDAY.isoformat()])
        assert address in company.get(sheet).content.decode()
        assert address not in manager.get(sheet).content.decode()
        assert company.post(address, {"reason": ""}).status_code == 422
        assert company.post(address, {"reason": "配电室检修，全天断电"}).status_code == 302
        assert Instance.objects.get(pk=due.pk).state == "waived"
        assert due.waiver.reason == "配电室检修，全天断电"
        again = instance("ELECTRICIAN-02", shift=1)
    with frozen(at(21)), pytest.raises(Exception, match="没到点"):
        waive(again, by=make.keeper(project), reason="晚了")


@pytest.mark.parametrize(
    "code", ["", "-", "0000-0000-0000", "2" * 13, "ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ", "%2e%2e", "一二三"]
)
def test_no_made_up_code_is_ours(code: str) -> None:
    assert spots.number_of(code) is None


def test_a_code_is_the_same_however_it_is_typed_and_no_letter_of_it_can_be_changed() -> None:
    for number in (1, 31, 32, 12345, 2**40):
        code = spots.code_of(number)
        assert {
            spots.number_of(one)
            for one in (code, code.lower(), f"https://x.example/field/at/{code}/", code.replace("-", " "))
        } == {number}
        plain = spots.plain_of(code)
        for place in range(len(plain)):
            other = "3" if plain[place] != "3" else "4"
            assert spots.number_of(plain[:place] + other + plain[place + 1 :]) is None
