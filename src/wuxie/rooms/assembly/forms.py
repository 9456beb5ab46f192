"""What people type about a vote: its draft, its people, what happens at a door, what stands on a paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.parties.models import Person
from wuxie.rooms.register.models import Estate, Unit
from wuxie.web.fields import Day, Hundredths, Moment, Paper, Photo

from .models import Decision, Objection
from .words import BODIES_OF_HELP, SIDES, SIGNERS, Choice, Duty, Matter, Organiser, Silent, place_name

LARGEST = 15 * 1024 * 1024
NO_WORDS = {"widget": forms.Textarea(attrs={"rows": 3}), "max_length": 1000}


class Long(forms.CharField):
    def __init__(self, label: Any, **known: Any) -> None:
        super().__init__(label=label, **{**NO_WORDS, "widget": forms.Textarea(attrs={"rows": 3}), **known})


class Nothing(forms.Form):
    pass


class Reason(forms.Form):
    note = Long(gettext_lazy("理由"))


class Begin(forms.Form):
    estate = forms.ModelChoiceField(queryset=Estate.objects.none(), label=gettext_lazy("小区"), empty_label=None)
    organiser = forms.ChoiceField(
        label=gettext_lazy("组织人"), choices=Organiser.choices,
        help_text=gettext_lazy("只有这些组织可以组织业主表决。物业企业和协会不能。"),
    )  # fmt: skip
    title = forms.CharField(
        label=gettext_lazy("名称"), max_length=80, help_text=gettext_lazy("例如：外墙维修资金使用。")
    )
    text = Long(gettext_lazy("说明"), required=False)

    def __init__(self, *args: Any, estates: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["estate"].queryset = estates  # type: ignore[attr-defined]


class TakeUp(forms.Form):
    organiser = forms.ChoiceField(label=gettext_lazy("组织人"), choices=Organiser.choices)
    note = Long(gettext_lazy("说明"), required=False)


class Draft(forms.Form):
    title = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    text = Long(gettext_lazy("说明"), required=False)
    scope = forms.MultipleChoiceField(
        label=gettext_lazy("范围"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("不选就是全小区。只涉及几栋、几个单元的（列支范围），选出来，只由这些业主表决。"),
    )  # fmt: skip
    opens_on = Day(label=gettext_lazy("开始收票日"), help_text=gettext_lazy("公告至少要在这天的 15 日前。"))
    closes_at = Moment(label=gettext_lazy("截止时间"))
    certified_area = Hundredths(
        label=gettext_lazy("证载总面积"),
        required=False,
        help_text=gettext_lazy("平方米。填了就和名册合计核对，差一点也不能公告。"),
    )

    def __init__(self, *args: Any, case: Decision, **rest: Any) -> None:
        super().__init__(*args, **rest)
        doors = case.estate.units.order_by("building__name", "entrance").values_list(
            "building", "building__name", "entrance"
        )
        choices: dict[str, str] = {}
        for building, name, entrance in doors.distinct():
            choices.setdefault(f"{building}|", place_name(name))
            if entrance:
                choices[f"{building}|{entrance}"] = place_name(name, entrance)
        self.fields["scope"].choices = list(choices.items())  # type: ignore[attr-defined]

    def clean_scope(self) -> list[list[Any]]:
        parted = (one.partition("|") for one in self.cleaned_data["scope"])
        return [[int(building), entrance] for building, _bar, entrance in parted]


class NewItem(forms.Form):
    title = forms.CharField(label=gettext_lazy("事项"), max_length=120)
    matter = forms.ChoiceField(
        label=gettext_lazy("类别"),
        choices=Matter.choices,
        help_text=gettext_lazy("决定要过半数还是四分之三同意（民法典第278条）。"),
    )
    text = Long(gettext_lazy("内容"), required=False)


class Rules(forms.Form):
    adopted_on = Day(label=gettext_lazy("业主大会通过日"))
    silent_rule = forms.ChoiceField(label=gettext_lazy("送达未交的票"), choices=Silent.choices)
    silent_clause = forms.CharField(label=gettext_lazy("哪一条约定的"), max_length=120, required=False)
    parking_counts = forms.BooleanField(label=gettext_lazy("车位、储藏间的面积计入"), required=False)
    parking_clause = forms.CharField(label=gettext_lazy("哪一条约定计入的"), max_length=120, required=False)
    proxy_limit = forms.IntegerField(
        label=gettext_lazy("一人最多代理几名业主"), required=False, min_value=1, max_value=99
    )
    proxy_clause = forms.CharField(label=gettext_lazy("哪一条约定人数的"), max_length=120, required=False)
    paper = Paper(
        label=gettext_lazy("议事规则文本"), error_messages={"required": gettext_lazy("请放上议事规则（PDF 或照片）。")}
    )


class NewHelper(forms.Form):
    duty = forms.ChoiceField(label=gettext_lazy("分工"), choices=Duty.choices, help_text=BODIES_OF_HELP)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40)
    phone = forms.CharField(label=gettext_lazy("手机号"), max_length=20)


class Object(forms.Form):
    door = forms.CharField(
        label=gettext_lazy("哪一户"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("写户室，例如 3-2-1203；说整个名册的不写。"),
    )
    text = Long(gettext_lazy("哪里不对"))


class Answer(forms.Form):
    upheld = forms.TypedChoiceField(
        label=gettext_lazy("采纳吗"), choices=[("yes", gettext_lazy("采纳")), ("no", gettext_lazy("不采纳"))],
        coerce=lambda value: value == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    answer = Long(gettext_lazy("答复和理由"))
    area = Hundredths(
        label=gettext_lazy("更正后的面积"),
        required=False,
        help_text=gettext_lazy("平方米。不改面积的不填，业主和面积按登记重取。"),
    )
    area_source = forms.ChoiceField(
        label=gettext_lazy("面积来源"), choices=[("", "—"), *Unit.AreaSource.choices], required=False
    )
    certified_area = Hundredths(
        label=gettext_lazy("更正后的证载总面积"),
        required=False,
        help_text=gettext_lazy(
            "平方米。面积改了，名册合计还要和证载总面积一致，才能定名册；证载的也变了，在这里一并更正。"
        ),
    )

    def __init__(self, *args: Any, objection: Objection, **rest: Any) -> None:
        super().__init__(*args, **rest)
        is_roll = objection.about == Objection.About.ROLL
        if not (is_roll and objection.entry_id):
            del self.fields["area"], self.fields["area_source"]
        if not is_roll or objection.decision.certified_area is None:
            del self.fields["certified_area"]


class Extend(forms.Form):
    closes_at = Moment(label=gettext_lazy("新的截止时间"))
    note = Long(gettext_lazy("理由"))


class Count(forms.Form):
    seed = forms.CharField(
        label=gettext_lazy("抽查种子"),
        max_length=80,
        help_text=gettext_lazy("例如：当天福彩3D第2027093期开奖号 3 1 4。"),
    )
    note = Long(gettext_lazy("说明"), required=False)


class Adopt(forms.Form):
    paper = Paper(
        label=gettext_lazy("官方系统的结果文书"),
        help_text=gettext_lazy("官方系统出的结果表或证明，PDF 或照片。"),
        error_messages={"required": gettext_lazy("请放上官方系统出的结果文书。")},
    )
    note = Long(gettext_lazy("说明"), required=False)


class Ruling(forms.Form):
    paper = Paper(label=gettext_lazy("撤销文书"), error_messages={"required": gettext_lazy("请放上判决书或责令文书。")})
    note = Long(gettext_lazy("谁在什么时候撤销的，为什么"))


class Delivered(forms.Form):
    picture = Photo(
        label=gettext_lazy("照片"),
        required=False,
        help_text=gettext_lazy("签收单或塞进门缝的样子。没有照片的不算有凭证的送达。"),
    )
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)


class Missed(forms.Form):
    picture = Photo(label=gettext_lazy("照片"), required=False)
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)


class Refused(Missed):
    picture = Photo(label=gettext_lazy("照片"))


class Authority(forms.Form):
    name = forms.CharField(label=gettext_lazy("代理人姓名"), max_length=40)
    phone = forms.CharField(label=gettext_lazy("代理人手机号"), max_length=20)
    picture = Photo(label=gettext_lazy("委托书照片"))


class Anew(forms.Form):
    reason = forms.CharField(label=gettext_lazy("为什么换发"), max_length=200)


class Collect(forms.Form):
    picture = Photo(label=gettext_lazy("封口照片"), help_text=gettext_lazy("只拍封好的信封。"))
    second = forms.ModelChoiceField(queryset=Person.objects.none(), label=gettext_lazy("同行收票人"), empty_label=None)
    capacity = forms.ChoiceField(label=gettext_lazy("谁签的名"), choices=[(one.value, one.label) for one in SIGNERS])
    token = forms.CharField(label=gettext_lazy("票上的码"), max_length=12, required=False)
    doubt = forms.CharField(
        label=gettext_lazy("有疑问的写明"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("例如：签名和登记的业主对不上。票照收，计票前由监票人核定。"),
    )

    def __init__(self, *args: Any, people: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["second"].queryset = people  # type: ignore[attr-defined]


class Read(forms.Form):
    """A side for each item; the photo of the paper with the first reading."""

    def __init__(self, *args: Any, case: Decision, needs_scan: bool, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if needs_scan:
            self.fields["scan"] = Photo(label=gettext_lazy("票面照片"))
        for item in case.items.order_by("number"):
            self.fields[f"item{item.number}"] = forms.ChoiceField(
                label=str(item), choices=Choice.choices, widget=forms.RadioSelect
            )

    @property
    def sides(self) -> dict[str, str]:
        return {name[4:]: side for name, side in self.cleaned_data.items() if name.startswith("item")}


class Consult(forms.Form):
    """A side for each item, and who says so."""

    def __init__(self, *args: Any, case: Decision, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for item in case.items.order_by("number"):
            self.fields[f"item{item.number}"] = forms.ChoiceField(
                label=str(item), choices=[(one.value, one.label) for one in SIDES], widget=forms.RadioSelect
            )
        self.fields["id_number"] = forms.CharField(
            label=_("身份证号"), max_length=18, help_text=_("只用来和户室清册核对是不是本人，核对完不另外保存。"),
            widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        )  # fmt: skip

    @property
    def sides(self) -> dict[str, str]:
        return {name[4:]: side for name, side in self.cleaned_data.items() if name.startswith("item")}


class Settle(Read):
    void = forms.BooleanField(label=gettext_lazy("整张无效"), required=False)
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=300)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, needs_scan=False, **rest)
        for name, one in self.fields.items():
            if name.startswith("item"):
                one.required = False

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not found.get("void") and any(not side for name, side in found.items() if name.startswith("item")):
            raise ValidationError(_("每一项都要选，或者勾“整张无效”。"))
        return found


class Doubt(forms.Form):
    reason = forms.CharField(label=gettext_lazy("哪里有疑问"), max_length=300)


class Audit(forms.Form):
    reason = Long(gettext_lazy("为什么要看"), help_text=gettext_lazy("谁、什么时候、为什么下载，都记入管理日志。"))


class Check(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("回执上的号码"), max_length=60,
        help_text=gettext_lazy("26 位字母和数字，空格不管，也可以扫回执上的码。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip
