"""The shape of what visitors type."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.calc.problems import Problem
from wuxie.rooms.rating import public
from wuxie.web.fields import Hundredths

from .models import PlaqueReport

#: A field that no person sees or fills: what fills it is a machine.
TRAP = "website"
#: Bytes of one file from a visitor.
LARGEST = 10 * 1024 * 1024


class Trapped(forms.Form):
    """A form of the public site: no sign-in, no puzzle, a trap for machines."""

    website = forms.CharField(
        required=False, label=gettext_lazy("不用填写"), widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"})
    )  # fmt: skip

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields a person fills."""
        return [field for field in self.visible_fields() if field.name != TRAP]

    def clean_website(self) -> str:
        if self.cleaned_data[TRAP]:
            raise forms.ValidationError(_("没有收下。请不要填写“不用填写”这一格，再试一次。"))
        return ""

    def told(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != TRAP}


def _contact(text: str) -> str:
    try:
        return public.reachable(text) if text else ""
    except Problem as problem:
        raise forms.ValidationError(problem.message) from problem


class Objection(Trapped):
    """Against one published star. ``indicators``: the choices of what it is about."""

    indicator = forms.ChoiceField(label=gettext_lazy("针对哪一项"), required=False)
    text = forms.CharField(
        label=gettext_lazy("异议内容"), min_length=10, max_length=2000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("写明时间、地点和经过，10 到 2000 字。不要写身份证号。"),
        error_messages={"required": gettext_lazy("请写明时间、地点和经过，至少 10 字。")},
    )  # fmt: skip
    contact = forms.CharField(
        label=gettext_lazy("联系方式"), max_length=60,
        help_text=gettext_lazy("手机、座机或邮箱。加密保存，只有经办人说明理由后能看，不对企业显示。"),
        error_messages={"required": gettext_lazy("请留手机、座机或邮箱，核实时好找到您。")},
    )  # fmt: skip
    evidence = forms.FileField(
        label=gettext_lazy("照片或文件"), required=False,
        help_text=gettext_lazy("可以不放。PDF、JPG、PNG，照片里的拍摄位置会去掉。"),
    )  # fmt: skip
    true = forms.BooleanField(
        label=gettext_lazy("所述是我知道的真实情况"), error_messages={"required": gettext_lazy("请勾选后再提交。")}
    )

    def __init__(self, *arguments: Any, indicators: list[tuple[str, str]], **rest: Any) -> None:
        super().__init__(*arguments, **rest)
        self.fields["indicator"].choices = [("", _("整体结果")), *indicators]  # type: ignore[attr-defined]

    def clean_contact(self) -> str:
        return _contact(self.cleaned_data["contact"])

    def clean_evidence(self) -> Any:
        file = self.cleaned_data["evidence"]
        if file and file.size > LARGEST:
            raise forms.ValidationError(_("文件超过 10 MB。请压缩照片，或只放最要紧的一页。"))
        return file

    def told(self) -> dict[str, Any]:
        return {name: value for name, value in super().told().items() if name != "true"}


class Hazard(Trapped):
    """What somebody saw at an estate. ``hazards``: the catalogue, grouped; nobody needs to know it."""

    photo = forms.FileField(
        label=gettext_lazy("照片"), required=False, widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=gettext_lazy("可以不放。照片里的拍摄位置会去掉。"),
    )  # fmt: skip
    place = forms.CharField(
        label=gettext_lazy("在哪里"),
        max_length=120,
        help_text=gettext_lazy("楼栋、楼层、位置，例如：3 栋 2 单元 5 楼楼道。"),
    )
    words = forms.CharField(
        label=gettext_lazy("看到了什么"), min_length=4, max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("不要写姓名和身份证号。"), error_messages={"required": gettext_lazy("请写看到了什么，至少 4 字。")},
    )  # fmt: skip
    hazard_code = forms.ChoiceField(
        label=gettext_lazy("像哪一种"), required=False, help_text=gettext_lazy("说不准就不选，物业去看了再定。")
    )
    contact = forms.CharField(
        label=gettext_lazy("联系方式"), required=False, max_length=60,
        help_text=gettext_lazy("可以不填。手机、座机或邮箱，加密保存，只有派单的人说明理由后能看。"),
    )  # fmt: skip

    def __init__(self, *arguments: Any, hazards: list[Any], **rest: Any) -> None:
        super().__init__(*arguments, **rest)
        self.fields["hazard_code"].choices = [("", _("说不准")), *hazards]  # type: ignore[attr-defined]

    def clean_contact(self) -> str:
        return _contact(self.cleaned_data["contact"])

    def clean_photo(self) -> tuple[str, bytes] | None:
        file = self.cleaned_data["photo"]
        if file and file.size > LARGEST:
            raise forms.ValidationError(_("照片超过 10 MB，请压缩后再放。"))
        return (str(file.name), file.read()) if file else None


