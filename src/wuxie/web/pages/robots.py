"""Group robots: who keeps them, whether they get through, and their address, masked until somebody says why."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wuxie.kernel.access.who import seated
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import local
from wuxie.kernel.notify import robots as verbs
from wuxie.kernel.notify.channels import HOSTS, check_address
from wuxie.kernel.notify.models import Robot, RobotEvent

from ..asking import acting, ask, put_on, require, sent
from ..cells import Chip
from ..tables import Column, Table, table_page

office = seated(gettext_lazy("协会秘书处"), "association_secretariat")
Did = RobotEvent.Did


class RobotForm(forms.Form):
    """A robot as it is copied from the group's settings."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60, help_text=gettext_lazy("如“安全工作群”"))
    vendor = forms.ChoiceField(label=gettext_lazy("平台"), choices=Robot.Vendor.choices)
    address = forms.CharField(
        label=gettext_lazy("webhook 地址"), max_length=500, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("从群机器人设置里整条复制。加密保存，以后只显示末四位。"),
    )  # fmt: skip
    secret = forms.CharField(
        label=gettext_lazy("加签密钥"), required=False, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("钉钉、飞书选了“加签”才有；企业微信没有"),
    )  # fmt: skip
    topic = forms.CharField(
        label=gettext_lazy("用途"), required=False, max_length=40,
        help_text=gettext_lazy("同一用途的群收到同样的通知，如 safety；不填则只供个人选用"),
    )  # fmt: skip

    def _vendor(self) -> str:
        return str(self.cleaned_data.get("vendor", ""))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("address") and self._vendor():
            try:
                check_address(self._vendor(), said["address"])
            except Problem as wrong:
                self.add_error("address", wrong.message)
        return said


class ChangeForm(RobotForm):
    """The vendor stays; an address or a secret left empty stays too."""

    field_order = ("name", "topic", "address", "secret")

    def __init__(self, *args: Any, vendor: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["vendor"]
        self.vendor = vendor
        self.fields["address"].required = False
        self.fields["address"].help_text = _("不填就不变")
        self.fields["secret"].help_text = _("不填就不变")

    def _vendor(self) -> str:
        return self.vendor


class Why(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("为什么要看"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("如“换群后核对地址”。这一条留在机器人的经过里。"),
    )  # fmt: skip


def _state(row: Robot) -> Chip:
    if row.paused:
        return Chip(_("已暂停"), "amber", "clock")
    if row.error:
        return Chip(_("没有送达"), "red", "alert-triangle")
    return Chip(_("正常"), "green", "check") if row.sent_at else Chip(_("还没发过"))


ROBOTS = Table(
    "robots",
    gettext_lazy("群机器人"),
    columns=[
        Column("name", gettext_lazy("名称"), link=lambda row: reverse("pages:robot", args=[row.pk]), sort="name"),
        Column("vendor", gettext_lazy("平台"), text=lambda row: row.get_vendor_display(), sort="vendor"),
        Column("topic", gettext_lazy("用途"), sort="topic"),
        Column("state", gettext_lazy("状态"), text=_state, kind="state"),
        Column("sent_at", gettext_lazy("上次送达"), text=lambda row: f"{local(row.sent_at):%Y-%m-%d %H:%M}" if row.sent_at else ""),
    ],
    search=["name", "topic"],
    search_label=gettext_lazy("名称、用途"),
    order=["name"],
    empty=gettext_lazy("还没有群机器人。在企业微信、钉钉或飞书的群里添加机器人，把地址复制到这里。"),
)  # fmt: skip


@login_required
def robots(request: HttpRequest) -> HttpResponse:
    """All robots and whether they get through."""
    require(office, request)
    return table_page(
        request, ROBOTS, Robot.objects.all(), lead=_("只连这三个地址：%(hosts)s。") % {"hosts": "、".join(HOSTS.values())},
        act={"label": _("添加群机器人"), "url": reverse("pages:robot_new")},
    )  # fmt: skip


def _fetch(request: HttpRequest, pk: int) -> Robot:
    require(office, request)
    return get_object_or_404(Robot, pk=pk)


def _address(robot: Robot) -> str:
    return reverse("pages:robot", args=[robot.pk])


def _crumbs(robot: Robot | None = None) -> list[tuple[str, str]]:
    return [(_("群机器人"), reverse("pages:robots")), *([(robot.name, _address(robot))] if robot else [])]


@login_required
def new(request: HttpRequest) -> HttpResponse:
    require(office, request)
    return ask(
        request, RobotForm(sent(request)), lambda **said: verbs.create(by=acting(request), **said), then=_address,
        said=_("已添加。发一条测试消息看看通不通。"), title=_("添加群机器人"), send=_("添加群机器人"),
        back=reverse("pages:robots"), crumbs=_crumbs(),
    )  # fmt: skip


@login_required
@require_safe
def robot(request: HttpRequest, pk: int) -> HttpResponse:
    """One robot: masked address, the last answer of the platform, what was done with it by whom."""
    found = _fetch(request, pk)
    pairs = [
        (_("平台"), found.get_vendor_display()), (_("用途"), found.topic or "—"), (_("webhook 地址"), verbs.masked(found)),
        (_("加签密钥"), _("已填") if found.secret else _("没有填")),
        (_("上次送达"), f"{local(found.sent_at):%Y-%m-%d %H:%M}" if found.sent_at else "—"),
    ]  # fmt: skip
    context = {
        "title": found.name, "robot": found, "chip": _state(found), "pairs": pairs, "crumbs": _crumbs(),
        "failure": verbs.failure(found.vendor, found.error) if found.error else "",
        "acts": [
            {"label": _("修改"), "icon": "edit", "url": reverse("pages:robot_edit", args=[pk])},
            {"label": _("看地址明文"), "icon": "eye", "url": reverse("pages:robot_look", args=[pk])},
        ],
        "sections": [{
            "title": _("经过"), "empty": _("还没有记录。"),
            "rows": [_event(found, one) for one in found.events.order_by("-pk")[:30]],
        }],
    }  # fmt: skip
    return render(request, "web/pages/robot.html", context)


def _event(found: Robot, one: RobotEvent) -> dict[str, Any]:
    who = f"{local(one.at):%Y-%m-%d %H:%M} · {one.by_name or one.by}"
    row: dict[str, Any] = {"text": one.get_did_display(), "note": f"{who} · {one.reason}" if one.reason else who}
    if one.did == Did.TESTED:
        if one.error:
            row |= {"chip": Chip(_("没有送达"), "red", "alert-triangle")}
            row["note"] += f" · {verbs.failure(found.vendor, one.error)}"
        else:
            row["chip"] = Chip(_("已送达"), "green", "check") if one.sent_at else Chip(_("等待发送"), "blue", "clock")
    return row


@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _fetch(request, pk)
    form = ChangeForm(sent(request), initial={"name": found.name, "topic": found.topic}, vendor=found.vendor)
    return ask(
        request, form, lambda **said: verbs.change(found, by=acting(request), **said), then=_address,
        said=_("已保存。"), title=_("修改群机器人 %(name)s") % {"name": found.name}, send=_("保存群机器人"),
        back=_address(found), crumbs=_crumbs(found),
    )  # fmt: skip


@login_required
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """Address and secret in plain, on this answer only, after a reason that is written down."""
    found = _fetch(request, pk)
    form = Why(sent(request))
    plain: tuple[str, str] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            plain = verbs.look(found, by=acting(request), reason=form.cleaned_data["reason"])
        except ValidationError as refused:
            put_on(form, refused)
    address, secret = plain or (verbs.masked(found), _("已填") if found.secret else _("没有填"))
    context = {
        "title": _("查看群机器人 %(name)s 的地址") % {"name": found.name}, "form": form, "plain": plain,
        "pairs": [(_("webhook 地址"), address), (_("加签密钥"), secret or _("没有填"))], "crumbs": _crumbs(found),
    }  # fmt: skip
    response = render(request, "web/look.html", context, status=422 if form.errors else 200)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _press(request: HttpRequest, pk: int, act: Callable[..., Any], said: str) -> HttpResponse:
    """A button of the robot's page: one act, one sentence, the page again."""
    found = _fetch(request, pk)
    act(found, by=acting(request))
    messages.success(request, said)
    return redirect(_address(found))


@login_required
@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    return _press(request, pk, verbs.test, _("测试消息已交给发送队列，稍后刷新本页看结果。"))


@login_required
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    return _press(request, pk, verbs.pause, _("已暂停。暂停期间的通知不再补发。"))


@login_required
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    return _press(request, pk, partial(verbs.pause, on=False), _("已恢复。"))


@login_required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = _fetch(request, pk)
    return ask(
        request, forms.Form(sent(request)), lambda: verbs.remove(found, by=acting(request)), then=reverse("pages:robots"),
        said=_("已移除。"), title=_("移除群机器人 %(name)s") % {"name": found.name}, send=_("移除群机器人"),
        after=_("地址和密钥一并删除，选它接收消息的人不再从群里收到；经过留在记录里。群里的机器人请到平台上删除。"),
        back=_address(found), crumbs=_crumbs(found),
    )  # fmt: skip
