"""How a voice comes in, is joined to others about the same matter, asked, answered, and let be seen by name."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import NOBODY, Actor
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.facts import ledger
from wuxie.kernel.labels import Sentence
from wuxie.kernel.notify.tell import tell
from wuxie.kernel.parties import journal, masks
from wuxie.kernel.receipts import new_number
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Estate, Project
from wuxie.rooms.register.queries import serving

from .. import facts, queries, rules
from ..catalogue import Learnt, suggest
from ..models import Dispute, Voice
from ..words import Channel
from ..workflow import DISPUTE
from .common import File, keep_with, quiet, save

LETTER = "来信或来文照片"
ASKED = Sentence(gettext_noop("请企业答复：%(what)s"))
MANY = Sentence(gettext_noop("热线转来 %(n)s 件，请企业答复"))
ANSWERED = Sentence(gettext_noop("反映人回话了：%(what)s"))


def project_on(estate: Estate, day: datetime.date) -> Project:
    """Whose matter it is: the company that served the estate on the day, even if it has left since."""
    if day > today():
        raise Refusal("guard", _("事情发生日 %(day)s 还没有到，请核对。") % {"day": day})
    found = serving(estate, day)
    if found is None:
        raise Refusal("guard", _("%(estate)s在 %(day)s 没有登记的物业企业。核对事情发生日；当时确实没有物业的，请所在社区处理。") % {
            "estate": estate.name, "day": day})  # fmt: skip
    return found


@transaction.atomic
def register(
    estate: Estate,
    *,
    by: Actor,
    channel: str,
    title: str,
    words: str,
    occurred_on: datetime.date | None = None,
    received_on: datetime.date | None = None,
    name: str = "",
    phone: str = "",
    hidden: bool = False,
    reference: str = "",
    people: int = 1,
    letter: File | None = None,
    learnt: Learnt | None = None,
) -> Voice:
    """Take a voice down as a dispute of its own; its receipt is what the person is given."""
    if by is not NOBODY:
        may(rules.office, None, by, _("登记反映"))
    if channel not in Channel.values:
        raise Refusal("guard", _("没有“%(what)s”这种来源。") % {"what": channel})
    received = received_on or today()
    if received > today():
        raise Refusal("guard", _("收到日不能晚于今天。"))
    project = project_on(estate, occurred_on or received)
    told, about = said(words, _("请写反映了什么。"))[:2000], said(title, _("请写是什么事。"))[:60]
    voice = Voice(
        channel=channel, receipt=new_number(), reference=reference.strip()[:60], received_on=received, name=name.strip()[:60],
        phone=phone.strip()[:30], words=told, hidden=hidden, taken_by=by.key,
    ).index()  # fmt: skip
    if hidden and masks.told((voice.name, voice.phone), about):
        raise Refusal("guard", _("事项里有反映人的姓名或电话。反映人不公开身份，请改掉。"))
    case = Dispute(
        project=project, title=about, occurred_on=occurred_on or received, channel=channel, people=people, place_code=project.estate.place_id,
        suggested=suggest(f"{about}\n{told}", learnt if learnt is not None else queries.learnt()),
    ).index()  # fmt: skip
    engine.open_case(DISPUTE, case, by=by)
    case.number = _number(case)
    case.index().save(update_fields=["number", "search", "grams"])
    voice.dispute = case
    try:
        with transaction.atomic():
            voice.save()
    except IntegrityError:
        raise Refusal("guard", _("编号“%(number)s”的来文已经登记过。") % {"number": voice.reference}) from None
    if letter is not None:
        keep_with(voice, LETTER, letter, by)
    ledger.announce(
        facts.RECEIVED, project.key, occurred_on=received, source=f"{DISPUTE.key(case)}/received/{voice.pk}", by=by.key,
    )  # fmt: skip
    tell(
        rules.company_side.people(case), ASKED(what=about), link=case.get_absolute_url(), key=f"dispute:{case.pk}:asked"
    )
    return voice


def _number(case: Dispute) -> str:
    return f"WT{case.opened_at:%Y}-{case.pk:06d}"


@transaction.atomic
def register_many(rows: list[dict[str, Any]], *, by: Actor) -> int:
    """What a hotline's sheet tells, a dispute for each row: by a handful of statements, all or none.

    A row: ``project`` (a ``Project`` with its estate and company), ``title``, ``words``, ``occurred_on``, ``received_on``, ``reference``,
    ``name``, ``phone``, ``hidden``.
    """
    may(rules.office, None, by, _("登记反映"))
    taught = queries.learnt()
    cases = [
        Dispute(
            project=row["project"], title=row["title"], occurred_on=row["occurred_on"], channel=Channel.HOTLINE,
            place_code=row["project"].estate.place_id, suggested=suggest(f"{row['title']}\n{row['words']}", taught),
        ).index()
        for row in rows
    ]  # fmt: skip
    engine.open_many(DISPUTE, cases, by=by)
    for case in cases:
        case.number = _number(case)
        case.index()
    Dispute.objects.bulk_update(cases, ["number", "search", "grams"], batch_size=500)
    voices = [
        Voice(
            dispute=case, channel=Channel.HOTLINE, receipt=new_number(), reference=row["reference"], received_on=row["received_on"],
            name=row["name"], phone=row["phone"], words=row["words"], hidden=row["hidden"], taken_by=by.key,
        ).index()
        for case, row in zip(cases, rows, strict=True)
    ]  # fmt: skip
    Voice.objects.bulk_create(voices, batch_size=500)
    ledger.announce_many(
        (
            {
                "kind": facts.RECEIVED,
                "subject": case.project.key,
                "occurred_on": row["received_on"],
                "source": f"{DISPUTE.key(case)}/received",
            }
            for case, row in zip(cases, rows, strict=True)
        ),
        by=by.key,
    )
    _tell_each(cases)
    return len(cases)


def _tell_each(cases: list[Dispute]) -> None:
    """One message a project, however many cases of it came: each runs against its company's time to answer."""
    of_project: dict[int, list[Dispute]] = {}
    for case in cases:
        of_project.setdefault(case.project_id, []).append(case)
    for those in of_project.values():
        tell(
            rules.company_side.people(those[0]), MANY(n=len(those)), link=f"{reverse('mediation:disputes')}?view=unanswered",
            key=f"dispute:{those[0].pk}:asked",
        )  # fmt: skip


