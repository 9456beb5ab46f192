"""The verbs of the ledger. A fact is written once, in the transaction of what it tells of; corrections are further facts."""

from __future__ import annotations

import datetime
import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wuxie.kernel.clock.now import local, now
from wuxie.kernel.jobs import outbox

from . import drafts, kinds, private, standing
from .canonical import content_hash
from .drafts import Draft, Known, draft
from .joins_registry import actions_for
from .locks import deciding_about, receiving
from .models import Also, Fact, Private, Seal, Standing, Unsealed, json_text
from .refusal import Refused
from .rows import chunks, insert
from .trust import Trust

ANNOUNCED = "facts.announced"
#: A server clock this much behind the last seal is corrected silently; more is refused.
BACKWARDS = datetime.timedelta(minutes=5)
#: How long a dispute freezes if whoever opens it names no day.
DISPUTE_DAYS = 60
ROWS_AT_ONCE = 20_000

COLUMNS = [field.attname for field in Fact._meta.concrete_fields]
_LISTS_AT = [COLUMNS.index(name) for name in ("also_counts_for", "attachments", "personal", "details")]


def announce(kind: str, subject: str, **known: Unpack[Known]) -> Fact:
    """Write one fact down, in the caller's transaction.

    ``kind`` is the written code, ``subject`` a key such as ``project:17``. Keywords, as in ``drafts.draft``:
    ``occurred_on`` (the day it happened) and ``source`` (the paper or record it comes from) are needed. ``quantity`` is
    decimal text, ``trust`` a level or its word (default: the least that the kind asks for), ``also_counts_for`` further
    subjects, ``attachments`` SHA-256 digests, ``personal`` values that enter only as salted commitments, ``seen_on`` the
    days that photos or sign-ins bear themselves, ``by`` who acted, ``regards`` the fact this one speaks about.

    Raises ``Refused``: unknown kind, wrong subject, bad figure, or this source already gave this kind (``duplicate``).
    """
    return _write(draft(kind, subject, **known))


def announce_many(rows: Iterable[Mapping[str, Any]], *, by: str | None = None) -> int:
    """Write many facts down: mappings with ``kind``, ``subject`` and the keywords of ``announce``; all of them or none.

    Returns their number. For imports and histories; consequences declared for their kinds follow as always.
    """
    common = {} if by is None else {"by": by}
    total = 0
    with transaction.atomic():
        for chunk in chunks(rows, ROWS_AT_ONCE):
            total += len(_receive([draft(**{**common, **row}) for row in chunk]))
    return total


def _receive(wanted: Sequence[Draft]) -> list[dict[str, Any]]:
    """Number, date, hash and insert; the queue row, the cache and the outbox rows come with it. Returns the columns."""
    with transaction.atomic():
        receiving()
        rows = _complete(wanted)
        try:
            with transaction.atomic():
                insert(Fact, COLUMNS, [columns_of(row) for row in rows])
        except IntegrityError:
            _explain(rows)
            raise
        insert(Also, ["fact_id", "subject"], [(row["id"], other) for row in rows for other in row["also_counts_for"]])
        insert(Unsealed, ["fact_id"], [(row["id"],) for row in rows])
        kept = [line for row, one in zip(rows, wanted, strict=True) for line in private.keep(row["id"], one.secret)]
        insert(Private, ["fact_id", "field", "sealed"], kept)
        touched = [row["regards"] for row, one in zip(rows, wanted, strict=True) if one.kind.effect]
        if touched:
            standing.refresh(touched)
        for row in rows:
            if actions_for(row["kind"]):
                outbox.post(ANNOUNCED, row["id"], id=row["id"], kind=row["kind"], subject=row["subject"])
    return rows


def _write(one: Draft) -> Fact:
    return Fact(**_receive([one])[0])


def _complete(wanted: Sequence[Draft]) -> list[dict[str, Any]]:
    received = _received_at()
    received_on = local(received).date()
    rows = []
    for number, one in zip(new_ids(received, len(wanted)), wanted, strict=True):
        drafts.check_day(one.kind, one.row["occurred_on"], received_on)
        rows.append(stamped(one.row, number, received, received_on))
    return rows


