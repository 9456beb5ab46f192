"""What a person says about a figure of law."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class Proposal(forms.Form):
    """Value, where it stands, from when; with ``not_applicable`` only where it says so."""

    region = forms.ChoiceField(label=_("适用地区"))
    value = forms.CharField(label=_("数值"), max_length=200, required=False)
    article = forms.CharField(
        label=_("文号或条文"), max_length=200, required=False, widget=forms.TextInput(attrs={"placeholder": "如 某文〔2024〕18号"})
    )  # fmt: skip
    since = forms.DateField(
        label=_("施行日"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    paper = forms.FileField(label=_("原件"), required=False, help_text=_("扫描件或照片，PDF、JPG、PNG。"))
    not_applicable = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, regions: list[tuple[str, str]], **rest: Any) -> None:
        super().__init__(*arguments, **rest)
        self.fields["region"].choices = regions  # type: ignore[attr-defined]
        self.fields["region"].initial = regions[-1][0]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("not_applicable"):
            return found
        for name, sentence in (
            ("value", _("请填数值。")),
            ("article", _("还缺文号。请写文号或条文。")),
            ("since", _("请填施行日。")),
        ):
            if not found.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        return found


class View(forms.Form):
    """Which lines are shown, and which one stands in the rail."""

    view = forms.CharField(required=False, max_length=12)
    q = forms.CharField(required=False, max_length=60)
    key = forms.CharField(required=False, max_length=80)
    format = forms.CharField(required=False, max_length=4)