@transaction.atomic
def merge(case: Dispute, *, by: Actor, into: Dispute, note: str = "") -> Event:
    """Several voices, one dispute: those of this one go over to the other; who had told of it before told of it again."""
    engine.check(DISPUTE, "merge", case, by=by)
    if into.pk == case.pk or into.state == Dispute.State.MERGED:
        raise Refusal("guard", _("请选另一件没有并走的案件。"))
    if into.project_id != case.project_id:
        raise Refusal("guard", _("两件不是同一个小区、同一家企业的事，不能并。"))
    quiet(case, note)
    voices, known = (
        list(case.voices.all()),
        set(into.voices.exclude(phone_index="").values_list("phone_index", flat=True)),
    )
    save(case, merged_into=into)
    event = engine.take(DISPUTE, "merge", case, by=by, note=note, into=into.number)
    for voice in voices:
        voice.dispute, voice.is_repeat = into, bool(voice.phone_index) and voice.phone_index in known
        if voice.is_repeat and into.replied_at is not None:
            ledger.announce(
                facts.REPEAT, case.project.key, occurred_on=voice.received_on, source=f"{DISPUTE.key(case)}/repeat/{voice.pk}", by=by.key,
            )  # fmt: skip
    Voice.objects.bulk_update(voices, ["dispute", "is_repeat"])
    save(into, people=min(into.people + case.people, 32_000))
    watch(into, by=by)
    return event


CLUSTERED = Sentence(gettext_noop("同类诉求集中：%(estate)s · %(what)s，%(n)s 件"))


