"""The owner's own phone: what one thinks, after proof of identity; consultation and no ballot."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from wuxie.web.asking import acting, ask, sent
from wuxie.web.throttle import Limit

from .. import forms, queries
from ..actions import consulting
from ..models import Entry
from .cases import PAGES

#: So often may the number of an identity card be tried from one address.
PROVING = Limit("vote_identity", 10, 3600)


@login_required
def consult(request: HttpRequest, pk: int) -> HttpResponse:
    """A side for each item, for one's own unit."""
    entry = get_object_or_404(Entry.objects.select_related("decision"), pk=pk)
    case = PAGES.fetch(request, entry.decision_id)
    if not consulting.owns(acting(request), entry) or not queries.may_consult(case):
        raise Http404
    form, back = forms.Consult(sent(request), case=case), reverse("assembly:decision", args=[case.pk])
    if request.method == "POST" and PROVING.wait(request):
        form.add_error(None, _("试得太多，请一小时后再来，或者直接交纸票。"))
    return ask(
        request, form, lambda **known: consulting.consult(entry, by=acting(request), id_number=known["id_number"], sides=form.sides), then=back,
        said=_("记下了。这只是征求意见，请照样把纸票交给收票人。"), title=_("手机上说意见：%(unit)s") % {"unit": entry.label},
        send=_("说完了"), back=back, crumbs=[(str(case), back)], template="assembly/consult.html",
    )  # fmt: skip
