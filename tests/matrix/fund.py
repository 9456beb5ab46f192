"""Who may open the pages of the room fund."""

from __future__ import annotations

from .row import COMPANIES, PROJECT, SIGNED, Row, for_, of

ROWS: dict[str, Row] = {
    "fund:repairs": for_(SIGNED),
    "fund:stuck": for_(SIGNED),
    "fund:accounts": for_(SIGNED),
    "fund:estates": for_(SIGNED),
    "fund:new": for_(COMPANIES | {"community", "community_other"}),
    "fund:estate": of("estate", PROJECT),
    "fund:shares": of("repair", PROJECT),
    "fund:repair": of("repair", PROJECT),
    "fund:repair_follow": of("repair", PROJECT, method="post"),
    "fund:repair_step": of("repair", PROJECT, fill={"step": "=guard"}),
}
