"""What a shop or household behind a master meter was charged for power: by the number on its bill, without an account."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.resale import public
from wuxie.web.throttle import Limit

from .. import forms
from .limits import too_often
from .receipts import found_by, hidden, sought

LOOKING = Limit("power_meter", 60, 60)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def look_up(request: HttpRequest) -> HttpResponse:
    """The way to one's own bills by the number of the meter (sent by POST: it is nobody else's)."""
    form = forms.Receipt(request.POST or None)
    form.fields["receipt"].label = _("查询号")
    if found := sought(request, form, LOOKING, public.meter_of, "portal:power_meter"):
        return found
    context = {"title": _("查我的电费"), "form": form}
    return render(request, "portal/power.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
def meter(request: HttpRequest, receipt: str) -> HttpResponse:
    """Month by month: charged, allowed, given back; out of every index and cache."""
    if wait := LOOKING.wait(request):
        return too_often(request, wait)
    found = found_by(receipt, public.meter_of)
    context = {
        "title": _("我的电费"),
        "meter": found,
        "months": public.months_of(found),
        "unvouched": public.unconfirmed(),
    }
    return hidden(render(request, "portal/power_meter.html", context))


@require_POST
@never_cache
def answer(request: HttpRequest, receipt: str, pk: int) -> HttpResponse:
    """Whether the money has come, by whoever holds the number."""
    if wait := LOOKING.wait(request):
        return too_often(request, wait)
    found = found_by(receipt, public.meter_of)
    refund = public.refund_of(found, pk)
    if refund is None:
        raise Http404
    said = request.POST.get("received")
    if said not in ("yes", "no"):
        return redirect("portal:power_meter", receipt=found.receipt)
    try:
        public.answer(refund, received=said == "yes")
        messages.success(request, _("已记下你的回话。"))
    except Refusal as refused:
        messages.error(request, refused.message)
    return redirect("portal:power_meter", receipt=found.receipt)
