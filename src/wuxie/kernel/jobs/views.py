"""The page of somebody who waits."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from .models import Job


def job(request: HttpRequest, pk: str) -> HttpResponse:
    """How far a job is; the fragment alone when htmx asks. Nobody but its owner learns that it exists."""
    found = get_object_or_404(Job.objects.visible_to(request.actor), pk=pk)  # type: ignore[attr-defined]
    template = "jobs/progress.html" if request.headers.get("HX-Request") else "jobs/job.html"
    response = render(request, template, {"job": found})
    response.headers["Cache-Control"] = "private, no-store"
    return response
