"""The desk: who belongs to the pool, who is tied to whom, a rota solved and published, shifts swapped, served and missed."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.facts import ledger
from wuxie.kernel.jobs import queue
from wuxie.kernel.jobs.models import Job
from wuxie.kernel.jobs.periodic import every
from wuxie.kernel.labels import Sentence
from wuxie.kernel.notify.tell import tell
from wuxie.kernel.parties.actions import appoint
from wuxie.kernel.parties.models import Organisation, Person
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.association.queries import span

from .. import facts, queries, rules
from ..figures import term
from ..models import Affiliation, Committee, Expert, Rota, Shift, Swap
from ..models.experts import MEDIATOR
from ..rota import rota as reckon
from ..rota import wanted_from
from ..rota_moves import Able, Slot, replaced, why_not
from ..rota_shares import turns

TOMORROW = Sentence(gettext_noop("值班提醒：%(day)s 在%(place)s"))
ASKED = Sentence(gettext_noop("%(day)s 的班，请你来上"))
AGREED = Sentence(gettext_noop("换班：%(day)s 的班对方答应了"))
CALLED_OFF = Sentence(gettext_noop("%(day)s 的班，对方不用你来上了"))
DECLINED = Sentence(gettext_noop("换班：%(day)s 的班对方来不了，还是你的"))
NOBODY = Sentence(gettext_noop("%(day)s 的班没有人到岗，已记缺席"))
MOVED = Sentence(gettext_noop("值班调整：%(day)s 由你来上"))
PUBLISHED = Sentence(gettext_noop("值班表公布了：%(name)s"))
AWAY = {
    "away": gettext_noop("那天不在"), "org": gettext_noop("同一天已有本单位的人"), "rest": gettext_noop("和自己别的班隔得太近"),
    "most": gettext_noop("一年的班已满"),
}  # fmt: skip


@transaction.atomic
def enter_committee(*, by: Actor, name: str, paper_number: str, registered_on: datetime.date) -> Committee:
    """A people's mediation committee was registered: from that day on agreements may bear its name."""
    may(rules.office, None, by, _("登记人民调解委员会"))
    if registered_on > today():
        raise Refusal("guard", _("备案日不能晚于今天。"))
    return Committee.objects.create(
        name=said(name, _("请写委员会的名称。"))[:80], paper_number=said(paper_number, _("请写司法行政部门的备案文号。"))[:80],
        registered_on=registered_on, entered_by=by.key,
    )  # fmt: skip


@transaction.atomic
def add_expert(
    *, by: Actor, person: Person, organisation: Organisation, field: str, starts_on: datetime.date, ends_on: datetime.date,
    most: int | None = None,
) -> Expert:  # fmt: skip
    """Take somebody of a member unit into the pool for a term; with it comes the office of a mediator."""
    may(rules.office, None, by, _("聘任专家"))
    if ends_on < starts_on:
        raise Refusal("guard", _("聘期止要在聘期起以后。"))
    if Expert.objects.filter(person=person, ends_on__gte=starts_on).exists():
        raise Refusal("guard", _("%(who)s在这段时间已经聘任过。") % {"who": person})
    appoint(person, MEDIATOR, by=by.key, starts_on=starts_on, ends_on=ends_on, organisation=organisation)
    return Expert.objects.create(
        person=person,
        organisation=organisation,
        field=said(field, _("请写专长。"))[:40],
        starts_on=starts_on,
        ends_on=ends_on,
        most=most,
    )


@transaction.atomic
def engage(name: str, phone: str, *, by: Actor, **known: Any) -> Expert:
    """The same from what the office types: somebody known by this name and telephone, or somebody new."""
    may(rules.office, None, by, _("聘任专家"))
    who, number = said(name, _("请写姓名。"))[:60], said(phone, _("请写手机号。"))[:20]
    person = Person.objects.by_phone(number).by_name(who).first() or Person.objects.create(name=who, phone=number)
    return add_expert(by=by, person=person, **known)


@transaction.atomic
def tie(*, by: Actor, one: Organisation, other: Organisation, basis: str) -> Affiliation:
    """Two companies are one interest; nobody of either decides about the other."""
    may(rules.office, None, by, _("登记关联单位"))
    if one.pk == other.pk:
        raise Refusal("guard", _("一家单位不用和自己登记关联。"))
    made, _new = Affiliation.objects.get_or_create(
        one=one, other=other, defaults={"basis": said(basis, _("请写依据，例如：工商登记的股东。"))[:120]}
    )
    return made


