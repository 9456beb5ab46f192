"""Group robots on a page: sealed, masked, tried through the outbox, and every step on record."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from wuxie.kernel.jobs import outbox
from wuxie.kernel.jobs.models import Outgoing
from wuxie.kernel.notify import channels, tell
from wuxie.kernel.notify.models import Robot, RobotEvent
from wuxie.kernel.notify.robots import failure
from wuxie.kernel.parties.models import Organisation

pytestmark = pytest.mark.django_db
SECRET = "tokenofthegroup9abc"
DINGTALK = f"https://oapi.dingtalk.com/robot/send?access_token={SECRET}"
SAID = {"name": "安全群", "vendor": "dingtalk", "address": DINGTALK, "secret": "SECtopsecret", "topic": "safety"}


@pytest.fixture
def office(city: Any) -> Organisation:
    return Organisation.objects.create(kind="association", name="攀枝花市物业管理协会", place_id="5104")


@pytest.fixture
def clerk(office: Any, enter: Any) -> Any:
    return enter("周敏", "association_secretariat", organisation=office)


@pytest.fixture
def robot(clerk: Any) -> Robot:
    assert clerk.post("/robots/new/", SAID).status_code == 302
    return Robot.objects.get()


def test_the_address_is_sealed_in_the_table_and_masked_on_the_page(clerk: Any, robot: Robot) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, secret FROM notify_robot")
        assert not any(word.encode() in bytes(cell) for cell in cursor.fetchone() for word in (SECRET, "SECtopsecret"))
    for address in ("/robots/", f"/robots/{robot.pk}/", f"/robots/{robot.pk}/edit/", f"/robots/{robot.pk}/look/"):
        page = clerk.get(address).content.decode()
        assert SECRET not in page and "SECtopsecret" not in page
    assert "…9abc" in clerk.get(f"/robots/{robot.pk}/").content.decode()


def test_the_address_in_plain_needs_a_reason_and_each_look_is_on_record(clerk: Any, robot: Robot) -> None:
    address = f"/robots/{robot.pk}/look/"
    for reason in ("", "看"):
        assert clerk.post(address, {"reason": reason}).status_code == 422
    assert not RobotEvent.objects.filter(did="looked").exists()
    answer = clerk.post(address, {"reason": "换群后核对地址"})
    assert SECRET in answer.content.decode() and answer.headers["Cache-Control"] == "private, no-store"
    clerk.post(address, {"reason": "再核对一次地址"})
    looks = RobotEvent.objects.filter(did="looked").order_by("pk")
    assert [(one.reason, one.by_name) for one in looks] == [("换群后核对地址", "周敏"), ("再核对一次地址", "周敏")]
    assert "换群后核对地址" in clerk.get(f"/robots/{robot.pk}/").content.decode()


def test_another_host_is_refused_in_words(clerk: Any, robot: Robot) -> None:
    for said in ({"address": "https://evil.example/robot/send"}, {"vendor": "wecom"}):
        answer = clerk.post("/robots/new/", {**SAID, "name": "又一群", **said})
        assert answer.status_code == 422 and "机器人地址要以 https://" in answer.content.decode()
    changed = {"name": "安全群", "address": "http://oapi.dingtalk.com/robot/send"}
    assert clerk.post(f"/robots/{robot.pk}/edit/", changed).status_code == 422
    again = clerk.post("/robots/new/", SAID)
    assert again.status_code == 422 and "已有叫“安全群”的机器人" in again.content.decode()
    assert Robot.objects.get().address == DINGTALK


def test_a_test_message_goes_through_the_outbox(clerk: Any, robot: Robot, monkeypatch: Any) -> None:
    heard: list[str] = []
    monkeypatch.setattr(channels, "send_to_robot", lambda robot, text: heard.append(text))
    clerk.post(f"/robots/{robot.pk}/test/")
    assert heard == [] and "等待发送" in clerk.get(f"/robots/{robot.pk}/").content.decode()
    outbox.drain_all()
    assert len(heard) == 1 and "周敏" in heard[0]
    assert "已送达" in clerk.get(f"/robots/{robot.pk}/").content.decode()


def test_a_failed_test_is_said_in_words_and_not_tried_again(clerk: Any, robot: Robot, monkeypatch: Any) -> None:
    def refuse(robot: Robot, text: str) -> None:
        raise channels.Unsent("310000 sign not match")

    monkeypatch.setattr(channels, "send_to_robot", refuse)
    clerk.post(f"/robots/{robot.pk}/test/")
    outbox.drain_all()
    assert not Outgoing.objects.filter(topic="notify.robot_test", done_at=None).exists()
    page = clerk.get(f"/robots/{robot.pk}/").content.decode()
    assert "钉钉的安全设置没有通过" in page and "sign not match" not in page


@pytest.mark.parametrize("vendor", Robot.Vendor.values)
@pytest.mark.parametrize("error", ["HTTP 404", "TimeoutError", "gaierror", "no JSON", "93000 x", "19021 y", "77 odd"])
def test_every_failure_has_a_sentence(vendor: str, error: str) -> None:
    assert failure(vendor, error).endswith("。")


def test_a_paused_robot_says_nothing_and_catches_up_with_nothing(clerk: Any, robot: Robot, monkeypatch: Any) -> None:
    heard: list[str] = []
    monkeypatch.setattr(channels, "send_to_robot", lambda robot, text: heard.append(text))
    assert tell.tell_group("safety", "先说的", key="a") == 1
    clerk.post(f"/robots/{robot.pk}/pause/")
    outbox.drain_all()
    assert tell.tell_group("safety", "停用中", key="b") == 0
    clerk.post(f"/robots/{robot.pk}/resume/")
    outbox.drain_all()
    assert heard == []
    assert tell.tell_group("safety", "恢复后", key="c") == 1
    outbox.drain_all()
    assert heard == ["恢复后"]


def test_removing_takes_the_secret_away_and_leaves_the_record(clerk: Any, robot: Robot) -> None:
    clerk.get(f"/robots/{robot.pk}/remove/")
    assert Robot.objects.exists()
    clerk.post(f"/robots/{robot.pk}/remove/")
    assert not Robot.objects.exists()
    kept = RobotEvent.objects.order_by("pk").values_list("robot_name", "did", "by_name")
    assert list(kept) == [("安全群", "created", "周敏"), ("安全群", "removed", "周敏")]


def test_only_the_secretariat_keeps_robots(office: Any, robot: Robot, enter: Any) -> None:
    for other in (
        enter("陈晓岚", "association_president", organisation=office),
        enter("王经理", "company_admin", organisation=Organisation.objects.create(kind="company", name="甲物业")),
    ):
        assert other.get("/robots/").status_code == 403
        assert other.post(f"/robots/{robot.pk}/look/", {"reason": "想看看地址"}).status_code == 403
        assert other.post(f"/robots/{robot.pk}/remove/").status_code == 403
    assert Robot.objects.exists()
