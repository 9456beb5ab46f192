"""What people type about a drill."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.parties.models import Person
from wuxie.web.fields import Day

from . import queries
from .actions.reporting import known
from .hazard_forms import Code, Long, Photos
from .models import Drill


class Add(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("演练科目"), choices=Drill.Kind.choices)
    due_on = Day(label=gettext_lazy("最迟哪天做"))


class Announce(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("演练科目"), choices=Drill.Kind.choices)
    planned_for = Day(label=gettext_lazy("定在哪天"))
    scenario = Long(
        gettext_lazy("演什么"), help_text=gettext_lazy("例如：2 栋 6 楼起火，疏散到南广场，消控室远程启泵。")
    )

    def __init__(self, *args: Any, case: Drill, **rest: Any) -> None:
        super().__init__(*args, **rest)
        fields: Any = self.fields
        if case.form == Drill.Form.RESCUE:
            fields["kind"].choices = [(Drill.Kind.LIFT, Drill.Kind.LIFT.label)]
        fields["kind"].initial, fields["planned_for"].initial = case.kind, case.planned_for
        fields["scenario"].initial = case.scenario


class Hold(forms.Form):
    photos = Photos(label=gettext_lazy("演练照片"))
    held_on = Day(label=gettext_lazy("哪天做的"))
    people = forms.IntegerField(label=gettext_lazy("参加人数"), min_value=1, max_value=99_999)
    minutes = forms.IntegerField(label=gettext_lazy("用时（分钟）"), min_value=1, max_value=1440)
    leader = forms.ChoiceField(label=gettext_lazy("谁带队"))
    note = Long(gettext_lazy("经过"), required=False)

    def __init__(self, *args: Any, case: Drill, **rest: Any) -> None:
        super().__init__(*args, **rest)
        fields: Any = self.fields
        fields["leader"].choices = [("", _("请选带队人")), *queries.workers(case.project).items()]
        fields["held_on"].initial = case.planned_for

    def clean_leader(self) -> Person:
        return Person.objects.get(pk=self.cleaned_data["leader"])


class Evaluate(forms.Form):
    went_well = Long(gettext_lazy("哪里做得好"))
    went_wrong = Long(gettext_lazy("哪里没做好"), help_text=gettext_lazy("没有就写“未发现”。"))
    hazard_code = Code(label=gettext_lazy("要立隐患的，是哪一种"), required=False)
    place = forms.CharField(label=gettext_lazy("隐患在哪里"), max_length=120, required=False)
    revise_list = forms.BooleanField(
        label=gettext_lazy("责任清单要修订"), required=False, help_text=gettext_lazy("勾上后，启用新版清单才能办结。")
    )

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        fields: Any = self.fields
        fields["hazard_code"].offer(known(), _("不立隐患"))


class Reason(forms.Form):
    reason = Long(gettext_lazy("写明原因"))


class Note(forms.Form):
    note = Long(gettext_lazy("说明"), required=False)
