"""What people type about proceedings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.labels import said
from wuxie.kernel.parties.models import Organisation, Person
from wuxie.rooms.association.models import Member
from wuxie.rooms.register.models import Project
from wuxie.web.fields import Day, Long, Paper, Searched

from . import credit, law, queries
from .models import Ballot, Proceeding
from .words import Charge, Factor, Measure, Served, Source


class Masked(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.masked_name)


class MaskedMany(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.masked_name)


class Register(forms.Form):
    respondent = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), label=gettext_lazy("被反映的企业"), widget=Searched()
    )
    charge = forms.ChoiceField(
        label=gettext_lazy("事由"),
        choices=Charge.choices,
        help_text=gettext_lazy("怪人低价、怪人不参加统一行动的可以登记，但不能立案。"),
    )
    title = forms.CharField(
        label=gettext_lazy("案件名称"),
        max_length=80,
        help_text=gettext_lazy("例如：某小区拒不移交竣工图。不写反映人。"),
    )
    words = Long(gettext_lazy("反映的情况"), max_length=1000)
    occurred_on = Day(label=gettext_lazy("发生日"))
    source = forms.ChoiceField(label=gettext_lazy("来源"), choices=Source.choices)
    source_number = forms.CharField(label=gettext_lazy("来文编号"), max_length=60, required=False)
    informant_name = forms.CharField(
        label=gettext_lazy("反映人"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("只有协会看得到，企业看不到。"),
    )
    informant_phone = forms.CharField(label=gettext_lazy("反映人电话"), max_length=20, required=False)
    informant_company = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        label=gettext_lazy("反映单位"),
        required=False,
        widget=Searched(),
        help_text=gettext_lazy("会员单位反映的要选：它的人不能调查、表决。"),
    )

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for name in ("respondent", "informant_company"):
            self.fields[name].queryset = queries.companies()  # type: ignore[attr-defined]


class Reason(forms.Form):
    note = Long(gettext_lazy("理由"), max_length=1000)


class Papered(forms.Form):
    note = Long(gettext_lazy("说明"), max_length=1000)
    file = Paper(label=gettext_lazy("文件"))


class Hear(Papered):
    note = Long(gettext_lazy("听证要点"), max_length=1000, required=False)
    file = Paper(label=gettext_lazy("听证笔录"))


class Investigate(forms.Form):
    people = MaskedMany(
        queryset=Person.objects.none(),
        label=gettext_lazy("调查人"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("选两人。有利害关系的人已经去掉。"),
    )

    def __init__(self, *args: Any, case: Proceeding, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["people"].queryset = queries.candidates(case)  # type: ignore[attr-defined]


class Assign(forms.Form):
    person = Masked(queryset=Person.objects.none(), label=gettext_lazy("补派谁"))

    def __init__(self, *args: Any, case: Proceeding, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["person"].queryset = queries.candidates(case).exclude(pk__in=queries.investigators(case))  # type: ignore[attr-defined]


class Recuse(forms.Form):
    person = Masked(queryset=Person.objects.none(), label=gettext_lazy("谁回避"))
    note = Long(gettext_lazy("理由"), max_length=300)

    def __init__(self, *args: Any, case: Proceeding, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["person"].queryset = queries.hands(case)  # type: ignore[attr-defined]


class Propose(forms.Form):
    findings = Long(
        gettext_lazy("查明的事实"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("时间、地点、经过、证据。企业会看到。"),
    )
    factors = forms.MultipleChoiceField(
        label=gettext_lazy("情节"),
        choices=Factor.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("相似案件按事由和情节找。"),
    )
    measure = forms.ChoiceField(label=gettext_lazy("拟采取的措施"), choices=Measure.choices)
    months = forms.IntegerField(
        label=gettext_lazy("暂停几个月"),
        required=False,
        min_value=1,
        max_value=60,
        help_text=gettext_lazy("只有暂停会员权利要写。"),
    )
    departure = Long(
        gettext_lazy("与相似案件不同的理由"), required=False, help_text=gettext_lazy("相差超过一档时要写。")
    )
    file = Paper(label=gettext_lazy("调查报告"))


class Defend(forms.Form):
    defence = Long(gettext_lazy("申辩意见"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6}))
    wants_hearing = forms.BooleanField(
        label=gettext_lazy("要求听证"), required=False, help_text=gettext_lazy("公开谴责以上的才听证。")
    )
    file = Paper(label=gettext_lazy("陈述申辩书"), required=False)


class Vote(forms.Form):
    choice = forms.ChoiceField(label=gettext_lazy("最重可以到哪一档"), widget=forms.RadioSelect)
    reason = Long(gettext_lazy("理由"), required=False, help_text=gettext_lazy("与拟处理意见不同的要写。"))

    def __init__(self, *args: Any, case: Proceeding, **rest: Any) -> None:
        super().__init__(*args, **rest)
        field: Any = self.fields["choice"]
        field.choices = [pair for pair in Ballot.CHOICES if law.rung(pair[0]) <= law.rung(case.proposed)]


class Serve(forms.Form):
    served_how = forms.ChoiceField(label=gettext_lazy("送达方式"), choices=Served.choices)
    served_on = Day(label=gettext_lazy("送达日"))
    answer = Long(
        gettext_lazy("申辩采纳没有、为什么"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("企业申辩了的一定要写。"),
    )
    file = Paper(label=gettext_lazy("送达回证"))


class Appeal(forms.Form):
    grounds = Long(gettext_lazy("复议理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6}))
    file = Paper(label=gettext_lazy("复议申请"))


class Council(forms.Form):
    present = forms.ModelMultipleChoiceField(
        queryset=Member.objects.none(),
        label=gettext_lazy("到会的理事单位"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("当事企业和反映单位已经去掉。"),
    )
    against = forms.IntegerField(label=gettext_lazy("赞成改变原决定的票数"), min_value=0, max_value=999)
    change = forms.ChoiceField(label=gettext_lazy("改成什么"), required=False)
    note = Long(gettext_lazy("理由"), max_length=1000)
    file = Paper(label=gettext_lazy("理事会会议记录"))

    def __init__(self, *args: Any, case: Proceeding, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["present"].queryset = queries.council(case)  # type: ignore[attr-defined]
        lighter = [pair for pair in Measure.choices if law.rung(pair[0]) < law.rung(case.measure)]
        field: Any = self.fields["change"]
        field.choices = [("", gettext_lazy("撤销（过半数赞成改变时）")), *lighter]


# Credit records.


class OfCompany(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.company} · {obj.estate}"


class Collect(forms.Form):
    company = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), label=gettext_lazy("企业"), widget=Searched()
    )
    line = forms.ChoiceField(
        label=gettext_lazy("条目"), help_text=gettext_lazy("只列由文书产生的；其他条目由各业务自动产生。")
    )
    paper_number = forms.CharField(label=gettext_lazy("文号"), max_length=60)
    paper_authority = forms.CharField(label=gettext_lazy("认定机关"), max_length=80)
    issued_on = Day(label=gettext_lazy("文书日期"))
    words = Long(gettext_lazy("事实"), max_length=400)
    project = OfCompany(queryset=Project.objects.none(), label=gettext_lazy("项目"), required=False, widget=Searched())
    duties_open = forms.BooleanField(label=gettext_lazy("还有没履行的义务（退款、履行裁判、整改）"), required=False)
    file = Paper(label=gettext_lazy("认定文书"))

    def __init__(self, *args: Any, by: Actor, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["company"].queryset = queries.companies()  # type: ignore[attr-defined]
        here = Project.objects.filter(by.within("estate__place_id", "gov_city")).select_related("company", "estate")
        self.fields["project"].queryset = here.order_by("company__name", "pk")  # type: ignore[attr-defined]
        field: Any = self.fields["line"]
        field.choices = [(one["id"], f"{one['id']} {said(one['label'])}") for one in credit.lines() if one.get("owned")]


class State(forms.Form):
    statement = Long(gettext_lazy("陈述申辩"), max_length=2000)
    file = Paper(label=gettext_lazy("证据"), required=False)


class AskRepair(forms.Form):
    note = Long(gettext_lazy("怎样改正的"), max_length=1000)
    hours = forms.IntegerField(label=gettext_lazy("参加培训的学时"), required=False, min_value=0, max_value=999)
    file = Paper(label=gettext_lazy("信用承诺书和整改证明"))


class Declare(forms.Form):
    paper_number = forms.CharField(label=gettext_lazy("认定文号"), max_length=60)
