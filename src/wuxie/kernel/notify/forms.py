"""The shape of what people say about how they want to hear of things."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Channel, Choice, Robot


class Ways(forms.Form):
    """Which ways are on for oneself; messages in the application always are."""

    mail = forms.BooleanField(label=gettext_lazy("电子邮件"), required=False)
    address = forms.EmailField(label=gettext_lazy("邮箱"), required=False, max_length=200)
    sms = forms.BooleanField(
        label=gettext_lazy("短信"), required=False, help_text=gettext_lazy("发到登记的手机号，只有标题")
    )
    robot = forms.ModelChoiceField(
        Robot.objects.none(), label=gettext_lazy("群机器人"), required=False, empty_label=gettext_lazy("不用"),
        help_text=gettext_lazy("群里的人都看得到"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        robots = self.fields["robot"]
        if isinstance(robots, forms.ModelChoiceField):
            robots.queryset = Robot.objects.filter(Q(paused=False) | Q(pk=self.initial.get("robot")))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("mail") and not cleaned.get("address"):
            self.add_error("address", _("要用邮件，请填邮箱。"))
        return cleaned


def as_chosen(choices: list[Choice]) -> dict[str, Any]:
    """What the form shows for the choices a person made."""
    by_channel = {choice.channel: choice for choice in choices}
    mail, robot = by_channel.get(Channel.MAIL), by_channel.get(Channel.ROBOT)
    return {
        "mail": mail is not None,
        "address": mail.address if mail else "",
        "sms": Channel.SMS in by_channel,
        "robot": robot.robot_id if robot else None,
    }
