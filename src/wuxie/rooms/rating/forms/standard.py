"""The parts of a standard's draft as forms; what they say is checked again by the standards themselves."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.standards.language import compile_formula
from wuxie.rooms.register.models import Estate

from ..evidence import MARKS
from ..queries import OWNERS
from .application import STARS

NUMBER = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4})?")
PLAIN = re.compile(r"[A-Za-z0-9_]{1,24}")
NO_DATA = [
    ("zero", gettext_lazy("按 0 计")), ("skip", gettext_lazy("不适用，分值摊入同组")), ("full", gettext_lazy("按满分计")),
]  # fmt: skip
ROLES = [
    ("", gettext_lazy("按星级由默认单位兑现")), ("association_secretariat", gettext_lazy("协会秘书处")),
    ("gov_city", gettext_lazy("市级")), ("gov_district", gettext_lazy("县区级")), ("gov_street", gettext_lazy("街道级")),
]  # fmt: skip


class Points(forms.CharField):
    """A decimal kept as its text."""

    def __init__(self, **known: Any) -> None:
        super().__init__(max_length=10, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **known)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if text and not NUMBER.fullmatch(text):
            raise forms.ValidationError(_("要写成数字，例如 4 或 2.5。"))
        return text


class FormulaField(forms.CharField):
    """A formula that is checked while it is typed, and again when it is sent."""

    def __init__(self, **known: Any) -> None:
        super().__init__(
            max_length=4000, strip=True, widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
            **known,
        )  # fmt: skip

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if text:
            try:
                compile_formula(text, "$")
            except Problem as problem:
                raise forms.ValidationError(problem.message) from None
        return text


def _id(label: Any) -> forms.CharField:
    return forms.RegexField(
        PLAIN, label=label, max_length=24, help_text=gettext_lazy("字母和数字，例如 D1。"),
        error_messages={"invalid": gettext_lazy("编号只用字母、数字和下划线，例如 D1。"), "required": gettext_lazy("请写编号。")},
    )  # fmt: skip


def _name() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("名称"), max_length=80, error_messages={"required": gettext_lazy("请写名称。")}
    )


class Group(forms.Form):
    id = _id(gettext_lazy("分组编号"))
    label = _name()

    def part(self, before: dict[str, Any]) -> dict[str, Any]:
        return {**before, "id": self.cleaned_data["id"], "label": self.cleaned_data["label"]}


class Indicator(forms.Form):
    """One indicator with its formula, its evidence, and what counts where there is no data."""

    group = forms.ChoiceField(label=gettext_lazy("分组"))
    id = _id(gettext_lazy("指标编号"))
    label = _name()
    points = Points(label=gettext_lazy("满分"), error_messages={"required": gettext_lazy("请写满分。")})
    formula = FormulaField(label=gettext_lazy("公式"), error_messages={"required": gettext_lazy("请写公式。")})
    no_data = forms.ChoiceField(label=gettext_lazy("没有数据时"), choices=NO_DATA)
    text = forms.CharField(label=gettext_lazy("一句话说明"), max_length=200, required=False)
    evidence = forms.CharField(label=gettext_lazy("应有凭证"), max_length=200, required=False)
    not_for = forms.MultipleChoiceField(
        label=gettext_lazy("不适用的类别"),
        choices=Estate.Klass.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, groups: list[tuple[str, str]], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["group"].choices = groups  # type: ignore[attr-defined]

    def part(self, before: dict[str, Any]) -> dict[str, Any]:
        data = self.cleaned_data
        kept = {**before, **{name: data[name] for name in ("id", "label", "points", "formula", "no_data")}}
        kept["kind"] = "reviewer" if MARKS in data["formula"] else "formula"
        for name in ("text", "evidence", "not_for"):
            if data[name]:
                kept[name] = data[name]
            else:
                kept.pop(name, None)
        return kept


class NewGroup(Indicator):
    """A group needs an indicator to have points: both are asked for at once."""

    group_id = _id(gettext_lazy("分组编号"))
    group_label = forms.CharField(
        label=gettext_lazy("分组名称"), max_length=80, error_messages={"required": gettext_lazy("请写分组名称。")}
    )
    field_order = ("group_id", "group_label")

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, groups=[], **rest)
        del self.fields["group"]
        self.fields["id"].label = _("第一项指标编号")
        self.fields["label"].label = _("第一项指标名称")


class Veto(forms.Form):
    id = _id(gettext_lazy("否决项编号"))
    label = _name()
    when = FormulaField(label=gettext_lazy("条件"), error_messages={"required": gettext_lazy("请写条件。")})
    max_stars = forms.TypedChoiceField(
        label=gettext_lazy("后果"), coerce=int, choices=[
            (0, gettext_lazy("不授星")), (1, gettext_lazy("最高一星")), (2, gettext_lazy("最高二星")), (3, gettext_lazy("最高三星")),
            (4, gettext_lazy("最高四星"))],
    )  # fmt: skip
    consequence = forms.CharField(label=gettext_lazy("后果的说明"), max_length=200, required=False)

    def part(self, before: dict[str, Any]) -> dict[str, Any]:
        data = self.cleaned_data
        kept = {**before, **{name: data[name] for name in ("id", "label", "when", "max_stars")}}
        if data["consequence"]:
            kept["consequence"] = data["consequence"]
        return kept


class Grade(forms.Form):
    """The line of a grade, and what it asks of each group (a share of the group's points)."""

    stars = forms.TypedChoiceField(
        label=gettext_lazy("星级"),
        coerce=int,
        choices=STARS,
    )
    min = Points(label=gettext_lazy("总分线"), error_messages={"required": gettext_lazy("请写总分线。")})
    group_min = Points(
        label=gettext_lazy("每组最低得分率"), required=False, help_text=gettext_lazy("0 至 1，例如 0.6 就是六成。")
    )
    floors = forms.CharField(
        label=gettext_lazy("单独的分组门槛"), max_length=200, required=False,
        help_text=gettext_lazy("写成“D 0.75、F 0.85”：分组编号和得分率。"),
    )  # fmt: skip

    def clean_group_min(self) -> str:
        return _share(self.cleaned_data["group_min"])

    def clean_floors(self) -> dict[str, str]:
        found: dict[str, str] = {}
        words = (
            self.cleaned_data["floors"]
            .replace("、", " ")
            .replace("，", " ")
            .replace("：", " ")
            .replace(":", " ")
            .split()
        )
        if len(words) % 2:
            raise forms.ValidationError(_("每个分组后面写一个得分率，例如“D 0.75、F 0.85”。"))
        for group, share in zip(words[::2], words[1::2], strict=True):
            found[group] = _share(share)
        return found

    def part(self, before: dict[str, Any]) -> dict[str, Any]:
        data = self.cleaned_data
        kept = {**before, "stars": data["stars"], "min": data["min"]}
        for name in ("group_min", "floors"):
            if data[name]:
                kept[name] = data[name]
            else:
                kept.pop(name, None)
        return kept


def _share(text: str) -> str:
    if text and (not NUMBER.fullmatch(text) or Decimal(text) > 1):
        raise forms.ValidationError(_("得分率写 0 至 1，例如 0.75 就是七成五。"))
    return text


class Benefit(forms.Form):
    """What a star is worth: what each star gets, by when, against which proof, from whom."""

    id = forms.ChoiceField(label=gettext_lazy("权益"), choices=[(one, one) for one in OWNERS])
    label = _name()
    due_days = forms.IntegerField(
        label=gettext_lazy("授星后几日内兑现"), min_value=1, max_value=730,
        error_messages={"required": gettext_lazy("请写天数。"), "invalid": gettext_lazy("天数写整数。")},
    )  # fmt: skip
    proof = forms.CharField(label=gettext_lazy("应有凭证"), max_length=160, required=False)
    owner = forms.ChoiceField(label=gettext_lazy("兑现单位"), choices=ROLES, required=False)
    star1 = forms.CharField(label=gettext_lazy("一星"), max_length=200, required=False)
    star2 = forms.CharField(label=gettext_lazy("二星"), max_length=200, required=False)
    star3 = forms.CharField(label=gettext_lazy("三星"), max_length=200, required=False)
    star4 = forms.CharField(label=gettext_lazy("四星"), max_length=200, required=False)
    star5 = forms.CharField(label=gettext_lazy("五星"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(f"star{n}", "") for n in range(1, 6)):
            self.add_error("star5", _("至少给一个星级写明内容。"))
        return data

    def part(self, before: dict[str, Any]) -> dict[str, Any]:
        data = self.cleaned_data
        kept = {**before, "id": data["id"], "label": data["label"], "due_days": data["due_days"], "proof": data["proof"],
                "per_star": {str(n): data[f"star{n}"] for n in range(1, 6) if data[f"star{n}"]}}  # fmt: skip
        if data["owner"]:
            kept["owner"] = data["owner"]
        else:
            kept.pop("owner", None)
        return kept


class Upload(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("标准文件"), max_length=200, help_text=gettext_lazy("UTF-8 的 YAML，最大 2 MB。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml,.json"}),
        error_messages={"required": gettext_lazy("请选标准文件。"), "empty": gettext_lazy("选的文件是空的，请换一个。")},
    )  # fmt: skip


class Copy(forms.Form):
    version = forms.CharField(
        label=gettext_lazy("新版本号"), max_length=20, help_text=gettext_lazy("例如 2027.1。"),
        error_messages={"required": gettext_lazy("请写新版本号，例如 2027.1。")},
    )  # fmt: skip


class CheckFormula(forms.Form):
    """What the editor sends while somebody types."""

    formula = forms.CharField(required=False, max_length=4000)
    when = forms.CharField(required=False, max_length=4000)


class Confirm(forms.Form):
    """Nothing to fill in: a step that is only confirmed."""