def stamped(
    drafted: dict[str, Any], number: str, received: datetime.datetime, received_on: datetime.date
) -> dict[str, Any]:
    """The columns of a new fact: what was drafted, with its number, its moment of receipt, its salt and its hash."""
    row = {"id": number, **drafted, "recorded_at": received, "recorded_on": received_on}
    row["salt"] = os.urandom(private.SALT).hex()
    row["content_hash"] = content_hash(row)
    return row


def _received_at() -> datetime.datetime:
    """Now, but never before the last seal: received time does not fall. A clock far behind is refused."""
    received = now()
    sealed = Seal.objects.order_by("-number").values_list("sealed_at", flat=True).first()
    if sealed is None or received >= sealed:
        return received
    if sealed - received > BACKWARDS:
        raise Refused(
            "range", "$.recorded_at", _("服务器时钟早于最近一次封存（%(sealed)s），不能记账。请校准服务器时间。")
            % {"sealed": local(sealed).strftime("%Y-%m-%d %H:%M")},
        )  # fmt: skip
    return sealed


#: Every pair of Crockford's digits, by its ten bits: ULIDs of a million facts are written with them.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]


@lru_cache(maxsize=64)
def _upper(bits: int) -> str:
    return "".join(_PAIRS[bits >> shift & 1023] for shift in range(80, -1, -10))


def ulid(number: int) -> str:
    """The 26 characters of a ULID from its 128 bits."""
    return (
        _upper(number >> 40) + _PAIRS[number >> 30 & 1023] + _PAIRS[number >> 20 & 1023]
        + _PAIRS[number >> 10 & 1023] + _PAIRS[number & 1023]
    )  # fmt: skip


_last_id = 0
_last_id_lock = threading.Lock()


def new_ids(moment: datetime.datetime, count: int) -> list[str]:
    """ULIDs of one moment, rising in the order given, and above those this process gave out in the same millisecond."""
    global _last_id
    stamp = int(moment.timestamp() * 1000)
    start = stamp << 80 | int.from_bytes(os.urandom(10)) >> 1
    with _last_id_lock:
        if _last_id >> 80 == stamp:
            start = max(start, _last_id + 1)
        _last_id = start + count - 1
    return [ulid(start + step) for step in range(count)]


def columns_of(row: dict[str, Any]) -> list[Any]:
    """The columns in order as they are stored: lists and maps as JSON."""
    values = [row[name] for name in COLUMNS]
    for at in _LISTS_AT:
        values[at] = json_text(values[at])
    return values


def _explain(rows: Sequence[dict[str, Any]]) -> None:
    """Say which source has already given which kind, if that is what the database refused."""
    wanted = [(row["source"], row["kind"], row["revision"]) for row in rows]
    known: set[tuple[str, str, int]] = set()
    for chunk in chunks({source for source, _kind, _revision in wanted}, 500):
        known.update(Fact.objects.filter(source__in=chunk).values_list("source", "kind", "revision"))
    seen: set[tuple[str, str, int]] = set()
    for key in wanted:
        if key in known or key in seen:
            raise Refused(
                "duplicate", "$.source", _("单据“%(source)s”已经产生过“%(kind)s”，不能重复计入；需要更正时请用更正。")
                % {"source": key[0], "kind": kinds.label_of(key[1])},
            )  # fmt: skip
        seen.add(key)


# Facts about facts. They stand in the chains of everybody the first one counts for, so that a pack shows them too.


def _about(fact: Fact, kind: kinds.Kind, *, by: str, revision: int = 1, **known: Any) -> Draft:
    return draft(
        kind.code, fact.subject, also_counts_for=fact.also_counts_for, occurred_on=local(now()).date(),
        source=f"fact:{fact.id}", revision=revision, regards=fact.id, by=by, **known,
    )  # fmt: skip


