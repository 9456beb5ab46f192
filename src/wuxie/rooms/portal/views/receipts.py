"""What a stranger sends and gets back to by its receipt number: the form, the search for the number, the page it leads to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from wuxie.kernel.once.pages import go_once
from wuxie.kernel.receipts import tidy
from wuxie.web.answers import refusals_on
from wuxie.web.throttle import Limit

from .. import forms
from .limits import too_often

Found = TypeVar("Found")


def sent(request: HttpRequest, form: BaseForm, limit: Limit, act: Callable[[], Any], to: str) -> HttpResponse | None:
    """The way to the receipt of what was sent; none where nothing was, or where the form says why not."""
    if request.method != "POST" or not form.is_valid():
        return None
    if wait := limit.wait(request):
        return too_often(request, wait)
    with refusals_on(form):
        return go_once(request, act, lambda made: reverse(to, args=[made.receipt]))
    return None


def sought(
    request: HttpRequest, form: forms.Receipt, limit: Limit, known: Callable[[str], object], to: str
) -> HttpResponse | None:
    """The way to what the number names (sent by POST: it is nobody else's); none where nothing was asked or found."""
    if request.method != "POST" or not form.is_valid():
        return None
    if wait := limit.wait(request):
        return too_often(request, wait)
    number = tidy(form.cleaned_data["receipt"])
    if known(number) is not None:
        return redirect(to, receipt=number)
    said = _("查不到这个%(number)s。对照纸面再输一次，里面没有字母 I、L、O、U。")
    form.add_error("receipt", said % {"number": form.fields["receipt"].label})
    return None


def found_by(receipt: str, known: Callable[[str], Found | None]) -> Found:
    """What the number in an address names; a number that names nothing is no page."""
    found = known(tidy(receipt[:20]))
    if found is None:
        raise Http404
    return found


def hidden(response: HttpResponse, referrer: str = "same-origin") -> HttpResponse:
    """A page for whoever holds the number, out of every index; one without a form need not even tell us where it was."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = referrer
    return response
