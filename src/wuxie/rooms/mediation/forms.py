"""What people type about disputes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel import labels
from wuxie.kernel.clock.now import SHANGHAI
from wuxie.rooms.register.models import Estate
from wuxie.web.fields import Day, Hundredths, Long, Paper, Searched

from . import queries
from .catalogue import categories, leaves
from .models import Clause, Dispute, Expert
from .words import GOOD, UNFIT, Authority, Channel, Fault, Referral, Result, Side


def category_choices(first: Sequence[str] = ()) -> list[tuple[str, Any]]:
    """The tree as groups; what the text suggests stands before it."""
    known = categories()
    tree = [
        (labels.said(known[above].label), [(one.code, labels.said(one.label)) for one in rows])
        for above, rows in groupby(leaves(), key=lambda one: one.parent)
    ]
    liked = [(code, labels.said(queries.label(code))) for code in first if code in known]
    return [*([(_("看内容像是"), liked)] if liked else []), *tree]


class Moment(forms.DateTimeField):
    """A moment of Shanghai, chosen in the browser's own clock."""

    def __init__(self, **known: Any) -> None:
        super().__init__(
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
            **known,
        )

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return found.replace(tzinfo=SHANGHAI) if found else None


class Intake(forms.Form):
    """A voice, as whoever takes it down writes it."""

    estate = forms.ModelChoiceField(Estate.objects.none(), label=gettext_lazy("小区"), widget=Searched())
    channel = forms.ChoiceField(label=gettext_lazy("来源"), choices=Channel.choices)
    title = forms.CharField(
        label=gettext_lazy("是什么事"),
        max_length=60,
        help_text=gettext_lazy("例如：3 栋 2 单元顶层漏水。不写是谁反映的。"),
    )
    words = Long(
        gettext_lazy("反映内容"),
        max_length=2000,
        help_text=gettext_lazy("照原话记。加密保存，只有协会和调解员看得到。"),
    )
    occurred_on = Day(
        label=gettext_lazy("事情发生日"),
        required=False,
        help_text=gettext_lazy("不填就是收到那天。换过物业的，按这一天算哪家企业的。"),
    )
    received_on = Day(label=gettext_lazy("收到日"), required=False)
    reference = forms.CharField(label=gettext_lazy("来文或工单号"), max_length=60, required=False)
    name = forms.CharField(label=gettext_lazy("反映人"), max_length=60, required=False)
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=30, required=False)
    hidden = forms.BooleanField(
        label=gettext_lazy("反映人不公开身份"),
        required=False,
        help_text=gettext_lazy("企业和主管部门看不到是谁，文书、表格、查找里也没有。"),
    )
    people = forms.IntegerField(label=gettext_lazy("涉及人数"), min_value=1, max_value=10_000, initial=1)
    letter = Paper(label=gettext_lazy("来信或来文"), required=False)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["estate"].queryset = Estate.objects.order_by("name", "pk")  # type: ignore[attr-defined]


class Classify(forms.Form):
    title = forms.CharField(label=gettext_lazy("是什么事"), max_length=60)
    category = forms.ChoiceField(label=gettext_lazy("类别"), widget=Searched())
    summary = Long(
        gettext_lazy("诉求摘要"), max_length=600, help_text=gettext_lazy("给双方和主管部门看。只写事，不写是谁反映的。")
    )
    people = forms.IntegerField(label=gettext_lazy("涉及人数"), min_value=1, max_value=10_000)

    def __init__(self, *args: Any, case: Dispute, **rest: Any) -> None:
        rest["initial"] = {"title": case.title, "summary": case.summary, "people": case.people,
                           "category": case.category or next(iter(case.suggested), "")}  # fmt: skip
        super().__init__(*args, **rest)
        self.fields["category"].choices = category_choices(case.suggested)  # type: ignore[attr-defined]


#: A reason that has consequences is chosen, never taken over from the top of a list.
UNCHOSEN = ("", gettext_lazy("请选一个理由"))
NO_REASON = {"required": gettext_lazy("请选一个理由，它写进文书里。")}


