"""The panel at work: frozen evidence, the draw, blind marks, the session, the visit, late facts, the result."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import THE_CLOCK, Actor, Seat, people_on
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.labels import Sentence
from wuxie.kernel.notify.tell import tell
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.desk import set_turns
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import evidence, facts, law, papers, queries
from ..models import Application, Assignment, Draw, LateFact, Mark, Recusal, Session, Snapshot, Visit
from ..rules import filer, panel, secretariat
from ..workflow import STAR_APPLICATION
from .scoring import admit_result, freeze

S = Application.State
DRAWN = Sentence(gettext_noop("抽取评审：%(how)s"))
HANDED_IN = Sentence(gettext_noop("一位评审交了第%(n)s轮打分"))
APART = Sentence(gettext_noop("评分差距超过满分的%(percent)s%%，须合议：%(what)s"))


@transaction.atomic
def freeze_snapshot(application: Application) -> Event:
    """Take the rows, score by the machine's part of the standard; then draw the panel."""
    snapshot = freeze(application, Snapshot.Reason.FREEZE, by=THE_CLOCK)
    sheet = papers.write("得分明细表", application, by=THE_CLOCK)
    event = engine.by_clock(
        STAR_APPLICATION, "freeze_snapshot", application, papers={"得分明细表": sheet.reference},
        snapshot=snapshot.number, rows=snapshot.row_count, sha256=snapshot.rows_sha256, standard=application.cycle.standard,
    )  # fmt: skip
    draw_panel(application, by=THE_CLOCK)
    return event


@transaction.atomic
def draw_panel(application: Application, *, by: Actor, seed: str = "") -> Draw:
    """Draw the reviewers by a stored seed; where too few are left near by, from farther away, and the record says so."""
    if by is not THE_CLOCK:
        may(secretariat, application, by, _("抽取评审"))
    if application.state != S.REVIEW or application.draws.exists():
        raise Refusal("state", _("只有在评审开始、还没有抽过的时候才抽取评审。"))
    draw = _draw(application, application.cycle.reviewers, seed=seed or secrets.token_hex(16), by=by)
    set_turns(STAR_APPLICATION, application)
    engine.record(STAR_APPLICATION, application, DRAWN(how=draw.said), by=by, private=True)
    return draw


@STAR_APPLICATION.by_time("replace_reviewer")
def _replace_by_time(application: Application) -> Event:
    return replace_reviewer(application, by=THE_CLOCK)


@transaction.atomic
def replace_reviewer(application: Application, *, by: Actor, note: str = "") -> Event:
    """Fill an empty place; without one, whoever has not handed in leaves, and what they marked is not used.

    The draw goes on from the same seed. When time is over (the clock asks) both happen.
    """
    if application.review_round not in (0, 1):
        raise Refusal("guard", _("已进入合议或已交齐，不能再换评审。"))
    tasks = list(application.assignments.current())
    empty = application.cycle.reviewers - len(tasks)
    idle = [one for one in tasks if not one.handed_in(1)] if not empty or by is THE_CLOCK else []
    wanted = empty + len(idle)
    if not wanted:
        raise Refusal("guard", _("评审都已交分，没有要更换的人。"))
    gone = set(application.assignments.values_list("reviewer_id", flat=True))
    Assignment.objects.filter(pk__in=[one.pk for one in idle]).update(
        released_at=now(), release_reason=note[:200] or gettext_noop("期内没有交分")
    )
    before = application.draws.order_by("-number").first()
    draw = _draw(application, wanted, seed=before.seed if before else secrets.token_hex(16), by=by, but=gone)
    return engine.take(STAR_APPLICATION, "replace_reviewer", application, by=by, note=note or draw.said, private=True)


