"""Published standards, read by anyone: groups, indicators, formulas in words, vetoes, grades, benefits; and the figures of law."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from wuxie.kernel import labels
from wuxie.kernel.standards.models import Version
from wuxie.kernel.standards.words import in_words
from wuxie.kernel.statutes.queries import overview
from wuxie.web import words

#: Levels of a figure, the nearest first.
NEAREST = ("city", "province", "nation")


def index(request: HttpRequest) -> HttpResponse:
    """Which standards are published, and the figures of law that the computations use."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for line in overview():
        value = next((line.values[level] for level in NEAREST if line.values.get(level)), "")
        if value:
            groups.setdefault(line.group, []).append({"line": line, "value": words.figure(value, line.unit)})
    context = {
        "title": _("标准与法规"),
        "standards": Version.objects.published().defer("document"),
        "groups": list(groups.items()),
    }
    return render(request, "portal/standards.html", context)


def standard(request: HttpRequest, name: str, version: str) -> HttpResponse:
    """One published version, as everyone's star is computed from it."""
    found = get_object_or_404(Version.objects.published(), Q(name=name, version=version))
    document = in_words(found.document)
    return render(
        request,
        "portal/standard.html",
        {
            "title": f"{labels.said(found.label)} {found.version}",
            "standard": found,
            "document": document,
            "grades": sorted(document.get("grades") or [], key=lambda grade: -grade["stars"]),
            "no_data": {"zero": _("按 0 计"), "full": _("给满分"), "skip": _("不适用，分数摊给本组其他指标")},
        },
    )
