"""One form, one verb: show it, act on it, go on; what the verb refuses stands on the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.access.who import Who
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.once.pages import go_once
from wuxie.kernel.workflow.refusal import Refusal


def acting(request: HttpRequest) -> Actor:
    """Who asks."""
    found: Actor = request.actor  # type: ignore[attr-defined]
    return found


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the body of a POST, even an empty one; nothing for a form that is only shown."""
    return request.POST if request.method == "POST" else None


def require(who: Who, request: HttpRequest, case: Any = None) -> None:
    """Let only those through who may act here; to the others the page says that it is not theirs."""
    if not who.test(request.actor, case):  # type: ignore[attr-defined]
        raise PermissionDenied


def ask(
    request: HttpRequest,
    form: BaseForm,
    act: Callable[..., Any],
    *,
    then: str | Callable[[Any], str],
    said: str = "",
    template: str = "web/form.html",
    **context: Any,
) -> HttpResponse:
    """Answer with the form, or act on it and go on.

    ``act(**cleaned_data)`` is the verb; ``then`` the address to go to, or a function of what the verb returned; ``said``
    the sentence on the next page. ``context``: ``title``, ``send`` (a verb with its object), ``after`` (what will
    happen), ``back``, ``crumbs``, ``lead``, ``groups``, ``unvouched`` (figures of law that nobody has confirmed).
    """
    if request.method == "POST" and form.is_valid():
        try:
            return go_once(
                request, lambda: act(**form.cleaned_data), then if callable(then) else lambda _made: then, said
            )
        except (Refusal, Problem) as refused:
            form.add_error(None, refused.message)
        except ValidationError as refused:
            put_on(form, refused)
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)


def put_on(form: BaseForm, error: ValidationError) -> None:
    """Show what a verb refused at the field that it names, else at the top of the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, found in error.error_dict.items():
        for one in found:
            form.add_error(name if name in form.fields else None, one)
