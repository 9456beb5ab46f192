"""Companies, contracts, posts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.parties.models import Organisation, check_uscc
from wuxie.web.fields import Day, Hundredths, PlaceField, Searched

from ..models import Estate, Post, Project


class CompanyForm(forms.Form):
    name = forms.CharField(label=_("企业名称"), max_length=120, help_text=_("照营业执照写全称。"))
    short_name = forms.CharField(label=_("简称"), max_length=40, required=False)
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=18, required=False, validators=[check_uscc])
    place = PlaceField(label=_("所在地"), required=False)


class ContractForm(forms.Form):
    """A new contract: which company serves which estate from when."""

    estate = forms.ModelChoiceField(label=_("小区"), queryset=Estate.objects.none(), widget=Searched())
    company = forms.ModelChoiceField(label=_("物业企业"), queryset=Organisation.objects.none(), widget=Searched())
    contract_number = forms.CharField(label=_("合同编号"), max_length=60, required=False)
    stage = forms.ChoiceField(label=_("阶段"), choices=Project.Stage.choices)
    charging = forms.ChoiceField(label=_("收费方式"), choices=Project.Charging.choices)
    fee = Hundredths(label=_("物业费（元/㎡·月）"), scale=10_000, required=False)
    starts_on = Day(label=_("服务起始日"), help_text=_("一条事实归当天在管的企业，这一天要照合同写准。"))
    ends_on = Day(label=_("合同到期日"), required=False, help_text=_("不定期合同留空。"))

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if "estate" in self.fields:
            self.fields["estate"].queryset = Estate.objects.only("name").order_by("name")  # type: ignore[attr-defined]
        if "company" in self.fields:
            self.fields["company"].queryset = (
                Organisation.objects.filter(  # type: ignore[attr-defined]
                    kind=Organisation.Kind.COMPANY
                )
                .only("name", "short_name")
                .order_by("name")
            )


class ChangeContract(ContractForm):
    """Estate and company of a contract stay: another company is another contract."""

    estate = None  # type: ignore[assignment]
    company = None  # type: ignore[assignment]

    @staticmethod
    def of(project: Project) -> dict[str, Any]:
        return {name: getattr(project, name) for name in ChangeContract.base_fields}


class ChangeCompany(ContractForm):
    """Another company from a day on."""

    estate = None  # type: ignore[assignment]
    starts_on = None  # type: ignore[assignment]
    on = Day(label=_("新企业进场日"), help_text=_("原企业服务到前一天为止。"))
    field_order = ["company", "on", "ends_on", "contract_number", "stage", "charging", "fee"]


class Renewal(forms.Form):
    ends_on = Day(label=_("新的到期日"), required=False, help_text=_("留空：合同转为不定期。"))


class PostForm(forms.Form):
    kind = forms.ChoiceField(label=_("岗位类别"), choices=Post.Kind.choices)
    name = forms.CharField(label=_("岗位名称"), max_length=60, help_text=_("同类岗位加班次或区域，如“消控室 1 班”。"))
    certificate = forms.CharField(label=_("应持证书"), max_length=60, required=False, help_text=_("不要证书的留空。"))
    is_management = forms.BooleanField(label=_("管理岗"), required=False)


class AssignForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = forms.CharField(label=_("手机号"), max_length=20, help_text=_("登记过的人按姓名和手机号认出，不重复登记。"))
    starts_on = Day(label=_("从哪天起"), required=False, help_text=_("留空就是今天。"))
    ends_on = Day(label=_("到哪天止"), required=False)
    substitute = forms.BooleanField(label=_("替岗"), required=False, help_text=_("任岗人不在时顶上，不算任岗人。"))
    certificate_number = forms.CharField(label=_("证书编号"), max_length=60, required=False)
    certificate_until = Day(label=_("证书有效期至"), required=False)


class CertificateForm(forms.Form):
    number = forms.CharField(label=_("证书编号"), max_length=60)
    until = Day(label=_("有效期至"))