def _draw(application: Application, wanted: int, *, seed: str, by: Actor, but: Iterable[int] = ()) -> Draw:
    """Draw so many reviewers, give them their tasks, and open the first round if the panel is complete."""
    assert application.snapshot is not None
    found = queries.reviewer_pool(application, wanted, but=but)
    picked = law.drawn(seed, found.candidates, wanted)
    number = application.draws.count() + 1
    draw = Draw.objects.create(
        application=application, number=number, seed=seed, pool=found.pool, said=found.said, candidates=found.candidates,
        excluded=found.excluded, result=picked, by=by.key, at=now(),
    )  # fmt: skip
    indicators = sorted(evidence.judged_indicators(application.snapshot.document))
    visits = not application.visits.exists() and not application.assignments.current().filter(visits=True).exists()
    Assignment.objects.bulk_create(
        Assignment(
            application=application, reviewer_id=pk, draw=draw, indicators=indicators, visits=visits and place == 0
        )
        for place, pk in enumerate(picked)
    )
    application.review_round = 1 if application.assignments.current().count() >= law.FEWEST else 0
    application.save(update_fields=["review_round"])
    return draw


@transaction.atomic
def recuse(organisation: Organisation, *, by: Actor, reason: str) -> Recusal:
    """A reviewer declares a company to keep away from: no draw there gives them a task any more, and open ones end.

    The secretariat is told, and draws somebody else.
    """
    reason = said(reason, _("请写明回避事由。"))
    if by.person_id is None or not by.holds("reviewer"):
        raise Refusal("person", _("回避由评审本人登记。"))
    row, _made = Recusal.objects.get_or_create(
        person_id=by.person_id, organisation=organisation, ended_on=None,
        defaults={"reason": reason[:200], "declared_at": now()},
    )  # fmt: skip
    open_tasks = Assignment.objects.current().filter(
        reviewer=by.person_id, application__state=S.REVIEW, application__project__company=organisation
    )
    for task in open_tasks.select_related("application"):
        task.released_at, task.release_reason = now(), gettext_noop("本人登记回避")
        task.save(update_fields=["released_at", "release_reason"])
        Application.objects.filter(pk=task.application_id, review_round=1).update(review_round=0)
        set_turns(STAR_APPLICATION, task.application)
        engine.record(STAR_APPLICATION, task.application, gettext_noop("一位评审登记回避，须补抽"), by=by, private=True)
        tell(
            people_on(Seat("association_secretariat")), gettext_noop("评审回避，须补抽一人"), STAR_APPLICATION.title(task.application),
            link=STAR_APPLICATION.url(task.application_id), key=f"recused:{task.pk}",
        )  # fmt: skip
    return row


def task_of(application: Application, by: Actor) -> Assignment:
    """The current task of this reviewer; refused for anyone who was not drawn."""
    task = application.assignments.current().filter(reviewer=by.person_id or 0).first()
    if task is None or application.state != S.REVIEW:
        raise Refusal("person", _("这份申报没有抽中你，或评审已经结束。"))
    return task


@transaction.atomic
def give_mark(application: Application, *, by: Actor, indicator: str, points: str, reason: str) -> Mark:
    """Mark one indicator, with a reason; may be changed until the round is handed in. ``points`` is decimal text."""
    task = task_of(application, by)
    rounds = application.review_round
    if rounds not in (1, 2) or task.handed_in(rounds):
        raise Refusal("state", _("本轮已经交分，不能再改。"))
    wanted = _asked(application, task)
    if indicator not in wanted:
        raise Refusal("guard", _("这一轮不评指标 %(indicator)s。") % {"indicator": indicator})
    if rounds == 2 and not Session.objects.filter(application=application).exclude(held_on=None).exists():
        raise Refusal("guard", _("合议还没有开。先合议，再打第二轮。"))
    full = evidence.judged_indicators(application.snapshot.document)[indicator]
    mark, _made = Mark.objects.update_or_create(
        assignment=task, indicator=indicator, round=rounds,
        defaults={"points": hundredths(points, full), "reason": said(reason, _("请写打分理由。")), "at": now()},
    )  # fmt: skip
    return mark


