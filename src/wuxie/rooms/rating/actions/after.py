"""What becomes of a star: yearly review, vetoes, lowering, revocation, appeal, the end of its time."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.days import add_months
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.labels import Sentence
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import facts, papers, queries
from ..live import live_score
from ..models import Application, Award, Benefit
from ..workflow import STAR_APPLICATION
from ..workflow.application import award_of
from .award import close, end_standing, give, link_successor, promise_benefits
from .benefit import reverse_benefits

S = Application.State
LOWERED = Sentence(gettext_noop("降为%(stars)s星"))


@transaction.atomic
def start_annual_review(application: Application, *, by: Actor, note: str = "") -> Event:
    """Begin the yearly look; the display rests until it is over."""
    sheet = papers.write("年度复核表", application, by=by, live=live_score(application.project))
    application.review_reason, application.review_facts = note or _("年度复核"), []
    application.save(update_fields=["review_reason", "review_facts"])
    return engine.take(
        STAR_APPLICATION, "start_annual_review", application, by=by, note=note, papers={"年度复核表": sheet.reference}
    )


@STAR_APPLICATION.by_time("stop_display")
@transaction.atomic
def stop_display(application: Application) -> Event:
    """The yearly review was not begun in time: nothing is displayed until it was held."""
    application.display_stopped_on = today()
    application.save(update_fields=["display_stopped_on"])
    return engine.by_clock(STAR_APPLICATION, "stop_display", application)


@transaction.atomic
def veto_arrived(application: Application, *, found: Iterable[Fact] | None = None) -> Event | None:
    """A veto holds for a project that has a star: under review at once, display suspended. ``None`` if none holds."""
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    behind = list(found) if found is not None else queries.veto_facts(application)
    if application.state != S.AWARDED or not behind:
        return None
    words = "；".join(queries.vetoes_today(application))
    application.review_reason, application.review_facts = words[:300], [fact.pk for fact in behind]
    application.save(update_fields=["review_reason", "review_facts"])
    sheet = papers.write("否决事实单", application, by=None, found=behind, text=words)
    return engine.by_clock(
        STAR_APPLICATION, "veto_fact_arrived", application, note=words, papers={"否决事实单": sheet.reference},
        facts=[fact.pk for fact in behind],
    )  # fmt: skip


def follow_fact(fact: Fact) -> int:
    """A fact was announced: look whether it is a veto for some project that has a star. Returns how many went under review.

    Meant for ``joins``: declared for every kind that the vetoes of a published standard read.
    """
    moved = 0
    for application in queries.starred_by(fact):
        moved += veto_arrived(application) is not None
    return moved


def _display_again(application: Application) -> None:
    application.decided_on, application.display_stopped_on = today(), None
    application.save(update_fields=["decided_on", "display_stopped_on"])


@transaction.atomic
def keep(application: Application, *, by: Actor, note: str = "") -> Event:
    """The star stays; its time runs on as before."""
    opinion = papers.write("复核意见", application, by=by, text=note or _("维持星级"))
    _display_again(application)
    return engine.take(STAR_APPLICATION, "keep", application, by=by, note=note, papers={"复核意见": opinion.reference})


@transaction.atomic
def downgrade(application: Application, *, by: Actor, stars: int, reason: str) -> Event:
    """Tell the company of a lower star; it takes effect when nobody appealed in time."""
    standing = award_of(application)
    if standing is None or not 1 <= stars < standing.stars:
        raise Refusal("guard", _("降星要低于现在的星级，且至少一星；够不上一星请撤销。"))
    reason = said(reason, _("降星要写明理由。"))
    application.lower_stars, application.decided_on = stars, today()
    application.save(update_fields=["lower_stars", "decided_on"])
    notice = papers.write("降星告知书", application, by=by, text=reason, stars=stars, award=standing)
    return engine.take(
        STAR_APPLICATION,
        "downgrade",
        application,
        by=by,
        note=reason,
        papers={"降星告知书": notice.reference},
        stars=stars,
    )


@STAR_APPLICATION.by_time("take_lower_star")
@transaction.atomic
def take_lower_star(application: Application) -> Event:
    """Nobody appealed, or in vain: the lower star takes the place of the higher; its time is not counted anew."""
    standing, stars = award_of(application), application.lower_stars
    if standing is None or stars is None:
        raise Refusal("state", _("没有可以降低的星级。"))
    done = set(
        standing.benefits.filter(state__in=[Benefit.State.DELIVERED, Benefit.State.CONFIRMED])
        .exclude(kind="plaque").values_list("kind", flat=True)
    )  # fmt: skip
    reverse_benefits(standing, reason=gettext_noop("降星"), but=done)
    close(standing, Award.Ending.SUPERSEDED, LOWERED(stars=stars))
    lower = give(application, stars, until=standing.valid_until, decision=standing.decision)
    link_successor(application.project, lower)
    application.display_stopped_on = None
    application.save(update_fields=["display_stopped_on"])
    event = engine.by_clock(STAR_APPLICATION, "take_lower_star", application, stars=stars, plaque=lower.plaque)
    record_level(lower, source=f"{application.key}/lower/{application.version}", by="clock")
    promise_benefits(lower, but=done)
    return event


def record_level(standing: Award, *, source: str, by: str) -> None:
    """Announce the level ``star.awarded`` of an award that was not given by the step ``award``."""
    fact = ledger.announce(
        facts.AWARDED.code, standing.project.key, occurred_on=today(), quantity=str(standing.stars), source=source,
        valid_until=standing.valid_until, trust="authority_document", by=by,
    )  # fmt: skip
    standing.fact_id = fact.pk
    standing.save(update_fields=["fact_id"])


@transaction.atomic
def revoke(application: Application, *, by: Actor, reason: str, decision: str) -> Event:
    """Take the star away: the award ends, every benefit is reversed, the plaque is to come back."""
    reason, decision = said(reason, _("撤销要写明理由。")), said(decision, _("请写撤销决定的文号。"))
    standing = award_of(application)
    application.decided_on = today()
    application.save(update_fields=["decided_on"])
    paper = papers.write("撤销决定书", application, by=by, text=reason, number=decision, award=standing)
    event = engine.take(
        STAR_APPLICATION, "revoke", application, by=by, note=reason, papers={"撤销决定书": paper.reference},
        fact={"trust": "authority_document"},
    )  # fmt: skip
    if standing is not None:
        close(standing, Award.Ending.REVOKED, reason)
        reverse_benefits(standing, reason=gettext_noop("星级撤销"))
    return event


@transaction.atomic
def return_plaque(application: Application, *, by: Actor, note: str = "") -> Event:
    receipt = papers.write("牌匾回执", application, by=by, text=note)
    return engine.take(
        STAR_APPLICATION, "return_plaque", application, by=by, note=note, papers={"牌匾回执": receipt.reference}
    )


@transaction.atomic
def appeal(application: Application, *, by: Actor, reason: str) -> Event:
    """The company asks the authority to think again: once, within the period."""
    reason = said(reason, _("请写明申诉的理由和请求。"))
    letter = papers.write("申诉书", application, by=by, text=reason)
    application.appealed_from = application.state
    event = engine.take(
        STAR_APPLICATION, "appeal", application, by=by, note=reason, papers={"申诉书": letter.reference}
    )
    application.appealed = True
    application.save(update_fields=["appealed", "appealed_from"])
    return event


@transaction.atomic
def dismiss_appeal(application: Application, *, by: Actor, reason: str) -> Event:
    """The decision stands; whichever it was."""
    reason = said(reason, _("申诉决定要写明理由。"))
    paper = papers.write("申诉决定书", application, by=by, text=reason, upheld=False)
    step = f"uphold_{application.appealed_from}"
    return engine.take(STAR_APPLICATION, step, application, by=by, note=reason, papers={"申诉决定书": paper.reference})


uphold_not_awarded = uphold_downgraded = uphold_revoked = dismiss_appeal


@transaction.atomic
def overturn(application: Application, *, by: Actor, reason: str, stars: int | None = None) -> Event:
    """The appeal is right: the star is given, or stays as it was, or comes back; its time is not counted anew.

    ``stars`` is needed where there was none yet, and is at most what the score gives.
    """
    reason = said(reason, _("申诉决定要写明理由。"))
    came_from = application.appealed_from
    if came_from == S.NOT_AWARDED and not (stars and 1 <= stars <= 5):
        raise Refusal("guard", _("请写明改授几星。"))
    paper = papers.write("申诉决定书", application, by=by, text=reason, upheld=True)
    engine.check(STAR_APPLICATION, "overturn", application, by=by)
    standing = _restored(application, stars, paper.number)
    _display_again(application)
    event = engine.take(
        STAR_APPLICATION, "overturn", application, by=by, note=reason, papers={"申诉决定书": paper.reference},
        stars=standing.stars,
    )  # fmt: skip
    if came_from != S.DOWNGRADED:
        record_level(standing, source=f"{application.key}/overturn/{application.version}", by=by.key)
        promise_benefits(standing)
    return event


def _restored(application: Application, stars: int | None, decision: str) -> Award:
    """The award that stands after a granted appeal."""
    if application.appealed_from == S.REVOKED:
        standing = application.awards.filter(ending=Award.Ending.REVOKED).latest("ended_on", "pk")
        standing.ended_on, standing.ending, standing.ending_reason = None, "", ""
        standing.save(update_fields=["ended_on", "ending", "ending_reason"])
        return standing
    if application.appealed_from == S.DOWNGRADED:
        application.lower_stars = None
        application.save(update_fields=["lower_stars"])
        return application.awards.get(ended_on=None)
    assert stars is not None
    end_standing(application.project, Award.Ending.SUPERSEDED, _("由新星级取代"))
    until = add_months(today(), application.cycle.valid_months)
    given = give(application, stars, until=until, decision=decision)
    link_successor(application.project, given)
    return given


@STAR_APPLICATION.by_time("expire")
@transaction.atomic
def expire(application: Application, *, note: str = "") -> Event:
    """The star's time is over, or the company left the project."""
    standing = award_of(application)
    event = engine.by_clock(STAR_APPLICATION, "expire", application, note=note)
    if standing is not None:
        standing.ended_on, standing.ending_reason = today(), note[:200]
        standing.save(update_fields=["ended_on", "ending_reason"])
        end_early(standing, note)
    return event


def end_early(standing: Award, note: str) -> None:
    """A star that ends before its day ends in the ledger too."""
    from .award import end_level

    if standing.valid_until >= today():
        end_level(standing, note)
