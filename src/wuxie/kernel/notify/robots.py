"""Verbs on group robots. Each is written down with who did it; the address with its secret is read in plain only for a reason."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.jobs import outbox

from .channels import check_address
from .models import Robot, RobotEvent

Did = RobotEvent.Did


@transaction.atomic
def create(*, by: Any, name: str, vendor: str, address: str, secret: str = "", topic: str = "") -> Robot:
    """A robot for a group; ``Problem`` unless the address is the vendor's own."""
    check_address(vendor, address)
    robot = Robot(name=name.strip(), vendor=vendor, address=address.strip(), secret=secret.strip(), topic=topic.strip())
    _check_name(robot)
    robot.save()
    _note(robot, Did.CREATED, by)
    return robot


@transaction.atomic
def change(robot: Robot, *, by: Any, name: str, topic: str = "", address: str = "", secret: str = "") -> Robot:
    """Another name or use; a new address or secret if one is given, else they stay."""
    if address:
        check_address(robot.vendor, address)
        robot.address = address.strip()
    if secret:
        robot.secret = secret.strip()
    robot.name, robot.topic = name.strip(), topic.strip()
    _check_name(robot)
    robot.save()
    _note(robot, Did.READDRESSED if address or secret else Did.CHANGED, by)
    return robot


@transaction.atomic
def pause(robot: Robot, *, by: Any, on: bool = True) -> Robot:
    """Let it say nothing for now (or speak again); what it would have said meanwhile is not sent later."""
    if robot.paused != on:
        robot.paused = on
        robot.save(update_fields=["paused"])
        _note(robot, Did.PAUSED if on else Did.RESUMED, by)
    return robot


@transaction.atomic
def remove(robot: Robot, *, by: Any) -> None:
    """Take the robot away with its address, and with it the choice of those who wanted to hear by it."""
    _note(robot, Did.REMOVED, by)
    robot.delete()


@transaction.atomic
def look(robot: Robot, *, by: Any, reason: str) -> tuple[str, str]:
    """Address and secret in plain; the reason is written down before anything is shown."""
    if len(reason.strip()) < 4:
        raise ValidationError({"reason": _("请写清楚为什么要看，至少四个字。")})
    _note(robot, Did.LOOKED, by, reason.strip())
    return robot.address, robot.secret


@transaction.atomic
def test(robot: Robot, *, by: Any) -> RobotEvent:
    """Ask the outbox for one message into the group; what became of it stands on the event."""
    event = _note(robot, Did.TESTED, by)
    outbox.post("notify.robot_test", str(event.pk), event=event.pk)
    return event


def masked(robot: Robot) -> str:
    """``https://oapi.dingtalk.com/robot/send?…6abc``: enough to tell two robots apart."""
    head, mark, _query = robot.address.partition("?")
    shown = head if mark else head.rpartition("/")[0] + "/"
    return f"{shown}…{robot.address[-4:]}"


def failure(vendor: str, error: str) -> str:
    """What an ``Unsent`` said, as a sentence for whoever keeps the robots: what is wrong and what helps."""
    number = error.partition(" ")[0]
    if error.startswith("HTTP "):
        return _("平台拒收（HTTP %(status)s）。请核对地址是否完整。") % {"status": error[5:]}
    if error in ("TimeoutError", "timeout"):
        return _("十秒内没有连上平台，可能是网络不通。请检查本机能否访问外网。")
    if error.isidentifier():
        return _("没有连上平台（%(error)s）。请检查本机能否访问外网、能否解析域名。") % {"error": error}
    if error == "no JSON":
        return _("平台的答复读不懂，可能被网络设备拦截。请检查外网出口。")
    known = {
        ("wecom", "93000"): _("企业微信不认这个地址，机器人可能已被移出群。请从群机器人设置里重新复制。"),
        ("wecom", "45009"): _("发得太频繁，企业微信限制了这个机器人。请过一分钟再试。"),
        ("dingtalk", "300001"): _("钉钉不认这个地址里的令牌，机器人可能已被删除。请重新复制。"),
        ("dingtalk", "300005"): _("钉钉不认这个地址里的令牌，机器人可能已被删除。请重新复制。"),
        ("dingtalk", "310000"): _("钉钉的安全设置没有通过：请核对加签密钥、关键词或 IP 白名单。"),
        ("dingtalk", "130101"): _("发得太频繁，钉钉限制了这个机器人。请过一分钟再试。"),
        ("feishu", "19001"): _("飞书不认这个地址，机器人可能已被移出群。请重新复制。"),
        ("feishu", "19021"): _("飞书的签名没有通过：请核对加签密钥，并检查本机时间是否准确。"),
        ("feishu", "19022"): _("飞书的 IP 白名单里没有本机。请在机器人安全设置里加上。"),
        ("feishu", "19024"): _("飞书的关键词没有命中。请在机器人安全设置里去掉关键词，改用加签。"),
        ("feishu", "11232"): _("发得太频繁，飞书限制了这个机器人。请过一分钟再试。"),
    }
    return known.get((vendor, number)) or _("平台没有收下，答复是“%(error)s”。请核对机器人的设置。") % {
        "error": error[:120]
    }


def _check_name(robot: Robot) -> None:
    if Robot.objects.exclude(pk=robot.pk).filter(name=robot.name).exists():
        raise ValidationError({"name": _("已有叫“%(name)s”的机器人。换一个名称。") % {"name": robot.name}})


def _note(robot: Robot, did: str, by: Any, reason: str = "") -> RobotEvent:
    return RobotEvent.objects.create(
        robot=robot, robot_name=robot.name, did=did, by=by.key, by_name=getattr(by, "name", "") or "", reason=reason[:200],
    )  # fmt: skip