def hundredths(text: str, full: int) -> int:
    """Points typed as decimal text, in hundredths, between nought and the indicator's own."""
    try:
        value = Fraction(text) * 100
    except (ValueError, ZeroDivisionError):
        value = Fraction(-1)
    if value.denominator != 1 or not 0 <= value <= full:
        most = f"{full // 100}.{full % 100:02d}"
        raise Refusal(
            "guard", _("得分“%(text)s”不合格：写 0 至 %(full)s，最多两位小数。") % {"text": text, "full": most}
        )
    return int(value)


def _asked(application: Application, task: Assignment) -> list[str]:
    if application.review_round == 2:
        return Session.objects.get(application=application).indicators
    return task.indicators


@transaction.atomic
def hand_in(application: Application, *, by: Actor) -> Assignment:
    """Hand in this round's marks: from now on they stand. The last one in closes the round."""
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    task = task_of(application, by)
    rounds = application.review_round
    if rounds not in (1, 2) or task.handed_in(rounds):
        raise Refusal("state", _("本轮已经交分。"))
    given = set(task.marks.filter(round=rounds).values_list("indicator", flat=True))
    missing = [one for one in _asked(application, task) if one not in given]
    if missing:
        raise Refusal("guard", _("还有指标没有打分：%(ids)s。") % {"ids": "、".join(missing)})
    setattr(task, f"round{rounds}_at", now())
    task.save(update_fields=[f"round{rounds}_at"])
    engine.record(STAR_APPLICATION, application, HANDED_IN(n=rounds), by=by, private=True)
    tasks = list(application.assignments.current())
    if len(tasks) >= law.FEWEST and all(one.handed_in(rounds) for one in tasks):
        _close_round(application, rounds)
    return task


def _close_round(application: Application, rounds: int) -> None:
    """All marks are in: lie some far apart, the panel meets and marks those again; else the result stands."""
    full = evidence.judged_indicators(application.snapshot.document)
    spread = {
        indicator: (max(points) - min(points))
        for indicator, points in queries.marks(application, 1).items()
        if law.spread_too_wide(points, full[indicator])
    }
    if rounds == 1 and spread:
        Session.objects.create(application=application, indicators=sorted(spread), spreads=spread, called_at=now())
        label = APART(percent=law.SPREAD_PERCENT, what="、".join(sorted(spread)))
        engine.record(STAR_APPLICATION, application, label, by=THE_CLOCK, private=True)
    application.review_round = 2 if rounds == 1 and spread else 3
    application.save(update_fields=["review_round"])


@transaction.atomic
def hold_session(application: Application, *, by: Actor, minutes: str) -> Session:
    """The panel has met: what was said. From now on the second round may be marked."""
    task_of(application, by)
    session = Session.objects.filter(application=application, held_on=None).first()
    if application.review_round != 2 or session is None:
        raise Refusal("state", _("现在没有要开的合议。"))
    minutes = said(minutes, _("请写合议记录。"))
    session.minutes, session.held_on, session.by = minutes, today(), by.key
    session.save(update_fields=["minutes", "held_on", "by"])
    engine.record(STAR_APPLICATION, application, gettext_noop("评审组合议"), by=by, private=True)
    return session


@transaction.atomic
def record_visit(
    application: Application, *, by: Actor, spots: Mapping[str, Mapping[str, str]], note: str = ""
) -> Visit:
    """Write down an unannounced visit: each of the five spots with a verdict, a word and a photo's reference."""
    task_of(application, by)
    absent = [str(spot.label) for spot in Visit.Spot if spots.get(spot, {}).get("verdict") not in Visit.Verdict.values]
    if absent:
        raise Refusal("guard", _("五个点位都要有结论，还缺：%(spots)s。") % {"spots": "、".join(absent)})
    kept = {
        spot: {key: str(spots[spot].get(key, ""))[:300] for key in ("verdict", "note", "photo")}
        for spot in Visit.Spot.values
    }
    visit = Visit.objects.create(application=application, reviewer_id=by.person_id, at=now(), spots=kept, note=note)
    engine.record(STAR_APPLICATION, application, gettext_noop("完成一次暗访"), by=by, private=True)
    return visit


