"""Making a standard: import, draft, check, publish. What is published is what every score is computed from, for ever."""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import now
from wuxie.kernel.facts import kinds

from . import document as documents
from .language import compile_formula
from .models import Version
from .sentence import say

#: The window that an unbound standard is checked with; a cycle brings its own.
ANY_START, ANY_END = datetime.date(2025, 9, 1), datetime.date(2026, 8, 31)


def checked(data: Any) -> dict[str, Any]:
    """The document if it is a standard (window and cut-off may be left to the cycle); ``Problem`` otherwise."""
    if not isinstance(data, dict):
        raise Problem("type", "$", _("标准应是一个 YAML 对象，含 standard、version、groups。"))
    bound = {
        "window": {"from": ANY_START.isoformat(), "to": ANY_END.isoformat()}, "cutoff": ANY_END.isoformat(),
        "min_trust": "counterpart_confirmed", **data,
    }  # fmt: skip
    documents.load(bound)
    plain: dict[str, Any] = json.loads(json.dumps(data, ensure_ascii=False, default=str))
    return plain


def canonical(data: dict[str, Any]) -> bytes:
    """The bytes whose SHA-256 names a published version."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@transaction.atomic
def import_yaml(body: bytes, *, by: str) -> Version:
    """A new draft from a YAML file; refused with the place of the first fault, or if the version is taken."""
    data = checked(documents.load_yaml(body))
    return _create(data, by=by)


@transaction.atomic
def import_document(data: dict[str, Any], *, by: str) -> Version:
    """A new draft from a document that a room composes itself."""
    return _create(checked(data), by=by)


def _create(data: dict[str, Any], *, by: str, based_on: Version | None = None) -> Version:
    try:
        with transaction.atomic():
            return Version.objects.create(
                name=str(data["standard"]), version=str(data["version"]), label=str(data.get("label") or data["standard"])[:80],
                document=data, based_on=based_on, created_by=by, created_at=now(), changed_at=now(),
            )  # fmt: skip
    except IntegrityError:
        raise ValidationError(
            _("标准“%(name)s”已有版本 %(version)s，请换一个版本号。")
            % {"name": data["standard"], "version": data["version"]}
        ) from None


@transaction.atomic
def save_draft(draft: Version, data: Any, *, by: str) -> Version:
    """Replace the content of a draft; a published version is refused."""
    data = checked(data)
    draft = Version.objects.select_for_update().get(pk=draft.pk)
    draft.document, draft.changed_at = data, now()
    draft.version, draft.label = str(data["version"]), str(data.get("label") or draft.label)[:80]
    draft.save()
    return draft


@transaction.atomic
def copy_to_draft(source: Version, *, version: str, by: str) -> Version:
    """A new draft that begins as another version."""
    if not version.strip():
        raise ValidationError({"version": _("请写新版本号，例如 2027.1。")})
    return _create({**source.document, "version": version.strip()}, by=by, based_on=source)


@transaction.atomic
def publish(draft: Version, *, by: str, by_name: str = "") -> Version:
    """Freeze a draft: from now on cycles may use it and nobody can change it."""
    draft = Version.objects.select_for_update().get(pk=draft.pk)
    if draft.state == Version.State.PUBLISHED:
        raise ValidationError(_("这个版本已经发布过。"))
    data = checked(draft.document)
    if not data.get("grades"):
        raise ValidationError(_("还没有星级门槛，不能发布。请至少设一级。"))
    draft.document, draft.sha256 = data, hashlib.sha256(canonical(data)).hexdigest()
    draft.state, draft.published_at, draft.published_by, draft.published_name = (
        Version.State.PUBLISHED,
        now(),
        by,
        by_name,
    )
    draft.save()
    return draft


def published(key: str) -> dict[str, Any] | None:
    """The document of a published version by ``name@version``, ``None`` if there is none."""
    found = Version.objects.published().keyed(key)
    return found.document if found else None


@dataclass(frozen=True)
class Check:
    """What the editor says under a formula: the kinds it reads and what it does in words, or what is wrong and where.

    ``position`` counts characters from 1, 0 when nothing is wrong. ``unknown`` are kinds that nobody has declared: such a
    formula is in the language, but will never meet a fact.
    """

    ok: bool
    message: str
    kinds: tuple[str, ...] = ()
    sentence: str = ""
    position: int = 0
    unknown: tuple[str, ...] = ()


def check_formula(text: str) -> Check:
    """Whether a formula is in the language; the message names the position of what is not."""
    try:
        formula = compile_formula(text, "$")
    except Problem as problem:
        return Check(False, problem.message, position=getattr(problem, "position", 0))
    unknown = tuple(kind for kind in formula.kinds if kinds.find(kind) is None)
    message = _("公式可以用。")
    if unknown:
        message = _("公式写法没有错，但事实目录里没有 %(kinds)s，这一项不会有数据。请核对种类的写法。") % {
            "kinds": "、".join(unknown)
        }
    return Check(True, message, formula.kinds, say(text, kinds.label_of), unknown=unknown)
