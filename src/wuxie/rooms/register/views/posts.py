"""Posts, their holders and substitutes, and certificates that run out."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.models import Person
from wuxie.web import words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cells import Chip
from wuxie.web.changes import changes_of
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import rules
from ..actions import posts as actions
from ..forms.contracts import AssignForm, CertificateForm, PostForm
from ..forms.estates import LastDay
from ..models import Holding, Post, Project
from .common import contains, district_filter, tabs
from .projects import holding_chip


def find_posts(rows: QuerySet, text: str) -> QuerySet:
    """By post, estate, company; by a holder's exact name or phone."""
    people = Person.objects.matching(text).values("pk")
    held = Holding.objects.on(today()).filter(person__in=people).values("post")
    return rows.filter(
        Q(name__icontains=text)
        | Q(pk__in=held)
        | contains("project__estate__search", text)
        | contains("project__company__search", text)
    )


def _holders(post: Any, *, substitute: bool) -> str:
    return "、".join(holding.person.name for holding in post.now_held if holding.substitute is substitute)


POSTS = Table(
    "posts",
    gettext_lazy("岗位清册"),
    columns=[
        Column("name", gettext_lazy("岗位名称"), link=True, sort="name"),
        Column("estate_code", gettext_lazy("小区编码"), text=lambda row: row.project.estate.code, shown=False),
        Column("estate", gettext_lazy("小区"), text=lambda row: row.project.estate.name, sort="project__estate__name", sheet=False),
        Column("kind", gettext_lazy("岗位类别"), text=lambda row: words.choice(row, "kind"), sort="kind"),
        Column("held", gettext_lazy("状态"), text=holding_chip, kind="state", sheet=False),
        Column("holder", gettext_lazy("任岗人"), text=lambda row: _holders(row, substitute=False), sheet=False),
        Column("substitutes", gettext_lazy("替岗人"), text=lambda row: _holders(row, substitute=True), sheet=False),
        Column("certificate", gettext_lazy("应持证书")),
        Column("is_management", gettext_lazy("管理岗"), text=lambda row: _("是") if row.is_management else _("否"), shown=False),
    ],
    search=find_posts,
    search_label=gettext_lazy("岗位、小区、企业；人要输全名或手机号"),
    filters=[district_filter("project__estate__place_id"), Filter("kind", gettext_lazy("类别"), Post.Kind.choices)],
    segments=[
        Segment("vacant", gettext_lazy("空岗"), Q(held=False)),
        Segment("lapsed", gettext_lazy("证书过期"), Q(lapsed=True)),
        Segment("management", gettext_lazy("管理岗"), Q(is_management=True)),
    ],
    order=["project__estate__name", "kind", "name"],
    related=["project__estate", "project__company"],
    export=True,
    personal=True,
    empty=gettext_lazy("还没有岗位。从岗位清册导入，或在项目页设岗。"),
)  # fmt: skip


def table_of_today() -> Table:
    """The list with the holders of today."""
    day = today()
    soon = (
        Holding.objects.on(day).filter(certificate_until__range=(day, day + datetime.timedelta(days=30))).values("post")
    )
    return replace(
        POSTS,
        prefetch=[Prefetch("holdings", Holding.objects.on(day).select_related("person"), to_attr="now_held")],
        segments=[*POSTS.segments, Segment("ending", gettext_lazy("30 日内证书到期"), Q(pk__in=soon))],
    )


@login_required
def posts(request: HttpRequest) -> HttpResponse:
    """Posts of the projects that this person may see and that are served today."""
    day = today()
    rows = Post.objects.visible_to(acting(request)).on(day).with_holder(day).filter(project__in=Project.objects.on(day))
    keeps = rules.may_keep_units(acting(request))
    return table_page(
        request, table_of_today(), rows, template="register/list.html", tabs=tabs("posts"),
        import_url=reverse("imports:choose", args=["posts"]) if keeps else "",
    )  # fmt: skip


def _fetch(request: HttpRequest, pk: int) -> Any:
    rows = (
        Post.objects.visible_to(acting(request))
        .with_holder(today())
        .select_related("project__estate", "project__company")
    )
    return get_object_or_404(rows, pk=pk)


@login_required
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """A post, who holds it, who held it, who stands in."""
    found, actor = _fetch(request, pk), acting(request)
    keeps = rules.post_keeper.test(actor, found) and found.closed_on is None
    rows = found.holdings.select_related("person").order_by("-starts_on", "pk")[:100]
    section: dict[str, Any] = {
        "title": _("任岗经过"),
        "empty": _("还没有人任过这一岗。"),
        "rows": [_holding(row, keeps) for row in rows],
    }
    if keeps:
        section["act"] = {"label": _("派人上岗"), "url": reverse("register:post_assign", args=[pk])}
    acts = [
        {"label": _("撤岗"), "url": reverse("register:post_close", args=[pk])},
        {"label": _("改岗位"), "icon": "edit", "primary": True, "url": reverse("register:post_edit", args=[pk])},
    ]
    context = {
        "title": found.name,
        "lead": str(found.project),
        "chip": holding_chip(found) if found.closed_on is None else Chip(_("已撤岗")),
        "crumbs": [(str(found.project), found.project.get_absolute_url())],
        "pairs": [
            (_("岗位类别"), found.get_kind_display()),
            (_("应持证书"), found.certificate or _("不要证书")),
            (_("管理岗"), _("是") if found.is_management else _("否")),
            (_("撤岗日"), found.closed_on),
        ],
        "sections": [section],
        "acts": acts if keeps else [],
        "history": changes_of(found),
    }
    return render(request, "web/record.html", context)


