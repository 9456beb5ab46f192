"""The shape of what people send to the papers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from . import intake


class Attach(forms.Form):
    """A file for a case, for any part that lets people add one."""

    file = forms.FileField(
        label=_("文件"),
        max_length=200,
        help_text=_("照片、PDF、docx 或 xlsx，最多 30 MB"),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(intake.ENDINGS.values()) + ",.jpeg"}),
    )
    kind = forms.CharField(label=_("文书名称"), max_length=80, required=False)


class WithdrawReason(forms.Form):
    reason = forms.CharField(
        label=_("撤回的理由"), max_length=400, error_messages={"required": _("请写明撤回的理由。")}
    )


class Template(forms.Form):
    file = forms.FileField(
        label=_("Word 模板"), max_length=200, widget=forms.ClearableFileInput(attrs={"accept": ".docx"})
    )
