"""What people type about assets and inspections."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.labels import said
from wuxie.rooms.register.models import Project
from wuxie.web.fields import Day, Hundredths, Long, Paper, PlaceField

from .catalogue import items
from .models import Inspection
from .words import Agency, AssetKind, Gone


class OwnProject(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.estate)


class AssetDates(forms.Form):
    place = forms.CharField(
        label=gettext_lazy("位置"), max_length=80, required=False, help_text=gettext_lazy("例如：3 栋 1 单元。")
    )
    quantity = forms.IntegerField(
        label=gettext_lazy("数量"),
        min_value=1,
        max_value=100_000,
        initial=1,
        help_text=gettext_lazy("同一处同一批的可以合写一条。"),
    )
    base_on = Day(
        label=gettext_lazy("基准日"),
        help_text=gettext_lazy("安装监督检验或验收合格的日子，证件写发证日。到期月从它算起，不按上次哪天检的算。"),
    )
    last_on = Day(label=gettext_lazy("上次检验日"), required=False)


class NewAsset(AssetDates):
    project = OwnProject(queryset=Project.objects.none(), label=gettext_lazy("小区"), empty_label=None)
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=AssetKind.choices)
    code = forms.CharField(
        label=gettext_lazy("编号"),
        max_length=40,
        help_text=gettext_lazy("特种设备写注册代码或使用登记证号；人员证件写岗位加工号，不写身份证号。"),
    )
    field_order = ["project", "kind", "code", "place", "quantity", "base_on", "last_on"]

    def __init__(self, *args: Any, projects: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]


class Retire(forms.Form):
    retired_on = Day(label=gettext_lazy("注销日"))
    how = forms.ChoiceField(label=gettext_lazy("注销方式"), choices=Gone.choices)
    why = Long(gettext_lazy("原因"), max_length=200, help_text=gettext_lazy("例如：按 2026-03 移交协议交供水企业。"))


class LayUp(forms.Form):
    idle_since = Day(label=gettext_lazy("停用起"))


class Nothing(forms.Form):
    """A verb that asks for nothing."""


class LastDone(forms.Form):
    last_on = Day(label=gettext_lazy("上次检验日"), help_text=gettext_lazy("照上次报告写。没有报告的，现在安排一次。"))


class Exempt(forms.Form):
    reason = Long(gettext_lazy("为什么不适用"), max_length=200)
    basis = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=120,
        help_text=gettext_lazy("例如：市气象局 2026 年防雷重点单位目录没有本小区。"),
    )


class _WithAgency(forms.Form):
    agency = forms.CharField(label=gettext_lazy("检验检测机构"), max_length=120)
    licence = forms.CharField(
        label=gettext_lazy("机构资质证号"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("照资质证书写。没有资质的机构出的报告不算。"),
    )

    def _ease(self, agency: str) -> None:
        """What this enterprise does itself needs no agency."""
        if agency == Agency.OWN:
            self.fields["agency"].required = False
            self.fields["agency"].help_text = _("自己做的不用写。")


class Book(_WithAgency):
    price = Hundredths(label=gettext_lazy("价格（元）"), required=False)
    visit_on = Day(label=gettext_lazy("约定日期"))
    note = Long(gettext_lazy("说明"), required=False)

    def __init__(self, *args: Any, case: Inspection, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self._ease(case.spec.agency)


class Inspect(_WithAgency):
    inspected_on = Day(label=gettext_lazy("检验日"))
    note = Long(gettext_lazy("说明"), required=False)
    field_order = ["inspected_on", "agency", "licence", "note"]

    def __init__(self, *args: Any, case: Inspection, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self._ease(case.spec.agency)
        self.fields["agency"].initial, self.fields["licence"].initial = case.agency, case.licence


class _Again(forms.Form):
    """A result: of a second visit it needs a day of its own."""

    inspected_on = Day(
        label=gettext_lazy("复检日"),
        help_text=gettext_lazy("机构整改后再来的那一天，照复检报告写；不早于不合格的那次检验。"),
    )

    def __init__(self, *args: Any, case: Inspection, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if case.state != Inspection.State.RECTIFIED:
            del self.fields["inspected_on"]


class Passed(_Again):
    report_number = forms.CharField(label=gettext_lazy("报告编号"), max_length=60)
    report_on = Day(label=gettext_lazy("报告日"), required=False)
    file = Paper(label=gettext_lazy("检测报告"), help_text=gettext_lazy("PDF 或照片，最大 15 MB。"))
    note = Long(gettext_lazy("说明"), required=False)


class Failed(_Again):
    failure = Long(gettext_lazy("哪里不合格"))
    report_number = forms.CharField(label=gettext_lazy("通知或报告编号"), max_length=60, required=False)
    file = Paper(label=gettext_lazy("不合格通知"), required=False)


class Rectify(forms.Form):
    remedy = Long(gettext_lazy("怎样整改的"))


class Report(forms.Form):
    """A report that is there already."""

    inspected_on = Day(label=gettext_lazy("检验日"))
    agency = forms.CharField(label=gettext_lazy("检验检测机构"), max_length=120)
    licence = forms.CharField(label=gettext_lazy("机构资质证号"), max_length=60, required=False)
    report_number = forms.CharField(label=gettext_lazy("报告编号"), max_length=60)
    file = Paper(label=gettext_lazy("检测报告"), help_text=gettext_lazy("PDF 或照片，最大 15 MB。"))


class NewPool(forms.Form):
    item = forms.ChoiceField(label=gettext_lazy("检验项目"))
    title = forms.CharField(
        label=gettext_lazy("名称"), max_length=80, help_text=gettext_lazy("例如：东区 2027 年上半年电梯定期检验。")
    )
    place = PlaceField(label=gettext_lazy("范围"), help_text=gettext_lazy("一个区县或全市。"))
    closes_on = Day(label=gettext_lazy("意向截止日"))

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["item"].choices = [  # type: ignore[attr-defined]
            (one.code, said(one.label)) for one in items().values() if one.agency != Agency.OWN and not one.kept
        ]

    def clean_place(self) -> str:
        code = str(self.cleaned_data["place"].pk)
        if len(code) not in (4, 6):
            raise ValidationError(_("范围要是一个区县或全市。"))
        return code


class Join(forms.Form):
    project = OwnProject(queryset=Project.objects.none(), label=gettext_lazy("小区"), empty_label=None)
    quantity = forms.IntegerField(label=gettext_lazy("数量"), min_value=1, max_value=100_000)
    before = Hundredths(
        label=gettext_lazy("上次单价（元）"),
        required=False,
        help_text=gettext_lazy("只有本企业看得到，用来算省了多少。"),
    )

    def __init__(self, *args: Any, projects: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]


class Offer(forms.Form):
    agency = forms.CharField(label=gettext_lazy("检验检测机构"), max_length=120)
    licence = forms.CharField(label=gettext_lazy("机构资质证号"), max_length=60)
    price = Hundredths(label=gettext_lazy("单价（元）"), help_text=gettext_lazy("只有本企业看得到。"))


class Sign(forms.Form):
    agency = forms.CharField(label=gettext_lazy("检验检测机构"), max_length=120)
    price = Hundredths(label=gettext_lazy("签约单价（元）"), help_text=gettext_lazy("只有本企业看得到。"))
    signed_on = Day(label=gettext_lazy("签约日"))


class Perform(forms.Form):
    performed_on = Day(label=gettext_lazy("履约日"))
    marks = forms.TypedChoiceField(
        label=gettext_lazy("服务评价"), coerce=int,
        choices=[(5, gettext_lazy("很好")), (4, gettext_lazy("好")), (3, gettext_lazy("一般")), (2, gettext_lazy("差")), (1, gettext_lazy("很差"))],
    )  # fmt: skip
