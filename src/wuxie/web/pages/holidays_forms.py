"""A year's holiday arrangement as people bring it: a file, or the lines of the notice."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.calc.documents import parse
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock import notice, tables

#: 国办发明电〔2025〕7号, with whatever brackets somebody types.
NUMBER = re.compile(r"[〔\[（(【]\s*\d{4}\s*[〕\]）)】]\s*第?\s*\d+\s*号")
MOST_BYTES = 200 * 1024


class Arrangement(forms.Form):
    """``table`` holds the checked year once the form is valid."""

    year = forms.IntegerField(label=gettext_lazy("年份"), min_value=2000, max_value=2099)
    source = forms.CharField(
        label=gettext_lazy("发文字号"), max_length=120,
        help_text=gettext_lazy("国务院办公厅通知的字号，如“国办发明电〔2025〕7号”"),
    )  # fmt: skip
    address = forms.URLField(label=gettext_lazy("通知网址"), required=False, max_length=300, assume_scheme="https")
    text = forms.CharField(
        label=gettext_lazy("粘贴通知，或逐行填写"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=gettext_lazy(
            "一行一个节日，照抄通知即可：“元旦：1月1日至3日放假，共3天。1月4日上班。”也可写“国庆节：2027-10-01 至 2027-10-07 放假”。"
        ),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("或上传 JSON 文件"), required=False, max_length=200,
        help_text=gettext_lazy("与命令 wuxie holidays 用的文件相同"),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
    )  # fmt: skip

    def clean_source(self) -> str:
        source: str = self.cleaned_data["source"].strip()
        if not NUMBER.search(source):
            raise forms.ValidationError(_("发文字号要写全，如“国办发明电〔2025〕7号”。"))
        return source

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        text, file = said.get("text"), said.get("file")
        if bool(text) == bool(file):
            if "file" not in self.errors and "text" not in self.errors:
                self.add_error("text", _("粘贴通知和上传文件，二选一。"))
            return said
        if self.errors:
            return said
        name = "text" if text else "file"
        try:
            said["table"] = self._table(said, file)
        except Problem as wrong:
            self.add_error(name, wrong.message if name == "text" else _place(wrong))
        return said

    def _table(self, said: dict[str, Any], file: Any) -> dict[str, Any]:
        """The checked table; ``Problem`` as the command would give it."""
        if not file:
            document: Any = {"year": said["year"], "days": notice.days_of(said["text"], said["year"])}
        else:
            if file.size > MOST_BYTES:
                raise Problem("range", "$", _("文件超过 200 KB，不像一年的放假安排。"))
            document = parse(file.read())
            if isinstance(document, dict) and document.get("year") != said["year"]:
                raise Problem("range", "$.year", _("文件里是 %(have)s 年，表单里填的是 %(want)s 年。请核对。")
                              % {"have": str(document.get("year"))[:20], "want": said["year"]})  # fmt: skip
        if isinstance(document, dict):
            document["source"] = said["source"]
            if said["address"]:
                document["papers"] = [said["address"]]
        return tables.check_year(document)


def _place(wrong: Problem) -> str:
    """The sentence with the place in the file; entries are counted from one, as people count."""
    at = re.match(r"\$\.days\[(\d+)\]", wrong.path)
    if at:
        return _("第 %(n)s 条（%(path)s）：%(message)s") % {
            "n": int(at[1]) + 1, "path": wrong.path, "message": wrong.message}  # fmt: skip
    return f"{wrong.path}：{wrong.message}" if wrong.path != "$" else wrong.message