def _lock(fact: Fact) -> Standing | None:
    """One at a time for one fact until the transaction ends. Every writer takes the two locks in this order."""
    receiving()
    deciding_about(fact.pk)
    return Standing.objects.filter(pk=fact.pk).first()


def _ordinary(fact: Fact) -> None:
    kind = kinds.find(fact.kind)
    if kind is not None and kind.effect:
        raise Refused("reference", "$.fact", _("这条事实本身是对另一条事实的说明，不能再更正或提出异议。"))


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Refused("missing", "$.reason", _("请写明理由。"))
    return reason


CHANGEABLE = {
    "quantity", "unit", "occurred_on", "valid_until", "trust", "also_counts_for", "attachments", "note", "personal",
    "details", "seen_on",
}  # fmt: skip


def supersede(fact: Fact, *, by: str, reason: str, **changes: Any) -> Fact:
    """Put a corrected fact in the place of this one: same kind, subject and source, the next revision.

    ``changes`` are keywords of ``announce``; what is not named stays (personal fields do not: name them again). Trust
    cannot fall: a claim nobody confirmed must not switch a confirmed fact off. Of two corrections of one fact the second
    is refused: correct the newest.
    """
    _ordinary(fact)
    _reason(reason)
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise Refused("unknown_key", f"$.{min(unknown)}", _("更正不能改动“%(key)s”。") % {"key": min(unknown)})
    with transaction.atomic():
        known = _lock(fact)
        _not_superseded(known)
        current = _current_trust(fact, known)
        if "trust" in changes and Trust.of(changes["trust"]) < current:
            raise Refused("range", "$.trust", _("更正的可信等级不能低于原事实（%(now)s）。") % {"now": current.label})
        same: dict[str, Any] = {
            "occurred_on": fact.occurred_on, "quantity": fact.amount, "unit": fact.unit, "trust": current,
            "valid_until": fact.valid_until, "also_counts_for": fact.also_counts_for, "attachments": fact.attachments,
            "details": fact.details,
        }  # fmt: skip
        new = announce(
            fact.kind, fact.subject, source=fact.source, revision=fact.revision + 1, by=by,
            **{**same, "note": reason, **changes},
        )  # fmt: skip
        _write(_about(fact, kinds.SUPERSEDED, by=by, note=reason, trust=new.trust, details={"by": new.id}))
    return new


def withdraw(fact: Fact, *, by: str, reason: str) -> Fact:
    """Let a fact count no more without putting another in its place; it stays on record. Returns the withdrawal."""
    _ordinary(fact)
    with transaction.atomic():
        _not_superseded(_lock(fact))
        return _write(_about(fact, kinds.SUPERSEDED, by=by, note=_reason(reason), trust=fact.trust))


def _current_trust(fact: Fact, known: Standing | None) -> Trust:
    return Trust(max(fact.trust, known.trust if known and known.trust is not None else 0))


def _not_superseded(known: Standing | None) -> None:
    if known is not None and known.superseded_by:
        raise Refused("duplicate", "$.fact", _("这条事实已被更正或撤回。请更正最新的一条。"))


def dispute(fact: Fact, *, by: str, reason: str, until: datetime.date | None = None) -> Fact:
    """Freeze a fact: it is shown but does not count, until somebody else decides or the time is over.

    ``until`` is the last day it freezes (default: 60 days from today); the day after, it counts again by itself. One
    dispute at a time; not twice by the same person; none after one was dismissed.
    """
    _ordinary(fact)
    today = local(now()).date()
    until = until or today + datetime.timedelta(days=DISPUTE_DAYS)
    if not today <= until <= today + datetime.timedelta(days=3 * DISPUTE_DAYS):
        raise Refused("range", "$.until", _("异议的期限要在今天起 %(days)s 天之内。") % {"days": 3 * DISPUTE_DAYS})
    with transaction.atomic():
        known = _lock(fact)
        _not_superseded(known)
        if known is not None and known.frozen_until and known.frozen_until >= today:
            raise Refused("duplicate", "$.fact", _("这条事实已有异议正在处理。"))
        earlier = _facts_about(fact, kinds.DISPUTE_OPENED)
        if any(one.by == by for one in earlier):
            raise Refused("duplicate", "$.by", _("你已对这条事实提出过异议，不能再次提出。"))
        if any(one.details.get("upheld") == "no" for one in _facts_about(fact, kinds.DISPUTE_CLOSED)):
            raise Refused("duplicate", "$.fact", _("对这条事实的异议已被驳回，不能再次提出；有新证据时请申请更正。"))
        opened = _about(
            fact, kinds.DISPUTE_OPENED, by=by, note=_reason(reason), valid_until=until, revision=len(earlier) + 1
        )
        return _write(opened)


