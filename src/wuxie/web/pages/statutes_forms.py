"""What a person says about a figure of law."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class Proposal(forms.Form):
    """Value, where it stands, from when; with ``not_applicable`` only the reason, under "article"."""

    region = forms.ChoiceField(label=_("适用地区"))
    value = forms.CharField(label=_("数值"), max_length=200, error_messages={"required": _("请填数值。")})
    article = forms.CharField(
        label=_("文号或条文"), max_length=200, widget=forms.TextInput(attrs={"placeholder": "如 某文〔2024〕18号"}),
        error_messages={"required": _("还缺文号。请写文号或条文；暂不适用的写明理由。")},
    )  # fmt: skip
    since = forms.DateField(
        label=_("施行日"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("请填施行日。")},
    )  # fmt: skip
    paper = forms.FileField(
        label=_("原件"), required=False, help_text=_("扫描件或照片，PDF、JPG、PNG。"),
        widget=forms.FileInput(attrs={"class": "form-control"}),
    )  # fmt: skip
    not_applicable = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, regions: list[tuple[str, str]], **rest: Any) -> None:
        super().__init__(*arguments, **rest)
        self.fields["region"].choices = regions  # type: ignore[attr-defined]
        self.fields["region"].initial = regions[-1][0]
        if self.data.get("not_applicable"):
            self.fields["value"].required = self.fields["since"].required = False


class View(forms.Form):
    """Which lines are shown, and which one stands in the rail."""

    view = forms.CharField(required=False, max_length=12)
    q = forms.CharField(required=False, max_length=60)
    key = forms.CharField(required=False, max_length=80)
    format = forms.CharField(required=False, max_length=4)