class Dispute(Trapped):
    """What somebody has against whoever serves the estate."""

    title = forms.CharField(
        label=gettext_lazy("是什么事"), max_length=60, help_text=gettext_lazy("例如：顶楼漏水三个月没人修。不写姓名。")
    )
    words = forms.CharField(
        label=gettext_lazy("经过和要求"), min_length=4, max_length=2000, widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("请写经过和要求，至少 4 字。")},
    )  # fmt: skip
    occurred_on = forms.DateField(
        label=gettext_lazy("什么时候的事"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("不填就是今天。换过物业的请填，好找当时的企业。"),
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("姓名"), required=False, max_length=60)
    contact = forms.CharField(
        label=gettext_lazy("联系方式"),
        required=False,
        max_length=30,
        help_text=gettext_lazy("可以不填；要坐下来调解的，请留。"),
    )
    hidden = forms.BooleanField(
        label=gettext_lazy("不公开我是谁"), required=False, initial=True,
        help_text=gettext_lazy("只有协会和调解员说明理由后能看到你是谁。你不同意，不会请你上调解桌。"),
    )  # fmt: skip

    def clean_contact(self) -> str:
        return _contact(self.cleaned_data["contact"])

    def told(self) -> dict[str, Any]:
        """What the verb takes."""
        return {
            **{name: self.cleaned_data[name] for name in ("title", "words", "occurred_on", "name", "hidden")},
            "phone": self.cleaned_data["contact"],
        }


class DisputeAnswer(forms.Form):
    words = forms.CharField(label=gettext_lazy("你的回话"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class Report(Trapped):
    """A plaque is not where it belongs."""

    matter = forms.ChoiceField(
        label=gettext_lazy("是什么情况"), choices=PlaqueReport.Matter.choices, widget=forms.RadioSelect
    )
    seen_at = forms.CharField(
        label=gettext_lazy("在哪里看到的"), max_length=120, help_text=gettext_lazy("小区名、街道和门牌。")
    )
    text = forms.CharField(
        label=gettext_lazy("补充说明"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    contact = forms.CharField(
        label=gettext_lazy("联系方式"), required=False, max_length=60,
        help_text=gettext_lazy("可以不填。加密保存，只用于核实。"),
    )  # fmt: skip

    def clean_contact(self) -> str:
        return _contact(self.cleaned_data["contact"])


class Answer(forms.Form):
    """What the secretariat says came of a report."""

    answer = forms.CharField(
        label=gettext_lazy("处理结果"), min_length=4, max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


class Receipt(forms.Form):
    """A receipt number typed in."""

    receipt = forms.CharField(label=gettext_lazy("回执号"), max_length=20)


class Home(forms.Form):
    """How large a home is, for what a month of it will cost."""

    area = Hundredths(label=gettext_lazy("我家面积（㎡）"), required=False, max_value=100_000)


class FeeQuestion(Trapped):
    """What somebody wants to know of a fee; no name, no door."""

    words = forms.CharField(
        label=gettext_lazy("想问什么"), min_length=4, max_length=600, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("不要写姓名、电话和房号；问题和答复会给本小区所有业主看。"),
    )  # fmt: skip


class Lookup(forms.Form):
    """What a visitor looks for; ``number`` is a plaque's."""

    q = forms.CharField(required=False, max_length=100)
    number = forms.CharField(required=False, max_length=120)
