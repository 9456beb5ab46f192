"""A small procedure to try the engine with: a request is answered in time, or the clock passes it up."""

from __future__ import annotations

from django.db import models

from wuxie.kernel.access.actor import Actor, Seat
from wuxie.kernel.access.who import seated, the_clock
from wuxie.kernel.facts.kinds import Kind
from wuxie.kernel.workflow.models import Case
from wuxie.kernel.workflow.table import Rung, Step, Workflow, guard, within


class RequestQuerySet(models.QuerySet["Request"]):
    def visible_to(self, actor: Actor) -> RequestQuerySet:
        """Everybody in office may read a request."""
        return self if actor.seats else self.none()


class Request(Case):
    class State(models.TextChoices):
        ASKED = "asked", "已提出"
        LATE = "late", "逾期"
        ANSWERED = "answered", "已答复"
        CLOSED = "closed", "已结"
        WITHDRAWN = "withdrawn", "已撤回"

    title = models.CharField(max_length=40, default="一件事")
    ready = models.BooleanField(default=True)
    objects = RequestQuerySet.as_manager()

    class Meta:
        app_label = "workflow"


S = Request.State
STREET = seated("街道", "gov_street", at=lambda case: Seat("gov_street", place_code=case.place_code[:9]))
ASKER = seated("社区", "gov_community", at=lambda case: Seat("gov_community", place_code=case.place_code))
DISTRICT = seated("区县", "gov_district", at=lambda case: Seat("gov_district", place_code=case.place_code[:6]))
KINDS = {
    name: Kind(f"trial.{name}", words, subject="estate", measure="event", min_trust="association_verified")
    for name, words in {
        "answered": "答复了",
        "passed_up": "逾期上报",
        "closed": "办结了",
        "review_late": "复核逾期",
    }.items()
}


@guard("先把材料备齐。")
def is_ready(case: Request) -> bool:
    return case.ready


def table() -> Workflow:
    """The table; made once a test session, since a name can be declared only once."""
    return Workflow(
        "trial_request", Request, label="请求", initial=S.ASKED, final=(S.CLOSED, S.WITHDRAWN),
        subject=lambda case: "estate:1", title=lambda case: case.title, url=lambda pk: f"/trial/{pk}/", pausers=STREET,
        opens=(within(5, name="reply", label="答复", orelse="pass_up", during=(S.ASKED,), whose=STREET),),
        steps={
            "answer": Step((S.ASKED, S.LATE), S.ANSWERED, KINDS["answered"], by=STREET, label="答复", needs=[is_ready],
                           papers=("答复书",),
                           then=within(2, "day", name="review", label="复核", overdue_kind=KINDS["review_late"], remind=(1,),
                                       ladder=(Rung(1, DISTRICT),), whose=ASKER)),
            "pass_up": Step(S.ASKED, S.LATE, KINDS["passed_up"], by=the_clock, label="逾期上报"),
            "close": Step(S.ANSWERED, S.CLOSED, KINDS["closed"], by=ASKER, label="办结"),
            "reopen": Step((S.CLOSED, S.ANSWERED), S.ASKED, by=ASKER, label="重开", reopens=True, quiet=True),
            "withdraw": Step(S.ASKED, S.WITHDRAWN, by=ASKER, label="撤回", quiet=True),
        },
    )  # fmt: skip
