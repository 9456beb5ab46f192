"""Two questions a machine asks: does it live, is it ready."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from wuxie.kernel.home import home

#: Written when the demo asked for has been loaded wholly; its text is the name of the demo.
DEMO_MARK = "demo.loaded"


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """503 until migrations are applied and the demo, if one was asked for, is loaded."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return JsonResponse({"status": "migrating"}, status=503)
    if not demo_loaded():
        return JsonResponse({"status": "loading"}, status=503)
    return JsonResponse({"status": "ok"})


def demo_loaded() -> bool:
    """Whether the demo that ``WUXIE_DEMO`` asks for is in the database (true if none is asked for)."""
    from django.conf import settings

    mark = home() / DEMO_MARK
    return not settings.DEMO or (mark.exists() and mark.read_text().strip() == settings.DEMO)
