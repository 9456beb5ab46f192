"""Doing an act once per key: a repeated request does nothing again and gets the first answer."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from wuxie.kernel.calc.problems import Problem

from .models import Answered

Answer = dict[str, Any]


@dataclass(frozen=True)
class Key:
    """What makes two requests the same: who asks for what (``scope``), the key they chose, and what they sent.

    The content is hashed with the key, which is nowhere kept: a telephone number in it cannot be found by trying.
    """

    scope: str
    text: str
    content: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(f"{self.scope}\0{self.text}".encode()).hexdigest()

    @property
    def seal(self) -> str:
        return hmac.new(self.text.encode(), self.content, hashlib.sha256).hexdigest()


def kept(key: Key) -> Answer | None:
    """The answer that this key got before, if any; a ``Problem`` if other content came with it."""
    rows = Answered.objects.filter(pk=key.digest, answer__isnull=False).values_list("content", "answer")
    return _same(key, *rows[0]) if rows else None


def once(key: Key, act: Callable[[], Answer]) -> Answer:
    """Act and keep the answer in one transaction, or give the answer that was kept.

    Of several at the same moment one acts; the database lets the others wait for it. An act that refuses keeps nothing.
    """
    with transaction.atomic():
        if not _is_first(key):
            return _same(key, *Answered.objects.values_list("content", "answer").get(pk=key.digest))
        answer = _in_order(act())
        Answered.objects.filter(pk=key.digest).update(answer=answer)
        return answer


def _is_first(key: Key) -> bool:
    """Take the key, if nobody has it; whoever is about to take it is waited for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO once_answered (id, content) VALUES (%s, %s) ON CONFLICT DO NOTHING", [key.digest, key.seal]
        )
        return bool(cursor.rowcount == 1)


def _same(key: Key, content: str, answer: Answer | None) -> Answer:
    if content != key.seal:
        raise Problem("key_reused", "$", _("这个键已经用于另一份内容，没有再办。内容改过的，请换一个新的键。"))
    return _in_order(answer or {})


def _in_order(answer: Answer) -> Answer:
    """The same answer letter by letter, whatever order a database keeps the names in."""
    return {name: answer[name] for name in sorted(answer)}
