"""What a reviewer sends: marks, a session's minutes, a visit spot by spot, late facts, whom to keep away from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.parties.models import Organisation
from wuxie.web.fields import Hundredths

from ..models import Visit
from .application import Long


class Mark(forms.Form):
    """Points of one indicator, with the reason."""

    points = Hundredths(
        label=gettext_lazy("得分"),
        error_messages={"required": gettext_lazy("请填得分。"), "invalid": gettext_lazy("得分要写成数字，例如 8.5。")},
    )
    reason = Long(gettext_lazy("打分理由"), gettext_lazy("请写打分理由：看到了什么、依据哪份材料。"))

    def __init__(self, *args: Any, full: int, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.full = full
        self.fields["points"].help_text = _("满分 %(full)s，最多两位小数。") % {"full": decimal(full)}

    def clean_points(self) -> int:
        points: int = self.cleaned_data["points"]
        if points > self.full:
            raise forms.ValidationError(_("得分不能超过满分 %(full)s。") % {"full": decimal(self.full)})
        return points


def decimal(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"


class Session(forms.Form):
    minutes = Long(gettext_lazy("合议记录"), gettext_lazy("请写合议记录：各人依据、分歧在哪、怎么看。"), rows=8)


class Spot(forms.Form):
    """One spot of a visit: a verdict, a word, a photo."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("看下来怎么样"), choices=Visit.Verdict.choices,
        error_messages={"required": gettext_lazy("请按一个结论。"), "invalid_choice": gettext_lazy("请按一个结论。")},
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("看到了什么"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    photo = forms.ImageField(
        label=gettext_lazy("照片"), required=False, max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
        error_messages={"invalid_image": gettext_lazy("这不是照片，请拍一张或选一张照片。")},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verdict") in ("weak", "bad") and not data.get("note", "").strip():
            self.add_error("note", _("有不足或有问题时，写一句看到了什么。"))
        return data


class Impression(forms.Form):
    note = Long(gettext_lazy("总体印象"), required=False, rows=4, max_length=1000)


class Late(forms.Form):
    admit = forms.ChoiceField(
        label=gettext_lazy("决定"), choices=[("yes", gettext_lazy("同意计入")), ("no", gettext_lazy("不计入"))],
        widget=forms.RadioSelect, error_messages={"required": gettext_lazy("请选同意或不计入。")},
    )  # fmt: skip
    reason = Long(gettext_lazy("书面理由"), gettext_lazy("请书面写明理由。"))


class Recuse(forms.Form):
    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), label=gettext_lazy("须回避的企业"), empty_label=gettext_lazy("请选企业"),
        widget=forms.Select(attrs={"data-search": "yes"}), error_messages={"required": gettext_lazy("请选须回避的企业。")},
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("事由"), max_length=200, help_text=gettext_lazy("例如：近亲属任职、持有股份、三年内曾任职。"),
        error_messages={"required": gettext_lazy("请写明回避事由。")},
    )  # fmt: skip

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        companies = Organisation.objects.filter(kind="company").order_by("name")
        self.fields["organisation"].queryset = companies  # type: ignore[attr-defined]