@transaction.atomic
def draft(
    *,
    by: Actor,
    name: str,
    place: str,
    starts_on: datetime.date,
    ends_on: datetime.date,
    per_day: int,
    rest_days: int,
    seed: int,
    weighted: bool = False,
) -> Rota:
    """Ask for a rota of every working day between two days; the solver does it in the background."""
    may(rules.office, None, by, _("排班"))
    if ends_on < starts_on or (ends_on - starts_on).days > 370:
        raise Refusal("guard", _("从哪天到哪天：止不早于起，一次最多排一年。"))
    made = Rota.objects.create(
        name=said(name, _("请写名称。"))[:60], place=said(place, _("请写值班地点。"))[:80], starts_on=starts_on, ends_on=ends_on, per_day=per_day,
        rest_days=rest_days, seed=seed, weighted=weighted,
    )  # fmt: skip
    begin(made, by=by)
    return made


def begin(made: Rota, *, by: Actor) -> Job:
    """Let the solver start (again), with the pool as it is now."""
    may(rules.office, None, by, _("排班"))
    if made.state == Rota.State.PUBLISHED:
        raise Refusal("state", _("已经公布的值班表不能重排，只能换班、替班。"))
    made.document = wanted(made)
    made.save(update_fields=["document"])
    return queue.enqueue(queries.SOLVE, str(made.pk), owner=by.key, rota=made.pk)


def wanted(made: Rota) -> dict[str, Any]:
    """What the calculator is asked (contract ``rota``): the experts of the whole time, its working days."""
    found, day = [], made.starts_on
    while day <= made.ends_on:
        if calendar().is_working_day(day):
            found.append(day.isoformat())
        day += datetime.timedelta(days=1)
    experts = Expert.objects.filter(starts_on__lte=made.starts_on, ends_on__gte=made.ends_on).order_by("pk")
    rows = [
        {
            "id": f"e{one.pk}",
            "org": f"o{one.organisation_id}",
            "away": sorted(set(one.away) & set(found)),
            **({"max": one.most} if one.most else {}),
        }
        for one in experts
    ]
    if not rows or not found:
        raise Refusal("guard", _("聘期盖住这段时间的专家一位也没有，或这段时间没有工作日。先聘任专家，或改起止。"))
    document = {
        "experts": rows, "days": found, "per_day": made.per_day, "rest_days": made.rest_days, "seed": made.seed,
    }  # fmt: skip
    if made.weighted:
        _weigh(document, [one.organisation_id for one in experts], made.starts_on)
    return document


def _weigh(document: dict[str, Any], units: list[int], day: datetime.date) -> None:
    """Settle the number of duties of everybody by the weight of their unit on the first day."""
    asked = wanted_from(document)
    weights = queries.weights(units, day)
    counts = turns(asked.duties, len(asked.days), units, weights, asked.capacity)
    for row, count in zip(document["experts"], counts, strict=True):
        row["max"] = count


@queue.task(queries.SOLVE)
def solve(_job: Job, rota: int) -> dict[str, Any]:
    """Reckon it and write the shifts; what was there before is replaced. ``Problem`` names the days that stay open."""
    made = Rota.objects.get(pk=rota)
    link = {"link": made.get_absolute_url()}
    if made.state == Rota.State.PUBLISHED:
        return link
    answer = reckon(made.document)
    with transaction.atomic():
        made.shifts.all().delete()
        Shift.objects.bulk_create(
            [
                Shift(rota=made, day=row["day"], planned_id=int(name[1:]), expert_id=int(name[1:]))
                for row in answer["assignments"]
                for name in row["experts"]
            ],
            batch_size=500,
        )
        made.state, made.optimal, made.spread = Rota.State.SOLVED, answer["optimal"], answer["spread"]
        made.save(update_fields=["state", "optimal", "spread"])
    return link


@transaction.atomic
def publish(made: Rota, *, by: Actor) -> Rota:
    """From now on it binds: everybody in it is told, and the seed stands beside it."""
    may(rules.office, None, by, _("公布值班表"))
    if made.state != Rota.State.SOLVED:
        raise Refusal("state", _("排好了才能公布。"))
    made.state, made.published_on = Rota.State.PUBLISHED, today()
    made.save(update_fields=["state", "published_on"])
    office = Organisation.objects.filter(pk__in=by.organisations("association_secretariat")).first()
    if office is not None:
        ledger.announce(
            facts.ROTA.code, office.key, occurred_on=today(), source=f"rota:{made.pk}", by=by.key,
            details={"seed": str(made.seed), "spread": str(made.spread), "optimal": str(made.optimal)},
        )  # fmt: skip
    people = sorted(set(made.shifts.values_list("expert__person", flat=True)))
    tell(people, PUBLISHED(name=made.name), link=made.get_absolute_url(), key=f"rota:{made.pk}")
    return made


