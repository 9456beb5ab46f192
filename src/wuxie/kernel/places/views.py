"""Places for a field in which somebody types."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from .names import find


def search(request: HttpRequest) -> JsonResponse:
    """``?q=`` → ``[{"value": code, "text": full name}]``; divisions are public."""
    query = request.GET.get("q", "")[:60]
    return JsonResponse(find(query), safe=False)
