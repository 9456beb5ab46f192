"""The barest Django that does the same work as a list page: one query with its joins, one template of the same size."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuxie.config.settings")

import django
from django.conf import settings

django.setup()
settings.MIDDLEWARE = []
settings.ROOT_URLCONF = "bench.bare"

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.urls import path  # noqa: E402

PAGE = """<table>{% for row in rows %}<tr><td><a href="/rating/benefits/{{ row.pk }}/">{{ row.label }}</a></td>
<td>{{ row.application.project.estate.name }}</td><td>{{ row.offer }}</td><td>{{ row.owner_label }}</td>
<td>{{ row.due_on|date:"Y-m-d" }}</td><td>{{ row.state }}</td></tr>{% endfor %}</table>"""
_compiled: list[Any] = []


def listed(request: HttpRequest) -> HttpResponse:
    """Fifty rows of a state whose estate's name holds a text; padded to ``?size=`` bytes."""
    from wuxie.rooms.rating.models import Benefit

    if not _compiled:
        _compiled.append(engines["django"].from_string(PAGE))
    rows = Benefit.objects.filter(
        state=request.GET["state"], application__project__estate__name__contains=request.GET["q"]
    ).select_related("application__project__estate").order_by("due_on", "pk")[:50]  # fmt: skip
    body = _compiled[0].render({"rows": rows}).encode()
    return HttpResponse(body + b" " * max(int(request.GET.get("size", 0)) - len(body), 0))


urlpatterns = [path("list/", listed)]
application = get_wsgi_application()
