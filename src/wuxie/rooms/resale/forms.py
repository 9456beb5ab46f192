"""What people type about accounts, meters, bills, readings and refunds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.rooms.register.models import Project
from wuxie.web.fields import Day, Hundredths, Long, Paper

from . import queries
from .models import Meter, Month
from .models.months import next_start
from .words import BandName, Klass, Mode, Role, Way, band_label

#: So many meters are typed on one page; more of them come as a sheet.
TYPED = 60


class OwnProject(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.estate)


class AccountFields(forms.Form):
    entity = forms.CharField(
        label=gettext_lazy("转供电主体"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("谁和供电企业结算。留空就是物业企业。"),
    )
    grid = forms.CharField(label=gettext_lazy("供电企业"), max_length=120)
    transformer = forms.CharField(
        label=gettext_lazy("变压器"), max_length=120, required=False, help_text=gettext_lazy("例如：1 号箱变 630 kVA。")
    )
    mode = forms.ChoiceField(label=gettext_lazy("结算方式"), choices=Mode.choices, widget=forms.RadioSelect)
    basis = forms.CharField(
        label=gettext_lazy("约定文件"),
        max_length=200,
        help_text=gettext_lazy("租赁合同、协议第几条约定怎样结算、基本电费怎样分。"),
    )
    has_own = forms.BooleanField(label=gettext_lazy("带自用电（公区、办公、水泵、电梯）"), required=False, initial=True)


class NewAccount(AccountFields):
    project = OwnProject(queryset=Project.objects.none(), label=gettext_lazy("小区"), empty_label=None)
    account_no = forms.CharField(
        label=gettext_lazy("电网户号"), max_length=30, help_text=gettext_lazy("一个户号登记一次，几个户号分开核。")
    )
    starts_on = Day(label=gettext_lazy("第一个账期起"), help_text=gettext_lazy("从这一天起按月报，一个月也不能漏。"))
    field_order = ["project", "account_no", "entity", "grid", "transformer", "mode", "basis", "has_own", "starts_on"]

    def __init__(self, *args: Any, projects: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]


class MeterFields(forms.Form):
    parent = forms.ChoiceField(label=gettext_lazy("上级表"), required=False)
    role = forms.ChoiceField(label=gettext_lazy("表的用途"), choices=Role.choices, initial=Role.TENANT)
    user = forms.CharField(
        label=gettext_lazy("用户"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("店铺招牌或房号，例如：3 号铺 面馆。不写个人姓名。"),
    )
    klass = forms.ChoiceField(label=gettext_lazy("用电类别"), choices=Klass.choices)
    multiplier = forms.IntegerField(label=gettext_lazy("倍率"), min_value=1, max_value=100_000, initial=1)
    by_band = forms.BooleanField(label=gettext_lazy("分时计量"), required=False)
    verified_until = Day(label=gettext_lazy("检定有效期至"), required=False)

    def __init__(self, *args: Any, account: Any, but: str = "", **rest: Any) -> None:
        super().__init__(*args, **rest)
        branches = (
            Meter.objects.filter(account=account, role=Role.BRANCH).exclude(code=but).values_list("code", flat=True)
        )
        self.fields["parent"].choices = [("", _("直接挂在总表下")), *((code, code) for code in branches)]  # type: ignore[attr-defined]


class NewMeter(MeterFields):
    code = forms.CharField(label=gettext_lazy("表号"), max_length=30)
    field_order = ["code", "role", "parent", "user", "klass", "multiplier", "by_band", "verified_until"]


class MeterChange(MeterFields):
    removed_on = Day(
        label=gettext_lazy("拆表日"), required=False, help_text=gettext_lazy("拆了、换了才写。以后的账期不再抄它。")
    )


class Bill(forms.Form):
    kwh = Hundredths(label=gettext_lazy("总表电量（度）"), help_text=gettext_lazy("照电网账单，已乘倍率。"))
    amount = Hundredths(
        label=gettext_lazy("账单金额（元，含税）"), help_text=gettext_lazy("含基本电费、力调、基金附加。")
    )
    refunds = Hundredths(
        label=gettext_lazy("电网退费或优惠（元）"),
        required=False,
        help_text=gettext_lazy("没有从账单金额里减掉的写在这里，要传给用户。"),
    )
    basic = Hundredths(label=gettext_lazy("其中基本电费（元）"), required=False)
    penalty = Hundredths(
        label=gettext_lazy("其中力调电费（元）"),
        required=False,
        min_value=None,
        help_text=gettext_lazy("罚款写正数，奖励写负数。"),
    )
    resident_price = Hundredths(
        label=gettext_lazy("居民电价（元/度）"),
        scale=10_000,
        required=False,
        help_text=gettext_lazy("有居民用户时必填，照供电企业公布的居民电价。"),
    )
    apart = forms.BooleanField(
        label=gettext_lazy("票据上电费单独列示"),
        required=False,
        initial=True,
        help_text=gettext_lazy("和物业费、服务费合成一个数收的，不要勾。"),
    )
    file = Paper(label=gettext_lazy("电网账单"))

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for band, label in BandName.choices:
            self.fields[f"{band}_kwh"] = Hundredths(label=_("%(band)s段电量（度）") % {"band": label}, required=False)
            self.fields[f"{band}_amount"] = Hundredths(
                label=_("%(band)s段电费（元）") % {"band": label}, required=False
            )

    def clean(self) -> dict[str, Any]:
        known = super().clean() or {}
        bands = {}
        for band, label in BandName.choices:
            kwh, amount = known.pop(f"{band}_kwh", None), known.pop(f"{band}_amount", None)
            if bool(kwh) != bool(amount):
                self.add_error(f"{band}_kwh", _("%(band)s段的电量和电费要一起写。") % {"band": label})
            elif kwh:
                bands[band] = [kwh, amount]
        for name in ("refunds", "basic", "penalty"):
            known[name] = known.get(name) or 0
        return {**known, "bands": bands}

    @staticmethod
    def initial_of(month: Month) -> dict[str, Any]:
        known: dict[str, Any] = {
            name: getattr(month, name)
            for name in ("kwh", "amount", "refunds", "basic", "penalty", "resident_price", "apart")
        }
        for band, (kwh, amount) in month.bands.items():
            known |= {f"{band}_kwh": kwh, f"{band}_amount": amount}
        return known


class NewBill(Bill):
    starts_on = Day(label=gettext_lazy("账期起"))
    ends_on = Day(label=gettext_lazy("账期止"))

    def __init__(self, *args: Any, account: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["starts_on"].initial = next_start(account)
        self.order_fields(["starts_on", "ends_on"])


class BillChange(Bill):
    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["file"].required = False


class Readings(forms.Form):
    """All meters of a month on one page: a line for each, for each period of the day where they are read by it."""

    def __init__(self, *args: Any, month: Month, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.month, self.slots = month, []
        have = {(row.meter_id, row.band): row for row in month.readings.all()}
        last = queries.last_readings(month.account, month.starts_on)
        for meter in month.account.meters.there(month.starts_on).select_related("parent")[:TYPED]:
            for band in queries.bands_of(month) if meter.by_band else [""]:
                self._add(meter, band, have.get((meter.pk, band)), last.get((meter.pk, band)))

    def _add(self, meter: Meter, band: str, now: Any, before: Any) -> None:
        name = f"{meter.pk}_{band}"
        given = {
            "start": now.start if now else before.end if before else None, "end": now.end if now else None,
            "price": now.price if now else before.price if before else None, "surcharge": now.surcharge if now else None,
            "replaced": now.replaced if now else "",
        }  # fmt: skip
        where = f"{meter.code} {band_label(band) if band else ''}".strip()
        self.fields[f"{name}_start"] = Hundredths(
            label=_("%(meter)s 起码") % {"meter": where}, required=False, initial=given["start"]
        )
        self.fields[f"{name}_end"] = Hundredths(
            label=_("%(meter)s 止码") % {"meter": where}, required=False, initial=given["end"]
        )
        if meter.role == Role.TENANT:
            self.fields[f"{name}_price"] = Hundredths(
                label=_("%(meter)s 单价") % {"meter": where}, scale=10_000, required=False, initial=given["price"]
            )
            self.fields[f"{name}_surcharge"] = Hundredths(
                label=_("%(meter)s 按度数另收") % {"meter": where}, required=False, initial=given["surcharge"]
            )
        self.fields[f"{name}_replaced"] = forms.CharField(
            label=_("%(meter)s 换表说明") % {"meter": where}, max_length=120, required=False, initial=given["replaced"]
        )
        self.slots.append((meter, band, name))
        for column, size in (("start", 9), ("end", 9), ("price", 6), ("surcharge", 6), ("replaced", 8)):
            if f"{name}_{column}" in self.fields:
                self.fields[f"{name}_{column}"].widget.attrs |= {"class": "form-control", "size": size}

    def lines(self) -> list[dict[str, Any]]:
        """The fields as lines of a table."""
        columns = ("start", "end", "price", "surcharge", "replaced")
        return [
            {"meter": meter, "band": band_label(band) if meter.by_band else "",
             "cells": [self[f"{name}_{column}"] if f"{name}_{column}" in self.fields else None for column in columns]}
            for meter, band, name in self.slots
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        known = super().clean() or {}
        rows = []
        for meter, band, name in self.slots:
            start, end = known.get(f"{name}_start"), known.get(f"{name}_end")
            if end is None:
                continue
            if start is None:
                self.add_error(f"{name}_start", _("写了止码，也要写起码。"))
                continue
            rows.append({
                "meter": meter, "band": band, "start": start, "end": end, "price": known.get(f"{name}_price"),
                "surcharge": known.get(f"{name}_surcharge"), "replaced": known.get(f"{name}_replaced"),
            })  # fmt: skip
        return {"rows": rows}


class Convert(forms.Form):
    plan = Long(gettext_lazy("改造安排"), help_text=gettext_lazy("谁出资、分几步、什么时候办成。"))


class Drop(forms.Form):
    note = Long(gettext_lazy("为什么没有办成"))


class Direct(forms.Form):
    supplied_on = Day(label=gettext_lazy("直供起"))
    file = Paper(label=gettext_lazy("直供送电单"))
    note = Long(gettext_lazy("说明"), required=False)


class Mending(forms.Form):
    note = Long(gettext_lazy("说明"), help_text=gettext_lazy("哪里错了、怎么发现的。"))
    file = Paper(label=gettext_lazy("更正说明"))


class Correct(forms.Form):
    note = Long(gettext_lazy("说明"), help_text=gettext_lazy("怎么多收的、以后怎么收。"))
    file = Paper(label=gettext_lazy("更正说明"))


class Plan(forms.Form):
    plan = Long(gettext_lazy("清退方案"), help_text=gettext_lazy("怎么退、什么时候退完、怎样通知到每一户。"))


class Pay(forms.Form):
    way = forms.ChoiceField(label=gettext_lazy("退法"), choices=Way.choices)
    paid_on = Day(label=gettext_lazy("退款日"))
    file = Paper(
        label=gettext_lazy("退款凭证"), help_text=gettext_lazy("转账回单、签收单或抵扣单。PDF 或照片，最大 15 MB。")
    )
    reason = Long(gettext_lazy("说明"), required=False, max_length=200)


class PostUp(forms.Form):
    reason = Long(gettext_lazy("为什么找不到人、怎么找过"), max_length=200)
    file = Paper(label=gettext_lazy("清退公告"), help_text=gettext_lazy("贴出来的公告的照片。"))
