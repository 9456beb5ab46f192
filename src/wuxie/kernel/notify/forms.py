"""The shape of what people say about how, and when, they want to hear of things."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import channels
from .models import Channel, Choice, Robot, Wish


def lead_words(lead: int) -> str:
    """``10 日前``; the due day itself is said as such."""
    return _("%(n)s 日前") % {"n": lead} if lead else _("到期当天")


def _leads() -> list[tuple[int, str]]:
    return [(lead, lead_words(lead)) for lead in Wish.LEADS]


class Ways(forms.Form):
    """Which ways are on for oneself, and when; messages in the application always are."""

    mail = forms.BooleanField(label=gettext_lazy("电子邮件"), required=False)
    address = forms.EmailField(label=gettext_lazy("邮箱"), required=False, max_length=200)
    sms = forms.BooleanField(
        label=gettext_lazy("短信"), required=False, help_text=gettext_lazy("发到登记的手机号，只有标题")
    )
    robot = forms.ModelChoiceField(
        Robot.objects.none(), label=gettext_lazy("群机器人"), required=False, empty_label=gettext_lazy("不用"),
        help_text=gettext_lazy("群里的人都看得到"),
    )  # fmt: skip
    rhythm = forms.ChoiceField(
        label=gettext_lazy("提醒和一般消息什么时候发"), choices=Wish.Rhythm, initial=Wish.Rhythm.AT_ONCE, required=False,
        widget=forms.RadioSelect, help_text=gettext_lazy("汇总每天 9:30 发，只列还没读的；平台内随时都有"),
    )  # fmt: skip
    leads = forms.TypedMultipleChoiceField(
        label=gettext_lazy("另外提前几日提醒我"), choices=_leads, coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("只提醒轮到您办的事，加在流程规定的提醒之外"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        robots = self.fields["robot"]
        assert isinstance(robots, forms.ModelChoiceField)
        robots.queryset = Robot.objects.filter(Q(paused=False) | Q(pk=self.initial.get("robot")))
        if not robots.queryset.exists():
            del self.fields["robot"]
        if not channels.has_sms():
            del self.fields["sms"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("mail") and not cleaned.get("address"):
            self.add_error("address", _("要用邮件，请填邮箱。"))
        cleaned["rhythm"] = cleaned.get("rhythm") or Wish.Rhythm.AT_ONCE
        return cleaned


def as_chosen(choices: list[Choice], wish: Wish | None = None) -> dict[str, Any]:
    """What the form shows for the choices a person made."""
    by_channel = {choice.channel: choice for choice in choices}
    mail, robot = by_channel.get(Channel.MAIL), by_channel.get(Channel.ROBOT)
    return {
        "mail": mail is not None,
        "address": mail.address if mail else "",
        "sms": Channel.SMS in by_channel,
        "robot": robot.robot_id if robot else None,
        "rhythm": wish.rhythm if wish else Wish.Rhythm.AT_ONCE,
        "leads": wish.leads if wish else [],
    }
