"""What a collector does at a door: delivers, finds nobody, is refused, takes an authority, collects; and issuing a paper anew."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import local, now, today
from wuxie.kernel.facts import ledger
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.papers.models import Attachment
from wuxie.kernel.parties.actions import known_phone
from wuxie.kernel.parties.models import Person
from wuxie.kernel.parties.secrets import blind_index, blind_indexes
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.refusal import Refusal

from .. import commitments, facts, papers, queries, rules
from ..models import Ballot, Decision, Entry, Mark, Proxy, Visit
from ..words import SIGNERS, Capacity, Door, Duty
from ..workflow import DECISION

S, B = Decision.State, Ballot.State
Picture = tuple[str, bytes]
TWICE = gettext_noop("这一户已经有一张票，这一张没有收进来。")


def _locked(entry: Entry) -> Entry:
    """The row again, held until the end of the transaction: two collectors never write one door at once."""
    rows = Entry.objects.select_for_update(of=("self",)).select_related(
        "decision__estate", "decision__rules", "person", "organisation"
    )
    return rows.get(pk=entry.pk)


def _at_the_door(entry: Entry, by: Actor, what: str, *, states: tuple[str, ...] = (S.COLLECTING,)) -> Entry:
    """A collector, while ballots are collected."""
    held = _locked(entry)
    decision = held.decision
    may(rules.collector, decision, by, what)
    if decision.state not in states:
        raise Refusal(
            "state", _("现在是“%(state)s”，不能“%(what)s”。") % {"state": S(decision.state).label, "what": what}
        )
    if queries.is_over(decision):
        raise Refusal(
            "state",
            _("收票在 %(at)s 已经截止，一张也不能再收。") % {"at": f"{local(decision.closes_at):%Y-%m-%d %H:%M}"},
        )  # type: ignore[arg-type]
    return held


def _keep(decision: Decision, picture: Picture, kind: str, by: Actor) -> tuple[str, str]:
    """Reference and digest of a picture that was taken."""
    name, content = picture
    reference = filing.picture(papers.doors_of(decision), content, name, kind=kind, by=by.key)
    kept = Attachment.objects.get(pk=reference.partition(":")[2])
    return reference, kept.sha256


def _me(by: Actor) -> Person:
    return Person.objects.get(pk=by.person_id)


def _visit(
    entry: Entry, outcome: str, by: Actor, second: Person | None = None, picture: str = "", note: str = ""
) -> Visit:
    entry.door, entry.door_at = outcome, now()
    entry.save(update_fields=["door", "door_at", "delivered_at", "proof"])
    return Visit.objects.create(
        entry=entry, outcome=outcome, by=_me(by), second=second, at=now(), picture=picture, note=note.strip()[:200]
    )


@transaction.atomic
def deliver(entry: Entry, *, by: Actor, picture: Picture | None = None, note: str = "") -> Visit:
    """The paper was handed over or put through the door; only with a picture does it ever count as delivered."""
    held = _at_the_door(entry, by, _("登记送达"), states=(S.FROZEN, S.COLLECTING))
    if held.door == Door.COLLECTED:
        raise Refusal("guard", _("这一户的票已经收到。"))
    reference, held.proof = _keep(held.decision, picture, "送达凭证", by) if picture else ("", held.proof)
    held.delivered_at = held.delivered_at or now()
    return _visit(held, Door.DELIVERED, by, picture=reference, note=note)


@transaction.atomic
def missed(entry: Entry, *, by: Actor, outcome: str, picture: Picture | None = None, note: str = "") -> Visit:
    """Nobody was there; or somebody would not sign, which wants a picture."""
    held = _at_the_door(entry, by, _("登记上门"))
    if outcome not in (Door.NOBODY, Door.REFUSED):
        raise Refusal("guard", _("这里只登记没人或拒签。"))
    if held.door == Door.COLLECTED:
        raise Refusal("guard", _("这一户的票已经收到。"))
    if outcome == Door.REFUSED and picture is None:
        raise Refusal("guard", _("拒签要拍照留证。"))
    reference = _keep(held.decision, picture, "上门照片", by)[0] if picture else ""
    return _visit(held, outcome, by, picture=reference, note=note)


@transaction.atomic
def authorise(entry: Entry, *, by: Actor, name: str, phone: str, picture: Picture) -> Proxy:
    """Take a written authority: one for a unit, and for no more owners than the rules allow one person."""
    held = _at_the_door(entry, by, _("登记委托"), states=(S.FROZEN, S.COLLECTING))
    if Proxy.objects.filter(entry=held).exists():
        raise Refusal("guard", _("这一户已经登记过委托。"))
    name, phone = said(name, _("请写代理人姓名。")), known_phone(said(phone, _("请写代理人手机号。")))
    limit, source = queries.proxy_limit(held.decision.rules)
    rows = Proxy.objects.filter(entry__decision=held.decision, phone_index__in=blind_indexes(phone, context="phone"))
    heads = set(rows.values_list("entry__head", flat=True))
    if len(heads | {held.head}) > limit:
        raise Refusal("guard", _("这位代理人已经代理 %(n)s 名业主，一人最多代理 %(limit)s 名（%(source)s）。请业主另委托别人。")
                      % {"n": len(heads), "limit": limit, "source": source})  # fmt: skip
    reference, _sha = _keep(held.decision, picture, "授权委托书", by)
    return Proxy.objects.create(
        entry=held,
        name=name,
        phone=phone,
        phone_index=blind_index(phone, context="phone"),
        picture=reference,
        by=by.key,
        at=now(),
    )


def _signer(entry: Entry, capacity: str) -> str:
    """Refuse who may not sign for a unit; the doubt that remains, or nothing."""
    if capacity not in SIGNERS:
        raise Refusal("guard", _("请选签名的是谁。"))
    if capacity == Capacity.TENANT:
        raise Refusal(
            "guard",
            _("租户、使用人不是业主，没有投票权（民法典第278条：由业主共同决定）。业主书面委托的，先登记委托。"),
        )
    if capacity == Capacity.PROXY:
        if not Proxy.objects.filter(entry=entry).exists():
            raise Refusal("guard", _("没有登记书面委托，代理人不能投票（物业管理条例第12条）。请先拍委托书登记委托。"))
        return ""
    body = entry.organisation is not None or entry.status != "delivered"
    if body != (capacity == Capacity.COMPANY):
        raise Refusal(
            "guard", _("这一户归单位所有，要由单位盖章并授权。") if body else _("这一户归个人所有，不是单位。")
        )
    if entry.minor != (capacity == Capacity.GUARDIAN):
        raise Refusal(
            "guard",
            _("业主未成年，由监护人投票（民法典第17条、第34条）。")
            if entry.minor
            else _("业主已成年，不能由监护人投票。"),
        )
    if entry.owners > 1 and entry.person is None and capacity == Capacity.OWNER:
        return gettext_noop("共有人没有推选代表，要补推选书")
    if not entry.owners:
        return gettext_noop("没有登记业主，要核对产权")
    return ""


@transaction.atomic
def collect(
    entry: Entry,
    *,
    by: Actor,
    second: Person,
    capacity: str,
    picture: Picture,
    token: str = "",
    doubt: str = "",
    note: str = "",
) -> Ballot:
    """Take a sealed paper, two together, with a picture of the closed envelope; nobody sees what it says."""
    held = _at_the_door(entry, by, _("收票"))
    decision = held.decision
    if second.pk == by.person_id or not decision.helpers.active().filter(duty=Duty.COLLECTOR, person=second).exists():
        raise Refusal("guard", _("上门收票要两个人一起：请选同行的另一名收票人。"))
    if token and token.strip().upper() != held.token:
        raise Refusal("guard", _("这张票不是这一户现在有效的票（可能已经换发作废）。请核对票上的码。"))
    if Ballot.objects.standing().filter(entry=held).exists():
        raise Refusal(
            "guard", _("%(unit)s 已经有一张票，一户只能有一张有效票。要换票，先登记换发。") % {"unit": held.label}
        )
    doubts = "；".join(filter(None, (_signer(held, capacity), doubt.strip())))
    reference, digest = _keep(decision, picture, "票袋封口", by)
    if Ballot.objects.filter(decision=decision, envelope_sha256=digest).exists():
        raise Refusal("guard", _("这张照片已经用在别的票上。请对着这一户的封口重拍。"))
    state = B.DOUBTFUL if doubts else B.COLLECTED
    try:
        with transaction.atomic():
            ballot = Ballot.objects.create(
                decision=decision, entry=held, issue=held.issue, state=state, capacity=capacity, collector=_me(by), second=second,
                collected_at=now(), envelope=reference, envelope_sha256=digest,
            )  # fmt: skip
    except IntegrityError:
        raise Refusal("raced", _("%(unit)s 刚刚有人收了票，一户只能有一张有效票。") % {"unit": held.label}) from None
    Mark.objects.create(ballot=ballot, state=state, reason=doubts[:300], by=by.key, at=now())
    held.delivered_at = held.delivered_at or now()
    _visit(held, Door.COLLECTED, by, second, reference, note)
    fact = ledger.announce(
        facts.COLLECTED.code, decision.estate.key, occurred_on=today(), by=by.key, attachments=[digest],
        source=f"{DECISION.key(decision)}/ballot/{ballot.pk}", details={"case": DECISION.key(decision), "ballot": ballot_digest(ballot)},
    )  # fmt: skip
    ballot.fact_id = fact.id
    ballot.save(update_fields=["fact_id"])
    return ballot


@transaction.atomic
def collected_twice(entry: Entry, *, by: Actor, picture: Picture | None, note: str = "") -> Visit:
    """A second paper of a unit that has one already, from a phone without a signal: kept with its picture, and it counts for nothing."""
    held = _at_the_door(entry, by, _("收票"))
    reference = _keep(held.decision, picture, "票袋封口", by)[0] if picture else ""
    return Visit.objects.create(
        entry=held, outcome=Door.COLLECTED, by=_me(by), at=now(), picture=reference, note=f"{TWICE}{note.strip()}"[:200]
    )


def ballot_digest(ballot: Ballot) -> str:
    """What the ledger holds of one ballot: by it nobody learns whose it is, and nobody invents one later."""
    return commitments.commit(
        commitments.receipt(ballot.decision.secret, ballot.entry.unit_id, ballot.issue),
        {"envelope": ballot.envelope_sha256, "paper": ballot.entry.paper, "vote": DECISION.key(ballot.decision)},
    )


@transaction.atomic
def issue_anew(entry: Entry, *, by: Actor, reason: str) -> Entry:
    """A spoilt, lost or regretted paper: the old one, collected or not, is worth nothing any more, its code and receipt neither."""
    held = _at_the_door(entry, by, _("换发"), states=(S.FROZEN, S.COLLECTING))
    why, decision = said(reason, _("请写明为什么换发。")), held.decision
    old = Ballot.objects.standing().filter(entry=held).first()
    if old is not None:
        old.state, old.stands = B.REPLACED, False
        old.save(update_fields=["state", "stands"])
        Mark.objects.create(ballot=old, state=B.REPLACED, reason=why[:300], by=by.key, at=now())
    held.issue += 1
    held.token = commitments.token(decision.secret, held.unit_id, held.issue)
    held.receipt_index = commitments.index_of(commitments.receipt(decision.secret, held.unit_id, held.issue))
    held.delivered_at, held.proof = None, ""
    held.save(update_fields=["issue", "token", "receipt_index"])
    _visit(held, Door.PENDING, by, note=why)
    return held
