"""From the clue to the notice of what is proposed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.labels import kept
from wuxie.kernel.parties.actions import find_or_add_person
from wuxie.kernel.parties.models import Organisation, Person
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import law, papers, queries, rules
from ..models import Involvement, Proceeding
from ..words import HEAVY, Charge, Factor, Measure, Source
from ..workflow.discipline import CHARGES, DISCIPLINE, FILING, NOTICE, REFERRAL, REFUSAL, REPORT
from .common import File, issued, keep, lawful, quiet, save

DUTY = gettext_noop("请在调查期内提供材料、接受询问。")
RIGHT = gettext_noop("可以申请调查人、委员回避。")
ANSWER = gettext_noop("可以书面陈述申辩；公开谴责以上的可以要求听证。")
#: Below this many characters nobody can answer what is said.
SHORTEST = 10


@transaction.atomic
def register(
    respondent: Organisation, *, by: Actor, charge: str, title: str, words: str, occurred_on: datetime.date, source: str, source_number: str = "",
    informant_name: str = "", informant_phone: str = "", informant_company: Organisation | None = None,
) -> Proceeding:  # fmt: skip
    """Somebody tells that a company broke the pact. Who told of it stays with the association."""
    may(rules.registrar, None, by, _("登记线索"))
    if charge not in Charge.values or source not in Source.values:
        raise Refusal("guard", _("请选事由和来源。"))
    if occurred_on > today():
        raise Refusal("guard", _("发生日 %(day)s 还没到。请改成实际发生的那一天。") % {"day": occurred_on})
    if informant_company is not None and informant_company.pk == respondent.pk:
        raise Refusal("guard", _("反映单位和被反映的企业是同一家，请核对。"))
    if not by.holds("association_secretariat"):
        source = Source.REFERRED
    informant = (
        find_or_add_person(by=by.key, name=informant_name, phone=informant_phone) if informant_name.strip() else None
    )
    case = Proceeding(
        respondent=respondent, charge=charge, title=said(title, _("请写案件名称。"))[:80], words=said(words, _("请写反映的情况。"))[:1000],
        occurred_on=occurred_on, source=source, source_number=source_number.strip()[:60], informant=informant,
        informant_company=informant_company, registered_by=by.key, place_code=queries.place_of(respondent)[:4],
    )  # fmt: skip
    quiet(case, case.title, case.words)
    engine.open_case(DISCIPLINE, case, by=by)
    return case


def clause(case: Proceeding) -> str:
    """The clause of charter or pact that the charge rests on."""
    return str(law.pact()["charges"].get(case.charge, {}).get("clause", ""))


@transaction.atomic
def file(case: Proceeding, *, by: Actor, note: str = "") -> Event:
    """The clue becomes a case."""
    engine.check(DISCIPLINE, "file", case, by=by)
    quiet(case, note)
    paper = papers.write(FILING, case, by=by, words=case.words, clause=clause(case))
    return engine.take(DISCIPLINE, "file", case, by=by, note=note, papers=issued(paper))


@transaction.atomic
def dismiss(case: Proceeding, *, by: Actor, note: str, step: str = "dismiss") -> Event:
    """No case, or nothing was found: whoever told of it is told why."""
    engine.check(DISCIPLINE, step, case, by=by)
    why = said(note, _("请写不予处理的理由，反映人会看到。"))
    quiet(case, why)
    paper = papers.write(REFUSAL, case, by=by, why=why)
    event = engine.take(DISCIPLINE, step, case, by=by, note=why, papers=issued(paper))
    save(case, dismissed_early=step == "dismiss")
    return event


@transaction.atomic
def drop(case: Proceeding, *, by: Actor, note: str) -> Event:
    """Investigated, and nothing was found."""
    return dismiss(case, by=by, note=note, step="drop")


@transaction.atomic
def refer(case: Proceeding, *, by: Actor, note: str, file: File | None) -> Event:
    """What may be against the law goes to the authority; the association does not punish."""
    engine.check(DISCIPLINE, "refer", case, by=by)
    where = said(note, _("请写移送给哪个部门、什么事。"))
    quiet(case, where)
    return engine.take(
        DISCIPLINE, "refer", case, by=by, note=where, papers=keep(case, REFERRAL, file, by, _("请放上移送函。"))
    )


@transaction.atomic
def investigate(case: Proceeding, *, by: Actor, people: Sequence[Person], note: str = "") -> Event:
    """Two people without an interest look into it; the company is told."""
    engine.check(DISCIPLINE, "investigate", case, by=by)
    quiet(case, note)
    wanted = queries.term("investigators")
    if len({one.pk for one in people}) != wanted:
        raise Refusal(
            "guard",
            _("调查人要正好 %(n)s 人，现在选了 %(have)s 人。") % {"n": wanted, "have": len({one.pk for one in people})},
        )
    for one in people:
        _name(case, one)
    paper = papers.write(
        NOTICE, case, by=by, clause=clause(case), hands="、".join(one.name for one in people), duty=DUTY, right=RIGHT
    )
    return engine.take(DISCIPLINE, "investigate", case, by=by, note=note, papers=issued(paper))


def _name(case: Proceeding, person: Person) -> None:
    """Somebody investigates: not with an interest, and only from office or panel."""
    if person.pk in queries.interested(case):
        raise Refusal(
            "guard", _("“%(who)s”与企业或反映单位有利害关系，不能调查本案。请换一人。") % {"who": person.masked_name}
        )
    if not queries.may_investigate(person):
        raise Refusal("guard", _("“%(who)s”不是秘书处人员，也不是惩戒委员会委员。") % {"who": person.masked_name})
    Involvement.objects.get_or_create(proceeding=case, person=person, defaults={"part": Involvement.Part.INVESTIGATOR})


@transaction.atomic
def assign(case: Proceeding, *, by: Actor, person: Person) -> Event:
    """In the place of one who stood aside."""
    event = engine.take(DISCIPLINE, "assign", case, by=by)
    _name(case, person)
    return event


@transaction.atomic
def challenge(case: Proceeding, *, by: Actor, note: str) -> Event:
    """The company asks that somebody stand aside."""
    return engine.take(DISCIPLINE, "challenge", case, by=by, note=said(note, _("请写明是谁、与本案有什么关系。")))


@transaction.atomic
def recuse(case: Proceeding, *, by: Actor, person: Person, note: str) -> Event:
    """Somebody stands aside; a ballot already cast counts no more. Of two investigators somebody else takes the place."""
    engine.check(DISCIPLINE, "recuse", case, by=by)
    why = said(note, _("请写回避的理由。"))
    quiet(case, why)
    if person.pk in queries.investigators(case) and case.state != Proceeding.State.INVESTIGATING:
        raise Refusal("guard", _("调查已经结束，调查人不再回避；他本来就不参加表决。"))
    defaults = {"part": Involvement.Part.RECUSED, "reason": why[:300]}
    Involvement.objects.update_or_create(proceeding=case, person=person, defaults=defaults)
    return engine.take(DISCIPLINE, "recuse", case, by=by, note=why)


@transaction.atomic
def extend(case: Proceeding, *, by: Actor, note: str) -> Event:
    """Once, and saying why."""
    why = said(note, _("请写为什么要延长。"))
    quiet(case, why)
    event = engine.take(DISCIPLINE, "extend", case, by=by, note=why)
    save(case, extended=True)
    return event


def _checked(
    case: Proceeding, findings: str, factors: Sequence[str], measure: str, months: int | None, departure: str
) -> None:
    if len(findings) < SHORTEST:
        raise Refusal("guard", _("查明的事实太短，企业没法申辩。请写清时间、地点、经过。"))
    lawful(case.charge, findings, departure)
    quiet(case, findings, departure)
    if measure not in Measure.values or not set(factors) <= set(Factor.values):
        raise Refusal("guard", _("请选拟采取的措施和情节。"))
    least, most = (law.pact()["charges"][case.charge][name] for name in ("least", "most"))
    if law.rung(measure) > law.rung(most):
        raise Refusal(
            "guard",
            _("按公约，“%(charge)s”最重到“%(most)s”。")
            % {"charge": case.get_charge_display(), "most": Measure(most).label},
        )
    if law.rung(measure) < law.rung(least) and "mended" not in factors:
        raise Refusal(
            "guard",
            _("按公约，“%(charge)s”没有改正的，最轻是“%(least)s”。")
            % {"charge": case.get_charge_display(), "least": Measure(least).label},
        )
    if measure == Measure.SUSPEND and not 1 <= (months or 0) <= queries.term("suspend_most"):
        raise Refusal("guard", _("暂停会员权利要写几个月，最长 %(n)s 个月。") % {"n": queries.term("suspend_most")})
    like = queries.similar(case, factors)
    if law.departs(measure, [one.case.measure for one in like]) and not departure.strip():
        raise Refusal(
            "guard", _("相似案件 %(n)s 件，拟采取的措施和它们相差超过一档。请写明不同的理由。") % {"n": len(like)}
        )


@transaction.atomic
def propose(
    case: Proceeding, *, by: Actor, findings: str, factors: Sequence[str], measure: str, months: int | None = None, departure: str = "",
    file: File | None,
) -> Event:  # fmt: skip
    """What was found and what is proposed; the company is told both, the clause, and how to answer."""
    engine.check(DISCIPLINE, "propose", case, by=by)
    if len(queries.investigators(case)) < queries.term("investigators"):
        raise Refusal("guard", _("调查人不足两人，有人回避了的，先补上。"))
    text = findings.strip()[:2000]
    _checked(case, text, factors, measure, months, departure)
    report = keep(case, REPORT, file, by, _("请放上调查报告，两名调查人都要签名。"))
    save(
        case,
        findings=text,
        factors=sorted(set(factors)),
        proposed=measure,
        proposed_months=_months(measure, months),
        departure=departure.strip()[:400],
    )
    right = RIGHT if measure not in HEAVY else ANSWER
    paper = papers.write(
        CHARGES, case, by=by, findings=text, evidence=kept(REPORT), clause=clause(case), measure=kept(Measure(measure).label), right=right,
        until=f"收到后 {queries.term('reply')} 个工作日内",
    )  # fmt: skip
    return engine.take(DISCIPLINE, "propose", case, by=by, papers=report | issued(paper), measure=measure)


def _months(measure: str, months: int | None) -> int:
    """How long a measure lasts: a suspension so long as decided, the others as the pact says; never beyond the charter's limit."""
    usual = int(law.pact()["measures"][measure]["valid"])
    return min(months or usual if measure == Measure.SUSPEND else usual, queries.term("valid"))
