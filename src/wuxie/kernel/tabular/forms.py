"""The shape of what people send while they import."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import gate
from .columns import Sheet
from .headings import Heading


class Choose(forms.Form):
    """One file."""

    file = forms.FileField(
        label=gettext_lazy("表格文件"),
        allow_empty_file=True,
        max_length=200,
        help_text=gettext_lazy("xlsx、xls、ods 或 csv，最多 20 万行"),
        error_messages={"required": gettext_lazy("请选一个文件。")},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt"}),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size and file.size > gate.MAX_BYTES:
            raise forms.ValidationError(
                _("文件有 %(have)s MB，最多 %(most)s MB。请分成几份上传。")
                % {"have": file.size // 2**20, "most": gate.MAX_BYTES // 2**20}
            )
        return file


class Match(forms.Form):
    """What each heading means; a select for each column of the file."""

    def __init__(self, sheet: Sheet, listed: list[Heading], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listed = listed
        choices = [("", _("不导入")), *((column.field, _label(column)) for column in sheet.columns)]
        for heading in listed:
            self.fields[_name(heading)] = forms.ChoiceField(
                choices=choices,
                required=False,
                initial=heading.field,
                label=heading.text,
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    @property
    def matched(self) -> dict[str, str]:
        """``{"sheet.column": field}`` as the action wants it."""
        return {heading.key: self.cleaned_data[_name(heading)] for heading in self.listed}

    @property
    def lines(self) -> list[tuple[Heading, forms.BoundField]]:
        return [(heading, self[_name(heading)]) for heading in self.listed]


def _name(heading: Heading) -> str:
    return f"c{heading.sheet}_{heading.column}"


def _label(column: Any) -> str:
    return f"{column.label} *" if column.required else str(column.label)


class Mend(forms.Form):
    """One cell and what should stand in it."""

    place = forms.RegexField(r"^\d{1,3}:\d{1,7}:\d{1,5}$")
    text = forms.CharField(required=False, max_length=2000, strip=True)
    same = forms.BooleanField(required=False)


class Drop(forms.Form):
    row = forms.IntegerField(min_value=1)


class Reason(forms.Form):
    group = forms.CharField(max_length=400)


class Keep(forms.Form):
    title = forms.CharField(max_length=60, label=gettext_lazy("方案名"), error_messages={
        "required": gettext_lazy("请给方案起个名字。")})  # fmt: skip
