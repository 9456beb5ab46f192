"""Verbs on meetings: planned, called, attended, decided item by item, put on record."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import local, now, today
from wuxie.kernel.facts import ledger
from wuxie.kernel.labels import Sentence
from wuxie.kernel.notify.tell import tell
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import facts, law, papers, queries, rules
from ..models import Ballot, Item, Meeting, Member, Recusal, Resolution, Seat
from ..words import RESERVED, SECRET, Body, Choice, Matter, Outcome
from ..workflow import MEETING, RESOLUTION
from ..workflow.meetings import MINUTES, NOTICE
from .common import save

CALLED, WHEN = Sentence(gettext_noop("会议通知：%(title)s")), Sentence(gettext_noop("时间 %(when)s，地点 %(venue)s"))
#: Words of a market cut up among competitors; no association may decide on it (反垄断法第21条).
FORBIDDEN = ("统一收费", "统一价格", "最低价", "最低收费", "价格联盟", "划分市场", "联合抵制")


@transaction.atomic
def plan(*, by: Actor, body: str, title: str, held_at: datetime.datetime, venue: str, group: str = "") -> Meeting:
    """A meeting is prepared; nobody is told yet."""
    case = Meeting(
        body=body, group=group if body == Body.GROUP else "", title=said(title, _("请写会议名称。"))[:80], held_at=held_at,
        venue=said(venue, _("请写在哪里开。"))[:80],
    )  # fmt: skip
    if body == Body.GROUP and not group:
        raise Refusal("guard", _("请选是哪个工作组的会议。"))
    may(rules.convener, case, by, _("筹备会议"))
    if held_at <= now():
        raise Refusal(
            "guard", _("开会时间 %(when)s 已经过了，请改成以后的时间。") % {"when": f"{local(held_at):%Y-%m-%d %H:%M}"}
        )
    engine.open_case(MEETING, case, by=by)
    return case


@transaction.atomic
def add_item(
    case: Meeting, *, by: Actor, title: str, matter: str = Matter.ORDINARY, text: str = "", concerns: Collection[Member] = (),
    doer: str = "", due_on: datetime.date | None = None,
) -> Item:  # fmt: skip
    """One more item; whoever it concerns will stand aside. A matter of another body, or one that no association may decide, is refused."""
    engine.check(MEETING, "add_item", case, by=by)
    what = said(title, _("请写议题。"))[:120]
    _belongs_here(case, matter)
    _lawful(f"{what} {text}")
    if bool(doer) != (due_on is not None):
        raise Refusal("guard", _("谁去办、办到哪天要一起填；通过以后才好跟踪到底。"))
    if due_on is not None and due_on < local(case.held_at).date():
        raise Refusal("guard", _("办到的日子 %(day)s 早于开会那天，请改晚。") % {"day": due_on})
    place = (case.items.aggregate(last=Max("place"))["last"] or 0) + 1
    item = Item.objects.create(
        meeting=case, place=place, title=what, matter=matter, text=text.strip(), doer=doer, due_on=due_on
    )
    item.concerns.set(concerns)
    engine.take(MEETING, "add_item", case, by=by, note=what, item=item.pk)
    return item


def _belongs_here(case: Meeting, matter: str) -> None:
    bodies = RESERVED.get(Matter(matter))
    if bodies and case.body not in bodies:
        raise Refusal(
            "guard",
            _("“%(matter)s”要由%(bodies)s决定，%(body)s只能研究、提出建议。请改事项，或放到那里的会上。")
            % {
                "matter": Matter(matter).label,
                "bodies": "、".join(str(one.label) for one in bodies),
                "body": case.get_body_display(),
            },
        )


def _lawful(text: str) -> None:
    word = next((one for one in FORBIDDEN if one in text), "")
    if word:
        raise Refusal(
            "guard",
            _("议题里有“%(word)s”：协会不得组织会员统一或限定价格、划分市场（反垄断法第21条、第56条）。请改掉再列。")
            % {"word": word},
        )


@transaction.atomic
def drop_item(case: Meeting, *, by: Actor, item: Item, note: str = "") -> Event:
    """An item is taken off the agenda before the notice goes out."""
    event = engine.take(MEETING, "drop_item", case, by=by, note=f"{item.title} {note}".strip())
    case.items.filter(pk=item.pk).delete()
    return event


@transaction.atomic
def call(case: Meeting, *, by: Actor, note: str = "") -> Event:
    """The roll is fixed, the notice is issued, everybody on the roll is told."""
    engine.check(MEETING, "call", case, by=by)
    members = list(queries.entitled(case))
    case.seats.all().delete()
    Seat.objects.bulk_create([Seat(meeting=case, member=member) for member in members])
    items = list(case.items.prefetch_related("concerns__organisation"))
    when = f"{local(case.held_at):%Y-%m-%d %H:%M}"
    notice = papers.write(
        NOTICE, MEETING.key(case), by=by.key, title=case.title, body=case.get_body_display(), when=when, venue=case.venue,
        agenda=papers.lines([item.title for item in items]), called=f"{len(members)} 家会员", quorum=f"到会{queries.share_words('quorum')}",
        aside=papers.lines([f"{item.title}：{'、'.join(map(str, item.concerns.all()))}" for item in items if item.concerns.all()]),
    )  # fmt: skip
    event = engine.take(MEETING, "call", case, by=by, note=note, papers=notice)
    tell(
        rules.roll.people(case), CALLED(title=case.title), WHEN(when=when, venue=case.venue), link=MEETING.url(case.pk),
        key=f"meeting:{case.pk}:{case.version}",
    )  # fmt: skip
    return event


@transaction.atomic
def check_in(case: Meeting, *, by: Actor, present: Collection[int], note: str = "") -> Event:
    """The sheet of signatures: which members came, by their ids. Who has already voted cannot be struck off."""
    engine.check(MEETING, "check_in", case, by=by)
    here = set(present)
    if here - set(case.seats.values_list("member", flat=True)):
        raise Refusal("guard", _("勾选的会员不在应到名单里。请照名单勾选。"))
    gone = (
        case.seats.exclude(member__in=here)
        .filter(member__in=Ballot.objects.filter(item__meeting=case).values("member"))
        .first()
    )
    if gone is not None:
        raise Refusal("guard", _("“%(who)s”已经表决过，不能再改成没到会。") % {"who": gone.member})
    case.seats.update(present=False)
    case.seats.filter(member__in=here).update(present=True)
    return engine.take(MEETING, "check_in", case, by=by, note=note, present=len(here))


@transaction.atomic
def recuse(case: Meeting, *, by: Actor, item: Item, member: Member, reason: str) -> Recusal:
    """A member stands aside on one item. The office enters anybody's recusal, a member its own only."""
    engine.check(MEETING, "recuse", case, by=by)
    why = said(reason, _("请写为什么回避。"))[:200]
    if not rules.office.test(by, case) and not rules.speaks_for(by, [member]):
        raise Refusal("person", _("只能替自己的单位登记回避。"))
    if item.outcome:
        raise Refusal("guard", _("“%(item)s”已经表决，回避要在表决以前登记。") % {"item": item})
    if not case.seats.filter(member=member).exists():
        raise Refusal("guard", _("“%(who)s”不在应到名单里，不用回避。") % {"who": member})
    if member.pk in queries.standing_aside(item):
        raise Refusal("guard", _("“%(who)s”在“%(item)s”上已经回避。") % {"who": member, "item": item})
    made = Recusal.objects.create(item=item, member=member, reason=why, by=by.key)
    engine.take(MEETING, "recuse", case, by=by, note=f"{member}：{item}。{why}", item=item.pk, member=member.pk)
    return made


