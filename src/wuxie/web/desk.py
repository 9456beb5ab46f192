"""The desk: what must I do today, what is late, on whom do I wait, what changed?"""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.counting import counted
from wuxie.kernel.places.models import under
from wuxie.kernel.workflow.desk import Desk, Due, Order, Row, View, desk, turns_in, turns_of
from wuxie.kernel.workflow.models import Turn
from wuxie.kernel.workflow.table import workflows

from . import area, nav
from .asking import acting
from .pages.holidays import warning
from .tables import Column, Filter, Table, TablePage

#: Rows of one group that are shown at once; the others stand folded under them.
MOST = 8

#: What a desk can be narrowed by and ordered by; the same parameters as on every list.
MATTERS = Table(
    "desk",
    gettext_lazy("工作台"),
    columns=[
        Column(Order.DUE, gettext_lazy("按期限"), sort="due_at"),
        Column(Order.RECEIVED, gettext_lazy("按收到时间"), sort="since"),
    ],
    filters=[
        Filter(
            "kind", gettext_lazy("事项"), lambda request: [(one.name, one.label) for one in workflows()], "workflow"
        ),
        Filter(
            "due",
            gettext_lazy("期限"),
            [
                (Due.LATE, gettext_lazy("已逾期")),
                (Due.TODAY, gettext_lazy("今天到期")),
                (Due.WEEK, gettext_lazy("本周到期")),
            ],
            where=lambda value: Due(value).rows,
        ),
    ],
)


def lies(code: str) -> Q:
    """Rows of a part of the area; a case that lies nowhere is everybody's and never drops off a desk."""
    return under("case_place", code) | Q(case_place="")


@login_required
def show(request: HttpRequest) -> HttpResponse:
    """Each person lands here after signing in."""
    actor = acting(request)
    view = next((one for one in View if one == request.GET.get("view")), View.MINE)
    shown = TablePage(request, MATTERS, Turn.objects.none())
    column, _backwards = shown.sort
    order = Order(column.name) if column else Order.DUE
    here = area.within(request, Turn)
    narrow = here
    for one in MATTERS.filters:
        if one.name in shown.chosen:
            narrow &= one.condition(shown.chosen[one.name])
    made = desk(actor, view=view, narrow=narrow, order=order)
    context = {
        "desk": made, "groups": _groups(made), "sentence": _sentence(made), "today": today(), "shown": shown,
        "tabs": _tabs(actor, view, narrow, shown), "order": order, "orders": MATTERS.columns,
        "view": _view(view), "reminders": reverse("notify:ways"),
        "nothing": _nothing(view, shown), "elsewhere": _elsewhere(actor, here) if here else "",
        "clear": shown.url(view=_view(view), f_kind="", f_due="") if shown.chosen else "",
        "holiday_warning": warning(request), "cards": nav.cards(request),
    }  # fmt: skip
    return render(request, "web/desk.html", context)


def _view(view: View) -> str:
    """The view as it stands in an address: one's own is the desk itself."""
    return "" if view is View.MINE else view.value


def _tabs(actor: Actor, view: View, narrow: Q, shown: TablePage) -> list[dict[str, object]]:
    """Mine, all that I may see, what I follow: with the number of open cases in each, by the same filters."""
    labels = {View.MINE: _("我的"), View.ALL: _("全部"), View.FOLLOWED: _("我关注的")}
    return [
        {"label": label, "url": shown.url(view=_view(one)), "current": one is view,
         "count": _number(actor, one, narrow, shown)}
        for one, label in labels.items()
    ]  # fmt: skip


def _number(actor: Actor, view: View, narrow: Q, shown: TablePage) -> int:
    """How many cases a view has. Its statement asks after every procedure, so it is kept where nothing but the seats shapes it."""
    if view is View.FOLLOWED or shown.chosen:
        return _cases(turns_in(actor, view).filter(narrow))
    return counted(_viewed, actor, view, area.chosen(shown.request))


def _viewed(actor: Actor, view: View, code: str) -> QuerySet[Turn]:
    return turns_in(actor, view).filter(area.lying(Turn, code)).values("workflow", "case_pk").distinct()


def _elsewhere(actor: Actor, here: Q) -> str:
    """What waits for this person outside the part they look at: a deadline must not get out of sight."""
    rows = turns_of(actor).exclude(here)
    count, late = _cases(rows), _cases(rows.filter(Due.LATE.rows))
    if late:
        return _("别处另有 %(n)s 件等您办，其中 %(late)s 件已逾期。") % {"n": count, "late": late}
    return _("别处另有 %(n)s 件等您办。") % {"n": count} if count else ""


def _nothing(view: View, shown: TablePage) -> str:
    """What an empty view says, and what to do next."""
    if shown.chosen:
        return _("这里没有符合“%(what)s”的事。") % {"what": "、".join(shown.said)}
    if view is View.FOLLOWED:
        return _("还没有关注的事。打开一件事，点右上角的“关注”，它就列在这里。")
    return (
        _("您看得到的事都已办结。")
        if view is View.ALL
        else _("没有等您办的事。“全部”里是您看得到的在办事项，其余从菜单进入。")
    )


def _cases(turns: QuerySet[Turn]) -> int:
    return turns.values("workflow", "case_pk").distinct().count()


def waiting(request: HttpRequest) -> int:
    """How many cases wait for this person: the number beside the desk in the sidebar."""
    return counted(_viewed, acting(request), View.MINE, area.chosen(request))


def _groups(made: Desk) -> list[dict[str, object]]:
    """The groups that have something in them, in the order in which one works."""
    groups: list[tuple[str, str, str, str, list[Row], str]] = [
        ("late", _("已逾期"), "alert-circle", "red", made.late, _("逾期从期满次日起算")),
        ("today", _("今天到期"), "clock", "amber", made.today, ""),
        ("coming", _("接下来"), "", "", made.coming, ""),
        ("waiting", _("等别人"), "hourglass", "", made.waiting, _("快到期时系统会自动提醒对方")),
    ]
    words = ("key", "label", "icon", "tone", "rows", "note")
    shown = [dict(zip(words, group, strict=True)) for group in groups if group[4]]
    for group in shown:
        rows = group["rows"]
        assert isinstance(rows, list)
        group["count"], group["rows"], group["rest"] = len(rows), rows[:MOST], rows[MOST:]
    return shown


def _sentence(made: Desk) -> str:
    """One sentence of counts under the title."""
    parts = []
    if made.late:
        parts.append(_("%(n)s 件逾期") % {"n": len(made.late)})
    if made.today:
        parts.append(_("%(n)s 件今天到期") % {"n": len(made.today)})
    if made.coming:
        parts.append(_("随后还有 %(n)s 件") % {"n": len(made.coming)})
    if made.waiting:
        parts.append(_("另有 %(n)s 件在等别人") % {"n": len(made.waiting)})
    return "，".join(parts) + "。" if parts else _("今天没有到期的事。")
