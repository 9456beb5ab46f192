"""A cycle's founding paper, calendar and rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.places.models import Place
from wuxie.kernel.standards.models import Version
from wuxie.rooms.register.models import Estate
from wuxie.web.fields import Day

from ..models import Cycle

DATES = ("window_from", "window_to", "cutoff", "apply_from", "apply_to")
WHOLE = {
    "quota_percent": (gettext_lazy("五星比例上限（%）"), 0, 100), "publicity_days": (gettext_lazy("公示天数"), 1, 60),
    "valid_months": (gettext_lazy("星级有效月数"), 1, 60), "min_service_months": (gettext_lazy("最少服务月数"), 0, 60),
    "reviewers": (gettext_lazy("每项评审人数"), 3, 15),
}  # fmt: skip
PAPER = ("document_number", "document_title", "document_authority")
BUDGET = ("budget_number", "budget_text")
HELP = {
    "cutoff": gettext_lazy("这天以后入账的事实不计，除非评审组书面同意。不早于取数止日。"),
    "document_number": gettext_lazy("评定须由有权机关发文设立，没有文号不能启动。"),
    "budget_number": gettext_lazy("没有预算文号，资金奖励只能标为待落实。"),
    "reviewers": gettext_lazy("至少 3 人。"),
}


class CycleForm(forms.Form):
    """Everything that is set before a cycle opens."""

    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=80, error_messages={"required": gettext_lazy("请写周期名称。")}
    )
    year = forms.IntegerField(
        label=gettext_lazy("年度"),
        min_value=2020,
        max_value=2100,
        error_messages={"required": gettext_lazy("请写年度。")},
    )
    place_code = forms.ChoiceField(label=gettext_lazy("城市"), error_messages={"required": gettext_lazy("请选城市。")})
    standard = forms.ChoiceField(
        label=gettext_lazy("评定标准"), required=False, help_text=gettext_lazy("只列已发布的版本；启动后不再改动。")
    )

    def __init__(self, *args: Any, cycle: Cycle | None = None, home: str = "", **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["place_code"].initial = home
        labels = {field.name: field.verbose_name for field in Cycle._meta.fields}
        self.fields["place_code"].choices = list(  # type: ignore[attr-defined]
            Place.objects.filter(level=Place.Level.CITY).order_by("code").values_list("code", "name")
        )
        versions = [(one.key, str(one)) for one in Version.objects.published().of_projects().order_by("name", "-pk")]
        self.fields["standard"].choices = [("", _("还没有选")), *versions]  # type: ignore[attr-defined]
        for name in PAPER:
            self.fields[name] = forms.CharField(label=labels[name], max_length=160, required=False)
        for name in DATES:
            wanted = _("请选%(what)s。") % {"what": labels[name]}
            self.fields[name] = Day(label=labels[name], error_messages={"required": wanted})
        for name, (label, least, most) in WHOLE.items():
            wrong = _("%(what)s要写 %(least)s 至 %(most)s 的整数。") % {"what": label, "least": least, "most": most}
            self.fields[name] = forms.IntegerField(
                label=label, min_value=least, max_value=most, initial=Cycle._meta.get_field(name).default,
                error_messages={"required": wrong, "invalid": wrong, "min_value": wrong, "max_value": wrong},
            )  # fmt: skip
        for name in BUDGET:
            self.fields[name] = forms.CharField(label=labels[name], max_length=300, required=False)
        for klass, label in Estate.Klass.choices:
            self.fields[f"not_{klass}"] = forms.CharField(
                label=_("%(klass)s不适用的指标") % {"klass": label}, required=False, max_length=400,
                help_text=_("写指标编号，用顿号或空格隔开，例如 H5、E3。"),
            )  # fmt: skip
        for name, text in HELP.items():
            self.fields[name].help_text = text
        if cycle is not None:
            self._fill(cycle)

    def _fill(self, cycle: Cycle) -> None:
        for name in self.fields:
            if name.startswith("not_"):
                self.initial.setdefault(name, "、".join(cycle.not_applicable.get(name.removeprefix("not_"), [])))
            else:
                self.initial.setdefault(name, getattr(cycle, name))

    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        named = [
            (_("周期"), ("name", "year", "place_code", "standard")), (_("设立文件"), PAPER), (_("日历"), DATES),
            (_("口径"), tuple(WHOLE)), (_("奖励预算"), BUDGET),
            (_("不适用的指标"), tuple(name for name in self.fields if name.startswith("not_"))),
        ]  # fmt: skip
        return [(heading, [self[name] for name in names]) for heading, names in named]

    def clean(self) -> dict[str, Any]:
        """Dates in order, each fault at its field; indicator ids as lists by class."""
        data = super().clean() or {}
        first, last = data.get("window_from"), data.get("window_to")
        if first and last and last <= first:
            self.add_error("window_to", _("取数止日要晚于取数起日 %(day)s。") % {"day": first})
        if last and data.get("cutoff") and data["cutoff"] < last:
            self.add_error("cutoff", _("截止收录日早于取数止日。请改成 %(day)s 或以后。") % {"day": last})
        if data.get("apply_from") and data.get("apply_to") and data["apply_to"] < data["apply_from"]:
            self.add_error("apply_to", _("申报止日早于申报起日 %(day)s。") % {"day": data["apply_from"]})
        found = {}
        for klass in Estate.Klass.values:
            ids = data.pop(f"not_{klass}", "").replace("、", " ").replace("，", " ").replace(",", " ").split()
            if ids:
                found[klass] = ids
        return {**data, "not_applicable": found}


class Budget(forms.Form):
    """All that may still be set on an open cycle."""

    budget_number = forms.CharField(
        label=gettext_lazy("奖励预算文号"),
        max_length=80,
        error_messages={"required": gettext_lazy("请写预算文件的文号。")},
    )
    budget_text = forms.CharField(label=gettext_lazy("奖励口径"), max_length=300, required=False)


class Quota(forms.Form):
    minutes = forms.CharField(
        label=gettext_lazy("会议纪要编号"), max_length=80,
        error_messages={"required": gettext_lazy("请写会议纪要编号：封顶四星要有依据。")},
    )  # fmt: skip


class Sure(forms.Form):
    """Nothing to fill in: a step that is only confirmed."""
