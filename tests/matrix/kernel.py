"""Who may open the desk, places, messages, papers and imports."""

from __future__ import annotations

from .row import ALL, CASE, COMPANY, DOORS, OFFICE, SIGNED, Row, for_, of

ROWS: dict[str, Row] = {
    "desk": for_(SIGNED),
    "places:search": for_(ALL, query="q=东区"),
    "places:options": for_(ALL, query="q=东区"),
    "notify:inbox": for_(SIGNED),
    "notify:ways": for_(SIGNED),
    "notify:read_all": for_(SIGNED, method="post"),
    "notify:open": of("message", frozenset({"company"}), method="post"),
    "jobs:job": of("job", frozenset({"company"})),
    "papers:attachment": of("attachment", CASE),
    "papers:document": of("document", CASE),
    "papers:check": for_(ALL, fill={"code": "document.check_code"}),
    "papers:templates": for_(OFFICE),
    "papers:template": for_(OFFICE, fill={"code": "=star_notice"}),
    "papers:save_template": for_(OFFICE, fill={"code": "=star_notice"}, method="post"),
    "imports:start": for_(SIGNED),
    "imports:upload": of("upload", frozenset({"company"})),
    "imports:headings": of("upload", frozenset({"company"})),
    "imports:annotated": of("checked", frozenset({"company"})),
    # Giving up comes last: the file itself goes, and no transaction brings it back.
    **{
        f"imports:{name}": of("upload", frozenset({"company"}), method="post")
        for name in ("mend", "mend_all", "drop", "undo", "apply", "profile", "discard")
    },
    "imports:choose": for_(OFFICE | COMPANY, fill={"name": "import_name"}),
    "imports:template": for_(OFFICE | COMPANY, fill={"name": "import_name"}),
    "looks:list": for_(SIGNED),
    "looks:person": of("ownership.person", DOORS),
}
