"""The library of duties and hazards, one version a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from wuxie.kernel import labels
from wuxie.kernel.clock.now import local
from wuxie.web.asking import acting
from wuxie.web.cells import Chip

from .. import library
from ..models import Library
from ..words import Area, Equipment, Event, Every, Level, Scope
from .common import labels_of, reading_words


@login_required
def newest(request: HttpRequest) -> HttpResponse:
    """The version that new lists are drawn from."""
    found = Library.objects.visible_to(acting(request)).newest()
    if found is None:
        raise Http404
    return _page(request, found)


@login_required
def version(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(Library.objects.visible_to(acting(request)), pk=pk))


def _page(request: HttpRequest, found: Library) -> HttpResponse:
    others = Library.objects.visible_to(acting(request)).exclude(pk=found.pk)
    document = library.in_words(found.document)
    versions = [
        {"text": f"{labels.said(one.label)} {one.version}", "url": one.get_absolute_url()} for one in others[:20]
    ]
    posts = [post for scope in Scope for post in library.posts(document, scope)]
    sections = [_post(post) for post in posts] + [_hazards(document["hazards"], posts)]
    if versions:
        sections.append({"title": _("其他版本"), "rows": versions})
    context = {
        "title": labels.said(found.label), "lead": _("版本 %(version)s") % {"version": found.version},
        "pairs": [
            (_("岗位"), len(posts)), (_("职责"), sum(len(post.duties) for post in posts)),
            (_("发布时间"), local(found.published_at).strftime("%Y-%m-%d %H:%M")), (_("摘要"), found.sha256),
            (_("读数上下限"), _("常用默认值，启用前由企业按设备铭牌核定")),
        ],
        "sections": sections,
    }  # fmt: skip
    return render(request, "web/record.html", context)


def _post(post: library.PostSpec) -> dict[str, Any]:
    notes = [post.certificate and _("持%(what)s") % {"what": post.certificate}]
    if post.needs:
        notes.append(_("有%(what)s的小区才有") % {"what": labels_of(Equipment, post.needs)})
    title = "　".join([post.label, *(note for note in notes if note)])
    return {"title": title, "rows": [_duty(duty) for duty in post.duties], "empty": ""}


def _duty(duty: library.DutySpec) -> dict[str, Any]:
    when = str(Event(duty.event).label) if duty.event else str(Every(duty.every).label)
    notes = [duty.code, _("防%(what)s") % {"what": duty.averts}, duty.basis]
    if duty.needs:
        notes.append(_("要有%(what)s") % {"what": labels_of(Equipment, duty.needs)})
    notes += [reading_words(row) for row in duty.readings]
    return {"text": duty.text, "note": " · ".join(notes), "chip": Chip(when, "blue")}


def _hazards(document: Mapping[str, Any], posts: list[library.PostSpec]) -> dict[str, Any]:
    people = {post.code: post.label for post in posts} | document["others"]
    rows = []
    for row in document["hazards"]:
        term = _("%(n)s 小时内控制") % {"n": row["hours"]} if "hours" in row else _("%(n)s 天内改") % {"n": row["days"]}
        checks = "、".join(people[one] for one in row["verifier"])
        note = _("%(fixer)s改，%(checks)s复核") % {"fixer": people[row["fixer"]], "checks": checks}
        parts = [row["id"], str(Area(row["area"]).label), term, row["interim"], note, row.get("basis", "")]
        rows.append({
            "text": row["label"], "note": " · ".join(part for part in parts if part),
            "chip": Chip(labels_of(Level, row["levels"]), "red" if row["levels"] == ["major"] else "amber"),
        })  # fmt: skip
    return {"title": document["label"], "rows": rows, "empty": ""}
