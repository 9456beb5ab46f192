"""Open calculators: no sign-in, nothing kept; each step with its article, and the same in JSON and on the command line."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wuxie.kernel.calc.documents import parse
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.calc.registry import offered
from wuxie.web.throttle import Limit

from .. import calculators
from ..calculator_forms import Raw
from ..calculator_words import in_words_of, row_of
from .limits import too_often

CALCULATE = Limit("calc", 60, 60)
#: Characters of JSON that a page shows; the interface gives all.
LONGEST = 20_000


def index(request: HttpRequest) -> HttpResponse:
    pages = calculators.all_of_them()
    return render(request, "portal/calculators.html", {"title": _("公开计算器"), "pages": pages})


@require_http_methods(["GET", "HEAD", "POST"])
def calculate(request: HttpRequest, name: str) -> HttpResponse:
    """The form, and below it the answer; ``?mode=json`` takes the document itself."""
    page = next((page for page in calculators.all_of_them() if page.name == name), None)
    if page is None:
        raise Http404
    raw = request.GET.get("mode") == "json"
    form = (Raw if raw else page.form)(request.POST or None)
    context: dict[str, Any] = {
        "title": page.label,
        "page": page,
        "form": form,
        "raw": raw,
        "public_url": settings.PUBLIC_URL,
    }
    if request.method == "POST":
        if wait := CALCULATE.wait(request):
            return too_often(request, wait)
        if form.is_valid():
            context |= _answer(page, form, raw)
    status = 422 if form.errors or "problem" in context else 200
    context["articles"] = page.articles()
    return render(request, page.template, context, status=status)


def _answer(page: calculators.Page, form: Any, raw: bool) -> dict[str, Any]:
    try:
        document = parse(form.cleaned_data["json"].encode()) if raw else form.document()
        answer = offered()[page.name].run(document)
    except Problem as problem:
        words = "" if raw else in_words_of(form, problem)
        return {"problem": problem, "row": row_of(problem), "words": words}
    return {
        "answer": answer,
        "document_json": _shown(document),
        "answer_json": _shown(answer),
        **page.explain(document, answer),
    }


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)  # days of a YAML standard
    return text if len(text) <= LONGEST else text[:LONGEST] + "\n" + _("…… 后面还有，完整内容请用接口或命令行。")