def watch(case: Dispute, *, by: Actor) -> int:
    """Tell street and office once when an estate's households raise the same matter within weeks; how many voices."""
    count = queries.cluster(case)
    if count:
        upper = case.category.partition(".")[0]
        key = f"cluster:{case.project_id}:{upper}:{today():%Y-%m}"
        people = {*rules.street.people(case), *rules.office.people(case)}
        text = CLUSTERED(estate=case.project.estate.name, what=queries.label(upper), n=count)
        if tell(sorted(people), text, link=case.get_absolute_url(), key=key):
            ledger.announce(facts.CLUSTER.code, case.project.key, occurred_on=today(), source=key, by=by.key)
    return count


@transaction.atomic
def ask(voice: Voice, *, by: Actor, question: str) -> Voice:
    """Ask whoever holds the receipt something; they read it on the page of their receipt."""
    may(rules.handler, voice.dispute, by, _("问反映人"))
    voice.question = said(question, _("请写要问什么。"))[:300]
    voice.answer, voice.answered_at = "", None
    voice.save(update_fields=["question", "answer", "answered_at"])
    engine.record(DISPUTE, voice.dispute, gettext_noop("问了反映人"), by=by)
    return voice


@transaction.atomic
def answer(voice: Voice, *, words: str) -> Voice:
    """What the holder of the receipt says to the question."""
    if not voice.question or voice.answered_at is not None:
        raise Refusal("guard", _("现在没有要回的问题。"))
    voice.answer, voice.answered_at = said(words, _("请写回话。"))[:1000], now()
    voice.save(update_fields=["answer", "answered_at"])
    case = voice.dispute
    engine.record(DISPUTE, case, gettext_noop("反映人回话"), by=NOBODY, private=True)
    people = queries.mediators(case) or rules.office.people(case)
    tell(
        people,
        ANSWERED(what=case.title),
        link=case.get_absolute_url(),
        key=f"voice:{voice.pk}:{voice.answered_at.isoformat()}",
    )
    return voice


@transaction.atomic
def tell_back(voice: Voice, *, by: Actor, words: str) -> Voice:
    """What whoever told of it is told in the end, on the page of the receipt."""
    may(rules.handler, voice.dispute, by, _("答复反映人"))
    voice.said = said(words, _("请写答复。"))[:600]
    voice.save(update_fields=["said"])
    engine.record(DISPUTE, voice.dispute, gettext_noop("答复了反映人"), by=by)
    return voice


@transaction.atomic
def read(voice: Voice, *, by: Actor, reason: str) -> tuple[str, str]:
    """Name and telephone of whoever told of it, for who handles it; who read them and why stands in the journal."""
    may(rules.handler, voice.dispute, by, _("查看反映人"))
    why = said(reason, _("请写明为什么要看，例如：电话核实情况。"))
    quiet(voice.dispute, why)
    engine.record(DISPUTE, voice.dispute, gettext_noop("查看了反映人的姓名和电话"), by=by, private=True)
    key = DISPUTE.key(voice.dispute)
    journal.write(
        "looked",
        key,
        by=by.key,
        source=f"{key}/voice/{voice.pk}",
        details={"fields": "name phone"},
        personal={"reason": why},
    )
    return voice.name, voice.phone


@transaction.atomic
def reveal(voice: Voice, *, by: Actor, note: str) -> Voice:
    """Who wanted to stay hidden agrees to come to the table by name; what they agreed to is on record."""
    may(rules.handler, voice.dispute, by, _("改为公开身份"))
    if not voice.hidden:
        raise Refusal("guard", _("这位反映人没有要求不公开。"))
    why = said(note, _("请写明本人什么时候、怎样同意公开的。"))
    quiet(voice.dispute, why)
    voice.hidden = False
    voice.save(update_fields=["hidden"])
    engine.record(DISPUTE, voice.dispute, gettext_noop("反映人同意公开身份"), by=by, note=why)
    return voice
