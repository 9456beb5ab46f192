"""Who may open the pages of the room inspections."""

from __future__ import annotations

from .row import CASE, COMPANIES, COMPANY, GOVERNMENT, LEADERS, OFFICE, SIGNED, Row, for_, of

ROWS: dict[str, Row] = {
    "inspections:duties": for_(SIGNED),
    "inspections:last": of("duty", COMPANY),
    "inspections:exempt": of("duty", frozenset({"company"})),
    "inspections:begin": of("duty", COMPANY),
    "inspections:report": of("duty", COMPANY),
    "inspections:projects": for_(SIGNED),
    "inspections:project": of("project", CASE),
    "inspections:company": of("company", LEADERS | {"company"}),
    "inspections:calendar": of("project", CASE),
    "inspections:calendar_paper": of("project", COMPANY),
    "inspections:burden": of("project", CASE),
    "inspections:burden_paper": of("project", COMPANY),
    "inspections:assets": for_(SIGNED),
    "inspections:asset_new": for_(COMPANIES),
    "inspections:asset": of("asset", CASE),
    "inspections:asset_edit": of("asset", COMPANY),
    "inspections:asset_retire": of("asset", COMPANY),
    "inspections:asset_idle": of("asset", COMPANY),
    "inspections:asset_use": of("asset", COMPANY),
    # A request is for everybody who serves an estate in its place, here the whole city; what one was offered is one's own.
    "inspections:pools": for_(SIGNED),
    "inspections:pool_new": for_(OFFICE),
    "inspections:pool": of("pool", LEADERS | COMPANIES | GOVERNMENT - {"city_other"}),
    "inspections:pool_follow": of("pool", LEADERS | COMPANIES | GOVERNMENT - {"city_other"}, method="post"),
    "inspections:pool_step": of("pool", LEADERS | COMPANIES | GOVERNMENT - {"city_other"}, fill={"step": "=gather"}),
    "inspections:pool_join": of("pool", COMPANIES),
    "inspections:share_leave": of("share", COMPANY),
    "inspections:share_offer": of("share", COMPANY),
    "inspections:share_sign": of("share", COMPANY),
    "inspections:share_perform": of("share", COMPANY),
    "inspections:cases": for_(SIGNED),
    "inspections:case": of("inspection", CASE),
    "inspections:case_follow": of("inspection", CASE, method="post"),
    "inspections:case_step": of("inspection", CASE, fill={"step": "=book"}),
}
