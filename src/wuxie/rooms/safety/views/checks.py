"""What was done: one check with its evidence, the day's sheet of a project, and letting a duty be."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel import labels
from wuxie.kernel.clock.now import local, now, today
from wuxie.kernel.papers.models import Attachment
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cells import Chip
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import queries, rules
from ..actions import waivers
from ..forms import WaiveForm
from ..models import Check, Instance
from ..words import Doubt
from .common import hours, state_chip
from .lists import fetch

TONES = {
    Check.Standing.ON_TIME: "green", Check.Standing.LATE: "amber", Check.Standing.MISSED: "red", Check.Standing.DOUBTED: "red",
    Check.Standing.CONFLICT: "amber",
}  # fmt: skip


def _moment(moment: datetime.datetime) -> str:
    return local(moment).strftime("%Y-%m-%d %H:%M:%S")


@login_required
def check(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One check: both clocks, readings against their limits, photos, why it is doubted, and what else was sent for the duty."""
    rows = Check.objects.visible_to(acting(request)).select_related(
        "instance__duty__list_post__post", "instance__project__estate", "spot"
    )
    found = get_object_or_404(rows, pk=pk)
    project = found.instance.project
    day = local(found.instance.closes_at - datetime.timedelta(seconds=1)).date()
    place = str(found.spot) if found.spot else _("没有扫地点码")
    photos = Attachment.objects.on(found.case).order_by("title")
    others = found.instance.checks.exclude(pk=found.pk)
    context: dict[str, Any] = {
        "title": labels.said(found.instance.duty), "lead": f"{project.estate.name} · {labels.said(found.instance.duty.list_post)}",
        "chip": Chip(str(found.get_standing_display()), TONES[Check.Standing(found.standing)]),
        "crumbs": [(_("当天清单"), reverse("safety:sheet", args=[project.pk, day.isoformat()]))],
        "pairs": [
            (_("谁做的"), found.signed_name + (_("（替岗）") if found.substitute else "")), (_("应做时间"), hours(found.instance)),
            (_("做完（手机时间）"), _moment(found.done_at)), (_("发送（手机时间）"), _moment(found.sent_at)),
            (_("收到（服务器时间）"), _moment(found.received_at)),
            (_("手机时钟"), _("不准，按服务器折算为 %(at)s") % {"at": _moment(found.happened_at)} if found.clock_off else _("准")),
            (_("地点"), place), (_("结果"), found.get_outcome_display()), (_("说明"), found.words), (_("证据"), found.get_verdict_display()),
            (_("存疑的理由"), "；".join(str(Doubt(one).label) for one in found.reasons)), (_("内容摘要"), found.body_sha256),
        ],
        "sections": [
            {"title": _("读数"), "rows": [_reading(row) for row in found.readings], "empty": _("没有读数。")},
            {"title": _("照片"), "rows": [_photo(photo, place, found) for photo in photos], "empty": _("没有照片。")},
            {"title": _("同一件的其他记录"), "rows": [_other(row) for row in others], "empty": _("没有。")},
        ],
    }  # fmt: skip
    return render(request, "web/record.html", context)


def _reading(row: dict[str, str]) -> dict[str, Any]:
    over = row.get("beyond")
    chip = Chip(_("超出 %(n)s") % {"n": over}, "red") if over else Chip(_("正常"), "green")
    return {"text": f"{labels.said(row['name'])} {row['value']} {labels.said(row['unit'])}", "chip": chip}


def _photo(photo: Attachment, place: str, found: Check) -> dict[str, Any]:
    camera = _("相机时间 %(at)s") % {"at": photo.taken_at} if photo.taken_at else _("相机没写时间")
    note = " · ".join([place, _moment(found.done_at), camera, photo.sha256])
    return {"text": photo.title, "note": note, "url": photo.get_absolute_url()}


def _other(row: Check) -> dict[str, Any]:
    chip = Chip(str(row.get_standing_display()), TONES[Check.Standing(row.standing)])
    return {"text": row.signed_name, "note": _moment(row.done_at), "url": row.get_absolute_url(), "chip": chip}


def _first(row: Any) -> Check | None:
    """The check that settled a duty, else the one that came last."""
    found: list[Check] = list(row.checks.all())
    settled = [one for one in found if one.standing in (Check.Standing.ON_TIME, Check.Standing.LATE)]
    return (settled or found or [None])[0]


