"""What is said when a request broke: the database is away (503, try again), or something else did (500)."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.translation import gettext as _

from wuxie.kernel.calc.problems import Problem

#: Seconds after which it is worth trying again.
AGAIN = 30
#: Where a machine asks and wants no page.
MACHINES = ("/api/", "/healthz", "/readyz")


def broken(request: HttpRequest) -> HttpResponse:
    """The page or the error object; nothing here asks the database."""
    fault = sys.exc_info()[1]
    status, code, words = 500, "fault", _("服务器出了错，已记入日志。请过一会儿再试。")
    if _is_away(fault):
        status, code, words = 503, "unavailable", _("数据库暂时没有应答。请过半分钟再试。")
    response: HttpResponse
    if request.path.startswith(MACHINES):
        response = JsonResponse(
            Problem(code, "$", words).as_dict(), status=status, json_dumps_params={"ensure_ascii": False}
        )
    else:
        response = HttpResponse(loader.get_template(f"{status}.html").render(), status=status)
    if status == 503:
        response.headers["Retry-After"] = str(AGAIN)
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_away(fault: BaseException | None) -> bool:
    """Whether the database was out of reach, busy or full. A table or column that SQLite misses is a fault of ours."""
    return isinstance(fault, OperationalError | InterfaceError) and not str(fault).startswith(("no such", "near "))
