"""What the framework says of a field is said in this house's words: what is wrong, and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

TEXTS = Path(__file__).resolve().parents[1] / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


@pytest.mark.parametrize(("field", "given", "said"), [
    (forms.CharField(), "", "这一项没有填。请填上再提交。"),
    (forms.CharField(max_length=3), "一二三四", "太长了：最多 3 个字，现在 4 个。请缩短。"),
    (forms.IntegerField(max_value=100), "101", "太大了：最多 100。请改小。"),
    (forms.IntegerField(min_value=1), "0", "太小了：最少 1。请改大。"),
    (forms.IntegerField(), "5 万", "这里要整数。请只写数字，如 12。"),
    (forms.DecimalField(max_digits=6, decimal_places=2), "1.234", "小数最多 2 位。请四舍五入后再填。"),
    (forms.DateField(), "2026-02-30", "日期看不懂。请写成 2026-11-30 这样，并看看那个月有没有这一天。"),
    (forms.ChoiceField(choices=[("a", "甲")]), "b", "“b”不在可选的里面。请从列出的里面选；刚变动过的，重新打开这一页再选。"),
    (forms.FileField(), SimpleUploadedFile("空.pdf", b""), "这个文件是空的。请打开看看有没有内容，重新选一个。"),
])  # fmt: skip
def test_a_refused_field_says_how_to_mend_it(field: forms.Field, given: object, said: str) -> None:
    with pytest.raises(forms.ValidationError) as refused:
        field.clean(given)
    assert refused.value.messages == [said]


def test_each_sentence_ends_and_keeps_the_framework_s_figures() -> None:
    with TEXTS.open("rb") as file:
        catalog = read_po(file, locale="zh_Hans")
    for message in catalog:
        if message.id:
            texts = [message.string] if isinstance(message.string, str) else list(message.string)
            assert all(text.endswith("。") for text in texts)
            assert not list(message.check(catalog)), message.id