def may_ask_late(application: Application, actor: Actor) -> bool:
    """Whether this person may ask now that a late fact be let count."""
    return application.state in (S.SCORING, S.REVIEW) and filer.test(actor, application)


@transaction.atomic
def ask_late(application: Application, *, by: Actor, fact_id: str, plea: str) -> LateFact:
    """Ask the panel to let a fact count that was recorded after the cut-off."""
    may(filer, application, by, _("申请计入补录事实"))
    if not may_ask_late(application, by):
        raise Refusal("state", _("补录事实只能在评审结束前申请计入。"))
    fact = Fact.objects.filter(pk=fact_id).first()
    if fact is None or not evidence.concerns(fact, application.project, on=application.cycle.window_to):
        raise Refusal("guard", _("没有查到属于这个项目的这条事实，请核对编号。"))
    if fact.recorded_on <= application.cycle.cutoff:
        raise Refusal("guard", _("这条事实在截止收录日前已入账，本来就计入，不必申请。"))
    row, made = LateFact.objects.get_or_create(
        application=application, fact_id=fact_id,
        defaults={"plea": said(plea, _("请写明为什么补录、为什么应当计入。")), "asked_by": by.key, "asked_at": now()},
    )  # fmt: skip
    if not made:
        raise Refusal("state", _("这条事实已经申请过。"))
    return row


@transaction.atomic
def decide_late(late: LateFact, *, by: Actor, admit: bool, reason: str) -> LateFact:
    """The panel says in writing whether a late fact counts; who asked does not decide."""
    application = late.application
    task_of(application, by)
    if late.decision != LateFact.Decision.PENDING:
        raise Refusal("state", _("这条补录事实已经决定过。"))
    if late.asked_by == by.key:
        raise Refusal("person", _("申请人不能自己决定，请由另一位评审决定。"))
    reason = said(reason, _("请书面写明理由。"))
    late.decision = LateFact.Decision.ADMITTED if admit else LateFact.Decision.REFUSED
    late.reason, late.decided_by, late.decided_at = reason, by.key, now()
    late.save()
    if admit:
        ledger.announce(
            facts.LATE_ADMITTED.code, application.project.key, occurred_on=application.cycle.cutoff, regards=late.fact_id,
            also_counts_for=Fact.objects.get(pk=late.fact_id).subjects, source=f"{application.key}/late/{late.fact_id}", by=by.key, note=late.reason,
        )  # fmt: skip
    return late


@transaction.atomic
def finish_review(application: Application, *, by: Actor, note: str = "") -> Event:
    """The panel's results become facts and the score is taken anew with them; the case goes to the hearing."""
    may(panel, application, by, _("完成评审"))
    results = queries.settled_marks(application)
    for indicator, points in results.items():
        fact = ledger.announce(
            f"{facts.JUDGED.code}.{indicator}", application.project.key, occurred_on=application.cycle.window_to,
            quantity=f"{points // 100}.{points % 100:02d}", source=f"{application.key}/judged", by="clock",
        )  # fmt: skip
        admit_result(fact, application, by=THE_CLOCK)
    sheet = papers.write("评审打分表", application, by=by, results=results)
    visit = papers.write("暗访记录", application, by=by)
    snapshot = freeze(application, Snapshot.Reason.REVIEW, by=THE_CLOCK)
    return engine.take(
        STAR_APPLICATION, "finish_review", application, by=by, note=note, private=True,
        papers={"评审打分表": sheet.reference, "暗访记录": visit.reference}, total=snapshot.total, stars=snapshot.stars,
    )  # fmt: skip
