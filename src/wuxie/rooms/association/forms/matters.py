"""What joining, leaving, dues, the members' desk, letters and money ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.parties.models import Organisation
from wuxie.web.fields import Day, Hundredths, Long, PlaceField

from ..models import Category, Inquiry, Item, Level, Member, WorkGroup
from ..words import Doer, Matter, Outcome
from .groups import QUARTERS


class Year(forms.Form):
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)


class OwnMember(forms.Form):
    """One of the members for which the person speaks."""

    member = forms.ModelChoiceField(label=_("会员"), queryset=Member.objects.none(), empty_label=None)

    def __init__(self, *args: Any, members: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["member"].queryset = members  # type: ignore[attr-defined]


class Apply(forms.Form):
    organisation = forms.ModelChoiceField(label=_("单位"), queryset=Organisation.objects.none(), empty_label=None)
    statement = Long(_("入会说明"), help_text=_("服务几个小区、想参加什么。"))
    group = forms.ChoiceField(
        label=_("想参加的工作组"), choices=[("", _("先不参加")), *Member.Group.choices], required=False
    )

    def __init__(self, *args: Any, organisations: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]


class Check(forms.Form):
    opinion = Long(_("审核意见"), max_length=300)


class AskToLeave(OwnMember):
    last_day = Day(label=_("最后一天"))
    reason = Long(_("退会原因"), required=False, max_length=300, help_text=_("可以不写。"))


class SetRate(Year):
    kind = forms.ChoiceField(label=_("会员类别"), choices=Member.Kind.choices)
    amount = Hundredths(label=_("会费（元）"))
    item = forms.ModelChoiceField(
        label=_("依据"), queryset=Item.objects.filter(matter=Matter.DUES, outcome=Outcome.CARRIED).order_by("-pk"), empty_label=None,
        help_text=_("会员大会无记名表决通过的会费议题。"),
    )  # fmt: skip


class Pay(forms.Form):
    amount = Hundredths(label=_("到账金额（元）"))
    paid_on = Day(label=_("缴费日"))
    receipt = forms.CharField(label=_("票据号"), max_length=40)


class Ask(OwnMember):
    subject = forms.ChoiceField(label=_("类别"), choices=Inquiry.Subject.choices)
    title = forms.CharField(label=_("诉求"), max_length=80)
    text = Long(_("内容"), max_length=2000)


class HandOn(forms.Form):
    group = forms.ModelChoiceField(label=_("转给哪个组"), queryset=WorkGroup.objects.order_by("pk"), empty_label=None)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)


class Answer(forms.Form):
    answer = Long(_("答复"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6}))


class Rate(forms.Form):
    mark = forms.TypedChoiceField(
        label=_("满意"), coerce=int, widget=forms.RadioSelect,
        choices=[(5, _("很满意")), (4, _("满意")), (3, _("一般")), (2, _("不满意")), (1, _("很不满意"))],
    )  # fmt: skip
    note = forms.CharField(label=_("说明"), max_length=200, required=False)


class To(forms.Form):
    """A level and its place."""

    level = forms.ChoiceField(label=_("转给哪一级"), choices=Level.choices)
    place = PlaceField(
        label=_("哪里"), required=False, help_text=_("转给协会不用填；转给市、区县、街道、社区填它的名字。")
    )


class Send(To):
    title = forms.CharField(label=_("事项"), max_length=80)
    text = Long(_("内容"), max_length=2000)
    field_order = ["title", "text", "level", "place"]


class Forward(To):
    note = Long(_("要那一级办什么"), max_length=300)


class Reply(forms.Form):
    reply = Long(_("办理结果"), max_length=2000)


class NewActivity(Year):
    quarter = forms.TypedChoiceField(label=_("季度"), choices=QUARTERS, coerce=int)
    title = forms.CharField(label=_("活动"), max_length=120)
    doer = forms.ChoiceField(label=_("谁去办"), choices=Doer.choices)


class Finish(forms.Form):
    done_on = Day(label=_("办成日"))
    outcome = Long(_("结果"), max_length=300)


class NewLine(Year):
    category = forms.ChoiceField(label=_("科目"), choices=Category.choices)
    label = forms.CharField(label=_("项目"), max_length=80)
    planned = Hundredths(label=_("预算（元）"))


class Book(forms.Form):
    on = Day(label=_("日期"))
    amount = Hundredths(label=_("金额（元）"))
    voucher = forms.CharField(label=_("凭证号"), max_length=40)
    note = forms.CharField(label=_("说明"), max_length=120, required=False)


class Quarter(Year):
    quarter = forms.TypedChoiceField(label=_("季度"), choices=QUARTERS, coerce=int)


class Reason(forms.Form):
    note = forms.CharField(label=_("为什么"), max_length=200)
