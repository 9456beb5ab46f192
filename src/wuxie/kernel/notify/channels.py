"""The ways out: mail, text message, group robot. Each takes a person or a robot and a text, and raises if it failed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import logging
import os
import ssl
import time
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from django.core.mail import send_mail
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.parties import masks

from .models import Robot

#: The only hosts that this program ever calls, by vendor. No other address is reached, whatever stands in a table.
HOSTS = {"wecom": "qyapi.weixin.qq.com", "dingtalk": "oapi.dingtalk.com", "feishu": "open.feishu.cn"}
PATHS = {"wecom": "/cgi-bin/webhook/send", "dingtalk": "/robot/send", "feishu": "/open-apis/bot/v2/hook/"}
TIMEOUT = 10
LONGEST_ANSWER = 64 * 1024

log = logging.getLogger(__name__)


class Unsent(Exception):
    """The other side did not take it."""


class SmsGateway(Protocol):
    """What a text-message provider's adapter has to offer; named in ``WUXIE_SMS`` as a dotted path."""

    def send(self, phone: str, text: str) -> None:
        """Send, or raise ``Unsent``."""


class ConsoleSms:
    """Writes to the log instead of sending; the number stays masked there."""

    def send(self, phone: str, text: str) -> None:
        log.warning("SMS %s: %s", masks.phone(phone), text)


def has_sms() -> bool:
    """Whether this installation can send text messages; nobody is offered a way that only writes a log."""
    return bool(os.environ.get("WUXIE_SMS"))


def sms_gateway() -> SmsGateway:
    gateway: SmsGateway = import_string(os.environ.get("WUXIE_SMS") or f"{__name__}.ConsoleSms")()
    return gateway


def send_sms(phone: str, text: str) -> None:
    if not phone:
        raise Unsent("no phone number")
    sms_gateway().send(phone, text)


def send_by_mail(address: str, title: str, text: str) -> None:
    if not address:
        raise Unsent("no mail address")
    send_mail(title.replace("\n", " ").replace("\r", " "), text, None, [address])


def check_address(vendor: str, address: str) -> str:
    """The path and query of a robot's address; ``Problem`` unless it is exactly the vendor's own host and door."""
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    allowed = (
        parts.scheme == "https"
        and parts.netloc in (HOSTS.get(vendor), f"{HOSTS.get(vendor)}:443")
        and port in (None, 443)
        and parts.path.startswith(PATHS.get(vendor, "\0"))
        and ".." not in parts.path
        and not any(character.isspace() or ord(character) < 33 for character in address.strip())
    )
    if not allowed:
        raise Problem("range", "$.address", _("机器人地址要以 https://%(host)s%(path)s 开头。请从群机器人设置里复制。")
                      % {"host": HOSTS.get(vendor, "?"), "path": PATHS.get(vendor, "")})  # fmt: skip
    return parts.path + (f"?{parts.query}" if parts.query else "")


def send_to_robot(robot: Robot, text: str) -> None:
    """Speak in a group chat. A redirect is not followed, and only the vendor's own word "0" counts as sent."""
    target = check_address(robot.vendor, robot.address)
    target, body = _BODIES[robot.vendor](target, robot.secret, text)
    connection = http.client.HTTPSConnection(HOSTS[robot.vendor], timeout=TIMEOUT, context=ssl.create_default_context())
    try:
        payload = json.dumps(body, ensure_ascii=False).encode()
        connection.request("POST", target, payload, {"Content-Type": "application/json; charset=utf-8"})
        answer = connection.getresponse()
        content = answer.read(LONGEST_ANSWER)
    except (OSError, http.client.HTTPException) as lost:
        raise Unsent(type(lost).__name__) from lost
    finally:
        connection.close()
    if answer.status != 200:
        raise Unsent(f"HTTP {answer.status}")
    _check_answer(content)


def _check_answer(content: bytes) -> None:
    try:
        said = json.loads(content)
        number = said.get("errcode", said.get("code", said.get("StatusCode")))
    except (ValueError, AttributeError):
        raise Unsent("no JSON") from None
    if number != 0:
        raise Unsent(f"{number} {str(said.get('errmsg', said.get('msg', '')))[:200]}")


def _wecom(target: str, secret: str, text: str) -> tuple[str, dict[str, Any]]:
    return target, {"msgtype": "text", "text": {"content": text[:2000]}}


def _dingtalk(target: str, secret: str, text: str) -> tuple[str, dict[str, Any]]:
    if secret:
        stamp = str(int(time.time() * 1000))
        sign = quote(_hmac(secret, f"{stamp}\n{secret}"), safe="")
        target += f"{'&' if '?' in target else '?'}timestamp={stamp}&sign={sign}"
    return target, {"msgtype": "text", "text": {"content": text[:4000]}, "at": {"isAtAll": False}}


def _feishu(target: str, secret: str, text: str) -> tuple[str, dict[str, Any]]:
    # Angle brackets would be read as a mark-up that calls everybody in the group.
    plain = text[:4000].replace("<", "＜").replace(">", "＞")
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": plain}}
    if secret:
        stamp = str(int(time.time()))
        body |= {"timestamp": stamp, "sign": _hmac(f"{stamp}\n{secret}", "")}
    return target, body


def _hmac(key: str, message: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()


_BODIES: dict[str, Callable[[str, str, str], tuple[str, dict[str, Any]]]] = {
    "wecom": _wecom,
    "dingtalk": _dingtalk,
    "feishu": _feishu,
}
