"""A change of fee by the number on the paper notice: read the costs, reckon one's own month, ask, find the answer; no account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from wuxie.rooms.fees import public
from wuxie.web.throttle import Limit

from .. import forms
from .limits import too_often
from .receipts import found_by, hidden, sent, sought

LOOKING = Limit("fee_notice", 60, 60)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def look_up(request: HttpRequest) -> HttpResponse:
    """The way in by the number on the notice at the door (sent by POST: it is the estate's own)."""
    form = forms.Receipt(request.POST or None)
    form.fields["receipt"].label = _("公示上的查询号，或者提问的回执号")
    known = public.answer_of if request.POST.get("what") == "answer" else public.notice_of
    to = "portal:fee_answer" if request.POST.get("what") == "answer" else "portal:fee_notice"
    if found := sought(request, form, LOOKING, known, to):
        return found
    return render(
        request, "portal/fee.html", {"title": _("问物业费"), "form": form}, status=422 if form.errors else 200
    )


@require_safe
@never_cache
def notice(request: HttpRequest, receipt: str) -> HttpResponse:
    """Where the money goes, the options, one's own month, questions and answers."""
    if wait := LOOKING.wait(request):
        return too_often(request, wait)
    found = found_by(receipt, public.notice_of)
    home = forms.Home(request.GET or None)
    area = home.cleaned_data["area"] if home.is_valid() else None
    context = {
        "title": _("%(estate)s 物业费调整") % {"estate": found.project.estate.name},
        "case": found,
        "home": home,
        **public.page(found, area),
    }
    return hidden(render(request, "portal/fee_notice.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask(request: HttpRequest, receipt: str) -> HttpResponse:
    """A question without a name; the receipt leads to its answer."""
    if wait := LOOKING.wait(request):
        return too_often(request, wait)
    found = found_by(receipt, public.notice_of)
    form = forms.FeeQuestion(request.POST or None)
    if done := sent(
        request, form, public.ASKING, lambda: public.ask(found, words=form.cleaned_data["words"]), "portal:fee_answer"
    ):
        return done
    context = {"title": _("问物业费"), "case": found, "form": form}
    return hidden(render(request, "portal/fee_ask.html", context, status=422 if form.errors else 200))


@require_safe
@never_cache
def answer(request: HttpRequest, receipt: str) -> HttpResponse:
    """One's own question and, once there is one, its answer."""
    if wait := LOOKING.wait(request):
        return too_often(request, wait)
    context = {"title": _("提问回执"), "found": found_by(receipt, public.answer_of)}
    return hidden(render(request, "portal/fee_answer.html", context))
