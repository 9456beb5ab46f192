"""Who may open the pages of the room mediation."""

from __future__ import annotations

from .row import ALL, AREA, CASE, COMPANY, GOVERNMENT, LEADERS, NOBODY, OFFICE, SIGNED, Row, for_, of

ROWS: dict[str, Row] = {
    "mediation:disputes": for_(SIGNED),
    "mediation:new": for_(OFFICE),
    "mediation:dispute": of("dispute_case", CASE),
    "mediation:dispute_follow": of("dispute_case", CASE, method="post"),
    "mediation:dispute_step": of("dispute_case", CASE, fill={"step": "=reply"}),
    "mediation:voice_question": of("voice", OFFICE),
    "mediation:voice_tell": of("voice", OFFICE),
    "mediation:voice_reveal": of("voice", OFFICE),
    "mediation:voice_look": of("voice", OFFICE),
    "mediation:record": of("sitting", LEADERS | COMPANY),
    "mediation:experts": for_(LEADERS),
    "mediation:expert_new": for_(OFFICE),
    "mediation:away": of("expert", OFFICE),
    "mediation:away_back": of("expert", OFFICE),
    "mediation:affiliations": for_(LEADERS),
    "mediation:affiliation_new": for_(OFFICE),
    "mediation:committee_new": for_(OFFICE),
    "mediation:rotas": for_(SIGNED),
    "mediation:rota_new": for_(OFFICE),
    "mediation:shifts": for_(SIGNED),
    "mediation:rota": of("rota", LEADERS),
    "mediation:rota_print": of("rota", LEADERS),
    "mediation:rota_json": of("rota", LEADERS, fill={"part": "=document"}),
    "mediation:rota_again": of("rota", OFFICE, method="post"),
    "mediation:rota_publish": of("rota", OFFICE, method="post"),
    "mediation:swap": of("shift", OFFICE),
    "mediation:serve": of("shift", LEADERS | {"company"}, method="post"),
    "mediation:swap_off": of("swap", OFFICE, method="post"),
    "mediation:swap_decide": of("swap", NOBODY, fill={"answer": "=yes"}, method="post"),
    "mediation:petitions": for_(SIGNED),
    "mediation:petition_new": for_(GOVERNMENT - {"community", "community_other"}),
    "mediation:petition": of("petition", AREA),
    "mediation:petition_follow": of("petition", AREA, method="post"),
    "mediation:petition_step": of("petition", AREA, fill={"step": "=accept"}),
    "mediation:feed": for_(ALL, fill={"feed": "expert.feed"}),
}
