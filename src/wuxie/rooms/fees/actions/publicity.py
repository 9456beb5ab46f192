"""In public: the costs, the plan, questions and their answers, the open day."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.amounts import in_yuan, metres, plain
from wuxie.kernel.clock import days
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.labels import Sentence, kept
from wuxie.kernel.notify.tell import tell
from wuxie.kernel.receipts import new_number
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import papers, queries, rules
from ..models import Adjustment, Question
from ..prices import priced
from ..words import Kind
from ..workflow import ADJUSTMENT, COSTS, HEARING, PROPOSAL, SHOWN
from .common import File, issued, keep, save, take

ASKED = Sentence(gettext_noop("有业主问物业费调整：%(what)s"))
HELD = Sentence(gettext_noop("%(day)s 开说明会，来了 %(n)s 人"))
#: An estate may ask a lot; nobody reads more than this on one page.
MOST_QUESTIONS = 500
UNDONE = "承诺核查没有兑现、限期没有改好的，从下一个收费月起恢复原标准"


def _until(figure: str) -> datetime.date:
    return days.add(today(), queries.term(figure), "day", calendar()).on


def how_to_ask(case: Adjustment) -> str:
    return f"打开公开平台“问物业费”，输入查询号 {case.receipt}，不用登录；也可以写纸条交业委会或社区"


@transaction.atomic
def show_costs(case: Adjustment, *, by: Actor, note: str = "") -> Event:
    """The reviewed costs hang at every door, with the number by which anybody reads on and asks."""
    engine.check(ADJUSTMENT, "show_costs", case, by=by)
    until, lines = _until("audit_publicity"), list(case.costs.all())
    found = queries.reckon(case, lines)
    assert found is not None, "what was reviewed has an area, a rate and costs"
    save(case, receipt=case.receipt or new_number(), costs_until=until)
    rows = [[kept(line.get_item_display()), str(line.year), plain(line.amount), plain(line.counts)] for line in lines]
    paper = papers.write(
        COSTS, case, by=by, years="、".join(sorted({str(line.year) for line in lines})), total=in_yuan(found.cost), area=metres(case.area or 0),
        rate=f"{plain(case.rate or 0)}%", offset=in_yuan(case.offset), margin=in_yuan(case.margin), even=priced(found.even), current=priced(case.current),
        reviewer=case.reviewer, review=case.review, until=until.isoformat(), ask=how_to_ask(case),
        basis="发改价格〔2003〕1864号第9条；发改价格〔2007〕2285号",
        table=papers.table(["成本项", "年度", "申报（元）", "审核后（元）"], rows),
    )  # fmt: skip
    return take("show_costs", case, by=by, note=note, papers=issued(paper), until=until.isoformat())


@transaction.atomic
def publish(case: Adjustment, *, by: Actor, note: str = "") -> Event:
    """All options side by side, what each means for a household, what is promised; from now on they stand."""
    engine.check(ADJUSTMENT, "publish", case, by=by)
    until = _until("plan_publicity")
    options, lines = list(case.options.all()), list(case.costs.all())
    rows = [
        [kept(Kind(one.option.kind).label), _words(one), *(f"{_signed(change)}" for _area, _bill, change in one.homes), plain_signed(one.left)]
        for one in queries.effects(case, options, lines)
    ]  # fmt: skip
    homes = [f"{area // 100} ㎡每月（元）" for area in queries.SAMPLES]
    paper = papers.write(
        PROPOSAL, case, by=by, reason=case.reason, clause=case.clause, current=priced(case.current), until=until.isoformat(), ask=how_to_ask(case),
        promises="；".join(f"{one.words}（{one.measure}）" for one in case.promises.all()),
        next="公示和答疑结束后由业主共同决定：三分之二以上参与，参与的过半数同意（民法典第278条）；从下一个收费月起执行，不追溯", undo=UNDONE,
        basis="民法典第278条；发改价格〔2003〕1864号",
        table=papers.table(["方案", "说明", *homes, "一年还差（元）"], rows, words=2),
    )  # fmt: skip
    event = take("publish", case, by=by, note=note, papers=issued(paper), until=until.isoformat())
    save(case, plan_until=until)
    return event


def _words(one: queries.Effect) -> str:
    option, parts = one.option, [one.option.words, priced(one.option.price)]
    if option.first_price is not None:
        parts.append(f"前 {option.months} 个月 {priced(option.first_price)}")
    if option.special:
        parts.append(f"专项 {priced(option.special)}")
    return "；".join(parts)


def plain_signed(cents: int) -> str:
    """``-12.30`` as on paper."""
    return f"{'-' if cents < 0 else ''}{plain(abs(cents))}"


def _signed(cents: int) -> str:
    return f"+{plain(cents)}" if cents > 0 else plain_signed(cents)


@transaction.atomic
def question(case: Adjustment, *, words: str) -> Question:
    """Somebody asks, signed in or not; nobody's name is kept. The receipt leads to the answer."""
    if case.state not in SHOWN:
        raise Refusal("state", _("现在不在公示期，不能提问。"))
    if case.questions.count() >= MOST_QUESTIONS:
        raise Refusal("guard", _("提问太多了，请带着问题去说明会，或者找业委会。"))
    what = said(words, _("请写想问什么。"))[:600]
    due = days.add(today(), queries.term("answer"), "working_day", calendar()).on
    made = Question.objects.create(adjustment=case, receipt=new_number(), words=what, asked_at=now(), due_on=due)
    people = sorted(set(rules.keeper.people(case)))
    tell(people, ASKED(what=what[:40]), link=case.get_absolute_url(), key=f"fee-question:{made.pk}")
    return made


@transaction.atomic
def write_down(case: Adjustment, *, by: Actor, words: str) -> Event:
    """A question that came on paper or was asked at the open day."""
    engine.check(ADJUSTMENT, "ask", case, by=by)
    made = question(case, words=words)
    return take("ask", case, by=by, note=made.words[:300], receipt=made.receipt)


@transaction.atomic
def answer(case: Adjustment, *, by: Actor, question: Question, answer: str) -> Event:
    """The company answers in public."""
    engine.check(ADJUSTMENT, "answer", case, by=by)
    if question.adjustment_id != case.pk or question.answered_at is not None:
        raise Refusal("guard", _("这个问题已经答复过了。"))
    words = said(answer, _("请写答复。"))[:800]
    event = take("answer", case, by=by, note=words[:300], receipt=question.receipt)
    question.answer, question.answered_at = words, now()
    question.save(update_fields=["answer", "answered_at"])
    return event


@transaction.atomic
def hear(
    case: Adjustment, *, by: Actor, heard_on: datetime.date, people: int, words: str, file: File | None = None
) -> Event:
    """The open day was held: who came, what was said."""
    engine.check(ADJUSTMENT, "hear", case, by=by)
    if heard_on > today():
        raise Refusal("guard", _("“哪天开的”不能晚于今天。"))
    if people <= 0:
        raise Refusal("guard", _("“来了多少人”要大于零；没有人来的再约一次。"))
    what = said(words, _("请写说了什么。"))[:400]
    given = keep(case, HEARING, file, by)
    event = take("hear", case, by=by, note=f"{HELD(day=heard_on, n=people)}：{what}", papers=given)
    save(case, heard_on=heard_on)
    return event
