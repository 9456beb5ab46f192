"""Holiday arrangements: which years are here, and bringing in another: look at what changes, then confirm."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wuxie.kernel.access.who import seated
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock import actions, tables
from wuxie.kernel.clock.days import Calendar
from wuxie.kernel.clock.models import HolidayYear
from wuxie.kernel.clock.now import local, today
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.kernel.workflow.deadlines import moved_by
from wuxie.kernel.workflow.models import Turn

from ..asking import acting, require, sent
from .holidays_forms import Arrangement

office = seated(gettext_lazy("协会秘书处"), "association_secretariat")
readers = seated(gettext_lazy("协会秘书处、会长"), *ASSOCIATION)
SALT = "wuxie.holidays"
#: What was looked at may be confirmed for so long.
FRESH = datetime.timedelta(hours=12)
#: Deadlines listed by name in the preview; the others are counted.
MOST = 50


def warning(request: HttpRequest) -> str:
    """Which year's table is missing, as one sentence for those who can mend it; empty if none is."""
    if not readers.test(acting(request), None):
        return ""
    years = "、".join(str(year) for year in tables.missing(today()))
    return (
        _("还没有 %(years)s 年的放假安排。涉及该年的期限按周一至周五暂算，请导入国务院办公厅的通知。")
        % {"years": years}
        if years
        else ""
    )


@login_required
@require_safe
def years(request: HttpRequest) -> HttpResponse:
    """Every year that has a table, the newest first, with its source and who brought it."""
    require(readers, request)
    brought = {row.year: row for row in HolidayYear.objects.order_by("pk")}
    shipped = tables.packaged()
    rows = []
    for year in sorted(tables.calendar().years, reverse=True):
        days, row = tables.in_force(year), brought.get(year)
        off = sum(days.values())
        rows.append({
            "text": _("%(year)s 年") % {"year": year},
            "note": " · ".join(filter(None, [
                _("放假 %(off)s 天，调休上班 %(worked)s 天") % {"off": off, "worked": len(days) - off},
                (row.source if row else shipped.get(year, {}).get("source", "")),
                _("%(who)s 导入于 %(at)s") % {"who": row.imported_name or row.imported_by, "at": f"{local(row.imported_at):%Y-%m-%d}"}
                if row else _("随程序附带"),
            ])),
        })  # fmt: skip
    may = office.test(acting(request), None)
    return render(request, "web/pages/holidays.html", {
        "title": _("放假安排"), "lead": _("工作日期限按这里的放假和调休计算。没有安排的年份按周一至周五和法定节日暂算。"),
        "sections": [{"title": _("已有的年份"), "rows": rows, "empty": _("还没有放假安排。")}],
        "holiday_warning": warning(request),
        "acts": [{"label": _("导入一年"), "url": reverse("pages:holidays_new"), "icon": "plus", "primary": True}] if may else [],
    })  # fmt: skip


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Take a year; once it is whole, show what it changes instead of writing it."""
    require(office, request)
    missing = tables.missing(today())
    form = Arrangement(
        sent(request), request.FILES or None, initial={"year": missing[0] if missing else today().year + 1}
    )
    if request.method == "POST" and form.is_valid():
        return _preview(request, form.cleaned_data["table"])
    context = {
        "form": form, "title": _("导入放假安排"), "send": _("看看会变什么"),
        "after": _("先列出变动的日子和会移动的期限，核对后才写入。"), "back": reverse("pages:holidays"),
        "crumbs": [(_("放假安排"), reverse("pages:holidays"))],
    }  # fmt: skip
    return render(request, "web/form.html", context, status=422 if form.errors else 200)


def _preview(request: HttpRequest, table: dict[str, Any]) -> HttpResponse:
    context = {
        "title": _("核对 %(year)s 年放假安排") % {"year": table["year"]}, "table": table, "changes": _changes(table),
        "signed": signing.dumps(table, salt=SALT, compress=True), "known": bool(tables.in_force(table["year"])),
        "crumbs": [(_("放假安排"), reverse("pages:holidays")), (_("导入放假安排"), reverse("pages:holidays_new"))],
        "off": sum(day["isOffDay"] for day in table["days"]), **_moves(tables.with_year(table)),
    }  # fmt: skip
    context["worked"] = len(table["days"]) - context["off"]
    return render(request, "web/pages/holidays_check.html", context)


def _changes(table: dict[str, Any]) -> list[tuple[datetime.date, str, str, str]]:
    """Days whose entry differs from what counts now: day, name, before, after."""
    before = tables.in_force(table["year"])
    after = {datetime.date.fromisoformat(day["date"]): day["isOffDay"] for day in table["days"]}
    names = {datetime.date.fromisoformat(day["date"]): day["name"] for day in table["days"]}
    words = {None: _("未列"), True: _("放假"), False: _("上班")}
    return [
        (day, names.get(day, ""), words[before.get(day)], words[after.get(day)])
        for day in sorted(before.keys() | after.keys())
        if before.get(day) != after.get(day)
    ]


def _moves(calendar: Calendar) -> dict[str, Any]:
    """The open periods that would end on another day, with the name of their case; two queries."""
    moved = moved_by(calendar)
    cases = {(row.workflow, row.case_pk) for row, _due in moved}
    titles = {
        (turn.workflow, turn.case_pk): turn.title
        for turn in Turn.objects.filter(case_pk__in={pk for _name, pk in cases})
    }
    rows = [(row.label, titles.get((row.workflow, row.case_pk), ""), row.due_on, due) for row, due in moved[:MOST]]
    return {"moves": rows, "moved": len(moved), "more": max(len(moved) - MOST, 0)}


@require_POST
@login_required
def confirm(request: HttpRequest) -> HttpResponse:
    """Write exactly what was looked at, by the verb that the command uses too."""
    require(office, request)
    try:
        table = signing.loads(request.POST.get("table", ""), salt=SALT, max_age=FRESH)
        actor = acting(request)
        year = actions.import_year(table, by=actor.key, by_name=actor.name)
    except signing.BadSignature:
        messages.error(request, _("核对页已过期或不完整，没有写入。请重新填写并核对。"))
        return redirect("pages:holidays_new")
    except Problem as wrong:
        messages.error(request, wrong.message)
        return redirect("pages:holidays_new")
    messages.success(request, _("已导入 %(year)s 年放假安排，暂算的期限已重算。") % {"year": year.year})
    return redirect("pages:holidays")
