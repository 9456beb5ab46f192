"""The question: proposed by a room or begun by a body, drafted, its people named, announced, extended, withdrawn."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.amounts import plain
from wuxie.kernel.clock.now import local, now, today
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.labels import Sentence, kept
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.parties.actions import find_or_add_person
from wuxie.kernel.parties.models import Appointment
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Estate

from .. import papers, queries, rules
from ..law import MATTERS
from ..models import Decision, Helper, Item, RulesOfProcedure
from ..words import Duty, Matter, Organiser, Silent, place_name
from ..workflow import DECISION, LETTER, NOTICE, ROLL
from . import roll

LONGER = Sentence(gettext_noop("截止时间从 %(old)s 改到 %(new)s：%(why)s"))
S = Decision.State
Scope = list[list[Any]]


def _not_forbidden(by: Actor) -> None:
    """Companies and the association may never organise: refused with the article, whatever else the person is."""
    if by.holds(*rules.NEVER):
        article = queries.term("assembly.official_vote").article
        raise Refusal("person", _("物业企业、协会的人不能组织业主表决：组织人只能是业委会、物管会、筹备组、换届小组、居委会、街道（乡镇）（%(article)s）。")
                      % {"article": article})  # fmt: skip


@transaction.atomic
def propose(
    estate: Estate, *, by: Actor, title: str, items: Iterable[Mapping[str, str]], scope: Scope | None = None, text: str = "",
    source: str = "",
) -> Decision:  # fmt: skip
    """Another room (through the page of joins) asks the owners of an estate to decide; a body that may organise takes it up.

    ``items``: ``{"title", "matter", "text"}`` each. ``source`` is the case that asks; it stands in ``facts.CARRIED``. A second
    proposal of a source whose first is still alive gives the first.
    """
    if source:
        alive = Decision.objects.exclude(state__in=(S.WITHDRAWN, S.ANNULLED, S.CONCLUDED)).filter(source=source).first()
        if alive is not None:
            return alive
    made = Decision(estate=estate, title=said(title, _("请写名称。"))[:80], text=text, scope=_scope(estate, scope or []), source=source,
                    place_code=estate.place_id)  # fmt: skip
    engine.open_case(DECISION, made, by=by)
    made.number = f"BJ-{today().year}-{made.pk:04d}"
    made.save(update_fields=["number"])
    for one in items:
        _new_item(made, **one)
    return made


def follow_request(fact: Fact) -> Decision | None:
    """A fact of another room asks the owners (``estate``, ``title``, ``item``, ``matter``, ``scope``, ``source``); without a scope it is
    decided on paper."""
    asked = fact.details
    if not asked["scope"]:
        return None
    estate = Estate.objects.get(pk=asked["estate"])
    items = [{"title": asked["item"], "matter": asked["matter"]}]
    return propose(
        estate,
        by=THE_CLOCK,
        title=asked["title"],
        items=items,
        scope=json.loads(asked["scope"]),
        source=asked["source"],
    )


@transaction.atomic
def begin(
    estate: Estate, *, by: Actor, organiser: str, title: str, text: str = "", scope: Scope | None = None
) -> Decision:
    """A body begins a vote of its own accord."""
    _not_forbidden(by)
    made = propose(estate, by=by, title=title, items=(), scope=scope, text=text)
    take_up(made, by=by, organiser=organiser)
    return made


@transaction.atomic
def take_up(decision: Decision, *, by: Actor, organiser: str, note: str = "") -> Event:
    """The body that will organise it."""
    _not_forbidden(by)
    if organiser not in Organiser.values:
        raise Refusal("guard", _("组织人只能从名单里选。"))
    engine.check(DECISION, "take_up", decision, by=by)
    decision.organiser = organiser
    if not rules.organiser.test(by, decision):
        raise Refusal("person", _("你不能代表%(body)s：它由别的岗位的人代表。") % {"body": Organiser(organiser).label})
    decision.save(update_fields=["organiser"])
    return engine.take(DECISION, "take_up", decision, by=by, note=note)


def _scope(estate: Estate, scope: Scope) -> Scope:
    """The scope without doubles; a building or an entrance that is not there is refused."""
    there: dict[int, set[str]] = {}
    for building, entrance in estate.units.order_by().values_list("building", "entrance").distinct():
        there.setdefault(building, {""}).add(entrance)
    kept_: Scope = []
    for building, entrance in scope:
        if building not in there or entrance not in there[building]:
            raise Refusal("guard", _("范围里的楼栋或单元不在这个小区。"))
        if [building, entrance] not in kept_:
            kept_.append([building, entrance])
    return kept_


def _drafting(decision: Decision, by: Actor, what: str) -> None:
    may(rules.organiser, decision, by, what)
    if decision.state != S.DRAFT:
        raise Refusal("state", _("公告以后不能再改；要改就撤回重来。"))


@transaction.atomic
def edit(
    decision: Decision, *, by: Actor, title: str, text: str = "", opens_on: datetime.date | None = None,
    closes_at: datetime.datetime | None = None, certified_area: int | None = None, scope: Scope | None = None,
) -> Decision:  # fmt: skip
    """Change what is still a draft."""
    _drafting(decision, by, _("修改"))
    if opens_on and closes_at and local(closes_at).date() <= opens_on:
        raise Refusal("guard", _("截止时间要晚于开始收票日。"))
    title, wanted = said(title, _("请写名称。"))[:80], None if scope is None else _scope(decision.estate, scope)
    decision.title, decision.text = title, text
    decision.opens_on, decision.closes_at, decision.certified_area = opens_on, closes_at, certified_area
    if wanted is not None and wanted != decision.scope:
        decision.scope = wanted
        decision.entries.all().delete()
    decision.save(update_fields=["title", "text", "opens_on", "closes_at", "certified_area", "scope"])
    return decision


def _new_item(decision: Decision, *, title: str, matter: str, text: str = "") -> Item:
    if matter not in MATTERS:
        raise Refusal("guard", _("事项类别只能从民法典第278条的名单里选。"))
    last = decision.items.aggregate(last=Max("number"))["last"] or 0
    return Item.objects.create(
        decision=decision, number=last + 1, title=said(title, _("请写表决事项。"))[:120], text=text, matter=matter
    )


@transaction.atomic
def add_item(decision: Decision, *, by: Actor, title: str, matter: str, text: str = "") -> Item:
    _drafting(decision, by, _("加事项"))
    return _new_item(decision, title=title, matter=matter, text=text)


@transaction.atomic
def remove_item(item: Item, *, by: Actor) -> None:
    _drafting(item.decision, by, _("去掉事项"))
    item.delete()
    for place, one in enumerate(item.decision.items.order_by("number"), 1):
        Item.objects.filter(pk=one.pk).update(number=place)


@transaction.atomic
def keep_rules(
    estate: Estate, *, by: Actor, adopted_on: datetime.date, paper: tuple[str, bytes], silent_rule: str = Silent.NOT_PARTICIPATING,
    silent_clause: str = "", parking_counts: bool = False, parking_clause: str = "", proxy_limit: int | None = None,
    proxy_clause: str = "",
) -> RulesOfProcedure:  # fmt: skip
    """Enter what the rules of procedure say, each point with its clause, and the text itself."""
    may(rules.organiser, estate, by, _("登记议事规则"))
    for wanted, clause, what in (
        (silent_rule != Silent.NOT_PARTICIPATING, silent_clause, _("送达未交的票")), (parking_counts, parking_clause, _("车位")),
        (proxy_limit is not None, proxy_clause, _("代理人数")),
    ):  # fmt: skip
        if wanted and not clause.strip():
            raise Refusal("guard", _("议事规则没有约定的不能这样算：请写明“%(what)s”是哪一条约定的。") % {"what": what})
    if adopted_on > today():
        raise Refusal("guard", _("通过日不能晚于今天。"))
    name, content = paper
    kept_ = filing.attach(f"{papers.RULES}:{estate.pk}", content, name, kind="议事规则", by=by.key)
    return RulesOfProcedure.objects.create(
        estate=estate, adopted_on=adopted_on, silent_rule=silent_rule, silent_clause=silent_clause.strip(),
        parking_counts=parking_counts, parking_clause=parking_clause.strip(), proxy_limit=proxy_limit,
        proxy_clause=proxy_clause.strip(), paper=f"attachment:{kept_.pk}", by=by.key, at=now(),
    )  # fmt: skip


@transaction.atomic
def add_helper(decision: Decision, *, by: Actor, duty: str, name: str, phone: str) -> Helper:
    """Name somebody who collects, counts or watches; nobody of a management company, nobody twice."""
    may(rules.organiser, decision, by, _("添工作人员"))
    if decision.state in (S.CONCLUDED, S.WITHDRAWN, S.ANNULLED):
        raise Refusal("state", _("这次表决已经结束。"))
    person = find_or_add_person(by=by.key, name=said(name, _("请写姓名。")), phone=said(phone, _("请写手机号。")))
    if Appointment.objects.now().filter(person=person, role__in=rules.NEVER).exists():
        raise Refusal("guard", _("物业企业和协会的人不能收票、计票、监票。"))
    there = decision.helpers.active().filter(person=person)
    if there.filter(duty=duty).exists():
        raise Refusal("guard", _("这个人已经是%(duty)s。") % {"duty": Duty(duty).label})
    if Duty.SUPERVISOR in (duty, *there.values_list("duty", flat=True)) and there.exists():
        raise Refusal("guard", _("监票人不能同时收票或计票。"))
    return Helper.objects.create(decision=decision, person=person, duty=duty, by=by.key, at=now())


@transaction.atomic
def end_helper(helper: Helper, *, by: Actor) -> None:
    may(rules.organiser, helper.decision, by, _("换工作人员"))
    Helper.objects.filter(pk=helper.pk, ended_at=None).update(ended_at=now())


@transaction.atomic
def announce(decision: Decision, *, by: Actor, note: str = "") -> Event:
    """Draw the roll from the register, post it up with the notice, tell the residents' committee; all of it or nothing."""
    engine.check(DECISION, "announce", decision, by=by)
    decision.rules = RulesOfProcedure.objects.current(decision.estate)
    left_out = roll.draw(decision, by=by)
    engine.check(DECISION, "announce", decision, by=by)
    days = queries.term("assembly.roll_publicity").number
    decision.announced_on, decision.roll_until = today(), today() + datetime.timedelta(days=days)
    assert decision.opens_on is not None and decision.closes_at is not None
    if decision.roll_until >= decision.opens_on:
        raise Refusal("guard", _("名册公示 %(n)s 日，要在开始收票前公示完。请把开始收票日往后改。") % {"n": days})
    decision.save(update_fields=["rules", "announced_on", "roll_until"])
    with translation.override(settings.LANGUAGE_CODE):  # what is posted up is Chinese whoever is signed in
        documents = _announcement(decision, left_out, by)
    return engine.take(DECISION, "announce", decision, by=by, note=note, papers=documents)


