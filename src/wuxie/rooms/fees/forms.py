"""What people type about fees."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.amounts import yuan
from wuxie.rooms.register.models import Project
from wuxie.web.fields import Day, Hundredths, Long, Paper, Photo

from . import law, prices
from .models import Adjustment, CostLine, Option, Promise, Question
from .words import Breach, Cost, Kind


class Price(Hundredths):
    """Yuan per m² and month, kept as a whole number of ten-thousandths."""

    def __init__(self, **known: Any) -> None:
        super().__init__(scale=law.PER_CENT, **known)


class OwnProject(forms.ModelChoiceField):
    def __init__(self) -> None:
        super().__init__(queryset=Project.objects.none(), label=gettext_lazy("小区"), empty_label=None)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.estate)


class Begin(forms.Form):
    project = OwnProject()
    current = Price(
        label=gettext_lazy("现行单价（元/㎡·月）"), required=False, help_text=gettext_lazy("不填就用项目里登记的单价。")
    )
    last_changed_on = Day(label=gettext_lazy("现行标准从哪天起"))
    min_years = forms.IntegerField(
        label=gettext_lazy("合同约定几年内不调"),
        min_value=0,
        max_value=30,
        initial=0,
        help_text=gettext_lazy("没有约定的填 0。"),
    )
    clause = Long(gettext_lazy("合同怎么约定调价"), help_text=gettext_lazy("照抄条款，写明第几条。"))
    reason = Long(gettext_lazy("为什么要调"))
    guide_basis = forms.CharField(
        label=gettext_lazy("政府指导价依据"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("前期物业必填：当地价格主管部门的文件和文号。"),
    )
    file = Paper(label=gettext_lazy("合同里约定调价的那几页"))

    def __init__(self, *args: Any, projects: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]


class Base(forms.Form):
    area = Hundredths(
        label=gettext_lazy("收费面积（㎡）"), help_text=gettext_lazy("所有要交物业费的面积，空置的也算。")
    )
    vacant = Hundredths(label=gettext_lazy("其中空置面积（㎡）"), initial=0)
    rate = Hundredths(label=gettext_lazy("收缴率（%）"), help_text=gettext_lazy("最近一年实收占应收，例如 86。"))
    offset = Hundredths(
        label=gettext_lazy("一年公共收益补贴（元）"), initial=0, help_text=gettext_lazy("业主已经同意用来补贴的。")
    )
    margin = Hundredths(
        label=gettext_lazy("一年利润（元）"),
        initial=0,
        help_text=gettext_lazy("包干制可以有利润，要单独列出。没有法定标准。"),
    )


class CostIn(forms.Form):
    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100)
    item = forms.ChoiceField(label=gettext_lazy("成本项"), choices=Cost.choices)
    amount = Hundredths(label=gettext_lazy("金额（元）"))
    words = forms.CharField(
        label=gettext_lazy("怎么算的"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("例如：秩序维护 12 人，月薪加社保。"),
    )
    file = Paper(label=gettext_lazy("凭证"))


class _OneOf(forms.ModelChoiceField):
    """One row of the case."""

    def __init__(self, label: Any) -> None:
        super().__init__(queryset=Promise.objects.none(), label=label, empty_label=None)


class OneCost(forms.Form):
    line = _OneOf(gettext_lazy("哪一笔"))
    note = Long(gettext_lazy("为什么去掉"), required=False)

    def __init__(self, *args: Any, case: Adjustment, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["line"].queryset = CostLine.objects.filter(adjustment=case)  # type: ignore[attr-defined]


class OptionIn(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("方案"), choices=Kind.choices)
    price = Price(label=gettext_lazy("单价（元/㎡·月）"), help_text=gettext_lazy("A、E 填新单价；B、C、D 填现行单价。"))
    first_price = Price(
        label=gettext_lazy("第一步单价（元/㎡·月）"), required=False, help_text=gettext_lazy("只有 E 填。")
    )
    months = forms.IntegerField(label=gettext_lazy("第一步几个月"), required=False, min_value=1, max_value=36)
    cut = Hundredths(label=gettext_lazy("一年省下（元）"), required=False, help_text=gettext_lazy("只有 B 填。"))
    subsidy = Hundredths(
        label=gettext_lazy("一年补贴（元）"), required=False, help_text=gettext_lazy("只有 C 填：再拿出多少公共收益。")
    )
    special = Price(
        label=gettext_lazy("专项单价（元/㎡·月）"),
        required=False,
        help_text=gettext_lazy("只有 D 填：专款专用，另外记账。"),
    )
    words = Long(gettext_lazy("说明"), help_text=gettext_lazy("服务变不变、钱从哪里来、用到哪里去。"))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        return found | {name: found.get(name) or 0 for name in ("cut", "subsidy", "special")}


class PromiseIn(forms.Form):
    words = forms.CharField(label=gettext_lazy("承诺"), max_length=200)
    measure = forms.CharField(
        label=gettext_lazy("怎么核对"), max_length=200, help_text=gettext_lazy("谁都看得出做没做到。")
    )


class Review(forms.Form):
    reviewer = forms.CharField(label=gettext_lazy("审核单位"), max_length=120)
    uscc = forms.CharField(label=gettext_lazy("审核单位的统一社会信用代码"), max_length=18)
    opinion = Long(gettext_lazy("审核意见"), max_length=600)
    file = Paper(label=gettext_lazy("审核报告"))

    def __init__(self, *args: Any, case: Adjustment, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for line in case.costs.all():
            label = _("%(line)s 审核后（元），申报 %(sum)s") % {"line": line, "sum": yuan(line.amount)}
            self.fields[f"allowed_{line.pk}"] = Hundredths(label=label, initial=line.amount)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        names = [name for name in found if name.startswith("allowed_")]
        return found | {"allowed": {int(name.partition("_")[2]): found.pop(name) for name in names}}


class Reason(forms.Form):
    note = Long(gettext_lazy("理由"))


class Ask(forms.Form):
    words = Long(gettext_lazy("问题"), max_length=600, help_text=gettext_lazy("不要写姓名、电话和房号。"))


class Answer(forms.Form):
    question = _OneOf(gettext_lazy("哪一个问题"))
    answer = Long(gettext_lazy("答复"), max_length=800)

    def __init__(self, *args: Any, case: Adjustment, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["question"].queryset = Question.objects.filter(adjustment=case, answered_at=None)  # type: ignore[attr-defined]


class Hear(forms.Form):
    heard_on = Day(label=gettext_lazy("哪天开的"))
    people = forms.IntegerField(label=gettext_lazy("来了多少人"), min_value=0, max_value=100_000)
    words = Long(gettext_lazy("说了什么"))
    file = Paper(label=gettext_lazy("会议记录或签到表"), required=False)


class ChosenOption(_OneOf):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_kind_display()} · {prices.shown(obj.price)}"


class Choose(forms.Form):
    option = ChosenOption(gettext_lazy("交付表决的方案"))
    note = Long(gettext_lazy("说明"), required=False)

    def __init__(self, *args: Any, case: Adjustment, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["option"].queryset = Option.objects.filter(adjustment=case)  # type: ignore[attr-defined]


class Result(forms.Form):
    total_area = Hundredths(label=gettext_lazy("全体业主面积（㎡）"))
    total_heads = forms.IntegerField(label=gettext_lazy("全体业主人数"), min_value=1)
    part_area = Hundredths(label=gettext_lazy("参与表决面积（㎡）"))
    part_heads = forms.IntegerField(label=gettext_lazy("参与表决人数"), min_value=0)
    yes_area = Hundredths(label=gettext_lazy("同意面积（㎡）"))
    yes_heads = forms.IntegerField(label=gettext_lazy("同意人数"), min_value=0)
    reference = forms.CharField(label=gettext_lazy("表决结果文书"), max_length=80)
    file = Paper(label=gettext_lazy("表决汇总和计票清单"))


class Sign(forms.Form):
    signed_on = Day(label=gettext_lazy("签约日"))
    file = Paper(label=gettext_lazy("签字盖章的补充协议"))
    note = Long(gettext_lazy("说明"), required=False)


class OnePromise(forms.Form):
    promise = _OneOf(gettext_lazy("哪一条承诺"))

    def __init__(self, *args: Any, case: Adjustment, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["promise"].queryset = Promise.objects.filter(adjustment=case)  # type: ignore[attr-defined]


class Did(OnePromise):
    file = Paper(label=gettext_lazy("照片或凭证"))
    note = Long(gettext_lazy("说明"), required=False)


class CheckIn(OnePromise):
    kept = forms.ChoiceField(
        label=gettext_lazy("兑现了没有"), choices=[("yes", gettext_lazy("兑现了")), ("no", gettext_lazy("没兑现"))]
    )
    words = Long(gettext_lazy("看到什么"), max_length=300)

    def clean_kept(self) -> bool:
        return bool(self.cleaned_data["kept"] == "yes")


class Posted(forms.Form):
    file = Photo(label=gettext_lazy("公示栏照片"), help_text=gettext_lazy("看得清内容和地点。"))


class Confirmed(forms.Form):
    """Nothing to type: the button says it."""


class FindingIn(forms.Form):
    project = OwnProject()
    kind = forms.ChoiceField(label=gettext_lazy("认定了什么"), choices=Breach.choices)
    number = forms.CharField(label=gettext_lazy("文号"), max_length=80)
    found_on = Day(label=gettext_lazy("文书日期"))
    words = Long(gettext_lazy("认定内容"))
    file = Paper(label=gettext_lazy("认定文书"))

    def __init__(self, *args: Any, projects: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]
