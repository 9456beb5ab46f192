"""From the draft to the opinions of community and street."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel import labels
from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.labels import Sentence
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.papers.models import Attachment
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.desk import set_turns
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Project

from .. import papers
from ..models import Application, Cycle, Opinion
from ..rules import company_side, filer, opinion_giver, speaks_for
from ..workflow import STAR_APPLICATION

Papers = Mapping[str, str]
SUPPLEMENT = "补正材料"
SILENT = Sentence(gettext_noop("%(who)s逾期没有意见"))


@transaction.atomic
def start(project: Project, cycle: Cycle, *, by: Actor) -> Application:
    """Begin a draft for one's own project; one application a project and cycle."""
    application = Application(
        project=project, cycle=cycle, klass=project.estate.klass, place_code=project.estate.place_id, filed_by=by.key
    )
    may(company_side, application, by, _("起草星级申报"))
    if cycle.state != Cycle.State.OPEN:
        raise Refusal("state", _("这个评定周期没有在受理申报。"))
    try:
        with transaction.atomic():
            return engine.open_case(STAR_APPLICATION, application, by=by)
    except IntegrityError:
        raise Refusal("state", _("这个项目在本周期已有一份申报，请打开那一份。")) from None


@transaction.atomic
def fill_in(
    application: Application, *, by: Actor, self_scores: Mapping[str, str] | None = None, party_form: str | None = None,
    promise: bool | None = None, contact: str | None = None,
) -> Application:  # fmt: skip
    """Save the draft: own scores by group (decimal text), form of the party organisation, promise of truth, contact."""
    may(company_side, application, by, _("填写申报"))
    if application.state != Application.State.DRAFT:
        raise Refusal("state", _("申报已经报送，不能再改。需要更正时请等补正通知，或撤回重报。"))
    if self_scores is not None:
        application.self_scores, application.self_total = papers.checked_self_scores(application, self_scores)
    for name, value in (("party_form", party_form), ("promise", promise), ("contact", contact)):
        if value is not None:
            setattr(application, name, value)
    application.save()
    return application


@transaction.atomic
def submit(application: Application, *, by: Actor, note: str = "") -> Event:
    """Send it: the form and the self-score sheet are written and numbered, the case gets the form's number."""
    form = papers.write("星级评定申报表", application, by=by)
    sheet = papers.write("自评得分表", application, by=by)
    application.number, application.submitted_on = form.number, today()
    application.save(update_fields=["number", "submitted_on"])
    return engine.take(
        STAR_APPLICATION, "submit", application, by=by, note=note,
        papers={"星级评定申报表": form.reference, "自评得分表": sheet.reference},
    )  # fmt: skip


@transaction.atomic
def open_check(application: Application, *, by: Actor, note: str = "") -> Event:
    return engine.take(STAR_APPLICATION, "open_check", application, by=by, note=note)


@transaction.atomic
def ask_supplement(application: Application, *, by: Actor, text: str) -> Event:
    """Ask, once, for what is missing."""
    text = said(text, _("请写明要补什么、补到什么程度。"))
    notice = papers.write("补正通知", application, by=by, text=text)
    application.supplement_asked = text
    event = engine.take(
        STAR_APPLICATION, "ask_supplement", application, by=by, note=text, papers={"补正通知": notice.reference}
    )
    application.supplemented = True
    application.save(update_fields=["supplement_asked", "supplemented"])
    return event


@transaction.atomic
def supplement(application: Application, *, by: Actor, note: str = "", papers: Papers | None = None) -> Event:
    """Hand in what was asked for: a paper named 补正材料, attached to the case or given here."""
    return engine.take(STAR_APPLICATION, "supplement", application, by=by, note=note, papers=papers)


@transaction.atomic
def supplement_with(application: Application, *, by: Actor, content: bytes, name: str, note: str = "") -> Event:
    """File what was asked for, then hand it in."""
    kept = filing.attach(papers.case_key(application), content, name, kind=SUPPLEMENT, by=by.key)
    return supplement(application, by=by, note=note, papers={SUPPLEMENT: f"attachment:{kept.pk}"})


def may_add_paper(application: Application, actor: Actor) -> bool:
    """Whether this person may put one more paper into the case, which is open until it is over."""
    return application.state not in STAR_APPLICATION.final and filer.test(actor, application)


