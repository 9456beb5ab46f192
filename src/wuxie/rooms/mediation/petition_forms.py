"""What people type about petitions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from wuxie.kernel.access.actor import Actor
from wuxie.rooms.register.models import Estate
from wuxie.web.fields import Day, Long, Searched

from .forms import Reason
from .models import Petition
from .models.petitions import LEVELS

__all__ = ["HandOver", "Opinion", "Reason", "Reassign", "Receive"]


class Receive(forms.Form):
    estate = forms.ModelChoiceField(Estate.objects.none(), label=gettext_lazy("小区"), widget=Searched())
    level = forms.ChoiceField(label=gettext_lazy("办理单位"), choices=Petition.Level.choices)
    title = forms.CharField(label=gettext_lazy("是什么事"), max_length=60)
    summary = Long(gettext_lazy("诉求摘要"), max_length=600)
    received_on = Day(
        label=gettext_lazy("收到日"), required=False, help_text=gettext_lazy("不填就是今天。期限从收到的第二天算起。")
    )
    petitioner = forms.CharField(
        label=gettext_lazy("信访人"), max_length=60, required=False, help_text=gettext_lazy("加密保存，页面上只露姓。")
    )
    hidden = forms.BooleanField(label=gettext_lazy("信访人不公开身份"), required=False)

    def __init__(self, *args: Any, actor: Actor, **rest: Any) -> None:
        super().__init__(*args, **rest)
        rows = Estate.objects.filter(actor.within("place_id", *LEVELS)).order_by("name", "pk")
        self.fields["estate"].queryset = rows  # type: ignore[attr-defined]


class Reassign(forms.Form):
    level = forms.ChoiceField(label=gettext_lazy("由谁办"), choices=Petition.Level.choices)
    note = Long(gettext_lazy("说明"), required=False)


class HandOver(Reassign):
    """To which office a dispute goes as a petition."""


class Opinion(forms.Form):
    words = Long(gettext_lazy("意见和依据"), max_length=600)
