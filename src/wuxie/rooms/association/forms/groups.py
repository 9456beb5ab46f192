"""What working groups and their tasks ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from wuxie.kernel.parties.models import Appointment, Person
from wuxie.kernel.parties.roles import COMPANY
from wuxie.web.fields import Day, Long, Paper

from .. import queries
from ..models import Member, Task, WorkGroup

QUARTERS = [(number, str(number)) for number in range(1, 5)]


class Charter(forms.Form):
    charter = Long(gettext_lazy("章程"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8}))
    adopted_on = Day(label=gettext_lazy("通过日"))


class Lead(forms.Form):
    """A person who speaks for a member of the group."""

    who = forms.ChoiceField(
        label=gettext_lazy("组长"), choices=[], help_text=gettext_lazy("从本组会员的联络人、管理员里选。")
    )
    until = Day(label=gettext_lazy("任期至"))

    def __init__(self, *args: Any, group: WorkGroup, **rest: Any) -> None:
        super().__init__(*args, **rest)
        units = {row.organisation_id: row for row in queries.members_of(group)}
        held = (
            Appointment.objects.now()
            .filter(organisation__in=units, role__in=COMPANY)
            .select_related("person")
            .order_by("pk")
        )
        self.offered = {
            f"{units[one.organisation_id].pk}-{one.person_id}": (units[one.organisation_id], one.person) for one in held
        }  # type: ignore[index]
        self.fields["who"].choices = [(key, f"{unit} {person.name}") for key, (unit, person) in self.offered.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The unit and the person, as the verb takes them."""
        asked = dict(super().clean() or {})
        unit: Member | None
        person: Person | None
        unit, person = self.offered.get(asked.pop("who", ""), (None, None))
        return asked | {"unit": unit, "person": person}


class NewTask(forms.Form):
    title = forms.CharField(label=gettext_lazy("任务"), max_length=120)
    deliverable = forms.CharField(label=gettext_lazy("交付物"), max_length=120)
    due_on = Day(label=gettext_lazy("期限"))


class Evaluate(forms.Form):
    year = forms.IntegerField(label=gettext_lazy("年"), min_value=2000, max_value=2100)
    quarter = forms.TypedChoiceField(label=gettext_lazy("季度"), choices=QUARTERS, coerce=int)


class Assign(forms.Form):
    doer = forms.ModelChoiceField(label=gettext_lazy("承办会员"), queryset=Member.objects.none(), empty_label=None)
    criteria = Long(gettext_lazy("验收标准"), max_length=300)
    due_on = Day(label=gettext_lazy("期限"))
    hours = forms.IntegerField(
        label=gettext_lazy("工时"),
        min_value=1,
        max_value=2000,
        help_text=gettext_lazy("小时。分摊公平不公平按验收的工时算。"),
    )

    def __init__(self, *args: Any, case: Task, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["doer"].queryset = queries.members_of(case.group)  # type: ignore[attr-defined]
        self.fields["due_on"].initial = case.due_on


class Deliver(forms.Form):
    file = Paper(label=gettext_lazy("成果文件"))
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)


class Accept(forms.Form):
    quality = forms.IntegerField(label=gettext_lazy("质量分"), min_value=0, max_value=100)
    note = Long(gettext_lazy("验收意见"), max_length=300)
