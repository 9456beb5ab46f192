"""Asking for a star: which project, then the draft."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from wuxie.kernel import labels
from wuxie.kernel.parties.roles import AT_COMPANY
from wuxie.web.asking import acting, ask, sent

from ..actions import application
from ..forms import application as forms
from ..models import Application
from ..rules import company_side
from ..workflow import STAR_APPLICATION
from .applications import fetch


def begin(request: HttpRequest) -> HttpResponse:
    """Choose the project and the cycle; a draft is made that only the company sees."""
    actor = acting(request)
    if not actor.holds(*AT_COMPANY):
        raise Http404
    form = forms.Apply(sent(request), actor=actor)
    return ask(
        request, form, lambda project, cycle: application.start(project, cycle, by=actor),
        then=lambda made: reverse("rating_draft", args=[made.pk]), template="rating/apply.html",
        title=_("申报星级"), send=_("起草申报"), back=reverse("rating_applications"),
        crumbs=[(_("星级申报"), reverse("rating_applications")), (_("申报星级"), "")],
        lead=_("申报自愿，不收任何费用，不作为承接项目的条件；授星前随时可以撤回。"),
        after=_("先生成草稿，只有本企业看得见；填好自评和承诺再报送秘书处。"),
    )  # fmt: skip


def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill in the draft; nothing is sent by it."""
    case, actor = fetch(request, pk), acting(request)
    if case.state != Application.State.DRAFT or not company_side.test(actor, case):
        raise Http404
    form = forms.Draft(sent(request), case=case)
    back = reverse("rating_application", args=[pk])
    return ask(
        request, form, lambda **data: application.fill_in(case, by=actor, **data), then=back,
        said=_("草稿已存。核对后报送。"), title=_("填写申报"), send=_("存草稿"), back=back, groups=form.sections(),
        crumbs=[(labels.said(STAR_APPLICATION.title(case)), back), (_("填写申报"), "")],
        lead=_("自评只作对照：星级由账本里的事实和评审算出，自评高低不影响得分。"),
        after=_("存好后回到申报页报送。报送前本企业以外的人看不到。"),
    )  # fmt: skip
