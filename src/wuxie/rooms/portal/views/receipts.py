"""The way back to what a stranger sent, by its receipt number (sent by POST: it is nobody else's)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from wuxie.kernel.receipts import tidy
from wuxie.web.throttle import Limit

from .. import forms
from .limits import too_often


def sought(
    request: HttpRequest, form: forms.Receipt, limit: Limit, known: Callable[[str], object], to: str
) -> HttpResponse | None:
    """The way to what the number names; none where nothing was asked, or where the form says why not."""
    if request.method != "POST" or not form.is_valid():
        return None
    if wait := limit.wait(request):
        return too_often(request, wait)
    number = tidy(form.cleaned_data["receipt"])
    if known(number) is not None:
        return redirect(to, receipt=number)
    form.add_error("receipt", _("查不到这个回执号。对照回执再输一次，前面几位没有字母 I、L、O、U。"))
    return None
