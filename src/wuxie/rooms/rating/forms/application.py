"""Applying, and each step of an application."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from wuxie.kernel import labels
from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.roles import COMPANY
from wuxie.rooms.register.models import Project

from .. import queries
from ..models import Application, Cycle, Opinion
from ..workflow.application import award_of


class Long(forms.CharField):
    """A text of some sentences; ``wanted`` is what stands at the field when it is empty."""

    def __init__(self, label: Any, wanted: Any = "", *, rows: int = 4, **known: Any) -> None:
        known.setdefault("max_length", 4000)
        if wanted:
            known.setdefault("error_messages", {"required": wanted})
        super().__init__(label=label, widget=forms.Textarea(attrs={"rows": rows}), **known)


class OwnProject(forms.ModelChoiceField):
    def label_from_instance(self, obj: Project) -> str:
        return str(obj.estate)


class Apply(forms.Form):
    """Which project, in which cycle."""

    project = OwnProject(
        queryset=Project.objects.none(), label=gettext_lazy("项目"), empty_label=gettext_lazy("请选项目"),
        error_messages={"required": gettext_lazy("请选要申报的项目。"), "invalid_choice": gettext_lazy("只能申报本企业正在服务的项目。")},
    )  # fmt: skip
    cycle = forms.ModelChoiceField(
        queryset=Cycle.objects.none(), label=gettext_lazy("评定周期"), empty_label=None,
        error_messages={"required": gettext_lazy("请选评定周期。"), "invalid_choice": gettext_lazy("这个周期现在不收申报。")},
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["project"].queryset = projects_of(actor)  # type: ignore[attr-defined]
        cycles = Cycle.objects.filter(state=Cycle.State.OPEN, apply_from__lte=today(), apply_to__gte=today())
        self.fields["cycle"].queryset = cycles  # type: ignore[attr-defined]

    @property
    def collects(self) -> bool:
        """Whether any cycle takes applications today; a form that nobody could send is not shown."""
        return bool(self.fields["cycle"].queryset.exists())  # type: ignore[attr-defined]


def projects_of(actor: Actor) -> Any:
    """The projects a company serves today, or the one a manager runs."""
    own = Project.objects.on(today()).filter(company__in=actor.organisations(*COMPANY))
    return (
        (own | Project.objects.on(today()).filter(pk__in=actor.ids("project", "project_manager")))
        .select_related("estate", "company")
        .order_by("estate__name")
    )


class Draft(forms.Form):
    """The application form: own scores by group, the party organisation, the promise."""

    party_form = forms.CharField(
        label=gettext_lazy("党组织形式与批复号"), max_length=120, required=False,
        help_text=gettext_lazy("独立支部、联合支部或指导员，写批复文号；没有就写“无”。"),
    )  # fmt: skip
    contact = forms.CharField(label=gettext_lazy("联系人"), max_length=40, required=False)
    promise = forms.BooleanField(
        label=gettext_lazy("承诺申报内容真实"), required=False,
        help_text=gettext_lazy("查实弄虚作假的，不授星，并在禁止期内不得申报。"),
    )  # fmt: skip

    def __init__(self, *args: Any, case: Application, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.groups = queries.document_for(case)["groups"]
        for group in self.groups:
            self.fields[f"group_{group['id']}"] = forms.CharField(
                label=f"{group['id']} {group.get('label', '')}", max_length=8, widget=forms.TextInput(
                    attrs={"inputmode": "decimal"}), help_text=_("满分 %(points)s") % {"points": group["points"]},
                error_messages={"required": _("请填 %(group)s 组自评，没有把握可以填 0。") % {"group": group["id"]}},
            )  # fmt: skip
            self.initial.setdefault(f"group_{group['id']}", case.self_scores.get(group["id"], ""))
        for name in ("party_form", "contact", "promise"):
            self.initial.setdefault(name, getattr(case, name))

    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [
            (_("分组自评"), [self[f"group_{group['id']}"] for group in self.groups]),
            (_("企业填报"), [self["party_form"], self["contact"], self["promise"]]),
        ]

    def clean(self) -> dict[str, Any]:
        """Own scores as one mapping, each between nought and the group's points."""
        data = super().clean() or {}
        scores = {}
        for group in self.groups:
            name = f"group_{group['id']}"
            if name in data:
                scores[group["id"]] = data.pop(name)
        return {**data, "self_scores": scores}


class Note(forms.Form):
    note = Long(gettext_lazy("说明"), required=False, rows=3, max_length=1000)


class Demand(forms.Form):
    text = Long(gettext_lazy("要补正的内容"), gettext_lazy("请写明要补什么、补到什么程度。"))


