"""Every refusal of the interface in the one shape: ``{"error": {"code", "path", "message"}}``."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.errors import Throttled as NinjaThrottled

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.workflow.refusal import Refusal

MEGABYTES = 16


class Throttled(Exception):
    """Too many requests from one address; ``wait`` seconds until the next may come."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


class NotYours(Exception):
    """The token does not carry the scope that the door asks for."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


def install(api: NinjaAPI) -> None:
    """Answer every kind of refusal with the error object."""

    def answer(request: HttpRequest, status: int, problem: Problem) -> HttpResponse:
        return api.create_response(request, problem.as_dict(), status=status)

    @api.exception_handler(Problem)
    def refused(request: HttpRequest, problem: Problem) -> HttpResponse:
        return answer(request, 422, problem)

    @api.exception_handler(Refusal)
    def not_now(request: HttpRequest, refusal: Refusal) -> HttpResponse:
        return answer(request, 422, Problem(refusal.code, "$", refusal.message))

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, fault: ValidationError) -> HttpResponse:
        kind, *named = map(str, fault.errors[0]["loc"])
        place = named[1:] if kind == "body" else named  # the body's own name is ours, not the sender's
        path = ".".join(["$", *place])
        return answer(request, 422, Problem("range", path, f"{path} 的值不合要求，请对照 openapi.json 改正。"))

    @api.exception_handler(RequestDataTooBig)
    def too_big(request: HttpRequest, fault: RequestDataTooBig) -> HttpResponse:
        return answer(request, 413, Problem("range", "$", f"内容超过 {MEGABYTES} MB。请分几次计算，或用命令行。"))

    @api.exception_handler(Throttled)
    def too_often(request: HttpRequest, fault: Throttled) -> HttpResponse:
        response = answer(request, 429, Problem("throttled", "$", f"请求太多。请等 {fault.wait} 秒再试。"))
        response.headers["Retry-After"] = str(fault.wait)
        return response

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, fault: Http404) -> HttpResponse:
        return answer(request, 404, Problem("not_found", "$", "没有找到，或者你不能看。请核对地址和编号。"))

    @api.exception_handler(AuthenticationError)
    def stranger(request: HttpRequest, fault: AuthenticationError) -> HttpResponse:
        response = answer(
            request, 401, Problem("token", "$", "需要令牌：在请求头写 Authorization: Bearer …。令牌可能已停用或到期。")
        )
        response.headers["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(NotYours)
    def narrow(request: HttpRequest, fault: NotYours) -> HttpResponse:
        return answer(request, 403, Problem("scope", "$", f"令牌没有“{fault.scope}”范围。请在账号页另发一个令牌。"))

    @api.exception_handler(HttpError)
    @api.exception_handler(NinjaThrottled)
    def other(request: HttpRequest, fault: HttpError) -> HttpResponse:
        if fault.status_code == 400:  # the only reason the framework gives it for: the body cannot be read
            return answer(request, 422, Problem("json", "$", "内容不是 UTF-8 编码的 JSON。请对照 openapi.json 改正。"))
        return answer(request, fault.status_code, Problem("request", "$", "请求不能办理，请对照 openapi.json 改正。"))