@transaction.atomic
def add_paper(application: Application, *, by: Actor, kind: str, content: bytes, name: str) -> Attachment:
    """Put one more paper into the case."""
    may(filer, application, by, _("补材料"))
    if not may_add_paper(application, by):
        raise Refusal("state", _("这份申报已经办结，不再收材料。"))
    return filing.attach(papers.case_key(application), content, name, kind=kind, by=by.key)


@transaction.atomic
def pass_check(application: Application, *, by: Actor, note: str = "") -> Event:
    opinion = papers.write("形式审查意见书", application, by=by, text=note or _("材料齐全，形式审查通过。"))
    return engine.take(
        STAR_APPLICATION, "pass_check", application, by=by, note=note, papers={"形式审查意见书": opinion.reference}
    )


@transaction.atomic
def reject(application: Application, *, by: Actor, reason: str) -> Event:
    """Turn it down at the check, with reasons; it may be appealed."""
    reason = said(reason, _("驳回要写明理由。"))
    opinion = papers.write("形式审查意见书", application, by=by, text=reason)
    _decided(application)
    return engine.take(
        STAR_APPLICATION, "reject", application, by=by, note=reason, papers={"形式审查意见书": opinion.reference}
    )


def _decided(application: Application) -> None:
    """From today the decision may be appealed."""
    application.decided_on = today()
    application.save(update_fields=["decided_on"])


@transaction.atomic
def give_opinion(application: Application, *, by: Actor, stance: str, text: str = "") -> Opinion:
    """What the community or the street says; when both have spoken the case goes on."""
    may(opinion_giver, application, by, _("填写社区街道意见"))
    if application.state != Application.State.COMMUNITY_OPINION:
        raise Refusal("state", _("现在不在征求意见的时候。"))
    if stance not in (Opinion.Stance.AGREES, Opinion.Stance.AGREES_WITH_ADVICE, Opinion.Stance.DISAGREES):
        raise Refusal("guard", _("请选同意、同意并有建议，或不同意。"))
    if stance != Opinion.Stance.AGREES:
        text = said(text, _("有建议或不同意时要写明理由。"))
    level = speaks_for(application, by)
    both = application.opinions.exists()
    paper = papers.write(
        "社区街道意见表", application, by=by, text=text, stance=Opinion.Stance(stance).label, level=level
    )
    opinion = Opinion(
        application=application, level=level, stance=stance, text=text, paper=paper.reference, by=by.key, by_name=by.name,
        at=now(),
    )  # fmt: skip
    if both:
        engine.take(
            STAR_APPLICATION, "give_opinion", application, by=by, note=text, papers={"社区街道意见表": paper.reference}
        )
        opinion.save()
    else:
        opinion.save()
        label = " · ".join(map(labels.kept, (Opinion.Level(level).label, Opinion.Stance(stance).label)))
        engine.record(STAR_APPLICATION, application, label, by=by, note=text)
        set_turns(STAR_APPLICATION, application)
    return opinion


@STAR_APPLICATION.by_time("pass_silent")
@transaction.atomic
def pass_silent(application: Application) -> Event:
    """The time for opinions is over: who said nothing is on record with that."""
    said_already = set(application.opinions.values_list("level", flat=True))
    silent = [level for level in Opinion.Level if level not in said_already]
    Opinion.objects.bulk_create(
        Opinion(application=application, level=level, stance=Opinion.Stance.NONE, by=THE_CLOCK.key, at=now())
        for level in silent
    )
    note = SILENT(who="、".join(labels.kept(level.label) for level in silent))
    return engine.by_clock(STAR_APPLICATION, "pass_silent", application, note=note)


@STAR_APPLICATION.by_time("miss_supplement")
@transaction.atomic
def miss_supplement(application: Application) -> Event:
    _decided(application)
    return engine.by_clock(STAR_APPLICATION, "miss_supplement", application)


@transaction.atomic
def withdraw(application: Application, *, by: Actor, reason: str = "") -> Event:
    """Take the application back, at any time before the award; no reason is owed."""
    if application.state == Application.State.DRAFT:
        return engine.take(STAR_APPLICATION, "discard", application, by=by, note=reason)
    paper = papers.write("撤回申请", application, by=by, text=reason or _("企业自愿撤回。"))
    return engine.take(
        STAR_APPLICATION, "withdraw", application, by=by, note=reason, papers={"撤回申请": paper.reference}
    )


def discard(application: Application, *, by: Actor, note: str = "") -> Event:
    return withdraw(application, by=by, reason=note)
