"""Checking what is about to become a fact: the shape of every column, before anything is written."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Required, TypedDict, Unpack

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.labels import Sentence

from . import kinds, private
from .canonical import millionths
from .kinds import ANY, Kind
from .refusal import Refused
from .trust import Trust

SUBJECT = re.compile(r"[a-z][a-z0-9_-]*:[A-Za-z0-9_.:-]+")
SHA256 = re.compile(r"[0-9a-f]{64}")
#: Days that a photo's or a sign-in's own date may lie away from the claimed day before somebody should look.
TOLERANCE = 1
#: Part of the hashed fact, so in one language whoever is signed in.
APART = Sentence(gettext_noop("所附证据的日期是%(seen)s，与发生日%(day)s不符。"))


class Known(TypedDict, total=False):
    """What ``announce`` takes by keyword; defaults are those of ``draft``."""

    occurred_on: Required[datetime.date]
    source: Required[str]
    quantity: str | int | Decimal
    trust: Trust | int | str | None
    unit: str | None
    valid_until: datetime.date | None
    also_counts_for: Iterable[str]
    attachments: Iterable[str]
    personal: Mapping[str, str] | None
    revision: int
    by: str
    note: str
    regards: str
    details: Mapping[str, str]
    seen_on: Iterable[datetime.date]


@dataclass(frozen=True)
class Draft:
    """A checked fact without number, moment and hash. ``row`` has the columns of ``Fact`` that are known already."""

    kind: Kind
    row: dict[str, Any]
    secret: dict[str, str]


def draft(kind: str, subject: str, **known: Unpack[Known]) -> Draft:
    """Check everything ``announce`` takes (see there) and fill in what the kind says; ``Refused`` names the first fault."""
    declared = kinds.get(kind)
    occurred_on, source = known["occurred_on"], known["source"]
    valid_until, regards = known.get("valid_until"), known.get("regards", "")
    if not source or len(source) > 200:
        raise Refused("range", "$.source", _("每条事实都要写明来源单据（不超过 200 字）。"))
    if valid_until is not None and valid_until < occurred_on:
        raise Refused("range", "$.valid_until", _("有效至不能早于发生日。"))
    if declared.effect and not regards:
        raise Refused("missing", "$.regards", _("“%(kind)s”要写明所涉的事实。") % {"kind": declared.label})
    public, secret = private.commit(known.get("personal") or {})
    unit = known.get("unit")
    row = {
        "kind": kind, "subject": subject, "also_counts_for": _others(declared, subject, known.get("also_counts_for", ())),
        "quantity": millionths(known.get("quantity", "1")), "unit": declared.unit if unit is None else unit,
        "occurred_on": occurred_on, "valid_until": valid_until, "trust": int(_level(declared, known.get("trust"))),
        "source": source, "revision": known.get("revision", 1), "by": known.get("by", "clock"),
        "note": known.get("note", ""), "attachments": _digests(known.get("attachments", ())), "personal": public,
        "suspicious": suspicion(occurred_on, known.get("seen_on", ())), "regards": regards,
        "details": dict(known.get("details", {})),
    }  # fmt: skip
    return Draft(declared, row, secret)


@lru_cache(maxsize=10_000)
def _is_subject(text: str) -> bool:
    return len(text) <= 80 and SUBJECT.fullmatch(text) is not None


def _others(kind: Kind, subject: str, also: Iterable[str]) -> list[str]:
    """The further subjects, each once, the own one left out."""
    others = [one for one in dict.fromkeys(also) if one != subject] if also else []
    for one in (subject, *others):
        if not _is_subject(one):
            raise Refused("type", "$.subject", _("主体“%(subject)s”不合格：写成“类别:编号”。") % {"subject": one})
    if kind.subject not in (ANY, subject.partition(":")[0]):
        raise Refused(
            "reference", "$.subject", _("“%(kind)s”记在 %(wanted)s 名下，不能记在“%(subject)s”名下。")
            % {"kind": kind.label, "wanted": kind.subject, "subject": subject},
        )  # fmt: skip
    if kind.about and not any(one.startswith(f"{kind.about}:") for one in (subject, *others)):
        raise Refused(
            "missing", "$.also_counts_for", _("“%(kind)s”要写明所涉的 %(about)s。")
            % {"kind": kind.label, "about": kind.about},
        )  # fmt: skip
    return others


def _level(kind: Kind, trust: Trust | int | str | None) -> Trust:
    try:
        return kind.minimum if trust is None else Trust.of(trust)
    except ValueError:
        raise Refused("range", "$.trust", _("没有“%(trust)s”这个可信等级。") % {"trust": trust}) from None


def _digests(attachments: Iterable[str]) -> list[str]:
    found = list(dict.fromkeys(attachments))
    if found and not all(SHA256.fullmatch(one) for one in found):
        raise Refused("type", "$.attachments", _("附件要写它的 SHA-256（64 位小写十六进制）。"))
    return found


def suspicion(occurred_on: datetime.date, seen_on: Iterable[datetime.date]) -> str:
    """Why somebody should look: the evidence bears another day than the one claimed. Empty if nothing is odd."""
    apart = [day for day in seen_on if abs((day - occurred_on).days) > TOLERANCE]
    if not apart:
        return ""
    seen = "、".join(day.isoformat() for day in sorted(set(apart)))
    return APART(seen=seen, day=occurred_on.isoformat())


def check_day(kind: Kind, occurred_on: datetime.date, received_on: datetime.date) -> None:
    """Only a level may begin later than today: what happens cannot be reported before it happened."""
    if occurred_on > received_on and kind.measure != "level":
        raise Refused(
            "range", "$.occurred_on", _("发生日不能晚于今天（%(today)s）。") % {"today": received_on.isoformat()}
        )
