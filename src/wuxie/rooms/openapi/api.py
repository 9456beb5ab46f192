"""The machine interface ``/api/v1/``: open calculators, public registers, objections; the same visibility as the pages."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import NinjaAPI, Query

from wuxie.kernel.calc.registry import Calculator
from wuxie.kernel.facts.models import Seal
from wuxie.kernel.places.models import under
from wuxie.kernel.standards.calc import SCORE
from wuxie.kernel.statutes.deadlines import DEADLINE
from wuxie.rooms.assembly.api import VOTE
from wuxie.rooms.fund.api import APPORTION
from wuxie.rooms.inspections.api import INSPECTION
from wuxie.rooms.mediation.api import ROTA
from wuxie.rooms.rating import codes, public
from wuxie.rooms.rating.models import Application
from wuxie.rooms.register.models import Estate
from wuxie.rooms.resale.api import RESALE
from wuxie.rooms.tenders.api import TENDER
from wuxie.web.pages.ledger import visible_facts
from wuxie.web.throttle import Limit

from . import document, errors, once, pages, schemas, shapes
from .auth import Token, actor
from .document import named, pages_of, says

api = NinjaAPI(
    title="物协开放接口",
    version="1",
    description='公开计算器、星级、公示与封存。出错时答复 {"error": {"code", "path", "message"}}。',
    urls_namespace="openapi",
    docs_url=None,  # the browser page of the framework loads scripts from elsewhere; the document itself is enough
)
errors.install(api)

CALCULATE = Limit("calc", 60, 60)
READ = Limit("read", 300, 60)

Page = dict[str, Any]
Cursor = Query("", description="上一页答复里的 next", max_length=200)
Size = Query(50, ge=1, le=pages.MOST, description="一页几条")


def _pass(request: HttpRequest, limit: Limit) -> None:
    if wait := limit.wait(request):
        raise errors.Throttled(wait)


def _answer(request: HttpRequest, calculator: Calculator) -> HttpResponse:
    """The raw body goes to the calculator's own reader, so that a decimal stays the text that was sent."""
    _pass(request, CALCULATE)
    answer = calculator.answer(request.body)
    response: HttpResponse = api.create_response(request, answer, status=200)
    response.headers["Cache-Control"] = "no-store"
    return response


def _offer(calculator: Calculator) -> None:
    """An address of its own for each calculator, described by its two schemas."""

    def calculate(request: HttpRequest) -> HttpResponse:
        return _answer(request, calculator)

    name = calculator.name
    described = document.calculator(name)
    api.post(
        f"/calc/{name}",
        summary=calculator.label,
        tags=["计算"],
        url_name=f"calc_{name}",
        operation_id=f"calc_{name}",
        openapi_extra=described,
    )(calculate)


for one in (VOTE, APPORTION, INSPECTION, RESALE, TENDER, ROTA, DEADLINE, SCORE):
    _offer(one)


@api.get(
    "/schemas/{name}.json",
    summary="一份 JSON Schema",
    tags=["说明"],
    openapi_extra=says("read_schema", {"type": "object"}, 404, kind="application/schema+json"),
)
def read_schema(request: HttpRequest, name: str) -> HttpResponse:
    try:
        found = schemas.schema(name)
    except KeyError:
        raise Http404 from None
    response: HttpResponse = api.create_response(request, found, status=200)
    response.headers["Content-Type"] = "application/schema+json"
    return response


@api.get("/schemas/", summary="有哪些 JSON Schema", tags=["说明"], openapi_extra=says("list_schemas", named("schemas")))
def list_schemas(request: HttpRequest) -> Page:
    return {"items": [{"name": name, "url": f"/api/v1/schemas/{name}.json"} for name in schemas.names()], "next": None}


@api.get("/estates", summary="小区名录", tags=["公开数据"], openapi_extra=says("list_estates", pages_of("estate"), 422))
def list_estates(
    request: HttpRequest,
    cursor: str = Cursor,
    limit: int = Size,
    place: str = Query("", pattern=r"^\d{0,12}$", description="区划代码：4 位市、6 位区县、9 位街道、12 位社区"),
) -> Page:
    _pass(request, READ)
    rows = public.estates().filter(under("place_id", place)) if place else public.estates()
    return pages.page(rows, shapes.estate, cursor=cursor, limit=limit, by="code")


@api.get(
    "/estates/{code}", summary="一个小区", tags=["公开数据"], openapi_extra=says("read_estate", named("estate"), 404)
)
def read_estate(request: HttpRequest, code: str) -> dict[str, Any]:
    _pass(request, READ)
    found: Estate = get_object_or_404(public.estates(), code=code)
    return shapes.estate(found)