def _able(made: Rota) -> tuple[list[Slot], dict[int, Able]]:
    experts = Expert.objects.filter(starts_on__lte=made.ends_on, ends_on__gte=made.starts_on)
    day = datetime.date.fromisoformat
    slots = [Slot(one.pk, one.day, one.expert_id) for one in made.shifts.all()]
    days = {slot.day for slot in slots}
    people = {}
    for one in experts:
        beyond = {found for found in days if not one.starts_on <= found <= one.ends_on}
        people[one.pk] = Able(one.organisation_id, frozenset({*map(day, one.away), *beyond}), one.most)
    return slots, people


def able_to_take(shift: Shift) -> list[int]:
    """Who could take a shift: by handing over one of their own where only that stands in the way."""
    slots, people = _able(shift.rota)
    at = Slot(shift.pk, shift.day, shift.expert_id)
    coming: dict[int, list[int]] = defaultdict(list)
    rows = shift.rota.shifts.filter(state=Shift.State.PLANNED, day__gte=today()).exclude(day=shift.day)
    for pk, one in rows.order_by("pk").values_list("pk", "expert"):
        coming[one].append(pk)
    found = []
    for pk in sorted(set(people) - {shift.expert_id}):
        why = why_not(slots, people, at, pk, shift.rota.rest_days)
        if not why or (why in ("rest", "most") and _by_swap(shift, pk, coming[pk], slots, people)):
            found.append(pk)
    return found


def _by_swap(shift: Shift, pk: int, coming: list[int], slots: list[Slot], people: dict[int, Able]) -> bool:
    """Whether the two could exchange one of the other's ``coming`` shifts for this one."""
    for back in coming:
        taker = {shift.pk: pk, back: shift.expert_id}
        after = [Slot(one.id, one.day, taker.get(one.id, one.expert)) for one in slots]
        both = (one for one in after if one.id in taker)
        if not any(why_not(after, people, one, one.expert, shift.rota.rest_days) for one in both):
            return True
    return False


def _mine(shift: Shift, by: Actor) -> bool:
    return by.person_id is not None and shift.expert.person_id == by.person_id


def _still(shift: Shift) -> None:
    if shift.rota.state != Rota.State.PUBLISHED or shift.state != Shift.State.PLANNED or shift.day < today():
        raise Refusal("state", _("只有公布了、还没有到的班可以换。"))


@transaction.atomic
def ask_swap(shift: Shift, *, by: Actor, to: Expert, back: Shift | None = None) -> Swap:
    """Ask another expert to take one's shift, for ``back`` in return if it is to be a swap; nothing changes until they agree."""
    _still(shift)
    if not (_mine(shift, by) or rules.office.test(by, None)):
        raise Refusal("person", _("只能换自己的班。"))
    _can(shift, to, back)
    if shift.swaps.filter(agreed=None).exists():
        raise Refusal("guard", _("这一班已经在问别人，等对方回话。想换一位问的，先在“班次”里收回。"))
    _seldom(shift)
    made = Swap.objects.create(shift=shift, giver=shift.expert, to=to, back=back, asked_by=by.key, asked_at=now())
    tell([to.person_id], ASKED(day=shift.day), link=shift.rota.get_absolute_url(), key=f"swap:{made.pk}")
    return made


def _seldom(shift: Shift) -> None:
    """So many shifts a quarter may be handed on; what was declined does not count."""
    if _given(shift) >= (most := term("swaps_most")):
        raise Refusal(
            "guard",
            _(
                "%(who)s %(year)s 年第 %(number)s 季度已经换过班：一季最多 %(most)s 次。真来不了请协会秘书处登记不在的日子。"
            )
            % {**_quarter(shift), "most": most},
        )


