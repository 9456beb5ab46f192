"""Group robots: three hosts, no redirect, and no other socket is ever opened."""

import base64
import hashlib
import hmac
import http.client
import json
import socket
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ValidationError

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.notify import channels, robots
from wuxie.kernel.notify.models import Robot, RobotEvent

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc"
DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=abc"
FEISHU = "https://open.feishu.cn/open-apis/bot/v2/hook/abc"

ELSEWHERE = [
    "http://qyapi.weixin.qq.com/cgi-bin/webhook/send",
    "https://127.0.0.1/cgi-bin/webhook/send",
    "https://localhost/cgi-bin/webhook/send",
    "https://100.100.100.200/cgi-bin/webhook/send",
    "https://169.254.169.254/cgi-bin/webhook/send",
    "https://2130706433/cgi-bin/webhook/send",
    "https://0177.0.0.1/cgi-bin/webhook/send",
    "https://[::1]/cgi-bin/webhook/send",
    "https://[::ffff:127.0.0.1]/cgi-bin/webhook/send",
    "https://[64:ff9b::7f00:1]/cgi-bin/webhook/send",
    "https://[2002:7f00:1::]/cgi-bin/webhook/send",
    "https://224.0.0.1/cgi-bin/webhook/send",
    "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send",
    "https://evil.example/?qyapi.weixin.qq.com/cgi-bin/webhook/send",
    "https://evil.example#qyapi.weixin.qq.com/cgi-bin/webhook/send",
    "https://qyapi.weixin.qq.com@evil.example/cgi-bin/webhook/send",
    "https://user:pass@qyapi.weixin.qq.com/cgi-bin/webhook/send",
    "https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send",
    "https://qyapi.weixin.qq.com:99999/cgi-bin/webhook/send",
    "https://QYAPI.weixin.qq.com./cgi-bin/webhook/send",
    "https://qyapi.weixin.qq.com\\@evil.example/cgi-bin/webhook/send",
    "https://qyapi.weixin.qq.com/other",
    "https://qyapi.weixin.qq.com/cgi-bin/webhook/send/../../x",
    "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?x=1\r\nHost: evil.example",
    "https://oapi.dingtalk.com/robot/send",
    "ftp://qyapi.weixin.qq.com/cgi-bin/webhook/send",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_x",
    "//qyapi.weixin.qq.com/cgi-bin/webhook/send",
    "qyapi.weixin.qq.com/cgi-bin/webhook/send",
    "https://ｑｙａｐｉ.weixin.qq.com/cgi-bin/webhook/send",
    "https://qyapi。weixin。qq。com/cgi-bin/webhook/send",
    "https://[qyapi.weixin.qq.com/x",
    "",
]


@pytest.fixture
def trap(monkeypatch):
    """Every attempt to connect anywhere is written down and refused."""
    tried = []

    def connect(address, *args, **kwargs):
        tried.append(address)
        raise OSError("trapped")

    monkeypatch.setattr(socket, "create_connection", connect)
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: connect(address))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: connect(args))
    return tried


@pytest.mark.parametrize("address", ELSEWHERE)
def test_no_other_address_is_called(trap, address):
    with pytest.raises(Problem, match=r"https://qyapi\.weixin\.qq\.com"):
        channels.send_to_robot(Robot(vendor="wecom", address=address), "x")
    assert trap == []


@pytest.mark.parametrize(("vendor", "address"), [("wecom", WECOM), ("dingtalk", DINGTALK), ("feishu", FEISHU)])
def test_only_the_vendors_own_host_is_called(trap, vendor, address):
    with pytest.raises(channels.Unsent):
        channels.send_to_robot(Robot(vendor=vendor, address=address), "x")
    assert {tried[0] for tried in trap} == {channels.HOSTS[vendor]}


class Answer:
    def __init__(self, status, content):
        self.status, self.content = status, content

    def read(self, most):
        return self.content[:most]


@pytest.fixture
def vendor(monkeypatch):
    """The other side: keeps what it got and answers what the test wants."""

    class Connection:
        got: list = []
        answer = Answer(200, b'{"errcode": 0}')

        def __init__(self, host, **kwargs):
            self.host = host

        def request(self, method, target, body, headers):
            self.got.append((self.host, method, target, json.loads(body)))

        def getresponse(self):
            return self.answer

        def close(self):
            pass

    Connection.got = []
    monkeypatch.setattr(http.client, "HTTPSConnection", Connection)
    return Connection


def test_wecom_gets_plain_text(vendor):
    channels.send_to_robot(Robot(vendor="wecom", address=WECOM), "隐患 3 项")
    assert vendor.got == [
        (
            "qyapi.weixin.qq.com",
            "POST",
            "/cgi-bin/webhook/send?key=abc",
            {"msgtype": "text", "text": {"content": "隐患 3 项"}},
        )
    ]


def test_dingtalk_gets_a_signature(vendor):
    channels.send_to_robot(Robot(vendor="dingtalk", address=DINGTALK, secret="SEC1"), "x")
    query = parse_qs(urlsplit(vendor.got[0][2]).query)
    stamp = query["timestamp"][0]
    right = hmac.new(b"SEC1", f"{stamp}\nSEC1".encode(), hashlib.sha256).digest()
    assert query["sign"] == [base64.b64encode(right).decode()]
    assert query["access_token"] == ["abc"]


def test_feishu_gets_a_signature_and_nobody_is_called_by_markup(vendor):
    channels.send_to_robot(Robot(vendor="feishu", address=FEISHU, secret="S"), '<at user_id="all"></at>')
    body = vendor.got[0][3]
    right = hmac.new(f"{body['timestamp']}\nS".encode(), b"", hashlib.sha256).digest()
    assert body["sign"] == base64.b64encode(right).decode()
    assert "<at" not in body["content"]["text"]


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (302, b""),
        (301, b'{"errcode":0}'),
        (500, b""),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"errcode":310000,"errmsg":"sign"}'),
        (200, b"{}"),
    ],
)
def test_only_a_clear_yes_counts_as_sent(vendor, status, content):
    vendor.answer = Answer(status, content)
    with pytest.raises(channels.Unsent):
        channels.send_to_robot(Robot(vendor="wecom", address=WECOM), "x")
    assert len(vendor.got) == 1


class Acting:
    key, name, person_id = "person:1", "米秘书", 1


@pytest.mark.django_db
def test_a_robot_is_changed_and_only_its_own_vendor_is_taken():
    made = robots.create(by=Acting, name="安全群", vendor="wecom", address=WECOM, topic="safety")
    robots.create(by=Acting, name="应急群", vendor="feishu", address=FEISHU)
    robots.change(made, by=Acting, name=" 安全一群 ", topic=" safety ")
    assert Robot.objects.values_list("name", "address", "topic").get(pk=made.pk) == ("安全一群", WECOM, "safety")
    robots.change(made, by=Acting, name="安全一群", address=f" {WECOM}d ", secret=" S ")
    assert Robot.objects.values_list("address", "secret", "topic").get(pk=made.pk) == (f"{WECOM}d", "S", "")
    with pytest.raises(Problem, match=r"https://qyapi\.weixin\.qq\.com"):
        robots.change(made, by=Acting, name="安全一群", address=FEISHU)
    with pytest.raises(ValidationError) as caught:
        robots.change(made, by=Acting, name="应急群")
    assert caught.value.message_dict == {"name": ["已有叫“应急群”的机器人。换一个名称。"]}
    assert [str(event) for event in RobotEvent.objects.filter(robot=made).order_by("pk")] == [
        "安全群 created", "安全一群 changed", "安全一群 readdressed"]  # fmt: skip