def _of_check(name: str) -> Any:
    return lambda row: str(getattr(_first(row), name, "") or "")


def _having(**known: Any) -> Q:
    """Duties for which a check of this sort came in."""
    return Q(pk__in=Check.objects.filter(**known).order_by().values("instance"))


SHEET = Table(
    "duty_sheet",
    gettext_lazy("当天清单"),
    columns=[
        Column(
            "duty.text", gettext_lazy("职责"), text=lambda row: labels.said(row.duty), kind="name",
            link=lambda row: one.get_absolute_url() if (one := _first(row)) else "",
        ),
        Column("post", gettext_lazy("岗位"), text=lambda row: labels.said(row.duty.list_post), sort="duty__list_post__label"),
        Column("state", gettext_lazy("状态"), text=state_chip, kind="state"),
        Column("hours", gettext_lazy("时间"), text=hours, sort="closes_at"),
        Column("who", gettext_lazy("谁做的"), text=_of_check("signed_name")),
        Column("at", gettext_lazy("做完"), text=lambda row: local(one.happened_at).strftime("%m-%d %H:%M") if (one := _first(row)) else ""),
        Column("count", gettext_lazy("记录数"), text=lambda row: str(len(row.checks.all())), align="right"),
        Column("evidence", gettext_lazy("证据摘要"), text=_of_check("body_sha256")),
    ],
    search=["duty__text", "duty__list_post__label"],
    search_label=gettext_lazy("职责、岗位"),
    segments=[
        Segment("redo", gettext_lazy("要重做"), Q(state=Instance.State.SUSPICIOUS)),
        Segment("abnormal", gettext_lazy("有异常"), _having(outcome=Check.Outcome.ABNORMAL)),
        Segment("conflict", gettext_lazy("有几份记录"), _having(standing=Check.Standing.CONFLICT)),
        Segment("clock", gettext_lazy("手机时钟不准"), _having(clock_off=True)),
    ],
    filters=[Filter("state", gettext_lazy("状态"), Instance.State.choices, "state")],
    order=["closes_at"],
    related=["duty__list_post__post"],
    export=True,
    empty=gettext_lazy("这一天没有到期的职责。"),
)  # fmt: skip


def _with_waiving(table: Table) -> Table:
    """For whoever may let a duty be: the name of one that is still open leads there."""

    def link(row: Any) -> str:
        done = _first(row)
        if done or row.state not in waivers.OPEN or row.closes_at <= now():
            return done.get_absolute_url() if done else ""
        return reverse("safety:waive", args=[row.pk])

    return replace(table, columns=[replace(table.columns[0], link=link), *table.columns[1:]])


@login_required
def sheet(request: HttpRequest, pk: int, day: str) -> HttpResponse:
    """Every duty of a project whose time ended on a day, each with the hash of its evidence."""
    found = fetch(request, pk)
    try:
        date = datetime.date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    rows = queries.ended_on(date).filter(project=found).prefetch_related("checks")
    table = _with_waiving(SHEET) if rules.company_of.test(acting(request), found) else SHEET
    return table_page(
        request, table, rows, template="web/list.html", lead=f"{found.estate.name} · {date}",
        crumbs=[(found.estate.name, reverse("safety:project", args=[found.pk]))],
    )  # fmt: skip


@login_required
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    """The company answers for it that a duty need not be done this time."""
    rows = Instance.objects.visible_to(acting(request)).select_related("duty", "project__estate")
    found = get_object_or_404(rows, pk=pk)
    require(rules.company_of, request, found)
    here = reverse("safety:sheet", args=[found.project_id, today().isoformat()])
    return ask(
        request, WaiveForm(sent(request)), lambda **known: waivers.waive(found, by=acting(request), **known), then=here,
        said=_("这一件免做，理由已记下。"), title=_("免做：%(text)s") % {"text": labels.said(found.duty)}, send=_("批准免做"), back=here,
        crumbs=[(found.project.estate.name, reverse("safety:project", args=[found.project_id]))],
        lead=hours(found), after=_("免做的不算应履职，理由和批准人留在当天清单上。"),
    )  # fmt: skip