@api.get(
    "/stars", summary="授星，含撤销与到期的", tags=["公开数据"], openapi_extra=says("list_stars", pages_of("star"), 422)
)
def list_stars(request: HttpRequest, cursor: str = Cursor, limit: int = Size) -> Page:
    _pass(request, READ)
    return pages.page(public.awards(), shapes.award, cursor=cursor, limit=limit, by="-pk")


@api.get(
    "/plaques/{number}",
    summary="按编号核验牌匾",
    tags=["公开数据"],
    openapi_extra=says("read_plaque", named("star"), 404),
)
def read_plaque(request: HttpRequest, number: str) -> HttpResponse:
    _pass(request, READ)
    found = get_object_or_404(public.awards(), plaque=codes.tidy(number[:40]))
    return _fresh(request, shapes.award(found))


@api.get("/notices", summary="公示", tags=["公开数据"], openapi_extra=says("list_notices", pages_of("notice"), 422))
def list_notices(
    request: HttpRequest,
    cursor: str = Cursor,
    limit: int = Size,
    running: bool = Query(False, description="只要还在公示期内的"),
) -> Page:
    _pass(request, READ)
    rows = public.running() if running else public.notices()
    return pages.page(rows, shapes.notice, cursor=cursor, limit=limit, by="-pk")


@api.get(
    "/notices/{number}",
    summary="一份公示和它的得分",
    tags=["公开数据"],
    openapi_extra=says("read_notice", named("notice-scores"), 404),
)
def read_notice(request: HttpRequest, number: str) -> dict[str, Any]:
    _pass(request, READ)
    return shapes.notice_with_scores(get_object_or_404(public.notices().defer(None), number=number))


@api.get(
    "/objections/{receipt}",
    summary="凭回执查异议",
    tags=["公开数据"],
    openapi_extra=says("read_objection", named("objection"), 404),
)
def read_objection(request: HttpRequest, receipt: str) -> HttpResponse:
    _pass(request, READ)
    found = public.objection(codes.tidy(receipt[:20]))
    if found is None:
        raise Http404
    return _fresh(request, shapes.objection(found))


@api.post(
    "/notices/{number}/objections",
    summary="对一份公示提异议",
    tags=["办理"],
    openapi_extra=says("make_objection", named("objection"), 404, 413, 422, done=201),
)
def make_objection(
    request: HttpRequest, number: str, said: shapes.NewObjection, idempotency_key: once.Header = ""
) -> HttpResponse:
    """The same as the form of the public site, without files; the receipt is all that is needed to follow it."""
    key = once.key_of(request, idempotency_key, said)
    if (known := once.kept(key)) is not None:
        return _fresh(request, known, status=201)
    _pass(request, public.OBJECTING)
    notice = get_object_or_404(public.notices(), number=number)
    told = said.model_dump() | {"contact": public.reachable(said.contact)}
    return _fresh(request, once.once(key, lambda: shapes.objection(public.object_to(notice, **told))), status=201)


def _fresh(request: HttpRequest, answer: dict[str, Any], status: int = 200) -> HttpResponse:
    response: HttpResponse = api.create_response(request, answer, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


@api.get("/seals", summary="封存和它们的根", tags=["公开数据"], openapi_extra=says("list_seals", pages_of("seal"), 422))
def list_seals(request: HttpRequest, cursor: str = Cursor, limit: int = Size) -> Page:
    _pass(request, READ)
    return pages.page(Seal.objects.all(), shapes.seal, cursor=cursor, limit=limit, by="-number")


@api.get("/me", summary="令牌是谁的", tags=["凭令牌"], auth=Token(), openapi_extra=says("read_me", named("token"), 401))
def read_me(request: HttpRequest) -> dict[str, Any]:
    _pass(request, READ)
    return {"key": actor(request).key, "roles": sorted(actor(request).roles)}


@api.get(
    "/applications",
    summary="我能看的星级申报",
    tags=["凭令牌"],
    auth=Token("ratings:read"),
    openapi_extra=says("list_applications", pages_of("notice"), 401, 403, 422),
)
def list_applications(request: HttpRequest, cursor: str = Cursor, limit: int = Size) -> Page:
    _pass(request, READ)
    rows = Application.objects.visible_to(actor(request)).select_related(
        "cycle", "project__estate", "project__company", "snapshot"
    )
    return pages.page(rows, shapes.notice, cursor=cursor, limit=limit, by="-pk")


@api.get(
    "/facts",
    summary="我能看的事实",
    tags=["凭令牌"],
    auth=Token("facts:read"),
    openapi_extra=says("list_facts", pages_of("fact"), 401, 403, 422),
)
def list_facts(request: HttpRequest, cursor: str = Cursor, limit: int = Size) -> Page:
    _pass(request, READ)
    return pages.page(visible_facts(actor(request)), shapes.fact, cursor=cursor, limit=limit, by="pk")
