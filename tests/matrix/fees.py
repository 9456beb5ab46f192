"""Who may open the pages of the room fees."""

from __future__ import annotations

from .row import AREA, BOTH_HIGHER, CASE, COMPANIES, COMPANY, PROJECT, SIGNED, Row, for_, of

#: A change of fee is a matter of its estate: the association never sees one.
FEE = COMPANY | AREA | {"owner"}

ROWS: dict[str, Row] = {
    "fees:adjustments": for_(SIGNED),
    "fees:new": for_(COMPANIES),
    "fees:structure": for_(SIGNED),
    "fees:adjustment": of("adjustment", FEE),
    "fees:adjustment_follow": of("adjustment", FEE, method="post"),
    "fees:adjustment_step": of("adjustment", FEE, fill={"step": "=answer"}),
    "fees:disclosures": for_(SIGNED),
    "fees:disclosure": of("hung", PROJECT),
    "fees:findings": for_(SIGNED),
    "fees:finding_new": for_(BOTH_HIGHER),
    "fees:finding": of("finding", CASE),
}
