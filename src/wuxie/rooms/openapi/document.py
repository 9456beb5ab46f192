"""What the document of the interface says of each operation: its name, its answer's schema and every status it may have."""

from __future__ import annotations

from typing import Any

WHERE = "/api/v1/schemas/{}.json"
STATUSES = {
    401: "令牌缺失、停用或到期",
    403: "令牌没有这个范围",
    404: "没有找到，或者不能看",
    413: "内容过大",
    422: "输入有误",
    429: "请求太多",
    503: "数据库暂时没有应答",
}


def says(
    operation: str, schema: dict[str, Any], *statuses: int, kind: str = "application/json", done: int = 200
) -> dict[str, Any]:
    """For ``openapi_extra``; every refusal has the one shape of ``error.json``, ``done`` is the status of a success."""
    refusals = {status: answer(STATUSES[status], named("error")) for status in sorted({*statuses, 429, 503})}
    return {"operationId": operation, "responses": {done: answer("答复", schema, kind), **refusals}}


def answer(words: str, schema: dict[str, Any], kind: str = "application/json") -> dict[str, Any]:
    return {"description": words, "content": {kind: {"schema": schema}}}


def named(name: str) -> dict[str, Any]:
    """The schema that is published under this name."""
    return {"$ref": WHERE.format(name)}


def pages_of(name: str) -> dict[str, Any]:
    """A piece of a list, and the cursor of the next one."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["items", "next"],
        "properties": {"items": {"type": "array", "items": named(name)}, "next": {"type": ["string", "null"]}},
    }


def calculator(name: str) -> dict[str, Any]:
    """One calculator: what it takes and what it answers are schemas of the same name."""
    body = {"required": True, "content": {"application/json": {"schema": named(name)}}}
    return says(f"calc_{name}", named(f"{name}-answer"), 413, 422) | {"requestBody": body}