class Reason(forms.Form):
    reason = Long(gettext_lazy("理由"), gettext_lazy("请写明理由。"))


class OptionalReason(forms.Form):
    reason = Long(gettext_lazy("理由"), required=False, rows=3, help_text=gettext_lazy("可以不写。"))


class Supplement(forms.Form):
    """The paper that was asked for, and a word on it."""

    file = forms.FileField(
        label=gettext_lazy("补正材料"), max_length=200, help_text=gettext_lazy("照片、PDF、docx 或 xlsx，最多 30 MB。"),
        error_messages={"required": gettext_lazy("请选补正材料的文件。"), "empty": gettext_lazy("选的文件是空的，请换一个。")},
    )  # fmt: skip
    note = Long(gettext_lazy("说明"), required=False, rows=3, max_length=1000)


class GiveOpinion(forms.Form):
    stance = forms.ChoiceField(
        label=gettext_lazy("意见"), widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in Opinion.Stance if one != Opinion.Stance.NONE],
        error_messages={"required": gettext_lazy("请选一项意见。")},
    )  # fmt: skip
    text = Long(gettext_lazy("理由或建议"), required=False, help_text=gettext_lazy("有建议或不同意时必填。"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("stance") in ("advice", "disagrees") and not data.get("text", "").strip():
            self.add_error("text", _("有建议或不同意时要写明理由。"))
        return data


class Resolve(forms.Form):
    minutes = forms.CharField(
        label=gettext_lazy("联席会议纪要编号"), max_length=80,
        error_messages={"required": gettext_lazy("请写联席会议纪要编号。")},
    )  # fmt: skip
    note = Long(gettext_lazy("纪要要点"), required=False, rows=3)


class GiveAward(forms.Form):
    decision = forms.CharField(
        label=gettext_lazy("授星决定文号"),
        max_length=80,
        error_messages={"required": gettext_lazy("请写授星决定的文号。")},
    )
    note = Long(gettext_lazy("说明"), required=False, rows=3)


#: What a paper may be, as it is filed.
KINDS = (
    gettext_noop("佐证材料"), gettext_noop("补正材料"), gettext_noop("公示张贴照片"), gettext_noop("法定代表人签章件"),
)  # fmt: skip
STARS = [
    (n, gettext_lazy(word)) for n, word in enumerate(("一星", "二星", "三星", "四星", "五星"), 1)
]  # collected where `web.words` names them


class Downgrade(forms.Form):
    """Only the stars below the one that stands are offered."""

    stars = forms.TypedChoiceField(label=gettext_lazy("降至"), choices=STARS, coerce=int)
    reason = Long(gettext_lazy("理由"), gettext_lazy("降星要写明理由。"))

    def __init__(self, *args: Any, case: Application, **rest: Any) -> None:
        super().__init__(*args, **rest)
        standing = award_of(case)
        self.fields["stars"].choices = [pair for pair in STARS if standing and pair[0] < standing.stars]  # type: ignore[attr-defined]


class Revoke(forms.Form):
    decision = forms.CharField(
        label=gettext_lazy("撤销决定文号"),
        max_length=80,
        error_messages={"required": gettext_lazy("请写撤销决定的文号。")},
    )
    reason = Long(gettext_lazy("理由"), gettext_lazy("撤销要写明理由。"))


class Overturn(forms.Form):
    stars = forms.TypedChoiceField(
        label=gettext_lazy("改授"), choices=[("", gettext_lazy("恢复原来的星级")), *STARS], coerce=int, required=False,
        empty_value=None, help_text=gettext_lazy("原来未获评的，要写明改授几星。"),
    )  # fmt: skip
    reason = Long(gettext_lazy("理由"), gettext_lazy("申诉决定要写明理由。"))


class Paper(forms.Form):
    """One more paper for the case."""

    kind = forms.ChoiceField(
        label=gettext_lazy("材料"),
        choices=[(word, labels.lazily(word)) for word in KINDS],
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("文件"), max_length=200, help_text=gettext_lazy("照片、PDF、docx 或 xlsx，最多 30 MB。"),
        error_messages={"required": gettext_lazy("请选文件。"), "empty": gettext_lazy("选的文件是空的，请换一个。")},
    )  # fmt: skip


class LatePlea(forms.Form):
    fact_id = forms.CharField(
        label=gettext_lazy("事实编号"), max_length=26, error_messages={"required": gettext_lazy("请写事实编号。")}
    )
    plea = Long(gettext_lazy("申请理由"), gettext_lazy("请写明为什么补录、为什么应当计入。"))
