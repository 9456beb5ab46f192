"""The desk: what must I do today, what is late, on whom do I wait, what changed?"""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.workflow.desk import Desk, Row, View, desk, turns_in, turns_of
from wuxie.kernel.workflow.models import Turn

from .asking import acting
from .pages.holidays import warning

#: Rows of one group that are shown at once; the others stand folded under them.
MOST = 8


@login_required
def show(request: HttpRequest) -> HttpResponse:
    """Each person lands here after signing in."""
    actor = acting(request)
    view = next((one for one in View if one == request.GET.get("view")), View.MINE)
    made = desk(actor, view=view)
    context = {
        "desk": made, "groups": _groups(made), "sentence": _sentence(made), "today": today(), "tabs": _tabs(actor, view),
        "nothing": _nothing(view), "holiday_warning": warning(request),
    }  # fmt: skip
    return render(request, "web/desk.html", context)


def _tabs(actor: Actor, view: View) -> list[dict[str, object]]:
    """Mine, all that I may see, what I follow: with the number of open cases in each."""
    labels = {View.MINE: _("我的"), View.ALL: _("全部"), View.FOLLOWED: _("我关注的")}
    return [
        {"label": label, "url": reverse("desk") + ("" if one is View.MINE else f"?view={one}"), "current": one is view,
         "count": _cases(turns_in(actor, one))}
        for one, label in labels.items()
    ]  # fmt: skip


def _nothing(view: View) -> str:
    """What an empty view says, and what to do next."""
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
    return _cases(turns_of(request.actor))  # type: ignore[attr-defined]


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
