"""Who may open the pages of the room conduct."""

from __future__ import annotations

from .row import CITIES, LEADERS, OFFICE, SIGNED, Row, for_, of

ROWS: dict[str, Row] = {
    "conduct:cases": for_(SIGNED),
    "conduct:new": for_(OFFICE | CITIES),
    "conduct:figures": for_(LEADERS | CITIES | {"company", "company_other"}),
    "conduct:records": for_(SIGNED),
    "conduct:collect": for_(CITIES),
    "conduct:scores": for_(SIGNED),
    "conduct:score": of("score", LEADERS | {"company", "city"}),
    "conduct:declare": of("score", frozenset({"city"})),
    "conduct:record": of("record", LEADERS | {"company", "city"}),
    "conduct:record_follow": of("record", LEADERS | {"company", "city"}, method="post"),
    "conduct:record_step": of("record", LEADERS | {"company", "city"}, fill={"step": "=state"}),
    "conduct:case": of("proceeding", LEADERS | {"company"}),
    "conduct:case_follow": of("proceeding", LEADERS | {"company"}, method="post"),
    "conduct:case_step": of("proceeding", LEADERS | {"company"}, fill={"step": "=challenge"}),
}
