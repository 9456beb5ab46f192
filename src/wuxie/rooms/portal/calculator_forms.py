"""What the calculators' pages ask for, and the documents that come of it."""

from __future__ import annotations

import csv
import datetime
import io
import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.standards import document
from wuxie.kernel.statutes import deadlines
from wuxie.web import words

from .pasted import cell, rows

#: Rows of an answer that a page draws; the JSON holds them all.
SHOWN = 200
#: Characters of a pasted table: some 5,000 rows. More is for the interface.
LONGEST = 300_000
#: Days of one rota on a page; longer ones are for the interface.
LONGEST_ROTA = 366

MATTERS = [
    ("fund_use", gettext_lazy("使用维修资金")),
    ("fund_raising", gettext_lazy("筹集维修资金")),
    ("manager_selection", gettext_lazy("选聘、解聘物业")),
    ("committee_election", gettext_lazy("选举、更换业主委员会")),
    ("covenant", gettext_lazy("制定、修改管理规约")),
    ("procedure_rules", gettext_lazy("制定、修改议事规则")),
    ("rebuilding", gettext_lazy("改建、重建")),
    ("common_use_change", gettext_lazy("改变共有部分用途、利用共有部分经营")),
    ("other", gettext_lazy("其他事项")),
]
SILENT = [
    ("not_participating", gettext_lazy("不算参与（没有约定时）")),
    ("participates_abstain", gettext_lazy("算参与、算弃权")),
    ("participates_follow_majority", gettext_lazy("算参与、随多数")),
]
CHOICES = {
    "同意": "for", "赞成": "for", "for": "for", "反对": "against", "不同意": "against", "against": "against",
    "弃权": "abstain", "abstain": "abstain", "废票": "void", "无效": "void", "void": "void",
}  # fmt: skip
UNRETURNED = ("送达未交", "未交", "未回")
STATUSES = {
    "": "delivered", "已交付": "delivered", "delivered": "delivered", "未交付": "undelivered",
    "undelivered": "undelivered", "未售": "unsold", "unsold": "unsold",
}  # fmt: skip
RULES = [
    ("petition.forward", gettext_lazy("信访：转送、交办")),
    ("petition.accept", gettext_lazy("信访：告知是否受理")),
    ("petition.objection", gettext_lazy("信访：对转送提出异议")),
    ("petition.conclude", gettext_lazy("信访：办结")),
    ("petition.review", gettext_lazy("信访：复查")),
    ("petition.reexamine", gettext_lazy("信访：复核")),
    ("mediation.complete", gettext_lazy("人民调解：一般期限")),
    ("mediation.confirm", gettext_lazy("人民调解：申请司法确认")),
    ("assembly.notice", gettext_lazy("业主大会：会议通知（开会日往前算）")),
    ("tender.bidding", gettext_lazy("招标：发出文件到截止投标")),
    ("tender.complaint", gettext_lazy("招标：投诉")),
    ("takeover.filing", gettext_lazy("承接查验：备案")),
    ("custom", gettext_lazy("自定期限")),
]
OBJECTS = [
    ("lift", gettext_lazy("电梯")),
    ("fire_facilities", gettext_lazy("建筑消防设施全面检测")),
    ("lightning", gettext_lazy("防雷装置检测（一般建筑）")),
    ("lightning_hazardous", gettext_lazy("防雷装置检测（易燃易爆场所）")),
    ("water_tank_cleaning", gettext_lazy("二次供水水箱清洗消毒")),
    ("water_test", gettext_lazy("二次供水水质检测")),
    ("safety_valve", gettext_lazy("安全阀校验")),
    ("pressure_gauge", gettext_lazy("压力表检定")),
]
MODES = [
    ("share", gettext_lazy("按分表电量分摊电网账单")),
    ("class", gettext_lazy("按各类用户的目录电价")),
]
UNIT_WORDS = {unit: words.UNITS[unit] for unit in deadlines.UNITS}


def _table(label: Any, help_text: Any, count: int = 8) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": count, "class": "wx-mono", "spellcheck": "false"})
    return forms.CharField(label=label, help_text=help_text, max_length=LONGEST, widget=widget, strip=False)


