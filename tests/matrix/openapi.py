"""Who may open the machine interface."""

from __future__ import annotations

from .row import ALL, NOBODY, SIGNED, Row, for_

CALCULATORS = ("vote", "apportion", "inspection", "resale", "tender", "rota", "deadline", "score")

ROWS: dict[str, Row] = {
    "openapi:api-root": for_(NOBODY),
    "openapi:openapi-json": for_(ALL),
    **{f"openapi:calc_{name}": for_(ALL, method="post") for name in CALCULATORS},
    "openapi:read_schema": for_(ALL, fill={"name": "=vote"}),
    "openapi:list_schemas": for_(ALL),
    "openapi:list_estates": for_(ALL),
    "openapi:read_estate": for_(ALL, fill={"code": "estate.code"}),
    "openapi:list_stars": for_(ALL),
    "openapi:read_plaque": for_(ALL, fill={"number": "award.plaque"}),
    "openapi:list_notices": for_(ALL),
    "openapi:read_notice": for_(ALL, fill={"number": "published.number"}),
    "openapi:make_objection": for_(ALL, fill={"number": "published.number"}, method="post"),
    "openapi:read_objection": for_(ALL, fill={"receipt": "objection.receipt"}),
    "openapi:list_seals": for_(ALL),
    "openapi:read_me": for_(SIGNED, token=True),
    "openapi:list_applications": for_(SIGNED, token=True),
    "openapi:list_facts": for_(SIGNED, token=True),
}