@transaction.atomic
def vote(item: Item, *, by: Actor, choices: Mapping[int, str]) -> Item:
    """The open vote on an item: member → how it voted. Who stood aside or was not there cannot be counted; nothing is written then."""
    case = item.meeting
    _undecided(case, item, by)
    if item.matter in SECRET:
        raise Refusal(
            "guard",
            _("“%(matter)s”要无记名投票，只登记票数，不登记谁投了什么。") % {"matter": item.get_matter_display()},
        )
    seats = {seat.member_id: seat for seat in case.seats.select_related("member__organisation")}
    aside = queries.standing_aside(item)
    for pk, choice in choices.items():
        if choice not in Choice.values:
            raise Refusal("guard", _("表决要是同意、反对、弃权之一。"))
        if pk in aside:
            raise Refusal(
                "guard", _recused(item, [str(seats[pk].member if pk in seats else Member.objects.get(pk=pk))])
            )
        if pk not in seats or not seats[pk].present:
            who = seats[pk].member if pk in seats else Member.objects.get(pk=pk)
            raise Refusal("guard", _("“%(who)s”没有登记到会，不能计票。") % {"who": who})
    votes = list(choices.values())
    Ballot.objects.bulk_create([Ballot(item=item, member_id=pk, choice=choice) for pk, choice in choices.items()])
    return _decide(item, by, *(votes.count(one) for one in (Choice.YES, Choice.NO, Choice.ABSTAIN)))


