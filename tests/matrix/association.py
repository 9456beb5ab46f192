"""Who may open the pages of the room association."""

from __future__ import annotations

from .row import GOVERNMENT, LEADERS, OFFICE, SIGNED, Row, for_, of

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


ROWS: dict[str, Row] = {
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
