"""What people type about an incident, and about an event that makes duties due."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.parties.models import Person
from wuxie.rooms.register.models import Project
from wuxie.web.fields import Day, Hundredths

from . import queries
from .hazard_forms import LARGEST, Long, OwnProject, Photo, Photos
from .models import Incident, Injured
from .permit_forms import Moment
from .words import Event


class Report(forms.Form):
    """From the phone, in a minute: what, where, when; the photo when there is one."""

    project = OwnProject(queryset=Project.objects.none(), label=gettext_lazy("小区"), empty_label=None)
    kind = forms.ChoiceField(label=gettext_lazy("是哪一类"), choices=Incident.Kind.choices)
    place = forms.CharField(label=gettext_lazy("在哪里"), max_length=120)
    words = Long(
        gettext_lazy("发生了什么"),
        max_length=1000,
        help_text=gettext_lazy("写看到的，不写伤者姓名；姓名另行加密登记。"),
    )
    happened_at = Moment(label=gettext_lazy("什么时候"))
    photos = Photos(label=gettext_lazy("现场照片"), required=False)

    def __init__(self, *args: Any, projects: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        fields: Any = self.fields
        fields["project"].queryset = projects


class Numbers(forms.Form):
    """Deaths, injuries and loss as they are known now."""

    deaths = forms.IntegerField(label=gettext_lazy("死亡（人）"), min_value=0, max_value=9999, initial=0)
    injured = forms.IntegerField(label=gettext_lazy("重伤（人）"), min_value=0, max_value=9999, initial=0)
    slight = forms.IntegerField(label=gettext_lazy("轻伤（人）"), min_value=0, max_value=9999, initial=0)
    loss = Hundredths(
        label=gettext_lazy("直接经济损失（元）"), initial=0, help_text=gettext_lazy("不知道的先写 0，以后补报。")
    )

    def __init__(self, *args: Any, case: Incident, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for name in ("deaths", "injured", "slight", "loss"):
            self.fields[name].initial = getattr(case, name)


class Supplement(Numbers):
    note = Long(gettext_lazy("有什么变化"))


class Tell(forms.Form):
    authority = forms.CharField(label=gettext_lazy("报告给哪个部门"), max_length=80)
    text = Long(gettext_lazy("已采取的措施"))
    receipt = forms.CharField(
        label=gettext_lazy("部门回执号"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("还没有的，收到后再登记；没有回执号不能结案。"),
    )

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["authority"].initial = _("所在区县应急管理部门")


class Receipt(forms.Form):
    receipt = forms.CharField(label=gettext_lazy("部门回执号"), max_length=60)


class Site(forms.Form):
    photo = Photo(label=gettext_lazy("事故现场照片"))
    words = Long(gettext_lazy("现场怎样保护"), max_length=200)


class Decide(forms.Form):
    cause = Long(gettext_lazy("原因"), help_text=gettext_lazy("直接原因、管理原因都写。"))
    measures = Long(gettext_lazy("整改和防范措施"))
    mender = forms.ChoiceField(label=gettext_lazy("谁来整改"))
    due_on = Day(label=gettext_lazy("整改到哪天"))

    def __init__(self, *args: Any, case: Incident, **rest: Any) -> None:
        super().__init__(*args, **rest)
        fields: Any = self.fields
        fields["mender"].choices = [("", _("请选整改人")), *queries.workers(case.project).items()]

    def clean_mender(self) -> Person:
        return Person.objects.get(pk=self.cleaned_data["mender"])


class Done(forms.Form):
    photo = Photo(label=gettext_lazy("整改后照片"))
    words = Long(gettext_lazy("做了什么"))


class Seen(forms.Form):
    note = Long(gettext_lazy("到现场看到了什么"))


class Note(forms.Form):
    note = Long(gettext_lazy("说明"), required=False)


class Paper(forms.FileField):
    """One document as name and content."""

    def clean(self, data: Any, initial: Any = None) -> tuple[str, bytes]:
        file = super().clean(data, initial)
        if file.size > LARGEST:
            raise ValidationError(_("文件超过 15 MB，请缩小后再放。"))
        return str(file.name), file.read()


class Judge(forms.Form):
    liable = forms.TypedChoiceField(
        label=gettext_lazy("企业有没有责任"), choices=[("yes", gettext_lazy("有责")), ("no", gettext_lazy("无责"))],
        coerce=lambda value: value == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    number = forms.CharField(label=gettext_lazy("认定文书号"), max_length=60)
    paper = Paper(label=gettext_lazy("事故调查批复（照片或 PDF）"))


class Hurt(forms.Form):
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40)
    phone = forms.CharField(
        label=gettext_lazy("本人或家属手机号"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=gettext_lazy("加密保存，页面上遮住；看明文要写理由，记入查看记录。"),
    )  # fmt: skip
    hurt = forms.ChoiceField(label=gettext_lazy("伤情"), choices=Injured.Hurt.choices, widget=forms.RadioSelect)


class Happened(forms.Form):
    event = forms.ChoiceField(label=gettext_lazy("出了什么事"), choices=Event.choices)
    words = forms.CharField(
        label=gettext_lazy("情况"), max_length=200, help_text=gettext_lazy("例如：气象台 14:20 发暴雨橙色预警。")
    )