@transaction.atomic
def count(item: Item, *, by: Actor, yes: int, no: int, abstain: int) -> Item:
    """A count without names (slips of paper, hands). More votes than members that may vote: somebody who stood aside was counted."""
    _undecided(item.meeting, item, by)
    found = queries.count_of(item, yes, no, abstain)
    if found.votes > found.present:
        aside = list(Member.objects.filter(pk__in=queries.standing_aside(item)).select_related("organisation"))
        if aside and found.votes <= found.present + len(aside):
            raise Refusal("guard", _recused(item, [str(one) for one in aside], found))
        raise Refusal("guard", _("三项合计 %(votes)s 票，可以表决的到会会员只有 %(here)s 家。请对照票数重填。") % {
            "votes": found.votes, "here": found.present})  # fmt: skip
    return _decide(item, by, yes, no, abstain)


def _undecided(case: Meeting, item: Item, by: Actor) -> None:
    engine.check(MEETING, "vote", case, by=by)
    if item.outcome:
        raise Refusal("guard", _("“%(item)s”已经有结果，不能再表决。") % {"item": item})


def _recused(item: Item, names: list[str], found: law.Count | None = None) -> str:
    said = _("“%(who)s”和“%(item)s”有利害关系，应当回避：不算应到、不计票（表决回避规则，见章程和五组分工）。请去掉这一票，重新计票。") % {
        "who": "、".join(names), "item": item}  # fmt: skip
    if found is None:
        return said
    return _("%(said)s 三项合计 %(votes)s 票，回避以后只有 %(here)s 家可以表决。") % {
        "said": said, "votes": found.votes, "here": found.present}  # fmt: skip


def _decide(item: Item, by: Actor, yes: int, no: int, abstain: int) -> Item:
    found = queries.count_of(item, yes, no, abstain)
    if not queries.quorum().reached(found.present, found.entitled):
        raise Refusal("guard", _("回避以后应到 %(all)s 家、到会 %(here)s 家，不到%(share)s，这个议题今天不能表决。可以暂缓。") % {
            "all": found.entitled, "here": found.present, "share": queries.share_words("quorum")})  # fmt: skip
    passed = law.carried(found, quorum=queries.quorum(), approval=queries.approval(item))
    outcome = Outcome.CARRIED if passed else Outcome.LOST
    save(item, outcome=outcome, yes=yes, no=no, abstain=abstain, present=found.present, entitled=found.entitled)
    engine.take(
        MEETING, "vote", item.meeting, by=by, note=f"{item.title}：{outcome.label}", item=item.pk, yes=yes, no=no, abstain=abstain,
        entitled=found.entitled, present=found.present, fact={"note": f"{item.title}：{yes}/{found.present}"},
    )  # fmt: skip
    return item


