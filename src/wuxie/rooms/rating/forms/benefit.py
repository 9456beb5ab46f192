"""A benefit from plan to proof."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.clock.now import today
from wuxie.web.fields import Day

from .application import Long


class Plan(forms.Form):
    day = Day(label=gettext_lazy("计划兑现日"), error_messages={"required": gettext_lazy("请选计划兑现日。")})
    note = Long(gettext_lazy("怎么兑现"), required=False, rows=3)

    def clean_day(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["day"]
        if day < today():
            raise forms.ValidationError(_("计划日不能早于今天。"))
        return day


class Funded(Plan):
    budget = forms.CharField(
        label=gettext_lazy("预算文号"), max_length=80, error_messages={"required": gettext_lazy("请写预算文件的文号。")}
    )
    field_order = ("budget", "day", "note")


class Blocked(forms.Form):
    reason = Long(gettext_lazy("为什么还不能落实"), gettext_lazy("请写明为什么还不能落实。"), max_length=200, rows=3)


class Deliver(forms.Form):
    """Something that proves it: a link, a number, or a file."""

    proof = forms.CharField(
        label=gettext_lazy("凭证"), max_length=300, required=False, help_text=gettext_lazy("链接、拨付凭证号或文号。")
    )
    file = forms.FileField(
        label=gettext_lazy("凭证文件"), required=False, max_length=200, help_text=gettext_lazy("没有链接或文号时传文件。"),
        error_messages={"empty": gettext_lazy("选的文件是空的，请换一个。")},
    )  # fmt: skip
    note = Long(gettext_lazy("说明"), required=False, rows=3)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("proof", "").strip() and not data.get("file"):
            self.add_error("proof", _("兑现要有凭证：写链接、凭证号或文号，或者传一份文件。"))
        return data
