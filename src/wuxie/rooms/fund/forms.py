"""What people type about repairs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.amounts import metres, yuan
from wuxie.kernel.clock.now import SHANGHAI
from wuxie.rooms.register.models import Project, Unit
from wuxie.web.fields import Day, Hundredths, Long, Paper, Photo

from . import queries
from .models import Quote, Repair
from .words import Danger, Part, Stuck

#: Uses that share in common parts as a rule; parking and storage are chosen where they benefit.
SHARING = (Unit.Use.HOME, Unit.Use.SHOP, Unit.Use.OFFICE)


class OwnProject(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.estate)


class Report(forms.Form):
    project = OwnProject(queryset=Project.objects.none(), label=gettext_lazy("小区"), empty_label=None)
    title = forms.CharField(
        label=gettext_lazy("维修事项"), max_length=60, help_text=gettext_lazy("例如：3 栋东面外墙砖脱落。")
    )
    part = forms.ChoiceField(label=gettext_lazy("部位"), choices=Part.choices)
    where = forms.CharField(label=gettext_lazy("位置"), max_length=80, help_text=gettext_lazy("哪一栋、哪一面、几层。"))
    words = Long(gettext_lazy("看到什么"))
    is_dangerous = forms.BooleanField(
        label=gettext_lazy("会伤到人（要在两小时内围起来）"),
        required=False,
        help_text=gettext_lazy("拿不准就勾上，先围起来。"),
    )
    photo = Photo(label=gettext_lazy("现场照片"), required=False)

    def __init__(self, *args: Any, projects: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]


class Guard(forms.Form):
    photo = Photo(label=gettext_lazy("围护照片"), help_text=gettext_lazy("拍到围栏、挂网和警示牌。"))
    note = Long(gettext_lazy("说明"), required=False)


class Appraise(forms.Form):
    appraiser = forms.CharField(
        label=gettext_lazy("谁查勘的"), max_length=120, help_text=gettext_lazy("鉴定机构、设计或施工单位。")
    )
    findings = Long(gettext_lazy("查勘意见"), max_length=600)
    file = Paper(label=gettext_lazy("查勘或鉴定意见书"))


class Classify(forms.Form):
    """The questions in the order in which they decide."""

    private = forms.BooleanField(
        label=gettext_lazy("只归一户用，不是共用部位"),
        required=False,
        help_text=gettext_lazy("资金只用于共用部位和共用设施（民法典第281条，建设部令第165号第18条）。"),
    )
    in_warranty = forms.BooleanField(
        label=gettext_lazy("还在保修期内"),
        required=False,
        help_text=gettext_lazy("外墙、屋面防渗漏等还在保修期的，由建设单位修（建设部令第165号第25条）。"),
    )
    liable = forms.BooleanField(
        label=gettext_lazy("能确定是谁弄坏的"),
        required=False,
        help_text=gettext_lazy("人为损坏的，由责任人修（建设部令第165号第25条）。"),
    )
    utility = forms.BooleanField(
        label=gettext_lazy("是供水、供电、供气、通信等单位管的管线设施"),
        required=False,
        help_text=gettext_lazy("由专营单位修（建设部令第165号第25条）。"),
    )
    owed = forms.BooleanField(
        label=gettext_lazy("物业合同里已经约好由物业养护"),
        required=False,
        help_text=gettext_lazy("日常养护从物业费出，不动用资金（建设部令第165号第25条）。"),
    )
    danger = forms.ChoiceField(
        label=gettext_lazy("属于哪一类险情"),
        required=False,
        choices=[("", gettext_lazy("不属于，按一般维修先表决")), *Danger.choices],
        help_text=gettext_lazy("六类险情可以先修、后公示（民法典第281条第2款，建设部令第165号第24条）。"),
    )
    note = Long(gettext_lazy("说明"), required=False)


class Refer(forms.Form):
    liable_party = forms.CharField(label=gettext_lazy("由谁修"), max_length=120)
    file = Paper(label=gettext_lazy("维修通知书"), required=False)
    note = Long(gettext_lazy("说明"), required=False)


class Reason(forms.Form):
    note = Long(gettext_lazy("理由"))


class Scope(forms.Form):
    entrances = forms.MultipleChoiceField(
        label=gettext_lazy("受益的楼栋和单元"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("修哪里，谁受益，就由谁分摊。"),
    )
    uses = forms.MultipleChoiceField(
        label=gettext_lazy("哪些用途的户室分摊"),
        choices=Unit.Use.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=list(SHARING),
        help_text=gettext_lazy("底层商铺同在一栋、同样受益的，也要分摊。"),
    )
    note = Long(gettext_lazy("说明"), required=False)

    def __init__(self, *args: Any, case: Repair, **rest: Any) -> None:
        super().__init__(*args, **rest)
        rows = Unit.objects.filter(estate=case.project.estate_id).order_by("building__name", "building", "entrance")
        choices, seen = [], set()
        for building, name, entrance in rows.values_list("building", "building__name", "entrance").distinct():
            if building not in seen and not entrance:
                choices.append((f"{building}", name))
            elif entrance:
                choices.append((f"{building}/{entrance}", f"{name} {entrance}"))
            seen.add(building)
        self.fields["entrances"].choices = choices  # type: ignore[attr-defined]
        self._show(case, [value for value, _name in choices])

    def _show(self, case: Repair, choices: list[str]) -> None:
        """What was chosen before stands ticked."""
        units = case.shares.order_by().values_list("unit__building", "unit__entrance", "unit__use").distinct()
        doors = {f"{building}/{entrance}" if entrance else f"{building}" for building, entrance, _use in units}
        if doors:
            self.fields["entrances"].initial = [value for value in choices if value in doors]
            self.fields["uses"].initial = sorted({use for _building, _entrance, use in units})

    def clean_entrances(self) -> list[tuple[int, str | None]]:
        found = []
        for one in self.cleaned_data["entrances"]:
            building, slash, entrance = one.partition("/")
            found.append((int(building), entrance if slash else ""))
        return found


class QuoteIn(forms.Form):
    contractor = forms.CharField(label=gettext_lazy("报价单位"), max_length=120)
    uscc = forms.CharField(label=gettext_lazy("统一社会信用代码"), max_length=18)
    opens_at = forms.DateTimeField(
        label=gettext_lazy("约定什么时候拆封"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text=gettext_lazy("到点由业委会（没有的由社区）当场把几家一起拆。定了不改。"),
    )

    def __init__(self, *args: Any, case: Repair, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if case.opens_at is not None and queries.may_still_come(case):
            del self.fields["opens_at"]

    def clean_opens_at(self) -> Any:
        given = self.cleaned_data["opens_at"]
        return given.replace(tzinfo=SHANGHAI) if given and given.tzinfo is None else given


class OpenQuotes(forms.Form):
    """A price and a paper for every quote that came in."""

    def __init__(self, *args: Any, case: Repair, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.quotes = list(case.quotes.all())
        for quote in self.quotes:
            self.fields[f"amount_{quote.pk}"] = Hundredths(label=_("%(who)s 的报价（元）") % {"who": quote.contractor})
            self.fields[f"file_{quote.pk}"] = Paper(label=_("%(who)s 的报价文件") % {"who": quote.contractor})

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        whole = {quote.pk: (given.get(f"amount_{quote.pk}"), given.get(f"file_{quote.pk}")) for quote in self.quotes}
        return {"opened": {pk: pair for pk, pair in whole.items() if None not in pair}}


class Chosen(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.contractor} {yuan(obj.amount or 0)}"


class Plan(forms.Form):
    quote = Chosen(
        queryset=Quote.objects.none(), label=gettext_lazy("选用哪一家"), empty_label=None, widget=forms.RadioSelect
    )
    reason = Long(gettext_lazy("没有选最低价的理由"), required=False, max_length=300)
    method = Long(gettext_lazy("维修方案"), max_length=600, help_text=gettext_lazy("做法、材料、工期、谁监理。"))

    def __init__(self, *args: Any, case: Repair, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["quote"].queryset = case.quotes.filter(opened_at__isnull=False).order_by("amount", "pk")  # type: ignore[attr-defined]


class Publish(forms.Form):
    contact = forms.CharField(
        label=gettext_lazy("异议找谁"), max_length=120, help_text=gettext_lazy("名字或单位，加电话。")
    )
    voting = Long(gettext_lazy("表决安排"), required=False, max_length=200)


class Result(forms.Form):
    """The figures as they stand on the counting sheet."""

    total_area = Hundredths(label=gettext_lazy("总面积（㎡）"))
    total_heads = forms.IntegerField(label=gettext_lazy("总人数"), min_value=1)
    part_area = Hundredths(label=gettext_lazy("参与表决的面积（㎡）"))
    part_heads = forms.IntegerField(label=gettext_lazy("参与表决的人数"), min_value=0)
    yes_area = Hundredths(label=gettext_lazy("同意的面积（㎡）"))
    yes_heads = forms.IntegerField(label=gettext_lazy("同意的人数"), min_value=0)
    reference = forms.CharField(label=gettext_lazy("结果文书的编号或名称"), max_length=80)
    file = Paper(label=gettext_lazy("表决汇总和计票清单"))

    def __init__(self, *args: Any, case: Repair, **rest: Any) -> None:
        super().__init__(*args, **rest)
        scope = queries.totals(case)
        self.fields["total_area"].initial = scope.area
        self.fields["total_area"].help_text = _("列支范围合计 %(area)s，%(n)s 户。") % {
            "area": metres(scope.area),
            "n": scope.units,
        }
        self.fields["total_heads"].help_text = _("一人多户算一人；没卖出和没交付的合起来算建设单位一人。")


class Halt(forms.Form):
    stuck = forms.ChoiceField(label=gettext_lazy("卡在哪里"), choices=Stuck.choices)
    why = Long(gettext_lazy("为什么"), max_length=300)


class Apply(forms.Form):
    account = forms.CharField(
        label=gettext_lazy("拨到哪个账户"), max_length=200, help_text=gettext_lazy("施工单位的户名、开户行、账号。")
    )
    note = Long(gettext_lazy("说明"), required=False)


class Release(forms.Form):
    amount = Hundredths(label=gettext_lazy("首款（元）"))
    basis = forms.CharField(label=gettext_lazy("按哪份文件"), max_length=200, required=False)

    def __init__(self, *args: Any, case: Repair, **rest: Any) -> None:
        super().__init__(*args, **rest)
        limit = queries.known("advance")
        if limit is None:
            self.fields["basis"].required = True
            self.fields["basis"].help_text = _("本地的首款比例还没有核定，要写依据。")
        else:
            self.fields["amount"].help_text = _("预算 %(sum)s，首款比例 %(part)s。") % {
                "sum": yuan(case.budget or 0),
                "part": limit.value,
            }


class AskEmergency(forms.Form):
    estimate = Hundredths(label=gettext_lazy("估价（元）"))
    note = Long(gettext_lazy("说明"), required=False)


class Witness(forms.Form):
    words = Long(gettext_lazy("到现场看到什么"), max_length=300)
    photo = Photo(label=gettext_lazy("现场照片"), required=False)


class MadeGood(forms.Form):
    note = Long(gettext_lazy("怎么修的"), max_length=300)
    photo = Photo(label=gettext_lazy("返修后的照片"))


class Build(forms.Form):
    contractor = forms.CharField(label=gettext_lazy("施工单位"), max_length=120)
    contract_sum = Hundredths(label=gettext_lazy("合同价（元）"))
    started_on = Day(label=gettext_lazy("开工日"))
    file = Paper(label=gettext_lazy("施工合同"))

    def __init__(self, *args: Any, case: Repair, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["contract_sum"].initial = case.budget
        if case.contractor:
            del self.fields["contractor"]


class Accept(forms.Form):
    accepted_on = Day(label=gettext_lazy("验收日"))
    representatives = forms.IntegerField(label=gettext_lazy("业主代表几人"), min_value=0, max_value=999)
    opinion = Long(gettext_lazy("验收意见"))
    file = Paper(label=gettext_lazy("签了字的验收单"), required=False)


class Settle(forms.Form):
    amount = Hundredths(label=gettext_lazy("审定价（元）"))
    auditor = forms.CharField(label=gettext_lazy("审价单位"), max_length=120, required=False)
    file = Paper(label=gettext_lazy("审价报告"), required=False)


class Allocate(forms.Form):
    shares = Long(
        gettext_lazy("银行的分摊清单"),
        required=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("没有就空着，系统按面积算。有的粘贴“房号 金额”，一行一户，系统逐户核对。"),
    )
    agreement = forms.CharField(
        label=gettext_lazy("不按面积分摊的约定"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("写明哪份管理规约或决定。"),
    )


class Misuse(forms.Form):
    number = forms.CharField(label=gettext_lazy("认定文书的文号"), max_length=80)
    text = Long(gettext_lazy("认定了什么"), max_length=300)
    file = Paper(label=gettext_lazy("认定文书"))
