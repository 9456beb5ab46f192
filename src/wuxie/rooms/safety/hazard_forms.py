"""What people type about a hazard: the report, and each step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel import labels
from wuxie.kernel.access.actor import Actor
from wuxie.kernel.papers.attached import names_on
from wuxie.kernel.parties.models import Person
from wuxie.rooms.register.models import Project
from wuxie.web.fields import Day

from . import queries
from .actions.reporting import MOST_PHOTOS, known
from .library import HazardSpec
from .models import Hazard
from .words import Area
from .workflow import BEFORE, CLEARS, HAZARD

PICTURES = "image/jpeg,image/png,image/webp"
#: Bytes of one photo.
LARGEST = 15 * 1024 * 1024
BARRIERS = (
    (0, gettext_lazy("都在")), (1, gettext_lazy("缺一道")), (2, gettext_lazy("缺两道")), (3, gettext_lazy("缺三道以上")),
)  # fmt: skip


def hazard_choices(specs: Mapping[str, HazardSpec]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The catalogue by category; what makes one a major one stands beside it."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for spec in specs.values():
        more = _("（重大：%(what)s）") % {"what": labels.said(spec.major_if)} if spec.major_if else ""
        groups[str(Area(spec.area).label)].append((spec.code, f"{labels.said(spec.label)}{more}"))
    return list(groups.items())


class _Several(forms.ClearableFileInput):
    allow_multiple_selected = True


class Photos(forms.FileField):
    """Several pictures as names and contents."""

    def __init__(self, **known: Any) -> None:
        super().__init__(widget=_Several(attrs={"accept": PICTURES}), **known)

    def clean(self, data: Any, initial: Any = None) -> list[tuple[str, bytes]]:
        files = [one for one in (data if isinstance(data, (list, tuple)) else [data]) if one]
        if not files and self.required:
            raise ValidationError(_("先拍一张照片。"))
        if len(files) > MOST_PHOTOS:
            raise ValidationError(_("一次最多放 %(n)s 张照片。") % {"n": MOST_PHOTOS})
        return [_read(super(Photos, self).clean(one, initial)) for one in files]


class Photo(forms.FileField):
    """One picture as name and content, or nothing."""

    def __init__(self, **known: Any) -> None:
        known.setdefault("error_messages", {"required": gettext_lazy("先拍一张照片。")})
        super().__init__(widget=forms.ClearableFileInput(attrs={"accept": PICTURES}), **known)

    def clean(self, data: Any, initial: Any = None) -> tuple[str, bytes] | None:
        file = super().clean(data, initial)
        return _read(file) if file else None


def _read(file: Any) -> tuple[str, bytes]:
    if file.size > LARGEST:
        raise ValidationError(_("照片超过 15 MB，请缩小后再放。"))
    return str(file.name), file.read()


class Long(forms.CharField):
    def __init__(self, label: Any, **known: Any) -> None:
        known.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        known.setdefault("max_length", 400)
        super().__init__(label=label, **known)


class Code(forms.ChoiceField):
    """One hazard of the catalogue."""

    def __init__(self, **known: Any) -> None:
        known.setdefault("label", gettext_lazy("是哪一种隐患"))
        super().__init__(**known)

    def offer(self, specs: Mapping[str, HazardSpec], empty: Any) -> None:
        self.choices = [("", empty), *hazard_choices(specs)]


class OwnProject(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.estate)


class Report(forms.Form):
    """Photo first, then what and where."""

    photos = Photos(label=gettext_lazy("照片"), help_text=gettext_lazy("先拍照，再写。最多 6 张。"))
    project = OwnProject(queryset=Project.objects.none(), label=gettext_lazy("小区"), empty_label=None)
    hazard_code = Code()
    place = forms.CharField(
        label=gettext_lazy("在哪里"), max_length=120, help_text=gettext_lazy("例如：3 栋负一层配电间。")
    )
    words = Long(gettext_lazy("看到了什么"), max_length=1000)
    worse = forms.BooleanField(
        label=gettext_lazy("符合括号里写的重大情形"),
        required=False,
        help_text=gettext_lazy("拿不准就勾上，派单的人再定。"),
    )
    barriers = forms.TypedChoiceField(
        label=gettext_lazy("防护屏障"), choices=BARRIERS, coerce=int, initial=0,
        help_text=gettext_lazy("护栏、联锁、报警、看护人这类能挡住事故的东西。缺两道以上按重大。"),
    )  # fmt: skip
    source = forms.ChoiceField(label=gettext_lazy("怎么发现的"), initial=Hazard.Source.PATROL)

    def __init__(self, *args: Any, projects: Any, actor: Actor, **rest: Any) -> None:
        super().__init__(*args, **rest)
        fields: Any = self.fields
        fields["project"].queryset = projects
        fields["hazard_code"].offer(known(), _("请选隐患"))
        governs = any(role.startswith("gov_") for role in actor.roles)
        own = [one for one in Hazard.Source.choices if one[0] not in (Hazard.Source.PUBLIC, Hazard.Source.GOVERNMENT)]
        fields["source"].choices = [(Hazard.Source.GOVERNMENT, Hazard.Source.GOVERNMENT.label)] if governs else own
        fields["source"].initial = Hazard.Source.GOVERNMENT if governs else Hazard.Source.PATROL


class Assign(forms.Form):
    fixer = forms.ChoiceField(label=gettext_lazy("谁来改"))
    hazard_code = Code()
    worse = forms.BooleanField(label=gettext_lazy("符合括号里写的重大情形"), required=False)
    barriers = forms.TypedChoiceField(label=gettext_lazy("防护屏障"), choices=BARRIERS, coerce=int)
    interim = Long(
        gettext_lazy("先做什么"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("改好之前怎样不让人受伤；不写的按目录。"),
    )
    note = Long(gettext_lazy("整改要求"), required=False)

    def __init__(self, *args: Any, case: Hazard, **rest: Any) -> None:
        super().__init__(*args, **rest)
        fields: Any = self.fields
        specs = known(case.library)
        spec = specs.get(case.code)
        fields["fixer"].choices = [("", _("请选整改人")), *queries.workers(case.project).items()]
        if spec is not None:
            fields["fixer"].initial = queries.suggested(case, spec.fixer)
        fields["hazard_code"].offer(specs, _("请从目录里选"))
        fields["hazard_code"].initial, fields["barriers"].initial = case.code, case.barriers
        fields["interim"].initial = case.interim

    def clean_fixer(self) -> Person:
        return Person.objects.get(pk=self.cleaned_data["fixer"])


class Dismiss(forms.Form):
    reason = Long(gettext_lazy("到现场看到了什么"), help_text=gettext_lazy("反映的人凭回执号能看到这段话。"))


class Control(forms.Form):
    photo = Photo(label=gettext_lazy("临时措施照片"), required=False)
    interim = Long(gettext_lazy("采取了什么措施"), max_length=200)
    notice = forms.BooleanField(label=gettext_lazy("出一张临时管控告示，贴在现场"), required=False)
    phone = forms.CharField(label=gettext_lazy("告示上写找谁"), max_length=60, required=False)

    def __init__(self, *args: Any, case: Hazard, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["photo"].required = case.is_major
        self.fields["interim"].initial = case.interim


class ReportMajor(forms.Form):
    authority = forms.CharField(label=gettext_lazy("报告给哪个部门"), max_length=80)
    text = Long(gettext_lazy("难易程度和打算"), help_text=gettext_lazy("写明怎样改、要多久、改好前怎样管住。"))
    receipt = forms.CharField(
        label=gettext_lazy("部门回执号"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("还没有的，收到后再登记；没有回执号不能销号。"),
    )

    def __init__(self, *args: Any, case: Hazard, **rest: Any) -> None:
        super().__init__(*args, **rest)
        spec = known(case.library).get(case.code)
        self.fields["authority"].initial = (spec.report_to if spec else "") or _("所在区县应急管理部门")


class Receipt(forms.Form):
    receipt = forms.CharField(label=gettext_lazy("部门回执号"), max_length=60)


class Start(forms.Form):
    """For a major hazard the five that have to be settled; a word on it for the others."""

    def __init__(self, *args: Any, case: Hazard, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if case.is_major:
            for name, label in CLEARS.items():
                self.fields[name] = forms.CharField(label=label, max_length=200, initial=case.clears.get(name, ""))
        self.fields["note"] = Long(gettext_lazy("打算怎样改"), required=False)


class Extend(forms.Form):
    until = Day(label=gettext_lazy("延到哪天"))
    control = Long(gettext_lazy("延期期间增加什么管控"), max_length=200)
    reason = Long(gettext_lazy("为什么要延期"))


class Fix(forms.Form):
    photo = Photo(label=gettext_lazy("改好后的照片"))
    before = Photo(label=gettext_lazy("改之前的照片"), required=False)
    remedy = Long(gettext_lazy("怎样改的"))

    def __init__(self, *args: Any, case: Hazard, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if BEFORE in names_on(HAZARD.key(case)):
            del self.fields["before"]
        else:
            self.fields["before"].required = True


class Seen(forms.Form):
    note = Long(gettext_lazy("到现场看到了什么"))


class Reason(forms.Form):
    reason = Long(gettext_lazy("看到了什么、在哪里"))


class Look(forms.Form):
    """Why someone has to read what is kept from view."""

    reason = forms.CharField(
        label=gettext_lazy("查看理由"), max_length=200, help_text=gettext_lazy("会记入经过，例如：电话核实现场情况。"),
        error_messages={"required": gettext_lazy("请写明为什么要看，例如：电话核实现场情况。")},
    )  # fmt: skip


class Notice(forms.Form):
    phone = forms.CharField(
        label=gettext_lazy("告示上写找谁"),
        max_length=60,
        help_text=gettext_lazy("岗位和电话，例如：工程主管 0812-2222222。"),
    )