def _month(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=7,
        widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-09"}),
    )


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class Calculation(forms.Form):
    """A form that makes the document of one calculator."""

    def document(self) -> dict[str, Any]:
        """From the cleaned data; ``Problem`` for a pasted cell that is no such word."""
        raise NotImplementedError


class Vote(Calculation):
    matter = forms.ChoiceField(label=gettext_lazy("表决事项"), choices=MATTERS)
    silent_rule = forms.ChoiceField(
        label=gettext_lazy("送达没有交回的票"), choices=SILENT, help_text=gettext_lazy("以本小区议事规则的约定为准。")
    )
    units = _table(
        gettext_lazy("户和票"),
        gettext_lazy(
            "一行一户：户号，专有面积，业主（同一人写同样的字），表决（同意、反对、弃权、废票、送达未交或空着），"
            "状态（空着算已交付，或写未交付、未售）。可从表格里直接复制。"
        ),
    )

    def document(self) -> dict[str, Any]:
        units, ballots, delivered = [], [], []
        for place, row in enumerate(rows(self.cleaned_data["units"])):
            name, said, status = cell(row, 0), cell(row, 3), cell(row, 4)
            if status not in STATUSES:
                raise Problem(
                    "range", f"$.units[{place}].status", _("状态“%s”不认识。写已交付、未交付或未售。") % status[:20]
                )
            unit = {"id": name, "area": cell(row, 1), "status": STATUSES[status]}
            units.append(unit | ({"owner": cell(row, 2)} if cell(row, 2) else {}))
            if said in UNRETURNED:
                delivered.append(name)
            elif said:
                if said not in CHOICES:
                    raise Problem(
                        "range", f"$.units[{place}].choice", _("表决“%s”不认识。写同意、反对、弃权或废票。") % said[:20]
                    )
                ballots.append({"unit": name, "choice": CHOICES[said]})
        found = {"matter": self.cleaned_data["matter"], "silent_rule": self.cleaned_data["silent_rule"], "units": units}
        return found | {"ballots": ballots} | ({"delivered": delivered} if delivered else {})


class Apportion(Calculation):
    total = forms.CharField(label=gettext_lazy("总费用（元）"), max_length=20, help_text=gettext_lazy("例如 123456.78"))
    units = _table(
        gettext_lazy("分摊的户"), gettext_lazy("一行一户：户号，专有面积，账户余额（可以不写）。可从表格里直接复制。")
    )

    def document(self) -> dict[str, Any]:
        units = []
        for row in rows(self.cleaned_data["units"]):
            unit = {"id": cell(row, 0), "area": cell(row, 1)}
            units.append(unit | ({"balance": cell(row, 2)} if cell(row, 2) else {}))
        return {"total": self.cleaned_data["total"], "units": units}


