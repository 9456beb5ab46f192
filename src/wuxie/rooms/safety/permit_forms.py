"""What people type about a permit of dangerous work."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.clock.now import today
from wuxie.kernel.papers.attached import names_on
from wuxie.kernel.parties.models import Person
from wuxie.rooms.register.models import Project
from wuxie.web.fields import Day, Hundredths

from . import queries
from .hazard_forms import Long, Photo
from .models import Permit
from .permit_words import GASES, measures_of
from .permit_workflow import PERMIT, SITE


class Moment(forms.DateTimeField):
    """A day and a time of day, chosen in the browser's own calendar."""

    def __init__(self, **known: Any) -> None:
        super().__init__(
            widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
            **known,
        )


class Apply(forms.Form):
    """Somebody of the project, or of a contractor with name and phone."""

    kind = forms.ChoiceField(label=gettext_lazy("作业类别"), choices=Permit.Kind.choices, widget=forms.RadioSelect)
    work = forms.CharField(
        label=gettext_lazy("做什么"), max_length=200, help_text=gettext_lazy("例如：焊消防立管支架。")
    )
    place = forms.CharField(label=gettext_lazy("在哪里"), max_length=120)
    starts_at = Moment(label=gettext_lazy("从什么时候"))
    ends_at = Moment(label=gettext_lazy("到什么时候"))
    worker = forms.ChoiceField(
        label=gettext_lazy("谁来做"), required=False, help_text=gettext_lazy("外来队伍的人不选，在下面写姓名和手机号。")
    )
    worker_name = forms.CharField(label=gettext_lazy("外来作业人姓名"), max_length=40, required=False)
    worker_phone = forms.CharField(
        label=gettext_lazy("外来作业人手机号"), max_length=20, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}), help_text=gettext_lazy("姓名、手机号、证号加密保存，页面上遮住。"),
    )  # fmt: skip
    contractor = forms.CharField(label=gettext_lazy("外来单位"), max_length=120, required=False)
    certificate = forms.CharField(
        label=gettext_lazy("作业人证号"),
        max_length=60,
        help_text=gettext_lazy("特种作业证号；有限空间写培训记录编号。"),
    )
    certificate_until = Day(label=gettext_lazy("证书有效期至"))
    guardian = forms.ChoiceField(label=gettext_lazy("谁来监护"), help_text=gettext_lazy("监护人不能是作业人。"))
    wants_gas = forms.BooleanField(
        label=gettext_lazy("要测气体"),
        required=False,
        help_text=gettext_lazy("有限空间一定要测；动火处可能有可燃气的也勾上。"),
    )

    def __init__(self, *args: Any, project: Project, **rest: Any) -> None:
        super().__init__(*args, **rest)
        fields: Any = self.fields
        people = list(queries.workers(project).items())
        fields["worker"].choices = [("", _("外来队伍的人")), *people]
        fields["guardian"].choices = [("", _("请选监护人")), *people]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for name in ("worker", "guardian"):
            if name in found:
                found[name] = Person.objects.get(pk=found[name]) if found[name] else None
        if not found.get("worker") and "worker_name" in found and not found["worker_name"]:
            self.add_error("worker_name", _("请选项目里的人，或写外来作业人的姓名。"))
        return found


class Measures(forms.Form):
    """What has been done on the spot, ticked one by one; what is ticked already stays."""

    photo = Photo(label=gettext_lazy("现场照片"), required=False)
    measures = forms.MultipleChoiceField(
        label=gettext_lazy("到现场看过、做到了的"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, case: Permit, **rest: Any) -> None:
        super().__init__(*args, **rest)
        fields: Any = self.fields
        left = [(code, label) for code, label in measures_of(case.kind).items() if code not in case.measures]
        fields["measures"].choices = left
        fields["photo"].required = SITE not in names_on(PERMIT.key(case))


class Gas(forms.Form):
    """One field a gas, with its limits beside it."""

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for gas in GASES:
            self.fields[gas.code] = Hundredths(
                label=f"{gas.label}（{gas.unit}）",
                max_value=100_000,
                help_text=_("合格范围：%(range)s。") % {"range": gas.range(today())}
                + ("" if gas.is_vouched_for(today()) else _("按未核定数值。")),
            )


class Note(forms.Form):
    note = Long(gettext_lazy("说明"), required=False)


class Reason(forms.Form):
    reason = Long(gettext_lazy("写明原因"))


class Said(forms.Form):
    note = Long(gettext_lazy("写明情况"))


class After(forms.Form):
    photo = Photo(label=gettext_lazy("完工现场照片"))
    note = Long(gettext_lazy("到现场看到了什么"))
