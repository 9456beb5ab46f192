"""What the steps of a meeting and of a resolution ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.web.fields import Day, Long, Moment, Paper

from .. import queries
from ..models import Item, Meeting, Member
from ..words import Body, Choice, Doer, Matter


class NewMeeting(forms.Form):
    body = forms.ChoiceField(label=gettext_lazy("会议"), choices=Body.choices)
    group = forms.ChoiceField(
        label=gettext_lazy("工作组"), choices=[("", gettext_lazy("不是工作组会议")), *Member.Group.choices], required=False,
    )  # fmt: skip
    title = forms.CharField(label=gettext_lazy("会议名称"), max_length=80)
    held_at = Moment(label=gettext_lazy("开会时间"))
    venue = forms.CharField(label=gettext_lazy("地点"), max_length=80)


class NewItem(forms.Form):
    title = forms.CharField(label=gettext_lazy("议题"), max_length=120)
    matter = forms.ChoiceField(
        label=gettext_lazy("事项"), choices=Matter.choices, help_text=gettext_lazy("决定由哪个会议定、要多少同意、要不要无记名。"),
    )  # fmt: skip
    text = Long(gettext_lazy("议案"), required=False, max_length=2000)
    concerns = forms.ModelMultipleChoiceField(
        label=gettext_lazy("涉及的会员"), queryset=Member.objects.none(), required=False,
        help_text=gettext_lazy("这些会员在这个议题上回避：不算应到，也不计票。"),
    )  # fmt: skip
    doer = forms.ChoiceField(
        label=gettext_lazy("通过以后谁去办"), choices=[("", gettext_lazy("不用办")), *Doer.choices], required=False
    )
    due_on = Day(label=gettext_lazy("办到哪天"), required=False)

    def __init__(self, *args: Any, case: Meeting, **rest: Any) -> None:
        super().__init__(*args, **rest)
        rows = Member.objects.filter(left_on=None).select_related("organisation").order_by("number")
        self.fields["concerns"].queryset = rows  # type: ignore[attr-defined]


class OneItem(forms.Form):
    """One of the items that are not decided yet."""

    item = forms.ModelChoiceField(label=gettext_lazy("议题"), queryset=Item.objects.none(), empty_label=None)

    def __init__(self, *args: Any, case: Meeting, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["item"].queryset = case.items.filter(outcome="")  # type: ignore[attr-defined]


class DropItem(OneItem):
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)


class Defer(OneItem):
    note = forms.CharField(label=gettext_lazy("为什么暂缓"), max_length=200)


class Recuse(OneItem):
    member = forms.ModelChoiceField(
        label=gettext_lazy("哪家会员回避"), queryset=Member.objects.none(), empty_label=None
    )
    reason = forms.CharField(label=gettext_lazy("为什么回避"), max_length=200)

    def __init__(self, *args: Any, case: Meeting, **rest: Any) -> None:
        super().__init__(*args, case=case, **rest)
        rows = Member.objects.filter(seats__meeting=case).select_related("organisation").order_by("number")
        self.fields["member"].queryset = rows  # type: ignore[attr-defined]


class CheckIn(forms.Form):
    present = forms.TypedMultipleChoiceField(
        label=gettext_lazy("到会的会员"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, case: Meeting, **rest: Any) -> None:
        super().__init__(*args, **rest)
        seats = list(case.seats.select_related("member__organisation"))
        field = self.fields["present"]
        field.choices = [(seat.member_id, f"{seat.member} {seat.member.number}") for seat in seats]  # type: ignore[attr-defined]
        field.initial = [seat.member_id for seat in seats if seat.present]


class Postpone(forms.Form):
    held_at = Moment(label=gettext_lazy("新的开会时间"))
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)


class Record(forms.Form):
    minutes = Long(gettext_lazy("纪要"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8}))


class Reason(forms.Form):
    note = forms.CharField(label=gettext_lazy("为什么"), max_length=200)


class Report(forms.Form):
    outcome = Long(gettext_lazy("办成了什么"))
    file = Paper(label=gettext_lazy("凭证"), required=False)


#: A member that is not counted on an item, and one that votes as the others do.
NOT, REST = "", "rest"


class OpenVote(forms.Form):
    """How each member present voted, as the record of the sitting has it; those who stand aside are not counted."""

    rest = forms.ChoiceField(
        label=gettext_lazy("没有另外登记的到会会员"), choices=[(NOT, gettext_lazy("没有表决")), *Choice.choices], required=False,
        initial=Choice.YES, help_text=gettext_lazy("照会上的表决登记。下面只改和大家不同的。"),
    )  # fmt: skip

    def __init__(self, *args: Any, item: Item, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.aside = queries.standing_aside(item)
        self.seats = list(item.meeting.seats.filter(present=True).select_related("member__organisation"))
        for seat in self.seats:
            aside = seat.member_id in self.aside
            first = (NOT, _("回避，不计票")) if aside else (REST, _("和大家一样"))
            more = [] if aside else [(NOT, _("没有表决"))]
            self.fields[f"member_{seat.member_id}"] = forms.ChoiceField(
                label=str(seat.member), choices=[first, *Choice.choices, *more], required=False, initial=first[0],
                help_text=_("有利害关系，应当回避。") if aside else "",
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Member → choice, as the verb takes it."""
        asked = dict(super().clean() or {})
        rest = asked.get("rest", NOT)
        found = {}
        for seat in self.seats:
            value = asked.get(f"member_{seat.member_id}", REST)
            choice = rest if value == REST else value
            if choice:
                found[seat.member_id] = choice
        return {"choices": found}


class Counted(forms.Form):
    """A count of slips without names."""

    yes = forms.IntegerField(label=gettext_lazy("同意"), min_value=0, max_value=99999)
    no = forms.IntegerField(label=gettext_lazy("反对"), min_value=0, max_value=99999)
    abstain = forms.IntegerField(label=gettext_lazy("弃权"), min_value=0, max_value=99999)

    def __init__(self, *args: Any, item: Item, **rest: Any) -> None:
        super().__init__(*args, **rest)
