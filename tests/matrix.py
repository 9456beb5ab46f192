"""Who may open what: a row for every address of the URL conf, read by ``test_matrix``.

A row says how the address is filled in (a dotted path into ``City.own`` or ``City.foreign``, or a literal after ``=``)
and who is let through on the own side. For the foreign side the offices change places; the city's is one and the same.
An address without a row fails the test, so a new page must say here whom it is for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from .world import ROLES

ALL = frozenset(ROLES)
SIGNED = ALL - {"visitor"}
OFFICE = frozenset({"secretariat"})
LEADERS = OFFICE | {"president"}
COMPANY = frozenset({"company", "manager"})
COMPANIES = COMPANY | {"company_other", "manager_other"}
REVIEWERS = frozenset({"reviewer", "reviewer_other"})
HIGHER = frozenset({"city", "district"})
AREA = HIGHER | {"street", "community"}
CITIES = frozenset({"city", "city_other"})
BOTH_HIGHER = CITIES | {"district", "district_other"}
GOVERNMENT = AREA | {f"{role}_other" for role in AREA}
STAFF = LEADERS | GOVERNMENT | COMPANIES
HOLDERS = SIGNED - {"signed_in"}
NOBODY: frozenset[str] = frozenset()
CALCULATORS = ("vote", "apportion", "inspection", "resale", "tender", "rota", "deadline", "score")
#: Who has more than one part of an area to look at; in this world only one street and one district have two.
SWITCHERS = LEADERS | {"city", "district", "street"}

#: Who sees a project of the register, and who sees the doors and the star of it.
PROJECT = LEADERS | COMPANY | AREA | {"owner"}
DOORS = LEADERS | COMPANY | AREA
CASE = LEADERS | COMPANY | AREA


@dataclass(frozen=True)
class Row:
    """Whom one address is for, and how it is filled in."""

    who: frozenset[str]
    fill: dict[str, str] = field(default_factory=dict)
    method: str = "get"
    query: str = ""
    token: bool = False
    """Asked for with the token of the role, not with its session."""
    sign_in: bool = False
    """The address belongs to signing in itself: it may lead there for everybody."""

    def kwargs(self, side: Any) -> dict[str, Any]:
        return {name: path[1:] if path.startswith("=") else attrgetter(path)(side) for name, path in self.fill.items()}


def of(path: str, who: frozenset[str], **rest: Any) -> Row:
    """A page of one thing: ``of("estate", …)`` fills in ``pk`` with its id."""
    return Row(who, {"pk": f"{path}.pk"} | rest.pop("fill", {}), **rest)


def for_(who: frozenset[str], **rest: Any) -> Row:
    return Row(who, **rest)


DOOR: dict[str, Row] = {
    "healthz": for_(ALL),
    "readyz": for_(ALL),
    "web:reading": for_(ALL, method="post"),
    "web:area": for_(SWITCHERS, method="post"),
    "account_login": for_(ALL, sign_in=True),
    "account_logout": for_(ALL, sign_in=True),
    "account_change_password": for_(SIGNED),
    "account_set_password": for_(ALL),
    "account_reauthenticate": for_(SIGNED),
    "mfa_index": for_(SIGNED),
    "mfa_authenticate": for_(ALL, sign_in=True),
    "mfa_reauthenticate": for_(SIGNED),
    "mfa_activate_totp": for_(SIGNED),
    "mfa_deactivate_totp": for_(SIGNED),
    "mfa_view_recovery_codes": for_(SIGNED),
    "mfa_generate_recovery_codes": for_(SIGNED),
    "mfa_download_recovery_codes": for_(SIGNED),
}

KERNEL: dict[str, Row] = {
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

RATING: dict[str, Row] = {
    "rating_applications": for_(HOLDERS),
    "rating_apply": for_(COMPANIES),
    "rating_draft": of("draft", COMPANY),
    "rating_add_paper": of("checking", OFFICE | COMPANY),
    "rating_ask_late": of("reviewing", OFFICE | COMPANY),
    "rating_task": of("reviewing", frozenset({"reviewer"})),
    "rating_mark": of("reviewing", frozenset({"reviewer"}), fill={"indicator": "=A6"}),
    "rating_hand_in": of("reviewing", frozenset({"reviewer"}), method="post"),
    "rating_session": of("reviewing", NOBODY),
    "rating_visit": of("reviewing", frozenset({"reviewer"})),
    "rating_late": of("late", frozenset({"reviewer"})),
    "rating_application": of("reviewing", CASE | {"reviewer"}),
    "rating_application_follow": of("reviewing", CASE | {"reviewer"}, method="post"),
    "rating_application_step": of("checking", CASE, fill={"step": "=pass_check"}),
    "rating_reviews": for_(REVIEWERS),
    "rating_recusals": for_(REVIEWERS),
    "rating_scores": for_(STAFF),
    "rating/scores/": for_(ALL),
    "rating_score": of("project", CASE),
    "rating_score_facts": of("project", CASE, fill={"indicator": "=A1"}),
    "rating_score_newest": of("project", CASE, fill={"indicator": "=A1"}),
    "rating_dispute_fact": of("project", COMPANY, fill={"fact": "fact.pk"}),
    "rating_objections": for_(LEADERS | BOTH_HIGHER | {"company", "company_other"}),
    "rating_objection": of("objection", LEADERS | HIGHER),
    "rating_objection_contact": of("objection", OFFICE, method="post"),
    "rating_objection_follow": of("objection", LEADERS | HIGHER, method="post"),
    "rating_objection_step": of("objection", LEADERS | HIGHER, fill={"step": "=reject"}),
    "rating_disputes": for_(STAFF),
    "rating_dispute": of("dispute", CASE),
    "rating_dispute_follow": of("dispute", CASE, method="post"),
    "rating_dispute_step": of("dispute", CASE, fill={"step": "=reject"}),
    "rating_benefits": for_(HOLDERS),
    "rating_benefit": of("benefit", CASE),
    "rating_benefit_follow": of("benefit", CASE, method="post"),
    "rating_benefit_step": of("benefit", CASE, fill={"step": "=schedule"}),
    "rating_awards": for_(HOLDERS),
    "rating_cycles": for_(STAFF | REVIEWERS),
    "rating_cycle_new": for_(OFFICE),
    "rating_cycle": of("cycle", STAFF | REVIEWERS),
    "rating_cycle_edit": of("draft_cycle", OFFICE),
    "rating_cycle_open": of("draft_cycle", OFFICE),
    "rating_cycle_close": of("cycle", OFFICE),
    "rating_cycle_quota": of("cycle", OFFICE),
    # Drafts are the makers' own, and so is what would come of them: no company, no district ever sees it.
    "rating_whatifs": for_(LEADERS | CITIES),
    "rating_whatif_new": for_(LEADERS | CITIES),
    "rating_whatif": of("whatif", LEADERS | {"city"}),
    "rating_whatif_project": of("whatif", LEADERS | {"city"}, fill={"project": "project.pk"}),
    "rating_whatif_facts": of(
        "whatif", LEADERS | {"city"}, fill={"project": "project.pk", "side": "=draft", "indicator": "=A1"}
    ),
    "rating_standards": for_(STAFF | REVIEWERS),
    "rating_standard_import": for_(OFFICE),
    "rating_formula_check": for_(OFFICE, query="formula=1"),
    "rating_standard": of("version", STAFF | REVIEWERS),
    "rating_standard_yaml": of("version", STAFF | REVIEWERS),
    "rating_standard_copy": of("version", OFFICE),
    "rating_standard_publish": of("draft_version", OFFICE),
    "rating_standard_add": of("draft_version", OFFICE, fill={"part": "=group"}),
    "rating_standard_edit": of("draft_version", OFFICE, fill={"part": "=group", "name": "=A"}),
    "rating_standard_remove": of("draft_version", OFFICE, fill={"part": "=group", "name": "=A"}, method="post"),
}

PAGES: dict[str, Row] = {
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

REGISTER: dict[str, Row] = {
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

SAFETY: dict[str, Row] = {
    "safety:lists": for_(SIGNED),
    "safety:project": of("project", CASE),
    "safety:today": of("project", CASE),
    "safety:equipment": of("project", COMPANY),
    "safety:tailor": of("project", COMPANY),
    "safety:company_posts": of("project", frozenset({"company"})),
    "safety:start": of("project", COMPANY),
    "safety:list": of("duty_list", CASE),
    "safety:mine": for_(SIGNED),
    "safety:post": of("list_post", CASE),
    "safety:sign": of("list_post", NOBODY),
    "safety:risks": for_(SIGNED),
    "safety:risk_map": of("project", CASE),
    "safety:risk_new": of("project", COMPANY),
    "safety:risk_edit": of("risk", COMPANY),
    "safety:risk_end": of("risk", COMPANY),
    "safety:hazard_sheet": of("project", COMPANY),
    "safety:hazards": for_(SIGNED),
    "safety:hazards_major": for_(STAFF),
    "safety:hazard_new": for_(COMPANIES | GOVERNMENT),
    "safety:hazard": of("hazard", CASE),
    "safety:hazard_follow": of("hazard", CASE, method="post"),
    "safety:hazard_step": of("hazard", CASE, fill={"step": "=assign"}),
    "safety:hazard_contact": of("hazard", COMPANY, method="post"),
    "safety:hazard_notice": of("hazard", frozenset({"manager"})),
    "safety:permits": for_(SIGNED),
    "safety:permit_place": for_(COMPANIES),
    "safety:permit_new": of("project", COMPANY),
    "safety:permit": of("permit", CASE),
    "safety:permit_follow": of("permit", CASE, method="post"),
    "safety:permit_step": of("permit", CASE, fill={"step": "=approve"}),
    "safety:drills": for_(SIGNED),
    "safety:drill_new": of("project", COMPANY),
    "safety:drill": of("drill", CASE),
    "safety:drill_follow": of("drill", CASE, method="post"),
    "safety:drill_step": of("drill", CASE, fill={"step": "=announce"}),
    "safety:incidents": for_(SIGNED),
    "safety:incident_new": for_(COMPANIES),
    "safety:incident": of("incident", CASE),
    "safety:incident_hurt": of("incident", COMPANY),
    "safety:incident_follow": of("incident", CASE, method="post"),
    "safety:incident_step": of("incident", CASE, fill={"step": "=grade"}),
    "safety:events": for_(SIGNED),
    "safety:event_new": of("project", COMPANY | {"community", "street", "district"}),
    "safety:compare": for_(STAFF),
    "safety:figures": of("project", CASE),
    "safety:standard": of("company", LEADERS | {"company"}),
    "safety:principal_own": for_(frozenset({"company", "company_other"})),
    "safety:principal": of("company", LEADERS | {"company"}),
    "safety:library": for_(STAFF),
    "safety:library_version": of("library", STAFF),
    "safety:spots": of("project", CASE),
    "safety:spot_new": of("project", COMPANY),
    "safety:spot_print": of("spot", COMPANY),
    "safety:spot_close": of("spot", COMPANY),
    "safety:sheet": of("project", CASE, fill={"day": "=2026-10-30"}),
    "safety:check": of("check", CASE),
    "safety:waive": of("instance", frozenset({"company"})),
    # The shell of the phone is empty; what fills it is the account's own.
    "field:today": for_(ALL),
    "field:at": for_(ALL, fill={"code": "=5K2"}),
    "field:worker": for_(ALL),
    "field:manifest": for_(ALL),
    "field:icon": for_(ALL, fill={"size": "=192"}),
    "field:day": for_(SIGNED),
    "field:receive": for_(SIGNED, method="post"),
}

MEDIATION: dict[str, Row] = {
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
    "mediation:affiliations": for_(LEADERS),
    "mediation:affiliation_new": for_(OFFICE),
    "mediation:committee_new": for_(OFFICE),
    "mediation:rotas": for_(SIGNED),
    "mediation:rota_new": for_(OFFICE),
    "mediation:shifts": for_(SIGNED),
    "mediation:rota": of("rota", LEADERS),
    "mediation:rota_print": of("rota", LEADERS),
    "mediation:rota_again": of("rota", OFFICE, method="post"),
    "mediation:rota_publish": of("rota", OFFICE, method="post"),
    "mediation:swap": of("shift", OFFICE),
    "mediation:serve": of("shift", LEADERS | {"company"}, method="post"),
    "mediation:swap_decide": of("swap", NOBODY, fill={"answer": "=yes"}, method="post"),
    "mediation:petitions": for_(SIGNED),
    "mediation:petition_new": for_(GOVERNMENT - {"community", "community_other"}),
    "mediation:petition": of("petition", AREA),
    "mediation:petition_follow": of("petition", AREA, method="post"),
    "mediation:petition_step": of("petition", AREA, fill={"step": "=accept"}),
    "mediation:feed": for_(ALL, fill={"feed": "expert.feed"}),
}

CONDUCT: dict[str, Row] = {
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

FUND: dict[str, Row] = {
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

#: A change of fee is a matter of its estate: the association never sees one.
FEE = COMPANY | AREA | {"owner"}
FEES: dict[str, Row] = {
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

INSPECTIONS: dict[str, Row] = {
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

RESALE: dict[str, Row] = {
    "resale:accounts": for_(SIGNED),
    "resale:account_new": for_(COMPANIES),
    "resale:account": of("power_account", CASE),
    "resale:account_follow": of("power_account", CASE, method="post"),
    "resale:account_step": of("power_account", CASE, fill={"step": "=convert"}),
    "resale:account_edit": of("power_account", COMPANY),
    "resale:meter_new": of("power_account", COMPANY),
    "resale:month_new": of("power_account", COMPANY),
    "resale:meter": of("meter", COMPANY),
    "resale:months": for_(SIGNED),
    "resale:month": of("power_month", CASE),
    "resale:month_follow": of("power_month", CASE, method="post"),
    "resale:month_step": of("power_month", CASE, fill={"step": "=confirm"}),
    "resale:bill": of("power_month", COMPANY),
    "resale:readings": of("power_month", COMPANY),
    "resale:refunds": for_(SIGNED),
    "resale:refund_pay": of("power_refund", COMPANY),
    "resale:refund_post": of("power_refund", COMPANY),
}

#: Who may organise where there is no committee: street and community for a group that they lead.
BODIES = frozenset({"street", "community"})
SEES_VOTE = LEADERS | COMPANY | AREA | {"owner"}

ASSEMBLY: dict[str, Row] = {
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

#: Who speaks for a member; the member that a thing of the association belongs to, with the association itself.
MEMBERS = frozenset({"company", "company_other"})
OWN_MEMBER = LEADERS | {"company"}
ALL_MEMBERS = LEADERS | MEMBERS


def _case(name: str, who: frozenset[str], step: str) -> dict[str, Row]:
    """The pages of one kind of case of the association: the case, following it, one of its steps."""
    return {
        f"association:{name}": of(name, who),
        f"association:{name}_follow": of(name, who, method="post"),
        f"association:{name}_step": of(name, who, fill={"step": f"={step}"}),
    }


ASSOCIATION: dict[str, Row] = {
    **{
        f"association:{name}": for_(SIGNED)
        for name in ("admissions", "leavings", "dues", "meetings", "resolutions", "groups", "tasks", "workload", "inquiries", "letters",
                     "activities", "budget", "disclosures")
    },
    **{f"association:{name}": for_(MEMBERS) for name in ("admission_new", "leaving_new", "inquiry_new")},
    **{f"association:{name}": for_(OFFICE) for name in ("rate", "bill", "activity_new", "budget_new", "prepare")},
    **{f"association:group_{name}": of("work_group", LEADERS) for name in ("charter", "lead", "evaluate")},
    **_case("admission", OWN_MEMBER, "check"),
    **_case("leaving", OWN_MEMBER, "settle"),
    **_case("due", OWN_MEMBER, "pay"),
    **_case("meeting", OWN_MEMBER, "check_in"),
    **_case("resolution", OWN_MEMBER, "report"),
    **_case("task", OWN_MEMBER, "assign"),
    **_case("inquiry", OWN_MEMBER, "answer"),
    **_case("letter", LEADERS | {"street"}, "receive"),
    **_case("disclosure", LEADERS, "check"),
    "association:meeting_new": for_(LEADERS),
    "association:vote": of("sitting_item", OFFICE),
    "association:group": of("work_group", ALL_MEMBERS),
    "association:task_new": of("work_group", OFFICE),
    "association:letter_new": for_(OFFICE | GOVERNMENT),
    "association:activity_done": of("activity", OFFICE),
    "association:book": of("budget_line", OFFICE),
}  # fmt: skip

OFFICE_PAGES: dict[str, Row] = {
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

API: dict[str, Row] = {
    "openapi:api-root": for_(NOBODY),
    "openapi:openapi-json": for_(ALL),
    **{f"openapi:calc_{name}": for_(ALL, method="post") for name in CALCULATORS},
    "openapi:read_schema": for_(ALL, fill={"name": "=vote"}),
    "openapi:list_schemas": for_(ALL),
    "openapi:list_estates": for_(ALL),
    "openapi:read_estate": for_(ALL, fill={"code": "estate.code"}),
    "openapi:list_stars": for_(ALL),
    "openapi:read_plaque": for_(ALL, fill={"number": "award.plaque"}),
    "openapi:list_notices": for_(ALL),
    "openapi:read_notice": for_(ALL, fill={"number": "published.number"}),
    "openapi:make_objection": for_(ALL, fill={"number": "published.number"}, method="post"),
    "openapi:read_objection": for_(ALL, fill={"receipt": "objection.receipt"}),
    "openapi:list_seals": for_(ALL),
    "openapi:read_me": for_(SIGNED, token=True),
    "openapi:list_applications": for_(SIGNED, token=True),
    "openapi:list_facts": for_(SIGNED, token=True),
}

PORTAL: dict[str, Row] = {
    "portal:home": for_(ALL),
    "portal:search": for_(ALL, query="q=翠屏"),
    "portal:proof": for_(ALL),
    "portal:accessibility": for_(ALL),
    "portal:estates": for_(ALL),
    "portal:estate": for_(ALL, fill={"code": "estate.code"}),
    "portal:hazard": for_(ALL, fill={"code": "estate.code"}),
    "portal:hazards": for_(ALL),
    "portal:hazard_receipt": for_(ALL, fill={"receipt": "hazard.receipt"}),
    "portal:dispute": for_(ALL, fill={"code": "estate.code"}),
    "portal:disputes": for_(ALL),
    "portal:dispute_receipt": for_(ALL, fill={"receipt": "voice.receipt"}),
    "portal:dispute_answer": for_(ALL, fill={"receipt": "voice.receipt"}, method="post"),
    "portal:power": for_(ALL),
    "portal:power_meter": for_(ALL, fill={"receipt": "meter.receipt"}),
    "portal:power_answer": for_(ALL, fill={"receipt": "meter.receipt", "pk": "power_refund.pk"}, method="post"),
    "portal:fee": for_(ALL),
    "portal:fee_notice": for_(ALL, fill={"receipt": "adjustment.receipt"}),
    "portal:fee_ask": for_(ALL, fill={"receipt": "adjustment.receipt"}),
    "portal:fee_answer": for_(ALL, fill={"receipt": "fee_question.receipt"}),
    "portal:company": of("company", ALL),
    "portal:members": for_(ALL),
    "portal:rates": for_(ALL),
    "portal:accounts": for_(ALL),
    "portal:notices": for_(ALL),
    "portal:notice": for_(ALL, fill={"number": "published.number"}),
    "portal:notice_print": for_(ALL, fill={"number": "published.number"}),
    "portal:object": for_(ALL, fill={"number": "published.number"}),
    "portal:decisions": for_(ALL),
    "portal:sanctions": for_(ALL),
    "portal:credit": for_(ALL),
    "portal:objections": for_(ALL),
    "portal:receipt": for_(ALL, fill={"receipt": "objection.receipt"}),
    "portal:pack": for_(ALL, fill={"number": "published.number"}),
    "portal:verify": for_(ALL),
    "portal:ledger": for_(ALL),
    "portal:verifier": for_(ALL),
    "portal:photo": for_(NOBODY, fill={"name": "attachment.sha256"}),
    "portal:plaque": for_(ALL, fill={"code": "award.code"}),
    "portal:report": for_(ALL),
    "portal:reports": for_(LEADERS),
    "portal:report_answer": of("report", LEADERS),
    "portal:report_receipt": for_(ALL, fill={"receipt": "report.receipt"}),
    "portal:calculators": for_(ALL),
    "portal:calculator": for_(ALL, fill={"name": "=vote"}),
    "portal:standards": for_(ALL),
    "portal:standard": for_(ALL, fill={"name": "version.name", "version": "version.version"}),
}

ROOMS: dict[str, dict[str, Row]] = {
    "door": DOOR, "kernel": KERNEL, "rating": RATING, "pages": PAGES, "register": REGISTER, "safety": SAFETY, "inspections": INSPECTIONS,
    "resale": RESALE, "fees": FEES, "fund": FUND, "mediation": MEDIATION, "assembly": ASSEMBLY, "association": ASSOCIATION,
    "office": OFFICE_PAGES, "conduct": CONDUCT,
    "openapi": API, "portal": PORTAL,
}  # fmt: skip
ROWS: dict[str, Row] = {name: row for rows in ROOMS.values() for name, row in rows.items()}

#: Of these the row on the foreign side is the same thing: there is one for the whole city.
SHARED = (
    "cycle",
    "draft_cycle",
    "version",
    "draft_version",
    "proposal",
    "report",
    "whatif",
    "library",
    "pool",
    "work_group",
    "task",
    "activity",
    "budget_line",
    "disclosure",
)


def has_sides(row: Row) -> bool:
    """Whether the address of the foreign side is another one."""
    paths = [path for path in row.fill.values() if not path.startswith("=")]
    return any(path.split(".")[0] not in SHARED for path in paths)


def on_the_other_side(who: frozenset[str]) -> frozenset[str]:
    """The same offices beyond the river; a city is responsible for both banks, and no panel is drawn over there."""
    if who >= SIGNED:
        return who
    paired = ("company", "manager", "community", "street", "district", "owner")
    swap = {**{role: f"{role}_other" for role in paired}, **{f"{role}_other": role for role in paired}}
    return frozenset(swap.get(role, role) for role in who) - REVIEWERS


def addresses() -> Iterator[tuple[str, str]]:
    """``(name, route)`` of every address, includes and namespaces followed; without a name the route stands for it."""
    yield from _walk(get_resolver(), (), "")


def _walk(resolver: Any, spaces: tuple[str, ...], before: str) -> Iterator[tuple[str, str]]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one, (*spaces, one.namespace) if one.namespace else spaces, route)
        elif isinstance(one, URLPattern):
            yield ":".join((*spaces, one.name)) if one.name else route, route
