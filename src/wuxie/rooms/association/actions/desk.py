"""Verbs of the members' desk: asked, handed on, answered, rated."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.labels import Sentence
from wuxie.kernel.notify.tell import tell
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import rules
from ..models import Inquiry, Member, WorkGroup
from ..workflow import INQUIRY
from .common import save

ANSWERED = Sentence(gettext_noop("诉求有答复：%(title)s"))


@transaction.atomic
def ask(member: Member, *, by: Actor, subject: str, title: str, text: str) -> Inquiry:
    """A member asks; the days for an answer begin."""
    case = Inquiry(
        member=member,
        subject=subject,
        title=said(title, _("请写诉求的标题。"))[:80],
        text=said(text, _("请写要协会做什么。")),
    )
    may(rules.payer, case, by, _("提诉求"))
    engine.open_case(INQUIRY, case, by=by)
    return case


@transaction.atomic
def hand_on(case: Inquiry, *, by: Actor, group: WorkGroup, note: str = "") -> Event:
    """A working group answers; the days go on."""
    engine.check(INQUIRY, "hand_on", case, by=by)
    save(case, group=group)
    return engine.take(INQUIRY, "hand_on", case, by=by, note=note or str(group))


@transaction.atomic
def answer(case: Inquiry, *, by: Actor, answer: str) -> Event:
    """The member has its answer and is told so. Nobody answers what their own unit asked."""
    engine.check(INQUIRY, "answer", case, by=by)
    if rules.payer.test(by, case):
        raise Refusal("person", _("自己单位的诉求，由别人答复。"))
    text = said(answer, _("请写答复。"))
    save(case, answer=text, answered_on=today())
    event = engine.take(INQUIRY, "answer", case, by=by, note=text)
    tell(
        rules.payer.people(case),
        ANSWERED(title=case.title),
        text,
        link=INQUIRY.url(case.pk),
        key=f"inquiry:{case.pk}:{case.version}",
    )
    return event


@transaction.atomic
def rate(case: Inquiry, *, by: Actor, mark: int, note: str = "") -> Event:
    """The member says how well it was served, one to five."""
    engine.check(INQUIRY, "rate", case, by=by)
    if not 1 <= mark <= 5:
        raise Refusal("guard", _("满意打 1 到 5 分。"))
    save(case, mark=mark)
    return engine.take(INQUIRY, "rate", case, by=by, note=note, mark=mark)
