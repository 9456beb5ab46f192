"""What people type about experts and rotas."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.models import Organisation
from wuxie.web.fields import Day, Searched

from .actions.rota import able_to_take
from .models import Expert, Shift


def _companies() -> Any:
    return Organisation.objects.filter(kind__in=("company", "developer", "third_party_agency")).order_by("name")


class NewExpert(forms.Form):
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    phone = forms.CharField(label=gettext_lazy("手机号"), max_length=20)
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("单位"), widget=Searched())
    field = forms.CharField(
        label=gettext_lazy("专长"), max_length=40, help_text=gettext_lazy("例如：律师、造价、工程、物业管理。")
    )
    starts_on = Day(label=gettext_lazy("聘期起"))
    ends_on = Day(label=gettext_lazy("聘期止"), help_text=gettext_lazy("一般两年。"))
    most = forms.IntegerField(label=gettext_lazy("一年最多几班"), min_value=1, max_value=366, required=False)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["organisation"].queryset = _companies()  # type: ignore[attr-defined]


class Away(forms.Form):
    first = Day(label=gettext_lazy("从哪天"))
    last = Day(label=gettext_lazy("到哪天"))


class Tie(forms.Form):
    one = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("单位"), widget=Searched())
    other = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("关联单位"), widget=Searched())
    basis = forms.CharField(
        label=gettext_lazy("依据"), max_length=120, help_text=gettext_lazy("例如：工商登记的股东、同一个法定代表人。")
    )

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for name in ("one", "other"):
            self.fields[name].queryset = _companies()  # type: ignore[attr-defined]


class NewCommittee(forms.Form):
    name = forms.CharField(label=gettext_lazy("委员会名称"), max_length=80)
    paper_number = forms.CharField(label=gettext_lazy("备案文号"), max_length=80)
    registered_on = Day(label=gettext_lazy("备案日"))


class NewRota(forms.Form):
    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    place = forms.CharField(label=gettext_lazy("值班地点"), max_length=80)
    starts_on = Day(label=gettext_lazy("从哪天"))
    ends_on = Day(label=gettext_lazy("到哪天"), help_text=gettext_lazy("一次最多一年。只排工作日。"))
    per_day = forms.IntegerField(
        label=gettext_lazy("每天几人"), min_value=1, max_value=20, initial=2, help_text=gettext_lazy("都来自不同单位。")
    )
    rest_days = forms.IntegerField(label=gettext_lazy("两班之间至少隔几天"), min_value=0, max_value=60, initial=1)
    weighted = forms.BooleanField(
        label=gettext_lazy("按会员类别分摊"),
        required=False,
        initial=True,
        help_text=gettext_lazy("会长、副会长单位多值，一般会员少值，份数见“法定数值”；不勾就是每位专家一样多。"),
    )
    seed = forms.IntegerField(
        label=gettext_lazy("种子"),
        min_value=0,
        max_value=2**31 - 1,
        help_text=gettext_lazy("和值班表一起公布，谁都能照着再排一次。"),
    )


class AskSwap(forms.Form):
    to = forms.ModelChoiceField(Expert.objects.none(), label=gettext_lazy("请谁来上"), empty_label=gettext_lazy("请选一位"),
        help_text=gettext_lazy("只列这一天来得了的专家。一位也没有的，请协会秘书处安排。"),
        error_messages={"required": gettext_lazy("请选一位专家。"), "invalid_choice": gettext_lazy("这位专家这一天来不了，请选列出来的。")},
    )  # fmt: skip
    back = forms.ModelChoiceField(
        Shift.objects.none(),
        label=gettext_lazy("换对方的哪一班"),
        required=False,
        widget=Searched(),
        empty_label=gettext_lazy("不换，只请对方替这一班"),
        help_text=gettext_lazy("输日期或姓名找；要是上面那位专家的班。"),
    )

    def __init__(self, *args: Any, shift: Shift, **rest: Any) -> None:
        super().__init__(*args, **rest)
        rows = (
            Expert.objects.on(shift.day)
            .filter(pk__in=able_to_take(shift))
            .exclude(organisation=shift.expert.organisation_id)
            .select_related("person", "organisation")
        )
        self.fields["to"].queryset = rows  # type: ignore[attr-defined]
        self.fields["to"].label_from_instance = lambda one: f"{one} · {one.organisation}"  # type: ignore[attr-defined]
        theirs = shift.rota.shifts.filter(state=Shift.State.PLANNED, day__gte=today(), expert__in=rows)
        self.fields["back"].queryset = theirs.exclude(day=shift.day).select_related("expert__person")  # type: ignore[attr-defined]
