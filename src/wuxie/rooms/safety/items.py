"""What a phone sends for one duty done: one JSON document, read strictly, with words for whoever holds the phone."""

from __future__ import annotations

import datetime
import hashlib
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from wuxie.kernel import labels
from wuxie.kernel.calc import documents as read
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import SHANGHAI
from wuxie.kernel.papers import intake

from .models import Check, Duty
from .words import Proof

NUMBER = re.compile(r"-?\d{1,7}(\.\d{1,4})?")
DIGEST = re.compile(r"[0-9a-f]{64}")
MOST_PHOTOS, LONGEST = 9, 200
#: Proofs that a picture stands for; a phone takes no films and no papers yet.
PICTURED = {Proof.PHOTO, Proof.VIDEO, Proof.DOCUMENT}


@dataclass(frozen=True)
class Photo:
    sha256: str
    original: str
    modified_at: datetime.datetime | None


@dataclass(frozen=True)
class Item:
    """One entry of a phone's queue. ``sha256`` is that of the document as it came."""

    id: uuid.UUID
    account: str
    """Whose phone it was when it was done; nobody else can send it."""
    instance: int
    started_at: datetime.datetime
    done_at: datetime.datetime
    outcome: str
    readings: list[Any]
    spot: str
    words: str
    photos: list[Photo]
    sha256: str


def item_of(body: bytes) -> Item:
    """The entry, or a ``Problem``."""
    row = read.obj(
        read.parse(body), "$", required=("id", "account", "instance", "started_at", "done_at", "outcome", "readings", "photos"),
        optional=("spot", "words"),
    )  # fmt: skip
    readings = [value for _path, value in read.rows(row["readings"], "$.readings")]
    photos = [_photo(value, path) for path, value in read.rows(row["photos"], "$.photos")]
    if len(photos) > MOST_PHOTOS:
        raise Problem("range", "$.photos", _("一件最多 %(n)s 张照片。") % {"n": MOST_PHOTOS})
    return Item(
        id=_uuid(row["id"]), account=read.text(row["account"], "$.account"),
        instance=read.whole(row["instance"], "$.instance", least=1, most=2**53),
        started_at=moment(row["started_at"], "$.started_at"), done_at=moment(row["done_at"], "$.done_at"),
        outcome=read.choice(row["outcome"], "$.outcome", Check.Outcome.values), readings=readings,
        spot=_short(row.get("spot", ""), "$.spot"), words=_short(row.get("words", ""), "$.words"), photos=photos,
        sha256=hashlib.sha256(body).hexdigest(),
    )  # fmt: skip


def moment(value: Any, path: str) -> datetime.datetime:
    """A moment with its zone, as a phone's clock says it."""
    try:
        found = datetime.datetime.fromisoformat(read.text(value, path))
    except ValueError:
        raise Problem("type", path, _("时间要写成 2026-11-24T14:50:00+08:00 这样。")) from None
    if found.tzinfo is None or not 2000 <= found.year <= 2200:
        raise Problem("type", path, _("时间要带时区，年份要合理。请核对手机的日期。"))
    return found.astimezone(datetime.UTC)


def _photo(value: Any, path: str) -> Photo:
    row = read.obj(value, path, required=("sha256", "original"), optional=("modified_at",))
    for name in ("sha256", "original"):
        if not isinstance(row[name], str) or not DIGEST.fullmatch(row[name]):
            raise Problem("type", f"{path}.{name}", _("照片的校验值要是 64 位十六进制。"))
    when = row.get("modified_at")
    return Photo(row["sha256"], row["original"], moment(when, f"{path}.modified_at") if when else None)


def _uuid(value: Any) -> uuid.UUID:
    try:
        return uuid.UUID(read.text(value, "$.id"))
    except ValueError:
        raise Problem("type", "$.id", _("编号要是一个 UUID。")) from None


def _short(value: Any, path: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise Problem("range", path, _("文字最多 %(n)s 个字。") % {"n": LONGEST})
    return value.strip()


def readings_of(duty: Duty, item: Item) -> list[dict[str, str]]:
    """The readings that the duty asks for, each a plain number; a unit typed behind it is refused in words."""
    wanted: list[dict[str, str]] = duty.readings
    if len(item.readings) != len(wanted):
        raise Problem(
            "missing", "$.readings", _("这件要 %(n)s 个读数：%(names)s。不能用“正常”代替读数。")
            % {"n": len(wanted), "names": "、".join(labels.said(one["name"]) for one in wanted)} if wanted else _("这件没有读数要填。"),
        )  # fmt: skip
    found = []
    for at, (limits, value) in enumerate(zip(wanted, item.readings, strict=True)):
        if not isinstance(value, str) or not NUMBER.fullmatch(value):
            raise Problem(
                "type", f"$.readings[{at}]", _("“%(name)s”只写数字，单位 %(unit)s 已经印好，例如 %(like)s。收到的是“%(had)s”。")
                % {"name": labels.said(limits["name"]), "unit": labels.said(limits["unit"]), "like": limits["most"], "had": str(value)[:20]},
            )  # fmt: skip
        found.append({"name": limits["name"], "value": value, "unit": limits["unit"]})
    return found


def pictures_of(item: Item, contents: Sequence[bytes], *, dress: intake.Dress) -> list[intake.Taken]:
    """The photos that came with an entry: as many as it names, each with the hash that it names, each a photo."""
    if len(contents) != len(item.photos):
        raise Problem("missing", "$.photos", _("照片没有传完，请再发送一次。"))
    found = []
    for at, (photo, content) in enumerate(zip(item.photos, contents, strict=True)):
        path = f"$.photos[{at}]"
        if hashlib.sha256(content).hexdigest() != photo.sha256:
            raise Problem("reference", path, _("第 %(n)s 张照片传坏了，请再发送一次。") % {"n": at + 1})
        found.append(_looked_at(content, path, at + 1, dress))
    return found


def _looked_at(content: bytes, path: str, number: int, dress: intake.Dress) -> intake.Taken:
    try:
        taken = intake.look_at(content, dress=dress)
    except Problem as fault:
        raise Problem(fault.code, path, _("第 %(n)s 张照片：%(why)s") % {"n": number, "why": fault.message}) from fault
    if not taken.mime.startswith("image/"):
        raise Problem("type", path, _("第 %(n)s 张不是照片。请现场重拍一张。") % {"n": number})
    return taken


def camera_moment(taken: intake.Taken) -> datetime.datetime | None:
    """When the camera says that a photo was taken; it writes no zone, and its clock is that of the phone."""
    if not taken.taken_at:
        return None
    try:
        return datetime.datetime.fromisoformat(taken.taken_at).replace(tzinfo=SHANGHAI).astimezone(datetime.UTC)
    except ValueError:
        return None
