"""A post holder's own: the posts they hold, what each has to do, and the letter to sign."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from wuxie.kernel import labels
from wuxie.kernel.clock.now import local, today
from wuxie.kernel.papers.models import Document
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cells import Chip

from .. import papers, queries, rules
from ..actions import lists as actions
from ..forms import SignForm
from ..models import Instance, ListPost
from .common import duty_row, hours, period


def _fetch(request: HttpRequest, pk: int) -> ListPost:
    rows = ListPost.objects.visible_to(acting(request)).select_related("post", "duty_list__project__estate")
    return get_object_or_404(rows, pk=pk)


@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """The posts of the lists in force that this person holds or stands in for."""
    actor = acting(request)
    day = today()
    rows = queries.my_posts(actor, day).select_related("post", "duty_list__project__estate")
    coming = queries.coming_posts(actor, day).select_related("post", "duty_list__project__estate")
    unsigned = set(queries.to_sign(actor, day).values_list("pk", flat=True))

    def line(row: ListPost, *, begins: bool) -> dict[str, Any]:
        notes = [row.duty_list.project.estate.name, str(row.get_shifts_display())]
        if begins:
            notes.append(_("第 %(n)s 版，%(day)s 起") % {"n": row.duty_list.number, "day": row.duty_list.starts_on})
        return {
            "text": labels.said(row), "note": " · ".join(notes), "url": row.get_absolute_url(),
            "chip": Chip(_("待签"), "amber") if row.pk in unsigned else Chip(_("已签"), "green"),
        }  # fmt: skip

    sections: list[dict[str, Any]] = [
        {
            "title": _("我的岗位"),
            "rows": [line(row, begins=False) for row in rows],
            "empty": _("现行清单上没有您的岗位。"),
        }
    ]
    if new := [line(row, begins=True) for row in coming]:
        sections.append({"title": _("就要生效的新版"), "rows": new})
    due = queries.due_on(day).filter(duty__list_post__in=rows, state=Instance.State.SCHEDULED)
    now_due = [
        {
            "text": labels.said(one.duty), "chip": Chip(hours(one), "blue"),
            "note": " · ".join(filter(None, (labels.said(one.duty.list_post), str(one.duty.get_place_display())))),
        }
        for one in due.select_related("duty__list_post__post").order_by("closes_at", "pk")
    ]  # fmt: skip
    sections.append({"title": _("今天的职责"), "rows": now_due, "empty": _("今天没有职责。")})
    acts = [{"label": _("去履职"), "primary": True, "url": reverse("field:today")}] if rows else []
    return render(request, "web/record.html", {"title": _("我的岗位"), "sections": sections, "acts": acts})


@login_required
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """One post of a list: its duties, and who signed for it."""
    found, actor = _fetch(request, pk), acting(request)
    documents = {one.number: one for one in Document.objects.filter(case=f"{papers.CASE}:{found.pk}")}
    signatures = [
        {
            "text": one.person.name, "url": documents[one.document].get_absolute_url(),
            "acts": [{"label": "Word", "url": f"{documents[one.document].get_absolute_url()}?as=word"}],
            "note": local(one.signed_at).strftime("%Y-%m-%d %H:%M"),
            "chip": Chip(_("替岗人") if one.substitute else _("任岗人")),
        }
        for one in found.signatures.select_related("person")
    ]  # fmt: skip
    context: dict[str, Any] = {
        "title": labels.said(found), "lead": found.duty_list.project.estate.name,
        "crumbs": [(_("第 %(n)s 版") % {"n": found.duty_list.number}, found.duty_list.get_absolute_url())],
        "pairs": [
            (_("有效"), period(found.duty_list)), (_("班次"), found.get_shifts_display()),
            (_("应持证书"), labels.said(found.certificate) or _("不要证书")), (_("怎样落实"), found.contractor or found.get_way_display()),
        ],
        "sections": [
            {"title": _("职责"), "rows": [duty_row(duty) for duty in found.duties.all()], "empty": ""},
            {"title": _("责任书"), "rows": signatures, "empty": _("还没有人签。")},
        ],
    }  # fmt: skip
    if rules.holder.test(actor, found) and not found.signatures.filter(person=actor.person_id).exists():
        context["acts"] = [{"label": _("签责任书"), "primary": True, "url": reverse("safety:sign", args=[found.pk])}]
    return render(request, "web/record.html", context)


@login_required
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter is signed by the person's own account."""
    found = _fetch(request, pk)
    require(rules.holder, request, found)
    here = found.get_absolute_url()
    return ask(
        request, SignForm(sent(request)), lambda: actions.sign(found, by=acting(request)), then=here, said=_("已签责任书。"),
        title=_("签责任书：%(post)s") % {"post": labels.said(found)}, send=_("签这份责任书"), back=here, crumbs=[(labels.said(found), here)],
        lead=_("%(estate)s，第 %(n)s 版，%(count)s 项职责")
        % {"estate": found.duty_list.project.estate.name, "n": found.duty_list.number, "count": found.duties.count()},
        after=_("签字记账号和时间，出一份责任书，可存 Word 或 PDF。"),
    )  # fmt: skip