def scope_words(decision: Decision) -> str:
    """The scope in words."""
    if not decision.scope:
        return _("全小区")
    names = dict(decision.estate.buildings.values_list("pk", "name"))
    return "、".join(place_name(names.get(building, "?"), entrance) for building, entrance in decision.scope)


def silent_words(decision: Decision) -> str:
    """What becomes of papers that are not handed in, with the clause, as it has to stand on notice and ballot."""
    label = str(Silent(decision.silent_rule).label)
    if decision.rules is None or decision.silent_rule == Silent.NOT_PARTICIPATING:
        return label
    return _("%(label)s（议事规则 %(clause)s）。请注意：收到票不交也有后果。") % {
        "label": label,
        "clause": decision.rules.silent_clause,
    }


def agenda(decision: Decision) -> dict[str, Any]:
    rows = [
        [str(item.number), item.title, kept(Matter(item.matter).label),
         "参与者的四分之三以上" if item.special else "超过参与者的一半"]
        for item in decision.items.order_by("number")
    ]  # fmt: skip
    columns = [
        {"label": "序号"},
        {"label": "事项", "wide": True},
        {"label": "类别", "wide": True},
        {"label": "要多少同意"},
    ]
    return {"columns": columns, "rows": rows}


def _announcement(decision: Decision, left_out: int, by: Actor) -> dict[str, str]:
    assert decision.closes_at is not None
    limit, source = queries.proxy_limit(decision.rules)
    days = {"opens": str(decision.opens_on), "closes": f"{local(decision.closes_at):%Y-%m-%d %H:%M}"}
    body = kept(Organiser(decision.organiser).label)
    basis = "民法典第278条；物业管理条例第12条、第14条"
    totals = roll.totals(decision)
    notice = papers.write(
        NOTICE, decision, by=by, scope=scope_words(decision), organiser=body, form="纸票，书面征求意见",
        silent=silent_words(decision), proxy=f"须有书面委托；一人最多代理 {limit} 名业主（{source}）", rules=basis, table=agenda(decision), **days,
    )  # fmt: skip
    listed = papers.write(
        ROLL, decision, by=by, units=str(totals["units"]), heads=str(totals["heads"]), area=f"{plain(totals['area'])} ㎡",
        until=str(decision.roll_until), left_out=f"车位、储藏间 {left_out} 个（议事规则没有约定计入）" if left_out else "",
        how="公示期内向组织人书面提出，写明户室和理由",
    )  # fmt: skip
    letter = papers.write(LETTER, decision, by=by, organiser=body, basis=basis, **days)
    return {paper.label: f"document:{paper.pk}" for paper in (notice, listed, letter)}