@transaction.atomic
def defer(case: Meeting, *, by: Actor, item: Item, note: str) -> Event:
    """An item is not decided today, and why."""
    engine.check(MEETING, "defer", case, by=by)
    why = said(note, _("请写为什么暂缓。"))
    if item.outcome:
        raise Refusal("guard", _("“%(item)s”已经有结果，不能再表决。") % {"item": item})
    save(item, outcome=Outcome.DEFERRED)
    return engine.take(MEETING, "defer", case, by=by, note=f"{item.title}：{why}", item=item.pk)


@transaction.atomic
def postpone(case: Meeting, *, by: Actor, held_at: datetime.datetime, note: str = "") -> Event:
    """Too few will come, or there is no time left to call it: another day, with the same agenda and a notice of its own."""
    if held_at <= now():
        raise Refusal(
            "guard", _("开会时间 %(when)s 已经过了，请改成以后的时间。") % {"when": f"{local(held_at):%Y-%m-%d %H:%M}"}
        )
    event = engine.take(MEETING, "postpone", case, by=by, note=note, was=case.held_at.isoformat())
    save(case, held_at=held_at)
    case.seats.all().delete()
    return event


@transaction.atomic
def record(case: Meeting, *, by: Actor, minutes: str) -> Event:
    """The minutes are issued; what was carried and has somebody to do it is followed; who came did a duty of a member."""
    engine.check(MEETING, "record", case, by=by)
    text = said(minutes, _("请写纪要。"))
    items = list(case.items.prefetch_related("concerns__organisation", "recusals__member__organisation"))
    here = queries.attendance(case)
    follow = [item for item in items if item.outcome == Outcome.CARRIED and item.doer]
    paper = papers.write(
        MINUTES, MEETING.key(case), by=by.key, title=case.title, body=case.get_body_display(), when=f"{local(case.held_at):%Y-%m-%d %H:%M}",
        venue=case.venue, present=f"应到 {here.entitled} 家，到会 {here.present} 家", aside=papers.lines(_aside(items)),
        decisions=papers.lines([_said(item) for item in items]), minutes=text,
        follow=papers.lines([f"{item.title}：{item.get_doer_display()}，{item.due_on}" for item in follow]),
    )  # fmt: skip
    event = engine.take(MEETING, "record", case, by=by, papers=paper)
    save(case, minutes=text)
    for item in follow:
        engine.open_case(
            RESOLUTION,
            Resolution(item=item, title=item.title, doer=item.doer, due_on=max(item.due_on or today(), today())),
            by=by,
        )
    ledger.announce_many(
        [
            {"kind": facts.DUTY_DONE, "subject": seat.member.organisation.key, "occurred_on": local(case.held_at).date(), "quantity": "1",
             "trust": "association_verified", "source": f"{MEETING.key(case)}/seat/{seat.pk}", "note": case.title}
            for seat in case.seats.filter(present=True).select_related("member__organisation")
            if seat.member.organisation.kind == "company"
        ],
        by=by.key,
    )  # fmt: skip
    return event


def _aside(items: list[Item]) -> list[str]:
    rows = []
    for item in items:
        names = dict.fromkeys(
            [str(one) for one in item.concerns.all()] + [str(one.member) for one in item.recusals.all()]
        )
        if names:
            rows.append(f"{item.title}：{'、'.join(names)}")
    return rows


def _said(item: Item) -> str:
    result = f"{item.title}：{item.get_outcome_display()}"
    if item.yes is None:
        return result
    return (
        f"{result}（应到 {item.entitled}，到会 {item.present}，同意 {item.yes}，反对 {item.no}，弃权 {item.abstain}）"
    )
