"""Estates, buildings, units, owners."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.parties.models import Organisation
from wuxie.web.fields import Day, Hundredths, PlaceField

from ..models import Building, Estate, Unit


class EstateForm(forms.Form):
    name = forms.CharField(label=_("小区名称"), max_length=80)
    place = PlaceField(label=_("所在社区"), help_text=_("边输入边提示。写到社区，五级责任才落得下去。"))
    klass = forms.ChoiceField(label=_("类别"), choices=Estate.Klass.choices, help_text=_("决定评星时哪些指标不适用。"))
    address = forms.CharField(label=_("地址"), max_length=160, required=False)
    developer = forms.CharField(label=_("建设单位"), max_length=120, required=False)
    built_year = forms.IntegerField(label=_("竣工年份"), min_value=1900, max_value=2100, required=False)
    households = forms.IntegerField(label=_("户数"), min_value=0, max_value=100_000, required=False,
                                    help_text=_("改了户数或面积，会给在管项目记一条新的基础事实。"))  # fmt: skip
    area = Hundredths(label=_("收费面积（㎡）"), required=False)
    code = forms.CharField(label=_("小区编码"), max_length=20, required=False, help_text=_("留空由系统按区县编。"))

    def clean_households(self) -> int:
        return self.cleaned_data["households"] or 0

    def clean_area(self) -> int:
        return self.cleaned_data["area"] or 0

    @staticmethod
    def of(estate: Estate) -> dict[str, Any]:
        """What is known, for the form to begin with."""
        return {name: getattr(estate, name) for name in EstateForm.base_fields}


LIFT = [("", _("不清楚")), ("True", _("有")), ("False", _("没有"))]


class BuildingForm(forms.Form):
    name = forms.CharField(label=_("楼号"), max_length=30)
    floors = forms.IntegerField(label=_("总层数"), min_value=1, max_value=150, required=False)
    has_lift = forms.TypedChoiceField(
        label=_("电梯"), choices=LIFT, required=False, empty_value=None, coerce=lambda text: text == "True"
    )


class UnitForm(forms.Form):
    building = forms.ModelChoiceField(label=_("楼栋"), queryset=Building.objects.none())
    entrance = forms.CharField(label=_("单元"), max_length=20, required=False)
    number = forms.CharField(label=_("房号"), max_length=30)
    floor = forms.IntegerField(label=_("楼层"), min_value=-9, max_value=150, required=False)
    area = Hundredths(label=_("建筑面积（㎡）"), min_value=1, help_text=_("表决和分摊都按它算。"))
    area_source = forms.ChoiceField(label=_("面积来源"), choices=Unit.AreaSource.choices)
    inner_area = Hundredths(label=_("室内面积（㎡）"), required=False)
    use = forms.ChoiceField(label=_("用途"), choices=Unit.Use.choices)
    layout = forms.CharField(label=_("户型"), max_length=30, required=False)
    status = forms.ChoiceField(label=_("交付状态"), choices=Unit.Status.choices)
    delivered_on = Day(label=_("交付日"), required=False)

    def __init__(self, estate: Estate, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["building"].queryset = estate.buildings.all()  # type: ignore[attr-defined]


class OwnerForm(forms.Form):
    name = forms.CharField(
        label=_("姓名"), max_length=60, required=False, help_text=_("是个人填姓名；是单位留空，选单位。")
    )
    phone = forms.CharField(label=_("手机号"), max_length=20, required=False)
    id_number = forms.CharField(
        label=_("证件号"), max_length=20, required=False, help_text=_("入库即加密，页面上只显示后四位。")
    )
    organisation = forms.ModelChoiceField(label=_("单位"), queryset=Organisation.objects.none(), required=False,
                                          widget=forms.Select(attrs={"data-search": "yes"}))  # fmt: skip
    starts_on = Day(label=_("从哪天起"), required=False, help_text=_("不清楚就留空。"))
    designated = forms.BooleanField(label=_("由这位表决"), required=False, initial=True,
                                    help_text=_("共有的一户只有一位表决人。"))  # fmt: skip

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["organisation"].queryset = Organisation.objects.order_by("name")  # type: ignore[attr-defined]


class LastDay(forms.Form):
    """The last day of something."""

    on = Day(label=_("最后一天"))


class Nothing(forms.Form):
    """A verb that needs no more than the word."""
