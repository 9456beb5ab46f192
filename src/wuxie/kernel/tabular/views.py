"""The pages of an import: choose a file, match headings, check, write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.once.pages import go_once

from . import actions, forms, headings, registry, shown
from .export import rows_response
from .headings import Layout
from .models import Upload

FLAWS_A_PAGE = 20
ROWS_A_PAGE = 50
STAGES = ("选文件", "对列名", "核对", "写入")


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _import(request: HttpRequest, name: str) -> registry.Import:
    """The import, if this person may use it; a stranger learns nothing."""
    found = registry.get(name)
    if found is None or not found.may(_actor(request)):
        raise Http404
    return found


def _own(request: HttpRequest, pk: str) -> Upload:
    upload = get_object_or_404(Upload.objects.visible_to(_actor(request)), pk=pk)
    _import(request, upload.name)
    return upload


def _page(request: HttpRequest, template: str, stage: int, **context: Any) -> HttpResponse:
    stages = [(_(label), "done" if n < stage else "now" if n == stage else "") for n, label in enumerate(STAGES)]
    response = render(request, template, {"stages": stages, **context})
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _crumbs(one: registry.Import | None = None) -> list[tuple[str, str]]:
    start = (_("数据导入"), reverse("imports:start"))
    return [start] if one is None else [start, (str(one.label), reverse("imports:choose", args=[one.name]))]


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """What may be imported, and the files on their way."""
    actor = _actor(request)
    if actor.person_id is None:
        raise Http404
    context = {
        "title": _("数据导入"),
        "offered": registry.offered_to(actor),
        "uploads": Upload.objects.visible_to(actor)[:20],
    }
    return _page(request, "tabular/start.html", 0, **context)


def choose(request: HttpRequest, name: str) -> HttpResponse:
    """Take the file."""
    one = _import(request, name)
    form = forms.Choose(request.POST, request.FILES) if request.method == "POST" else forms.Choose()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            return go_once(
                request, lambda: actions.receive(file.read(), file.name, name, by=_actor(request)), lambda made: made
            )
        except Problem as problem:
            form.add_error("file", problem.message)
    status = 422 if form.errors else 200
    response = _page(request, "tabular/choose.html", 0, one=one, form=form, title=one.label, crumbs=_crumbs())
    response.status_code = status
    return response


@require_GET
def template(request: HttpRequest, name: str) -> HttpResponse:
    """An empty sheet with our own headings and one line as an example."""
    one = _import(request, name)
    columns = one.sheet.columns
    example = [[column.example for column in columns]] if any(column.example for column in columns) else []
    return rows_response(_("%(label)s模板") % {"label": one.label}, [str(column.label) for column in columns], example)


@require_GET
def upload(request: HttpRequest, pk: str) -> HttpResponse:
    """Where a file stands."""
    found = _own(request, pk)
    one = _import(request, found.name)
    job = found.job
    if job is not None or found.state == Upload.State.RECEIVED:
        return _page(
            request, "tabular/waiting.html", 2, upload=found, one=one, job=job, crumbs=_crumbs(one), title=found.title
        )
    if found.state == Upload.State.HEADINGS:
        return redirect("imports:headings", pk=pk)
    if found.state == Upload.State.CHECKED:
        try:
            return _check_page(request, found, one)
        except Problem as problem:
            return _gone(request, found, one, problem)
    return _page(request, "tabular/ended.html", 4, upload=found, one=one, crumbs=_crumbs(one), title=found.title)


def _gone(request: HttpRequest, found: Upload, one: registry.Import, problem: Problem) -> HttpResponse:
    """The file behind an upload is no longer there: say so, and how to go on."""
    found.state, found.problem = Upload.State.FAILED, problem.message
    response = _page(request, "tabular/ended.html", 4, upload=found, one=one, crumbs=_crumbs(one), title=found.title)
    response.status_code = 410
    return response


def match(request: HttpRequest, pk: str) -> HttpResponse:
    """Say what each heading means."""
    found = _own(request, pk)
    one = _import(request, found.name)
    if not found.is_open or found.job:
        return redirect(found)
    try:
        grids = actions.load(found)
    except Problem as problem:
        return _gone(request, found, one, problem)
    listed = headings.list_headings(grids, Layout.from_dict(found.layout))
    form = forms.Match(one.sheet, listed, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.match(found, form.matched, by=_actor(request))
            return redirect(found)
        except Problem as problem:
            form.add_error(None, problem.message)
    masks = {column.field: column.mask for column in one.sheet.columns}
    lines = [
        (heading, field, shown.mask(heading.sample, masks.get(heading.field, ""))) for heading, field in form.lines
    ]
    context = {"upload": found, "one": one, "form": form, "lines": lines, "crumbs": _crumbs(one), "title": _("对列名"),
               "missing": Layout.from_dict(found.layout).missing(one.sheet)}  # fmt: skip
    return _page(request, "tabular/headings.html", 1, **context)


def _check_page(request: HttpRequest, found: Upload, one: registry.Import) -> HttpResponse:
    opened = shown.Sheetful(found)
    flaws = actions.flaws_of(found)
    reason = request.GET.get("reason", "")
    everything = request.GET.get("view") == "all" or not flaws
    if everything:
        page: Page[Any] = Paginator(opened.numbers(), ROWS_A_PAGE).get_page(request.GET.get("page"))
        by_row: dict[int, list[Any]] = {}
        for flaw in flaws:
            by_row.setdefault(flaw.row, []).append(flaw)
        lines = [opened.line(number, by_row.get(number, ())) for number in page]
    else:
        chosen = [flaw for flaw in flaws if not reason or flaw.group == reason]
        page = Paginator(chosen, FLAWS_A_PAGE).get_page(request.GET.get("page"))
        lines = opened.faulty(list(page))
    context = {
        "upload": found,
        "one": one,
        "title": _("核对：%(label)s") % {"label": one.label},
        "crumbs": _crumbs(one),
        "columns": opened.columns,
        "lines": lines,
        "page": page,
        "everything": everything,
        "reason": reason,
        "reasons": found.reasons,
        "good_rows": found.row_count - found.bad_rows,
        "edits": found.edits.filter(undone=False).count(),
        "previous": _address(request, page.previous_page_number()) if page.has_previous() else "",
        "next": _address(request, page.next_page_number()) if page.has_next() else "",
        "headings": [
            (h.text, h.field, _label(one, h.field)) for h in headings.list_headings(opened.grids, opened.layout)
        ],
        "keep": forms.Keep(),
    }
    return _page(request, "tabular/check.html", 2 if flaws else 3, **context)


def _address(request: HttpRequest, number: int) -> str:
    kept: dict[str, str] = {name: request.GET[name] for name in ("reason", "view") if name in request.GET}
    return f"?{urlencode({**kept, 'page': str(number)})}"


def _label(one: registry.Import, name: str) -> str:
    return str(one.sheet[name].label) if name else ""


def _act(request: HttpRequest, found: Upload, act: Callable[[], str | None]) -> HttpResponse:
    """Do one verb; say what it did or why not; back to where the person was."""
    try:
        said = act()
        if said:
            messages.success(request, said)
    except Problem as problem:
        messages.error(request, problem.message)
    query = request.GET.urlencode()
    return redirect(f"{found.get_absolute_url()}{'?' + query if query else ''}")


@require_POST
def mend(request: HttpRequest, pk: str) -> HttpResponse:
    found, form = _own(request, pk), forms.Mend(request.POST)
    if not form.is_valid():
        messages.error(request, _("这一格没有改：请填一个值。"))
        return redirect(found)
    return _act(request, found, lambda: actions.mend(found, **form.cleaned_data, by=_actor(request)))


def mend_all(request: HttpRequest, pk: str) -> HttpResponse:
    """First a look at what would change, then the change."""
    found = _own(request, pk)
    form = forms.Reason(request.POST or request.GET)
    if not form.is_valid() or found.state != Upload.State.CHECKED:
        return redirect(found)
    group = form.cleaned_data["group"]
    if request.method == "POST":
        done = _("已改好 %(count)s 处。写入前可以撤回。")
        return _act(request, found, lambda: done % {"count": actions.mend_all(found, group, by=_actor(request))})
    flaws = [f for f in actions.flaws_of(found) if f.group == group and actions.offered(f)]
    one = _import(request, found.name)
    rows = shown.Sheetful(found).before_and_after(flaws[:FLAWS_A_PAGE])
    context = {"upload": found, "one": one, "group": group, "rows": rows, "count": len(flaws), "crumbs": _crumbs(one),
               "title": _("一次改好 %(count)s 处") % {"count": len(flaws)}}  # fmt: skip
    return _page(request, "tabular/mend_all.html", 2, **context)


@require_POST
def drop(request: HttpRequest, pk: str) -> HttpResponse:
    found, form = _own(request, pk), forms.Drop(request.POST)
    if not form.is_valid():
        return redirect(found)
    row = form.cleaned_data["row"]

    def act() -> str:
        actions.drop(found, [row], by=_actor(request))
        return _("已去掉第 %(row)s 行。写入前可以撤回。") % {"row": row}

    return _act(request, found, act)


@require_POST
def undo(request: HttpRequest, pk: str) -> HttpResponse:
    found = _own(request, pk)
    return _act(request, found, lambda: actions.undo(found, by=_actor(request)))


@require_POST
def apply(request: HttpRequest, pk: str) -> HttpResponse:
    found = _own(request, pk)

    def act() -> str:
        job = actions.apply(found, by=_actor(request))
        return "" if job else _("已写入 %(count)s 行。") % {"count": f"{found.applied_count:,}"}

    return _act(request, found, act)


@require_POST
def discard(request: HttpRequest, pk: str) -> HttpResponse:
    found = _own(request, pk)

    def act() -> str:
        actions.give_up(found, by=_actor(request))
        return _("已放弃这份文件，什么也没有写入。")

    return _act(request, found, act)


@require_POST
def keep_profile(request: HttpRequest, pk: str) -> HttpResponse:
    found, form = _own(request, pk), forms.Keep(request.POST)
    if not form.is_valid():
        messages.error(request, _("请给方案起个名字。"))
        return redirect(found)

    def act() -> str:
        profile = actions.save_profile(found, form.cleaned_data["title"], by=_actor(request))
        return _("已存为方案“%(title)s”。下次遇到这样的列名会自动对上。") % {"title": profile.title}

    return _act(request, found, act)


@require_GET
def annotated(request: HttpRequest, pk: str) -> HttpResponse:
    """The sheet with its faults written beside the rows; mended, it can be uploaded again as it is."""
    found = _own(request, pk)
    if found.state != Upload.State.CHECKED:
        raise Http404
    headers, rows = shown.annotated(found)
    return rows_response(f"{found.title.rsplit('.', 1)[0]}-批注", headers, rows)
