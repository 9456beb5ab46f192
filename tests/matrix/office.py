"""Who may open members, people, accounts and tokens."""

from __future__ import annotations

from .row import LEADERS, OFFICE, SIGNED, Row, for_, of

ROWS: dict[str, Row] = {
    "association:members": for_(SIGNED),
    "association:member_new": for_(OFFICE),
    "association:member": of("member", SIGNED),
    "association:member_edit": of("member", OFFICE),
    "association:member_leave": of("member", OFFICE),
    "association:contact_new": of("member", OFFICE),
    "people:people": for_(LEADERS),
    "people:person_new": for_(OFFICE),
    "people:seats": for_(OFFICE),
    "people:person": of("person", LEADERS),
    "people:person_edit": of("person", OFFICE),
    "people:appoint": of("person", OFFICE),
    "people:account_new": of("person", OFFICE),
    "people:account_reset": of("person", OFFICE),
    "people:account_close": of("person", OFFICE),
    "people:account_reopen": of("person", OFFICE),
    "people:appointment_end": of("appointment", OFFICE),
    "tokens:list": for_(SIGNED),
    "tokens:revoke": of("token", frozenset({"company"}), method="post"),
}
