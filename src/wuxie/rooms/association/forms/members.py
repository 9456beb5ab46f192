"""The shape of what the association's office types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.parties.roles import ROLES
from wuxie.web.fields import Day, PlaceField, Searched, Sought

from .. import queries
from ..models import Member


class MemberForm(forms.Form):
    kind = forms.ChoiceField(label=_("会员类别"), choices=Member.Kind.choices)
    group = forms.ChoiceField(label=_("工作组"), choices=[("", _("不在组里")), *Member.Group.choices], required=False)
    second_group = forms.ChoiceField(
        label=_("第二工作组"), choices=[("", _("不在组里")), *Member.Group.choices], required=False, help_text=_("一家会员最多参加两个组。"),
    )  # fmt: skip
    listed = forms.BooleanField(label=_("公开名录里列出这家会员"), required=False, initial=True)
    number = forms.CharField(label=_("会员编号"), max_length=20, required=False, help_text=_("留空由系统编。"))
    joined_on = Day(label=_("入会日"))

    def clean(self) -> dict[str, Any]:
        asked = dict(super().clean() or {})
        first, second = asked.get("group"), asked.get("second_group")
        if second and (not first or first == second):
            raise forms.ValidationError(
                {"second_group": _("第二工作组要和第一个不同；只参加一个组的，填在“工作组”里。")}
            )
        return asked


class AdmitForm(MemberForm):
    organisation = forms.ModelChoiceField(label=_("单位"), queryset=Organisation.objects.none(), widget=Searched())
    field_order = ["organisation"]

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["organisation"].queryset = Organisation.objects.filter(membership=None).order_by("name")  # type: ignore[attr-defined]


class ContactForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = forms.CharField(label=_("手机号"), max_length=20)
    title = forms.CharField(label=_("职务"), max_length=60, required=False)
    role = forms.ChoiceField(
        label=_("身份"), choices=[(code, ROLES[code].label) for code in ("company_contact", "company_admin")],
        help_text=_("联络人看得到本企业的项目；管理员还可以维护岗位和户室。"),
    )  # fmt: skip


class LastDay(forms.Form):
    on = Day(label=_("最后一天"))


class PersonForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = forms.CharField(label=_("手机号"), max_length=20, required=False)
    id_number = forms.CharField(
        label=_("证件号"), max_length=20, required=False, help_text=_("入库即加密，页面上只显示后四位。")
    )


class ChangePersonForm(forms.Form):
    """Private fields begin empty: what is not typed stays."""

    name = forms.CharField(label=_("姓名"), max_length=60, required=False, help_text=_("不改就留空。"))
    phone = forms.CharField(label=_("手机号"), max_length=20, required=False, help_text=_("不改就留空。"))
    id_number = forms.CharField(label=_("证件号"), max_length=20, required=False, help_text=_("不改就留空。"))

    def clean(self) -> dict[str, Any]:
        return {name: value or None for name, value in super().clean().items()}  # type: ignore[union-attr]


class SeatField(forms.CharField):
    """An estate or a project by its key; offered while somebody types."""

    widget = Sought("people:seats", queries.seat_label)

    def clean(self, value: Any) -> str:
        key = super().clean(value)
        if key and not queries.seat_label(key):
            raise forms.ValidationError(_("没有这个小区或项目，请从列出的里面选一个。"))
        return str(key)


class AppointForm(forms.Form):
    """A role with the seat that it is held at."""

    role = forms.ChoiceField(label=_("角色"), choices=[])
    organisation = forms.ModelChoiceField(
        label=_("单位"), queryset=Organisation.objects.none(), required=False, widget=Searched(),
        help_text=_("协会、企业、评审的角色要选单位。"),
    )  # fmt: skip
    place = PlaceField(label=_("辖区"), required=False, help_text=_("市、区县、街道、社区的角色要填辖区。"))
    subject = SeatField(
        label=_("小区或项目"), required=False, help_text=_("项目经理、岗位人员选项目；业主、业委会委员选小区。输小区或企业的名称来找。"),
    )  # fmt: skip
    title = forms.CharField(label=_("职务"), max_length=60, required=False)
    starts_on = Day(label=_("从哪天起"), required=False, help_text=_("留空就是今天。"))
    ends_on = Day(label=_("到哪天止"), required=False)
    paper_number = forms.CharField(label=_("任职文号"), max_length=80, required=False)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["role"].choices = [(role.code, role.label) for role in ROLES.values()]  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = Organisation.objects.only("name", "short_name").order_by("kind", "name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The seat as the verb takes it."""
        asked = dict(super().clean())  # type: ignore[arg-type]
        place = asked.pop("place", None)
        asked["place_code"] = place.pk if place else None
        return asked


class AccountForm(forms.Form):
    username = forms.CharField(
        label=_("用户名"), max_length=60, help_text=_("字母开头，3 到 60 位。登录时也可以用手机号。")
    )


class CloseForm(forms.Form):
    reason = forms.CharField(label=_("为什么停用"), max_length=100)


class Nothing(forms.Form):
    """A verb that needs no more than the word."""