@transaction.atomic
def extend(decision: Decision, *, by: Actor, closes_at: datetime.datetime, note: str) -> Event:
    """Collect for longer: said before the old close, with a reason, and posted up."""
    reason, before = said(note, _("请写明延长的理由。")), decision.closes_at
    engine.check(DECISION, "extend", decision, by=by)
    assert before is not None
    if closes_at <= before:
        raise Refusal(
            "guard",
            _("新的截止时间要晚于原来的 %(at)s；收票只能往后延，不能提前截止。")
            % {"at": f"{local(before):%Y-%m-%d %H:%M}"},
        )
    decision.closes_at = closes_at
    decision.save(update_fields=["closes_at"])
    words = LONGER(old=f"{local(before):%Y-%m-%d %H:%M}", new=f"{local(closes_at):%Y-%m-%d %H:%M}", why=reason)
    return engine.take(DECISION, "extend", decision, by=by, note=words)


@transaction.atomic
def withdraw(decision: Decision, *, by: Actor, note: str) -> Event:
    """Called off before anybody could vote."""
    reason = said(note, _("请写明撤回的理由。"))
    details = {"case": DECISION.key(decision), "estate": str(decision.estate_id), "source": decision.source}
    return engine.take(DECISION, "withdraw", decision, by=by, note=reason, fact={"details": details})
