"""A person's own messages, and how they want to hear of things."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from . import actions, forms
from .models import Channel, Choice, Message, Wish
from .tell import unread

A_PAGE = 50
#: The fields of the settings: how, and when.
GROUPS = (("mail", "address", "sms", "robot"), ("rhythm", "leads"))


def _actor(request: HttpRequest) -> Any:
    """Who asks; a visitor has no messages and learns nothing."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor.person_id is None:
        raise Http404
    return actor


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """One's own messages, the newest first."""
    actor = _actor(request)
    own = Message.objects.visible_to(actor)
    only_unread = request.GET.get("view") == "unread"
    page = Paginator(own.unread() if only_unread else own, A_PAGE).get_page(request.GET.get("page"))
    kept = "view=unread&" if only_unread else ""
    context = {
        "title": _("消息"),
        "page": page,
        "only_unread": only_unread,
        "unread": unread(actor.key),
        "previous": f"?{kept}page={page.previous_page_number()}" if page.has_previous() else "",
        "next": f"?{kept}page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "notify/inbox.html", context)


@require_POST
def open_message(request: HttpRequest, pk: str) -> HttpResponse:
    """Note that it was read and go where it leads."""
    actor = _actor(request)
    message = get_object_or_404(Message.objects.visible_to(actor), pk=pk)
    actions.read(message, by=actor)
    return redirect(message.link or "notify:inbox")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    count = actions.read_all(by=_actor(request))
    messages.success(request, _("%(count)s 条消息都标为已读。") % {"count": count})
    return redirect("notify:inbox")


def ways(request: HttpRequest) -> HttpResponse:
    """How and when one wants to hear of things beside what the application says anyway."""
    actor = _actor(request)
    chosen = list(Choice.objects.filter(person_key=actor.key).select_related("robot"))
    wish = Wish.objects.filter(person_key=actor.key).first()
    form = forms.Ways(request.POST if request.method == "POST" else None, initial=forms.as_chosen(chosen, wish))
    if request.method == "POST" and form.is_valid():
        _keep(actor, form.cleaned_data)
        messages.success(request, _("提醒设置已保存。"))
        return redirect("notify:ways")
    names = [[name for name in group if name in form.fields] for group in GROUPS]
    ways_out, times = ([form[name] for name in group] for group in names)
    context = {"title": _("提醒设置"), "form": form, "ways": ways_out, "times": times}
    return render(request, "notify/ways.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _keep(actor: Any, said: dict[str, Any]) -> None:
    """A way that is not offered (any more) counts as off."""
    actions.choose(Channel.MAIL, by=actor, on=said["mail"], address=said["address"])
    actions.choose(Channel.SMS, by=actor, on=said.get("sms", False))
    actions.choose(Channel.ROBOT, by=actor, on=said.get("robot") is not None, robot=said.get("robot"))
    actions.wish(by=actor, rhythm=said["rhythm"], leads=said["leads"])
