"""Who may open the pages of the room register."""

from __future__ import annotations

from .row import COMPANY, DOORS, OFFICE, PROJECT, SIGNED, Row, for_, of

ROWS: dict[str, Row] = {
    "register:estates": for_(SIGNED),
    "register:estate_new": for_(OFFICE),
    "register:estate": of("estate", PROJECT),
    "register:estate_edit": of("estate", OFFICE),
    "register:estate_totals": of("estate", OFFICE),
    "register:estate_units": of("estate", PROJECT),
    "register:unit_new": of("estate", OFFICE | COMPANY),
    "register:building_new": of("estate", OFFICE | COMPANY),
    "register:building_edit": of("building", OFFICE | COMPANY),
    "register:units": for_(SIGNED),
    "register:unit": of("unit", DOORS),
    "register:unit_edit": of("unit", OFFICE | COMPANY),
    "register:owner_new": of("unit", OFFICE | COMPANY),
    "register:owners": for_(SIGNED),
    "register:owner_end": of("ownership", OFFICE | COMPANY),
    "register:companies": for_(SIGNED),
    "register:company_new": for_(OFFICE),
    "register:company": of("company", SIGNED),
    "register:company_edit": of("company", OFFICE),
    "register:projects": for_(SIGNED),
    "register:project_new": for_(OFFICE),
    "register:project": of("project", PROJECT),
    "register:project_edit": of("project", OFFICE),
    "register:project_renew": of("project", OFFICE),
    "register:project_end": of("project", OFFICE),
    "register:project_change": of("project", OFFICE),
    "register:project_levels": of("project", OFFICE),
    "register:post_new": of("project", OFFICE | COMPANY),
    "register:posts": for_(SIGNED),
    "register:post": of("post", PROJECT),
    "register:post_edit": of("post", OFFICE | COMPANY),
    "register:post_close": of("post", OFFICE | COMPANY),
    "register:post_assign": of("post", OFFICE | COMPANY),
    "register:holding_end": of("holding", OFFICE | COMPANY),
    "register:holding_certificate": of("holding", OFFICE | COMPANY),
}
