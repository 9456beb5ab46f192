"""``Idempotency-Key``: a request that creates something is sent again without harm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import ninja
from django.http import HttpRequest

from wuxie.kernel.once import actions
from wuxie.kernel.once.actions import Answer, Key

LONGEST = 200
SAYS = (
    "由调用的程序自己选的键，每件事一个（最好是 UUID），最长 200 个字符，永不过期。同一个键、同一份内容再发一次，不会再办，得到第一次的答复；"
    "同一个键、另一份内容，答复 422 和 key_reused。没有这个请求头，每次都会办。"
)
Header = Annotated[str, ninja.Header(alias="Idempotency-Key", max_length=LONGEST, description=SAYS)]


def key_of(request: HttpRequest, text: str, said: ninja.Schema) -> Key | None:
    """The key of this request, in the room of whoever asks; ``None`` without the header."""
    who = getattr(request, "auth", None)
    scope = f"api {request.method} {request.path} {who.key if who else ''}"
    return Key(scope, text, said.model_dump_json().encode()) if text else None


def kept(key: Key | None) -> Answer | None:
    """What was answered before."""
    return actions.kept(key) if key else None


def once(key: Key | None, act: Callable[[], Answer]) -> Answer:
    """Act, under the key if one was sent."""
    return actions.once(key, act) if key else act()
