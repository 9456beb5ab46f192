"""Places for a field in which somebody types."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from .names import find


def search(request: HttpRequest) -> JsonResponse:
    """``?q=`` → ``[{"value": code, "text": full name}]``; divisions are public."""
    query = request.GET.get("q", "")[:60]
    return JsonResponse(find(query), safe=False)


def options(request: HttpRequest) -> HttpResponse:
    """The same as options of a field: what is typed stands under the field's own name, which ``field`` tells."""
    query = request.GET.get(request.GET.get("field", "q"), "")[:60]
    return render(request, "places/options.html", {"places": find(query) if query.strip() else []})