def _quarter(shift: Shift) -> dict[str, Any]:
    return {"who": shift.expert, "year": shift.day.year, "number": (shift.day.month + 2) // 3}


def _given(shift: Shift) -> int:
    """How many shifts of that quarter their holder gave away or wants to, by a swap or by being away."""
    quarter = _quarter(shift)
    rows = Swap.objects.filter(giver=shift.expert, shift__day__range=span(quarter["year"], quarter["number"]))
    return rows.exclude(agreed=False).count()


def _can(shift: Shift, to: Expert, back: Shift | None) -> None:
    slots, people = _able(shift.rota)
    if to.pk not in people or to.pk == shift.expert_id:
        raise Refusal("guard", _("请选另一位在聘的专家。"))
    taker = {shift.pk: to}
    if back is not None:
        _still(back)
        if back.rota_id != shift.rota_id or back.expert_id != to.pk or back.day == shift.day:
            raise Refusal("guard", _("拿来换的要是%(who)s在同一张值班表里、另一天的班。") % {"who": to})
        taker[back.pk] = shift.expert
    after = [Slot(one.id, one.day, taker[one.id].pk) if one.id in taker else one for one in slots]
    for slot in after:
        if slot.id in taker and (why := why_not(after, people, slot, slot.expert, shift.rota.rest_days)):
            raise Refusal("guard", _("%(who)s不能来：%(why)s。") % {"who": taker[slot.id], "why": _(AWAY[why])})


@transaction.atomic
def decide_swap(swap: Swap, *, by: Actor, agree: bool) -> Swap:
    """The one who was asked says yes or no; only a yes moves the shift."""
    if by.person_id is None or swap.to.person_id != by.person_id:
        raise Refusal("person", _("由被问的专家自己回话。"))
    if swap.agreed is not None:
        raise Refusal("state", _("已经回过话。"))
    shift, back = swap.shift, swap.back
    if agree:
        _still(shift)
        if swap.giver_id not in (None, shift.expert_id):
            raise Refusal("state", _("这一班已经换给别人，不用再换。"))
        _can(shift, swap.to, back)
        if back is not None:
            back.expert = shift.expert
            back.save(update_fields=["expert"])
        shift.expert = swap.to
        shift.save(update_fields=["expert"])
    swap.agreed, swap.decided_at = agree, now()
    swap.save(update_fields=["agreed", "decided_at"])
    if swap.giver is not None:
        answer = AGREED if agree else DECLINED
        tell(
            [swap.giver.person_id],
            answer(day=shift.day),
            link=shift.rota.get_absolute_url(),
            key=f"swap:{swap.pk}:answer",
        )
    return swap


@transaction.atomic
def call_off(swap: Swap, *, by: Actor) -> Swap:
    """Whoever asked asks no more: the shift stays theirs and may be offered to somebody else."""
    if not ((swap.giver is not None and swap.giver.person_id == by.person_id) or rules.office.test(by, None)):
        raise Refusal("person", _("由请人替班的专家或协会秘书处收回。"))
    if swap.agreed is not None:
        raise Refusal("state", _("已经回过话。"))
    swap.agreed, swap.decided_at = False, now()
    swap.save(update_fields=["agreed", "decided_at"])
    tell(
        [swap.to.person_id], CALLED_OFF(day=swap.shift.day), link=swap.shift.rota.get_absolute_url(), key=f"swap:{swap.pk}:off"
    )  # fmt: skip
    return swap


@transaction.atomic
def go_away(expert: Expert, *, by: Actor, first: datetime.date, last: datetime.date) -> int:
    """Somebody cannot come on these days: of published rotas only the shifts that fall there change hands; how many did.

    Each of them counts as one given away, as in a swap; what is more than a quarter allows the office enters.
    """
    if not (by.person_id == expert.person_id or rules.office.test(by, None)):
        raise Refusal("person", _("只能登记自己不在的日子。"))
    if not today() <= first <= last or (last - first).days > 366:
        raise Refusal("guard", _("从今天起填，止不早于起，最多一年。"))
    days = {(first + datetime.timedelta(days=n)).isoformat() for n in range((last - first).days + 1)}
    expert.away = sorted({*expert.away, *days})
    expert.save(update_fields=["away"])
    count = 0
    for made in Rota.objects.filter(state=Rota.State.PUBLISHED, starts_on__lte=last, ends_on__gte=first):
        count += _replan(made, by=by)
    return count


@transaction.atomic
def come_back(expert: Expert, *, by: Actor, first: datetime.date, last: datetime.date) -> int:
    """They can come on these days after all; shifts that changed hands stay where they are. How many days are free again."""
    if not (by.person_id == expert.person_id or rules.office.test(by, None)):
        raise Refusal("person", _("只能登记自己不在的日子。"))
    kept = [day for day in expert.away if not first.isoformat() <= day <= last.isoformat()]
    if len(kept) == len(expert.away):
        raise Refusal("guard", _("这几天没有登记过不在，不用取消。"))
    count, expert.away = len(expert.away) - len(kept), kept
    expert.save(update_fields=["away"])
    return count


def _replan(made: Rota, *, by: Actor) -> int:
    slots, people = _able(made)
    to_come = {one.pk for one in made.shifts.filter(day__gte=today(), state=Shift.State.PLANNED)}
    moved, left = replaced(slots, people, made.rest_days, to_come)
    if left:
        days = "、".join(str(one.day) for one in left[:5])
        raise Refusal("guard", _("%(days)s 没有人能替：先找好人换班，或增加专家。") % {"days": days})
    takers = Expert.objects.in_bulk(set(moved.values()))
    for shift in made.shifts.filter(pk__in=moved).order_by("day", "pk").select_related("expert__person"):
        if not rules.office.test(by, None) and _given(shift) >= (most := term("swaps_most")):
            raise Refusal(
                "guard",
                _(
                    "这几天有已经公布的班：%(who)s %(year)s 年第 %(number)s 季度最多让出 %(most)s 班，换班和不在合起来算。真来不了请协会秘书处登记。"
                )
                % {**_quarter(shift), "most": most},
            )
        giver, shift.expert = shift.expert, takers[moved[shift.pk]]
        shift.save(update_fields=["expert"])
        Swap.objects.create(
            shift=shift, giver=giver, to=shift.expert, asked_by=by.key, asked_at=now(), agreed=True, decided_at=now()
        )  # fmt: skip
        tell(
            [shift.expert.person_id],
            MOVED(day=shift.day),
            link=made.get_absolute_url(),
            key=f"moved:{shift.pk}:{shift.expert_id}",
        )
    return len(moved)


@transaction.atomic
def serve(shift: Shift, *, by: Actor) -> Shift:
    """Somebody came: they sign in on the day themselves, or the office does."""
    if not (_mine(shift, by) or rules.office.test(by, None)):
        raise Refusal("person", _("由值班的专家或协会秘书处签到。"))
    if shift.rota.state != Rota.State.PUBLISHED or shift.state != Shift.State.PLANNED or shift.day != today():
        raise Refusal("state", _("当天才能签到，一班只签一次。"))
    return _end(shift, Shift.State.SERVED, facts.SHIFT_SERVED, by)


@transaction.atomic
def miss(shift: Shift, *, by: Actor = THE_CLOCK) -> Shift:
    """The day is over and nobody came: it stands against the expert's unit, and expert and office are told."""
    if shift.rota.state != Rota.State.PUBLISHED or shift.state != Shift.State.PLANNED or shift.day >= today():
        raise Refusal("state", _("过了那天、没有签到的才算缺席。"))
    people = {shift.expert.person_id, *rules.office.people(None)}
    tell(sorted(people), NOBODY(day=shift.day), link=shift.rota.get_absolute_url(), key=f"missed:{shift.pk}")
    return _end(shift, Shift.State.MISSED, facts.SHIFT_MISSED, by)


def _end(shift: Shift, state: str, kind: str, by: Actor) -> Shift:
    shift.state = state
    shift.save(update_fields=["state"])
    unit = shift.expert.organisation
    if unit.kind == Organisation.Kind.COMPANY:
        ledger.announce(kind, unit.key, occurred_on=shift.day, source=f"shift:{shift.pk}", by=by.key)
    return shift


@every(3600, name="mediation.shifts")
def look_at_shifts() -> int:
    """Remind who comes in some days, and write down who did not come; how many rows were looked at."""
    ahead = today() + datetime.timedelta(days=term("rota_notice"))
    published = Shift.objects.filter(rota__state=Rota.State.PUBLISHED, state=Shift.State.PLANNED).select_related(
        "rota", "expert__organisation"
    )
    coming: Collection[Shift] = list(published.filter(day=ahead))
    for shift in coming:
        tell(
            [shift.expert.person_id],
            TOMORROW(day=shift.day, place=shift.rota.place),
            link=shift.rota.get_absolute_url(),
            key=f"shift:{shift.pk}",
        )
    gone = list(published.filter(day__lt=today()))
    for shift in gone:
        miss(shift)
    return len(coming) + len(gone)
