"""What a calculator refuses, in the words of its form: whoever fills in a page has seen neither JSON nor its keys."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.calc.problems import Problem

#: A key, and the list whose rows it belongs to if others call it otherwise: the column as the help under the field names it.
COLUMNS = {
    ("units", "id"): gettext_lazy("户号"), ("meters", "id"): gettext_lazy("表号"), ("experts", "id"): gettext_lazy("姓名或编号"),
    ("bids", "id"): gettext_lazy("编号"), ("meters", "price"): gettext_lazy("实收单价"), ("bids", "price"): gettext_lazy("报价"),
    "area": gettext_lazy("专有面积"), "owner": gettext_lazy("业主"), "choice": gettext_lazy("表决"), "status": gettext_lazy("状态"),
    "balance": gettext_lazy("账户余额"), "kwh": gettext_lazy("电量"), "class": gettext_lazy("用电类别"), "allowed": gettext_lazy("目录电价"),
    "labour": gettext_lazy("人工费总额"), "count": gettext_lazy("岗位人数"), "monthly_floor": gettext_lazy("每人每月法定最低用工成本"),
    "months": gettext_lazy("服务月数"), "org": gettext_lazy("单位"), "max": gettext_lazy("最多几次"), "away": gettext_lazy("不在的日子"),
}  # fmt: skip
ROW = re.compile(r"\$\.(?P<rows>\w+)\[(?P<place>\d+)\]")
KEY = re.compile(r"(?P<key>\w+)(?:\[\d+\])?$")


def row_of(problem: Problem) -> int | None:
    """The row of a pasted table that has to be mended, counted from one."""
    found = ROW.match(problem.path)
    return int(found["place"]) + 1 if found else None


def _name(problem: Problem, form: forms.Form) -> str:
    """The column or field that a path stands for; nothing where the page has no such thing."""
    found = KEY.search(problem.path)
    key = found["key"] if found else ""
    if row := ROW.match(problem.path):
        return str(COLUMNS.get((row["rows"], key)) or COLUMNS.get(key, ""))
    return str(form.fields[key].label) if key in form.fields else ""


def in_words_of(form: forms.Form, problem: Problem) -> str:
    """The sentence without path, quotation marks and brackets; nothing where the form has no name for what is wrong."""
    message, name = problem.message, _name(problem, form)
    if not name:
        return ""
    if problem.code == "missing":
        return _("没有填“%(name)s”，请补上。") % {"name": name}
    for written, said in ((problem.path, f"“{name}”"), ("应是写在引号里的数，例如 \"89.50\"", _("要是数字，例如 89.50")),
                          ("应是文字，写在引号里", _("要填写")), ("，不加引号", "")):  # fmt: skip
        message = message.replace(written, said)
    return message
