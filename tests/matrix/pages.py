"""Who may open the kernel's own pages: figures of law, holidays, robots, the ledger."""

from __future__ import annotations

from .row import CASE, CITIES, LEADERS, OFFICE, STAFF, Row, for_, of

ROWS: dict[str, Row] = {
    "pages:statutes": for_(LEADERS | CITIES),
    "pages:statutes_changes": for_(LEADERS | CITIES),
    "pages:statutes_propose": for_(LEADERS, fill={"key": "=vote.ordinary"}, method="post"),
    "pages:statutes_confirm": of("proposal", LEADERS, method="post"),
    "pages:statutes_withdraw": of("proposal", LEADERS, method="post"),
    "pages:holidays": for_(LEADERS),
    "pages:holidays_new": for_(OFFICE),
    "pages:holidays_confirm": for_(OFFICE, method="post"),
    "pages:robots": for_(OFFICE),
    "pages:robot_new": for_(OFFICE),
    "pages:robot": of("robot", OFFICE),
    "pages:robot_edit": of("robot", OFFICE),
    "pages:robot_look": of("robot", OFFICE),
    "pages:robot_test": of("robot", OFFICE, method="post"),
    "pages:robot_pause": of("robot", OFFICE, method="post"),
    "pages:robot_resume": of("robot", OFFICE, method="post"),
    "pages:robot_remove": of("robot", OFFICE),
    "pages:ledger": for_(STAFF),
    "pages:seals": for_(STAFF),
    "pages:journal": for_(LEADERS),
    "pages:fact": of("fact", CASE),
}
