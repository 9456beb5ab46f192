"""Reading private data in plain: a reason first, then once on this page, and a line in the record of looks."""

from __future__ import annotations

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.access.actions import FIELDS, look
from wuxie.kernel.access.models import Look
from wuxie.kernel.clock.now import local
from wuxie.kernel.parties.models import Person

from ..asking import put_on, sent
from ..tables import Column, Table, table_page


class LookForm(forms.Form):
    """Which fields, and why."""

    fields_wanted = forms.MultipleChoiceField(
        label=gettext_lazy("要看哪几项"), choices=[(name, label) for name, label in FIELDS.items()],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("为什么要看"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("写清楚办什么事，如“漏水要联系业主”。本人和协会都看得到这一条。"),
    )  # fmt: skip


@login_required
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """The masked data of someone; after a reason, the fields asked for in plain, on this answer only."""
    found = get_object_or_404(Person.objects.visible_to(request.actor), pk=pk)  # type: ignore[attr-defined]
    form = LookForm(sent(request))
    plain: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            plain = look(found, asked["fields_wanted"], by=request.actor, reason=asked["reason"])  # type: ignore[attr-defined]
        except ValidationError as refused:
            put_on(form, refused)
    masked = {"name": found.masked_name, "phone": found.masked_phone, "id_number": found.masked_id_number}
    context = {
        "title": _("查看 %(who)s 的资料") % {"who": found.masked_name},
        "pairs": [(FIELDS[name], plain.get(name) or value) for name, value in masked.items()],
        "form": form, "plain": plain, "person": found,
        "crumbs": [(_("查看记录"), reverse("looks:list"))],
    }  # fmt: skip
    response = render(request, "web/look.html", context, status=422 if form.errors else 200)
    response.headers["Cache-Control"] = "private, no-store"
    return response


LOOKS = Table(
    "looks",
    gettext_lazy("明文查看记录"),
    columns=[
        Column("person", gettext_lazy("看了谁"), text=lambda row: row.person.masked_name,
               link=lambda row: reverse("looks:person", args=[row.person_id])),
        Column("fields", gettext_lazy("看了什么"), text=lambda row: "、".join(str(FIELDS.get(f, f)) for f in row.fields.split(","))),
        Column("reason", gettext_lazy("理由")),
        Column("by", gettext_lazy("谁看的"), text=lambda row: row.seer.name if row.seer else row.by),
        Column("at", gettext_lazy("什么时候"), text=lambda row: f"{local(row.at):%Y-%m-%d %H:%M}", sort="at"),
    ],
    search=["reason"],
    search_label=gettext_lazy("理由里的字"),
    order=["-at"],
    related=["person", "seer"],
    export=True,
    personal=True,
    empty=gettext_lazy("还没有人看过明文。每看一次都要写理由，都记在这里。"),
)  # fmt: skip


@login_required
def looks(request: HttpRequest) -> HttpResponse:
    """Who looked at whom, and why."""
    rows = Look.objects.visible_to(request.actor)  # type: ignore[attr-defined]
    return table_page(request, LOOKS, rows, lead=_("每次查看明文都要写理由；本人看得到谁看过自己。"))


app_name = "looks"
urlpatterns = [path("", looks, name="list"), path("<int:pk>/", person, name="person")]
