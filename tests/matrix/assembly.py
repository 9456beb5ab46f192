"""Who may open the pages of the room assembly."""

from __future__ import annotations

from .row import ALL, AREA, COMPANY, LEADERS, NOBODY, SIGNED, Row, for_, of

#: Who may organise where there is no committee: street and community for a group that they lead.
BODIES = frozenset({"street", "community"})
SEES_VOTE = LEADERS | COMPANY | AREA | {"owner"}

ROWS: dict[str, Row] = {
    "assembly:decisions": for_(SIGNED),
    "assembly:new": for_(BODIES | {"street_other", "community_other"}),
    "assembly:check": for_(ALL),
    "assembly:receipt": for_(ALL, fill={"code": "vote_receipt"}),
    "assembly:verifier": for_(ALL),
    "assembly:pack": of("counted_vote", ALL),
    "assembly:rules": of("estate", BODIES),
    "assembly:item_remove": of("item", BODIES),
    "assembly:helper_end": of("helper", BODIES),
    "assembly:answer": of("vote_objection", BODIES),
    # Who collects and counts holds no office: named for one vote. The street's own person watches over the count here.
    "assembly:door": of("entry", NOBODY, fill={"act": "=nobody"}),
    # An owner alone, with a unit on the roll: nobody here owns one.
    "assembly:consult": of("entry", NOBODY),
    "assembly:ballot": of("ballot", BODIES),
    "assembly:read": of("ballot", NOBODY),
    "assembly:doubt": of("ballot", NOBODY),
    "assembly:settle": of("ballot", frozenset({"street"})),
    "assembly:edit": of("draft_vote", BODIES),
    "assembly:item_new": of("draft_vote", BODIES),
    "assembly:helpers": of("draft_vote", BODIES),
    "assembly:object": of("vote", BODIES | {"owner"}),
    "assembly:roll": of("vote", BODIES),
    "assembly:papers": of("vote", BODIES),
    "assembly:participation": of("vote", BODIES),
    "assembly:doors": of("vote", BODIES),
    "assembly:ballots": of("counted_vote", BODIES),
    "assembly:audit": of("counted_vote", frozenset({"street"})),
    "assembly:decision": of("vote", SEES_VOTE),
    "assembly:decision_follow": of("vote", SEES_VOTE, method="post"),
    "assembly:decision_step": of("vote", SEES_VOTE, fill={"step": "=extend"}),
}