def _holding(row: Holding, keeps: bool) -> dict[str, Any]:
    day = today()
    notes = [words.span(row.starts_on, row.ends_on)]
    if row.certificate_number:
        until = row.certificate_until or _("未填有效期")
        notes.append(_("证书 %(number)s，有效至 %(until)s") % {"number": row.certificate_number, "until": until})
    here = row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)
    lapsed = here and row.certificate_until is not None and row.certificate_until < day
    made: dict[str, Any] = {
        "text": _("%s（替岗）") % row.person.name if row.substitute else row.person.name,
        "note": " · ".join(notes), "url": reverse("looks:person", args=[row.person_id]),
        "chip": Chip(_("证书过期"), "amber") if lapsed else Chip(_("在岗"), "green") if here else None, "acts": [],
    }  # fmt: skip
    if keeps and here:
        made["acts"] = [
            {"label": _("换证"), "url": reverse("register:holding_certificate", args=[row.pk])},
            {"label": _("登记离岗"), "url": reverse("register:holding_end", args=[row.pk])},
        ]
    return made


@login_required
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """A post of a project."""
    project = get_object_or_404(Project.objects.visible_to(acting(request)).select_related("estate", "company"), pk=pk)
    require(rules.post_keeper, request, project)
    back = project.get_absolute_url()
    return ask(
        request, PostForm(sent(request)), lambda **known: actions.open_post(project, by=acting(request), **known),
        then=lambda made: made.get_absolute_url(), said=_("已设岗。"), title=_("设一个岗：%(name)s") % {"name": str(project)},
        send=_("设这个岗"), back=back, crumbs=[(str(project), back)],
    )  # fmt: skip


def _kept(request: HttpRequest, pk: int) -> tuple[Any, dict[str, Any]]:
    found = _fetch(request, pk)
    require(rules.post_keeper, request, found)
    here = found.get_absolute_url()
    return found, {"then": here, "back": here, "crumbs": [(found.name, here)]}


@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _kept(request, pk)
    form = PostForm(sent(request), initial={name: getattr(found, name) for name in PostForm.base_fields})
    return ask(
        request, form, lambda **changes: actions.change_post(found, by=acting(request), **changes), said=_("已改岗位。"),
        title=_("改岗位：%(name)s") % {"name": found.name}, send=_("保存岗位"), **rest,
    )  # fmt: skip


@login_required
def close(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _kept(request, pk)
    return ask(
        request, LastDay(sent(request)), lambda on: actions.close_post(found, by=acting(request), on=on), said=_("已撤岗。"),
        title=_("撤岗：%(name)s") % {"name": found.name}, send=_("登记撤岗"), after=_("任岗的人同日离岗；岗位和经过都留着。"), **rest,
    )  # fmt: skip


@login_required
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _kept(request, pk)
    return ask(
        request, AssignForm(sent(request)), lambda **known: actions.assign(found, by=acting(request), **known),
        said=_("已派人上岗。"), title=_("派人上岗：%(name)s") % {"name": found.name}, send=_("登记上岗"),
        after=_("一个岗只有一位任岗人：原任岗人到前一天为止。替岗不影响任岗人。"), **rest,
    )  # fmt: skip


def _held(request: HttpRequest, pk: int) -> tuple[Holding, dict[str, Any]]:
    rows = Holding.objects.visible_to(acting(request)).select_related(
        "person", "post__project__estate", "post__project__company"
    )
    found = get_object_or_404(rows, pk=pk)
    require(rules.post_keeper, request, found.post)
    here = found.post.get_absolute_url()
    return found, {"then": here, "back": here, "crumbs": [(found.post.name, here)]}


@login_required
def holding_end(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _held(request, pk)
    return ask(
        request, LastDay(sent(request)), lambda on: actions.end_holding(found, by=acting(request), on=on),
        said=_("已登记离岗。"), title=_("登记离岗：%(who)s") % {"who": found.person.name}, send=_("登记离岗"), **rest,
    )  # fmt: skip


@login_required
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _held(request, pk)
    return ask(
        request, CertificateForm(sent(request), initial={"number": found.certificate_number}),
        lambda **known: actions.renew_certificate(found, by=acting(request), **known), said=_("已登记新证。"),
        title=_("换证：%(who)s") % {"who": found.person.name}, send=_("登记新证"), **rest,
    )  # fmt: skip
