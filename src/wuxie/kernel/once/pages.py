"""A form that is sent twice is done once: a hidden one-time key in it, and the way to the first receipt."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _

from wuxie.kernel.calc.problems import Problem

from .actions import Key, kept, once

#: The hidden field; ``{% once %}`` writes it into a form.
FIELD = "once"
LONGEST = 64

Made = TypeVar("Made")


def new_key() -> str:
    return secrets.token_urlsafe(16)


def key_of(request: HttpRequest) -> Key | None:
    """The key of a sent form; ``None`` for one without."""
    if request.method != "POST" or not (text := request.POST.get(FIELD, "")[:LONGEST]):
        return None
    return Key(f"form {request.path} {request.actor.key}", text, _content(request))  # type: ignore[attr-defined]


def _content(request: HttpRequest) -> bytes:
    """Everything that was filled in, files by their hash; where one field ends, the next cannot begin."""
    parts = []
    for name in sorted(request.POST):
        if name not in (FIELD, "csrfmiddlewaretoken"):
            parts += [name, *request.POST.getlist(name), ""]
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            file.seek(0)
            parts += [name, str(file.name), hashlib.file_digest(file, "sha256").hexdigest()]
            file.seek(0)
    return "\0".join(f"{len(part)}:{part}" for part in parts).encode("utf-8", "surrogatepass")


def go_once(request: HttpRequest, act: Callable[[], Made], then: Callable[[Made], Any], said: str = "") -> HttpResponse:
    """Act, say so, and go on to where ``then`` leads; a form that was sent before leads there without another act."""

    def done() -> dict[str, str]:
        return {"to": resolve_url(then(act()))}

    key = key_of(request)
    try:
        answer = once(key, done) if key else done()
    except Problem as problem:
        raise _in_words(problem) from problem
    if said:
        messages.success(request, said)
    return redirect(answer["to"])


def _in_words(problem: Problem) -> Problem:
    """What a person is told who changed a form that was taken already; the page shown then carries a new key."""
    if problem.code != "key_reused":
        return problem
    return Problem(
        problem.code, problem.path, _("这张表已经交过一次，内容和现在的不同，没有再办。要另交这一份，请再按一次。")
    )


class Replayed:
    """Lead a repeated form to its first receipt before anything is asked: the case may have moved on since."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_given: Any) -> HttpResponse | None:
        if getattr(view, "csrf_exempt", False):  # no form of ours; the machine interface reads the body itself
            return None
        key = key_of(request)
        try:
            answer = kept(key) if key else None
        except Problem:  # other content under a used key: the form's own view says so, beside what was filled in
            return None
        if answer is None:
            return None
        if request.user.is_authenticated:
            messages.info(request, _("这张表刚才已经收到，没有重复办。"))
        return redirect(answer["to"])