class Deadline(Calculation):
    rule = forms.ChoiceField(label=gettext_lazy("期限"), choices=RULES)
    start = forms.DateField(
        label=gettext_lazy("起算的事发生在"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("当天不算，从第二天起算。会议通知写开会的日子。"),
    )  # fmt: skip
    extended = forms.BooleanField(label=gettext_lazy("办结期限经批准延长"), required=False)
    count = forms.IntegerField(
        label=gettext_lazy("自定：多少"), required=False, min_value=1, max_value=36_600, help_text=gettext_lazy("只在自定期限时填。")
    )  # fmt: skip
    unit = forms.ChoiceField(label=gettext_lazy("自定：单位"), required=False, choices=[("", "—"), *UNIT_WORDS.items()])

    def document(self) -> dict[str, Any]:
        found = self.cleaned_data
        made: dict[str, Any] = {"rule": found["rule"], "from": found["start"].isoformat()}
        if found["extended"]:
            made["extended"] = True
        if found["rule"] == "custom":
            made |= {name: found[name] for name in ("count", "unit") if found[name]}
        return made


class Inspection(Calculation):
    object = forms.ChoiceField(label=gettext_lazy("检验检测对象"), choices=OBJECTS)
    base = _month(gettext_lazy("电梯：监督检验合格的年月"))
    until = _month(gettext_lazy("电梯：算到哪个月"))
    done = forms.CharField(
        label=gettext_lazy("电梯：已完成的应检月份"), required=False, max_length=2000,
        help_text=gettext_lazy("例如 2021-06、2022-06，中间用顿号或空格分开。"),
    )  # fmt: skip
    last = forms.DateField(
        label=gettext_lazy("其他对象：上次的日期"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def document(self) -> dict[str, Any]:
        found = self.cleaned_data
        made = {name: found[name] for name in ("object", "base", "until") if found[name]}
        if found["done"]:
            made["done"] = re.split(r"[\s、，,]+", found["done"].strip())
        return made | ({"last": found["last"].isoformat()} if found["last"] else {})


class Resale(Calculation):
    mode = forms.ChoiceField(label=gettext_lazy("怎样收"), choices=MODES)
    kwh = forms.CharField(label=gettext_lazy("总表电量（千瓦时）"), max_length=30)
    bill = forms.CharField(label=gettext_lazy("电网账单（元）"), max_length=20, help_text=gettext_lazy("例如 70500.00"))
    meters = _table(
        gettext_lazy("分表"),
        gettext_lazy(
            "一行一块表：表号，电量，实收单价，用电类别，目录电价（只在按目录电价收时填）。可从表格里直接复制。"
        ),
    )

    def document(self) -> dict[str, Any]:
        found = self.cleaned_data
        meters = []
        for row in rows(found["meters"]):
            meter = {"id": cell(row, 0), "kwh": cell(row, 1), "price": cell(row, 2), "class": cell(row, 3) or "—"}
            meters.append(meter | ({"allowed": cell(row, 4)} if cell(row, 4) else {}))
        return {"mode": found["mode"], "grid": {"kwh": found["kwh"], "bill": found["bill"]}, "meters": meters}


class Tender(Calculation):
    ceiling = forms.CharField(label=gettext_lazy("最高投标限价"), max_length=20, help_text=gettext_lazy("例如 2.80"))
    bids = _table(
        gettext_lazy("各家投标"),
        gettext_lazy(
            "一行一家：编号，报价，人工费总额，岗位人数，每人每月法定最低用工成本，服务月数，联系方式（多个用 / 分开），"
            "保证金账户，文件作者。后面几项可以不写。可从表格里直接复制。"
        ),
    )

    def document(self) -> dict[str, Any]:
        bids = [self._bid(place, row) for place, row in enumerate(rows(self.cleaned_data["bids"]))]
        return {"ceiling": self.cleaned_data["ceiling"], "bids": bids}

    def _bid(self, place: int, row: list[str]) -> dict[str, Any]:
        made: dict[str, Any] = {"id": cell(row, 0), "price": cell(row, 1)}
        if cell(row, 2):
            made["labour"] = cell(row, 2)
        if cell(row, 3):
            post = {"count": _count(cell(row, 3), f"$.bids[{place}].posts[0].count"), "monthly_floor": cell(row, 4)}
            made |= {"posts": [post], "months": _count(cell(row, 5), f"$.bids[{place}].months")}
        contacts = [one.strip() for one in cell(row, 6).split("/") if one.strip()]
        return made | {"contacts": contacts, "bank": cell(row, 7), "author": cell(row, 8)}


def _count(text: str, path: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise Problem("type", path, _("“%s”应是整数。") % text[:20])
    return int(text[:9])


WHICH = [
    ("working", gettext_lazy("工作日（按国家放假安排）")),
    ("weekdays", gettext_lazy("周一至周五")),
    ("all", gettext_lazy("每天")),
]


class Rota(Calculation):
    first = _day(gettext_lazy("从哪天"))
    last = _day(gettext_lazy("到哪天"))
    which = forms.ChoiceField(label=gettext_lazy("哪些日子值班"), choices=WHICH)
    per_day = forms.IntegerField(
        label=gettext_lazy("每天几位"), min_value=1, max_value=20, initial=2, help_text=gettext_lazy("同一天的专家来自不同单位。")
    )  # fmt: skip
    rest_days = forms.IntegerField(
        label=gettext_lazy("两次之间至少隔几天"), min_value=0, max_value=60, initial=3,
        help_text=gettext_lazy("按日历天数，同一位专家。"),
    )  # fmt: skip
    seed = forms.IntegerField(
        label=gettext_lazy("种子"), min_value=0, max_value=2**31 - 1, initial=1,
        help_text=gettext_lazy("决定同样公平的排法里用哪一种。随排班表公布，谁都能重排一遍。"),
    )  # fmt: skip
    experts = _table(
        gettext_lazy("专家"),
        gettext_lazy(
            "一行一位：姓名或编号，最多几次（可空着），单位，不在的日子（多个用 / 分开，如 2026-12-01/2026-12-02）。可从表格里直接复制。"
        ),
    )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        if first and last and not 0 <= (last - first).days < LONGEST_ROTA:
            self.add_error("last", _("到哪天要在从哪天之后，一次最多排 %(days)s 天。") % {"days": LONGEST_ROTA})
        return found

    def document(self) -> dict[str, Any]:
        found = self.cleaned_data
        experts = [self._expert(place, row) for place, row in enumerate(rows(found["experts"]))]
        made = {"experts": experts, "days": [day.isoformat() for day in self._days()]}
        return made | {name: found[name] for name in ("per_day", "rest_days", "seed")}

    def _days(self) -> list[datetime.date]:
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        days = [first + datetime.timedelta(days=gone) for gone in range((last - first).days + 1)]
        if self.cleaned_data["which"] == "weekdays":
            return [day for day in days if day.isoweekday() <= 5]
        if self.cleaned_data["which"] == "working":
            known = calendar()
            return [day for day in days if known.is_working_day(day)]
        return days

    def _expert(self, place: int, row: list[str]) -> dict[str, Any]:
        away = [one.strip() for one in cell(row, 3).split("/") if one.strip()]
        made: dict[str, Any] = {"id": cell(row, 0), "org": cell(row, 2), "away": away}
        return made | ({"max": _count(cell(row, 1), f"$.experts[{place}].max")} if cell(row, 1) else {})


class Score(Calculation):
    standard = _table(gettext_lazy("标准"), gettext_lazy("YAML 或 JSON，写法见评定标准页。"), 10)
    facts = _table(
        gettext_lazy("事实"),
        gettext_lazy(
            "CSV，第一行是列名：id,kind,subject,quantity,occurred_on,recorded_on,valid_until,trust,superseded_by,disputed。"
        ),
    )
    explain = forms.CharField(
        label=gettext_lazy("只说明一个对象"), required=False, max_length=80, help_text=gettext_lazy("写对象编号，得分逐项列到事实。")
    )  # fmt: skip

    def document(self) -> dict[str, Any]:
        try:
            standard = document.load_yaml(self.cleaned_data["standard"].encode())
        except Problem as problem:
            raise Problem(problem.code, "$.standard", problem.message) from None
        made: dict[str, Any] = {"standard": standard, "facts": self._facts()}
        return made | ({"explain": self.cleaned_data["explain"]} if self.cleaned_data["explain"] else {})

    def _facts(self) -> list[dict[str, Any]]:
        try:
            found = list(csv.DictReader(io.StringIO(self.cleaned_data["facts"].strip())))
        except csv.Error:
            raise Problem("type", "$.facts", _("事实读不成表格。每行的列数要和第一行一样，用逗号分开。")) from None
        for place, row in enumerate(found):
            if None in row or None in row.values():
                raise Problem("type", f"$.facts[{place}]", _("列数和第一行不一样，请检查逗号。"))
        return [_fact(row) for row in found]


def _fact(row: dict[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = dict(row)
    word = row.get("disputed", "").strip().lower()
    if word in ("true", "1", "yes", "t"):
        made["disputed"] = True
    elif word in ("false", "0", "no", "f", ""):
        made.pop("disputed", None)
    return made


class Raw(forms.Form):
    """The document itself, as JSON."""

    json = forms.CharField(
        label=gettext_lazy("JSON 文档"), max_length=2_000_000, strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "wx-mono", "spellcheck": "false"}),
    )  # fmt: skip
