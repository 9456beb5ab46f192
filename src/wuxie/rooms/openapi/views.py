"""One's own tokens: made, shown once, ended."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from . import actions
from .forms import NewToken
from .models import ApiToken


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The list and the form; a new token stands on the answer to its own request and nowhere else."""
    form = NewToken(request.POST or None)
    made = ""
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        _token, made = actions.issue(request.user, name=asked["name"], scopes=asked["scopes"], days=int(asked["days"]))
        form = NewToken()
    own = ApiToken.objects.visible_to(request.actor)  # type: ignore[attr-defined]
    context = {"title": _("接口令牌"), "form": form, "made": made, "tokens": own}
    return render(request, "openapi/tokens.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    own = ApiToken.objects.visible_to(request.actor)  # type: ignore[attr-defined]
    actions.revoke(get_object_or_404(own, pk=pk))
    messages.success(request, _("令牌已停用，马上不能再用。"))
    return redirect("tokens:list")
