"""Handing papers out to those who may see their case; checking one in hand; the office's templates."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wuxie.kernel import labels
from wuxie.kernel.calc.problems import Problem

from . import actions, forms, intake, registry, store, word
from .models import Attachment, Document, Void, WordTemplate
from .visibility import may_see

#: Who edits the office's templates.
EDITOR = "association_secretariat"


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


def _send(content: bytes, mime: str, name: str, *, attached: bool) -> HttpResponse:
    """A private answer that a browser neither guesses at nor keeps."""
    response = HttpResponse(content, content_type=mime)
    response.headers["Content-Disposition"] = content_disposition_header(attached, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


@require_GET
def attachment(request: HttpRequest, pk: str) -> HttpResponse:
    """One file of a case. Of a picture the clean copy goes out, never what the camera wrote."""
    found = get_object_or_404(Attachment, pk=pk)
    if not may_see(_actor(request), found.case):
        raise Http404
    if found.is_picture:
        stem = found.title.rpartition(".")[0]
        return _send(_stored(found.public_sha256), "image/jpeg", f"{stem}.jpg", attached=False)
    return _send(_stored(found.sha256), found.mime, found.title, attached=True)


def _stored(name: str) -> bytes:
    """The content, or "not found": a changed file is never handed out as if it were the one."""
    try:
        return store.get(name)
    except (FileNotFoundError, store.Swapped) as gone:
        raise Http404 from gone


@require_GET
def document(request: HttpRequest, pk: str) -> HttpResponse:
    """An issued paper as PDF, or as Word with ``?as=word``."""
    found = get_object_or_404(Document, pk=pk)
    if not may_see(_actor(request), found.case):
        raise Http404
    if request.GET.get("as") == "word":
        try:
            return _send(word.word_of(found), intake.DOCX, f"{found.label} {found.number}.docx", attached=True)
        except Problem as problem:
            messages.error(request, problem.message)
            return redirect("papers:templates") if _actor(request).holds(EDITOR) else redirect(found)
    try:
        content = actions.printed(found)
    except (FileNotFoundError, store.Swapped) as gone:
        raise Http404 from gone
    return _send(content, "application/pdf", f"{found.label} {found.number}.pdf", attached=False)


@require_GET
def check(request: HttpRequest, code: str) -> HttpResponse:
    """What anybody learns who holds a paper and types its code: that it was issued, when, and whether it still stands."""
    found = Document.objects.filter(check_code=code.upper()).first()
    void = Void.objects.filter(document=found).first() if found else None
    context = {"document": found, "void": void, "code": code.upper()[:16], "title": _("文书验真")}
    response = render(request, "papers/check.html", context, status=200 if found else 404)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_GET
def templates(request: HttpRequest) -> HttpResponse:
    """The papers of the office and their Word templates."""
    _editor(request)
    kept: dict[str, WordTemplate] = {}
    for one in WordTemplate.objects.order_by("pk"):
        kept[one.code] = one
    rows = [(paper, kept.get(paper.code), word.names_for(paper)) for paper in registry.all_papers()]
    return render(request, "papers/templates.html", {"title": _("文书模板"), "rows": rows, "form": forms.Template()})


@require_GET
def template(request: HttpRequest, code: str) -> HttpResponse:
    """The template in use, to edit it in Word."""
    _editor(request)
    paper = _paper(code)
    return _send(word.template_of(code), intake.DOCX, f"{paper.label}-模板.docx", attached=True)


@require_POST
def save_template(request: HttpRequest, code: str) -> HttpResponse:
    _editor(request)
    paper = _paper(code)
    form = forms.Template(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("请选一个 Word 文件。"))
        return redirect("papers:templates")
    file = form.cleaned_data["file"]
    try:
        word.save_template(code, file.read(), file.name, by=_actor(request).key)
        messages.success(request, _("“%(label)s”以后用这份模板。") % {"label": labels.said(paper.label)})
    except Problem as problem:
        messages.error(request, problem.message)
    return redirect("papers:templates")


def _editor(request: HttpRequest) -> None:
    if not _actor(request).holds(EDITOR):
        raise Http404


def _paper(code: str) -> registry.Paper:
    try:
        return registry.get(code)
    except LookupError as unknown:
        raise Http404 from unknown