def close_dispute(fact: Fact, *, by: str, upheld: bool, reason: str) -> Fact:
    """Decide about the open dispute of a fact. Upheld: the fact is withdrawn. Dismissed: it counts again at once.

    Whoever opened it cannot close it.
    """
    with transaction.atomic():
        known = _lock(fact)
        closings = _facts_about(fact, kinds.DISPUTE_CLOSED)
        closed = {dispute for one in closings for dispute in one.details.get("closes", "").split()}
        waiting = [one for one in _facts_about(fact, kinds.DISPUTE_OPENED) if one.id not in closed]
        if not waiting:
            raise Refused("reference", "$.fact", _("这条事实没有待处理的异议。"))
        if any(one.by == by for one in waiting):
            raise Refused("reference", "$.by", _("提出异议的人不能自己作结论，请由另一人处理。"))
        closing = _about(
            fact, kinds.DISPUTE_CLOSED, by=by, note=_reason(reason), revision=len(closings) + 1,
            trust=Trust.ASSOCIATION_VERIFIED,
            details={"closes": " ".join(one.id for one in waiting), "upheld": "yes" if upheld else "no"},
        )  # fmt: skip
        result = _write(closing)
        if upheld and not (known and known.superseded_by):
            withdraw(fact, by=by, reason=reason)
    return result


def raise_trust(fact: Fact, *, by: str, to: Trust | int | str, paper: str) -> Fact:
    """Let a fact be believed more, on the strength of a paper (its reference, or its SHA-256). Trust never falls."""
    _ordinary(fact)
    if not paper.strip():
        raise Refused("missing", "$.paper", _("提高可信等级要有依据的文书。"))
    with transaction.atomic():
        known = _lock(fact)
        current = _current_trust(fact, known)
        try:
            level = Trust.of(to)
        except ValueError:
            raise Refused("range", "$.to", _("没有“%(trust)s”这个可信等级。") % {"trust": to}) from None
        if level <= current:
            raise Refused("range", "$.to", _("可信等级只能提高：现在已是“%(now)s”。") % {"now": current.label})
        files = [paper] if drafts.SHA256.fullmatch(paper) else []
        raised = _about(
            fact, kinds.TRUST_RAISED, by=by, trust=level, details={"paper": paper}, attachments=files,
            revision=len(_facts_about(fact, kinds.TRUST_RAISED)) + 1,
        )  # fmt: skip
        return _write(raised)


def erase_personal(fact: Fact, *, by: str, reason: str) -> Fact:
    """Delete the personal values and salts of a fact for good. The fact, its hash and every root stay as they are."""
    with transaction.atomic():
        _lock(fact)
        gone = sorted(fact.private.values_list("field", flat=True))
        if not gone:
            raise Refused("reference", "$.fact", _("这条事实没有可删除的个人信息。"))
        fact.private.all().delete()
        erased = _about(
            fact, kinds.ERASED, by=by, note=_reason(reason), details={"fields": " ".join(gone)},
            revision=len(_facts_about(fact, kinds.ERASED)) + 1,
        )  # fmt: skip
        return _write(erased)


def _facts_about(fact: Fact, kind: kinds.Kind) -> list[Fact]:
    return list(Fact.objects.filter(regards=fact.pk, kind=kind.code).order_by("revision"))