class _Elsewhere(forms.Form):
    referral = forms.ChoiceField(label=gettext_lazy("为什么"), error_messages=NO_REASON)
    to = forms.CharField(
        label=gettext_lazy("去哪里"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("不填就按事由写默认的单位。"),
    )
    words = Long(gettext_lazy("说明"), max_length=300)


def _reasons(unfit: bool) -> list[tuple[str, Any]]:
    return [(str(one), one.label) for one in Referral if (one in UNFIT) == unfit]


class Reject(_Elsewhere):
    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["referral"].choices = [UNCHOSEN, *_reasons(True)]  # type: ignore[attr-defined]


class Transfer(_Elsewhere):
    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["referral"].choices = [UNCHOSEN, *_reasons(False)]  # type: ignore[attr-defined]


class Merge(forms.Form):
    into = forms.ModelChoiceField(Dispute.objects.none(), label=gettext_lazy("并入哪一件"), empty_label=None)
    note = Long(gettext_lazy("说明"), required=False)

    def __init__(self, *args: Any, case: Dispute, **rest: Any) -> None:
        super().__init__(*args, **rest)
        rows = Dispute.objects.filter(project=case.project_id).exclude(pk=case.pk).exclude(state=Dispute.State.MERGED)
        field = self.fields["into"]
        field.queryset = rows.order_by("-pk")  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"{one.number} {one.title}"  # type: ignore[attr-defined]


class Reply(forms.Form):
    words = Long(gettext_lazy("情况和怎么办"), max_length=600)
    file = Paper(label=gettext_lazy("材料"), required=False)


class AddParty(forms.Form):
    side = forms.ChoiceField(label=gettext_lazy("地位"), choices=Side.choices)
    voice = forms.ModelChoiceField(
        None,
        label=gettext_lazy("是哪位反映人"),
        required=False,
        help_text=gettext_lazy("姓名从登记里带过来。不公开身份的不在这里。"),
    )
    name = forms.CharField(
        label=gettext_lazy("或写姓名、名称"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("被申请人是本项目企业的不用写。"),
    )
    representative = forms.CharField(label=gettext_lazy("到场的人"), max_length=60, required=False)
    authority = forms.ChoiceField(label=gettext_lazy("权限"), choices=Authority.choices)
    file = Paper(label=gettext_lazy("授权委托书"), required=False)

    def __init__(self, *args: Any, case: Dispute, **rest: Any) -> None:
        super().__init__(*args, **rest)
        field = self.fields["voice"]
        field.queryset = case.voices.filter(hidden=False).exclude(name=b"")  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"{one.shown} {one.receipt}"  # type: ignore[attr-defined]


class Assign(forms.Form):
    mediator = forms.ModelChoiceField(None, label=gettext_lazy("调解员"), empty_label=None)
    expert = forms.ModelChoiceField(None, label=gettext_lazy("再请一位专家"), required=False)
    note = Long(gettext_lazy("说明"), required=False)

    def __init__(self, *args: Any, case: Dispute, **rest: Any) -> None:
        super().__init__(*args, **rest)
        may = [one.pk for one, why in queries.suitable(case) if not why]
        for name in ("mediator", "expert"):
            field = self.fields[name]
            field.queryset = Expert.objects.filter(pk__in=may).select_related("person", "organisation")  # type: ignore[attr-defined]
            field.label_from_instance = lambda one: f"{one} · {one.organisation} · {one.field}"  # type: ignore[attr-defined]


class Refuse(forms.Form):
    side = forms.ChoiceField(label=gettext_lazy("哪一方"), choices=[one for one in Side.choices if one[0] != "third"])
    who = forms.ChoiceField(
        label=gettext_lazy("更换谁"), choices=[("mediator", gettext_lazy("调解员")), ("expert", gettext_lazy("专家"))]
    )
    note = Long(gettext_lazy("理由"))


class Evidence(forms.Form):
    file = Paper(label=gettext_lazy("材料"))
    note = Long(gettext_lazy("证明什么"), required=False)


class Invite(forms.Form):
    at = Moment(label=gettext_lazy("时间"))
    place = forms.CharField(label=gettext_lazy("地点"), max_length=80)
    agreed = forms.BooleanField(label=gettext_lazy("双方同意提前开"), required=False)
    note = Long(gettext_lazy("说明"), required=False)


class Hold(forms.Form):
    present = Long(gettext_lazy("到场的人"), help_text=gettext_lazy("各方、代理人、调解员。"))
    minutes = Long(gettext_lazy("笔录"), max_length=8000, widget=forms.Textarea(attrs={"rows": 8}))


class Survey(Hold):
    at = Moment(label=gettext_lazy("时间"))
    place = forms.CharField(label=gettext_lazy("地点"), max_length=80)
    file = Paper(label=gettext_lazy("照片"), required=False)

    field_order = ["at", "place", "present", "minutes", "file"]


class Reason(forms.Form):
    note = Long(gettext_lazy("理由"))


class Filed(forms.Form):
    """A paper and a word on it."""

    file = Paper(label=gettext_lazy("文书"))
    note = Long(gettext_lazy("说明"), required=False)


class Suspend(forms.Form):
    reason = Long(gettext_lazy("为什么中止"), max_length=200)
    file = Paper(label=gettext_lazy("依据"))


class AddClause(forms.Form):
    debtor = forms.ChoiceField(label=gettext_lazy("谁来做"), choices=Side.choices)
    what = Long(gettext_lazy("做什么"), max_length=300)
    amount = Hundredths(label=gettext_lazy("金额（元）"), required=False)
    due_on = Day(
        label=gettext_lazy("最迟哪天做完"),
        error_messages={"required": gettext_lazy("没有日期的条款没法提醒、没法核查，请补上最迟哪天做完。")},
    )


class _OneClause(forms.Form):
    clause = forms.ModelChoiceField(Clause.objects.none(), label=gettext_lazy("哪一条"), empty_label=None)

    def __init__(self, *args: Any, case: Dispute, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["clause"].queryset = case.clauses.filter(performed_on__isnull=True)  # type: ignore[attr-defined]
        self.fields["clause"].label_from_instance = lambda one: f"{one.what} · {one.due_on}"  # type: ignore[attr-defined]


class Strike(_OneClause):
    note = Long(gettext_lazy("说明"), required=False)


class Keep(_OneClause):
    performed_on = Day(label=gettext_lazy("履行日"))
    proof = Long(gettext_lazy("对方怎样确认的"), max_length=200)
    file = Paper(label=gettext_lazy("凭证"), required=False)


def _results(good: bool) -> Iterator[tuple[str, Any]]:
    return ((str(one), one.label) for one in Result if (one in GOOD) == good)


class Settle(forms.Form):
    result = forms.ChoiceField(label=gettext_lazy("结果"))
    undisputed = Long(gettext_lazy("双方认可的事实"), max_length=1000)
    basis = Long(gettext_lazy("依据"), max_length=300, help_text=gettext_lazy("法律、合同、管理规约的哪一条。"))
    default = Long(gettext_lazy("违约怎么办"), max_length=200, required=False)
    file = Paper(
        label=gettext_lazy("签好字的协议"),
        required=False,
        help_text=gettext_lazy("可以先出文书打印，签好拍照再补到材料里。"),
    )

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["result"].choices = list(_results(True))  # type: ignore[attr-defined]


class Fail(forms.Form):
    result = forms.ChoiceField(label=gettext_lazy("为什么"), error_messages=NO_REASON)
    undisputed = Long(gettext_lazy("双方认可的事实"), max_length=1000, required=False)
    words = Long(gettext_lazy("还可以走的路"), max_length=300, required=False)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["result"].choices = [UNCHOSEN, *_results(False)]  # type: ignore[attr-defined]


class Court(forms.Form):
    court = forms.CharField(label=gettext_lazy("向哪个法院"), max_length=80)
    note = Long(gettext_lazy("说明"), required=False)


class Ruling(forms.Form):
    ruling = forms.CharField(label=gettext_lazy("裁定书编号"), max_length=80)
    file = Paper(label=gettext_lazy("裁定书"))


class Visit(forms.Form):
    words = Long(gettext_lazy("情况"), max_length=300)


class Judge(forms.Form):
    fault = forms.ChoiceField(label=gettext_lazy("核实下来"), choices=Fault.choices)
    note = Long(gettext_lazy("怎样核实的"))


class Group(forms.Form):
    occurred_on = Day(label=gettext_lazy("发生日"))
    file = Paper(label=gettext_lazy("认定文书"))
    note = Long(gettext_lazy("说明"), required=False)


class Ask(forms.Form):
    question = Long(gettext_lazy("问什么"), max_length=300)


class TellBack(forms.Form):
    words = Long(gettext_lazy("答复"), max_length=600, help_text=gettext_lazy("反映人凭回执号看得到。"))


class Look(forms.Form):
    reason = Long(gettext_lazy("为什么要看"), max_length=200)
