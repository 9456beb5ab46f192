"""Projects with the state of their duty lists; one project; one version of a list."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel import labels
from wuxie.kernel.clock.now import local, today
from wuxie.kernel.search import plain
from wuxie.rooms.register.models import Holding, Project
from wuxie.web import districts
from wuxie.web.asking import acting
from wuxie.web.cells import Chip
from wuxie.web.changes import changes_of
from wuxie.web.tables import Column, Segment, Table, table_page

from .. import library, queries, rules, tailoring
from ..models import DutyList, Library, ListPost, Profile, Signature
from ..words import Equipment, Scope
from . import principal
from .common import duty_row, labels_of, manned_row, period


def state(row: Any) -> Chip:
    """The state of a project's list in one word, the worst first."""
    if row.current is None:
        return Chip(_("没有清单"), "red")
    if row.vacant:
        return Chip(_("有空岗"), "red")
    return Chip(_("待签"), "amber") if row.unsigned else Chip(_("齐"), "green")


def find(rows: QuerySet, text: str) -> QuerySet:
    for word in plain(text).split()[:8]:
        rows = rows.filter(Q(estate__search__contains=word[:60]) | Q(company__search__contains=word[:60]))
    return rows


LISTS = Table(
    "duty_lists",
    gettext_lazy("责任清单"),
    columns=[
        Column("estate.name", gettext_lazy("小区"), link=lambda row: reverse("safety:project", args=[row.pk]), sort="estate__name", kind="name"),
        Column("company.name", gettext_lazy("企业"), sort="company__name"),
        Column("state", gettext_lazy("状态"), text=state, kind="state"),
        Column("current", gettext_lazy("版本"), sort="current", align="right"),
        Column("since", gettext_lazy("生效日"), sort="since"),
        Column("posts_on_list", gettext_lazy("岗位数"), sort="posts_on_list", align="right"),
        Column("vacant", gettext_lazy("空岗数"), sort="vacant", align="right"),
        Column("unsigned", gettext_lazy("待签人数"), sort="unsigned", align="right"),
    ],
    search=find,
    search_label=gettext_lazy("小区、企业"),
    filters=[districts.district_of(queries.projects, "estate__place_id")],
    segments=[
        Segment("none", gettext_lazy("没有清单"), Q(current=None)),
        Segment("vacant", gettext_lazy("有空岗"), Q(vacant__gt=0)),
        Segment("unsigned", gettext_lazy("待签"), Q(unsigned__gt=0)),
    ],
    order=["estate__name"],
    related=["estate", "company"],
    export=True,
    empty=gettext_lazy("还没有在管的项目。"),
)  # fmt: skip


def with_state(rows: QuerySet, day: datetime.date) -> QuerySet:
    """``current`` (number of the list in force), ``since``, ``posts_on_list``, ``vacant``, ``unsigned``."""
    valid = DutyList.objects.on(day).filter(project=OuterRef("pk"))
    posts = ListPost.objects.on(day).filter(duty_list__project=OuterRef("pk"))
    here = Holding.objects.on(day).filter(post=OuterRef("post"), person=OuterRef("post__holdings__person"))
    signed = Signature.objects.filter(list_post=OuterRef("pk"), person=OuterRef("post__holdings__person"))
    waiting = posts.filter(Exists(here), ~Exists(signed))
    return rows.annotate(
        current=Subquery(valid.values("number")[:1]),
        since=Subquery(valid.values("starts_on")[:1]),
        posts_on_list=_count(posts, "duty_list__project"),
        vacant=_count(posts.vacant(day), "duty_list__project"),
        unsigned=_count(waiting, "duty_list__project", "post__holdings__person"),
    )


def _count(rows: QuerySet, by: str, what: str = "pk") -> Any:
    counted = rows.order_by().annotate(of=F(by)).values("of").annotate(n=Count(what)).values("n")
    return Coalesce(Subquery(counted), 0)


@login_required
def lists(request: HttpRequest) -> HttpResponse:
    """The projects served today that this person may see."""
    day = today()
    rows = queries.projects(acting(request)).filter(pk__in=Project.objects.on(day).values("pk"))
    return table_page(request, LISTS, with_state(rows, day), template="web/list.html")


def fetch(request: HttpRequest, pk: int) -> Project:
    return get_object_or_404(queries.projects(acting(request)).select_related("estate", "company"), pk=pk)


@login_required
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """A project's equipment, its list of today with the people, what the plan cannot hold, all versions."""
    found, day = fetch(request, pk), today()
    profile = Profile.objects.filter(project=found).first()
    valid, lists = queries.list_on(found, day), list(found.duty_lists.all())
    versions = [
        {"text": _("第 %(n)s 版") % {"n": one.number}, "note": f"{period(one)} · {one.reason}", "url": one.get_absolute_url()}
        for one in lists
    ]  # fmt: skip
    sections: list[dict[str, Any]] = []
    if valid is not None:
        rows = queries.manned(valid, day)
        said = queries.warnings(rows)
        sections += [
            {"title": _("岗位"), "rows": [manned_row(row) for row in rows], "empty": ""},
            {"title": _("要留意的"), "rows": [{"text": text} for text in said], "empty": _("排班和替岗都落实了。")},
        ]
    sections.insert(0, principal.standing(request, found))
    sections.append({"title": _("历次清单"), "rows": versions, "empty": _("还没有清单。先登记设施，再裁剪、启用。")})
    context = {
        "title": found.estate.name, "lead": found.company.name, "crumbs": [(_("责任清单"), reverse("safety:lists"))],
        "pairs": [
            (_("设施"), _equipment(profile.equipment if profile else {}) or _("还没有登记")),
            (_("现行清单"), _("第 %(n)s 版，%(days)s") % {"n": valid.number, "days": period(valid)} if valid else _("没有")),
            (_("要不要出新版"), _("设施、职责或职责库已变，该出新版") if lists and profile and tailoring.is_stale(lists[0], profile) else ""),
        ],
        "sections": sections, "acts": _acts(request, found) + principal.acts(request, found),
        "history": changes_of(profile, show=_shown(Library.objects.all().newest())) if profile else [],
    }  # fmt: skip
    return render(request, "web/record.html", context)


def _equipment(counts: dict[str, int]) -> str:
    return "、".join(f"{Equipment(name).label} {count}" for name, count in counts.items())


def _shown(source: Library | None) -> dict[str, Any]:
    """How the page of changes tells what a profile holds: posts and duties by their names in the library."""
    document = library.in_words(source.document) if source else None
    specs = [spec for scope in Scope for spec in library.posts(document, scope)] if document else []
    names = {spec.code: spec.label for spec in specs} | {duty.code: duty.text for spec in specs for duty in spec.duties}

    def arranged(wishes: dict[str, dict[str, Any]]) -> str:
        ways = ((code, ListPost.Way(wish["way"]).label) for code, wish in wishes.items() if "way" in wish)
        return "、".join(f"{names.get(code, code)}（{way}）" for code, way in ways)

    def dropped(reasons: dict[str, str]) -> str:
        return "；".join(f"{names.get(code, code)}（{reason}）" for code, reason in reasons.items())

    return {"equipment": _equipment, "posts": arranged, "dropped": dropped}


def _texts(source: Library) -> dict[str, str]:
    """Duties by their code, as this library words them."""
    document = library.in_words(source.document)
    return {duty.code: duty.text for scope in Scope for spec in library.posts(document, scope) for duty in spec.duties}


def _acts(request: HttpRequest, found: Project) -> list[dict[str, Any]]:
    looks = [
        {"label": _("今天的职责"), "url": reverse("safety:today", args=[found.pk])},
        {"label": _("当天清单"), "url": reverse("safety:sheet", args=[found.pk, today().isoformat()])},
        {"label": _("履职分析"), "url": reverse("safety:figures", args=[found.pk])},
        {"label": _("四色风险图"), "url": reverse("safety:risk_map", args=[found.pk])},
        {"label": _("地点码"), "url": reverse("safety:spots", args=[found.pk])},
    ]
    if not rules.keeper.test(acting(request), found):
        return looks
    hosting = [{"label": _("公司级岗位"), "url": reverse("safety:company_posts", args=[found.pk])}]
    return [
        *looks,
        *(hosting if rules.company_of.test(acting(request), found) else []),
        {"label": _("打印报隐患二维码"), "url": reverse("safety:hazard_sheet", args=[found.pk])},
        {"label": _("登记设施"), "url": reverse("safety:equipment", args=[found.pk])},
        {"label": _("裁剪职责"), "url": reverse("safety:tailor", args=[found.pk])},
        {"label": _("启用新版"), "primary": True, "url": reverse("safety:start", args=[found.pk])},
    ]


@login_required
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: who was asked to do what while it was in force; fit to be printed and put on the wall."""
    rows = DutyList.objects.visible_to(acting(request)).select_related("project__estate", "project__company", "library")
    found = get_object_or_404(rows, pk=pk)
    day = min(max(today(), found.starts_on), found.ends_on or datetime.date.max)
    posts = queries.manned(found, day)
    sections: list[dict[str, Any]] = [
        {"title": _("岗位"), "rows": [manned_row(row) for row in posts], "empty": ""},
        *({"title": labels.said(row.post), "rows": [duty_row(duty) for duty in row.post.duties.all()], "empty": ""} for row in posts),
    ]  # fmt: skip
    if found.dropped:
        texts = _texts(found.library)
        sections.append({
            "title": _("写明不适用的职责"), "empty": "",
            "rows": [{"text": texts.get(code, code), "note": reason} for code, reason in found.dropped.items()],
        })  # fmt: skip
    context = {
        "title": _("%(estate)s责任清单第 %(n)s 版") % {"estate": found.project.estate.name, "n": found.number},
        "lead": found.project.company.name,
        "chip": _list_chip(found), "crumbs": [(found.project.estate.name, reverse("safety:project", args=[found.project_id]))],
        "pairs": [
            (_("有效"), period(found)), (_("为什么改"), found.reason),
            (_("启用人"), found.decided_name), (_("启用时间"), local(found.decided_at).strftime("%Y-%m-%d %H:%M")),
            (_("依据职责库"), f"{labels.said(found.library.label)} {found.library.version}"),
            (_("设施"), labels_of(Equipment, found.equipment)), (_("摘要"), found.sha256),
        ],
        "sections": sections,
    }  # fmt: skip
    return render(request, "web/record.html", context)


def _list_chip(found: DutyList) -> Chip:
    day = today()
    if found.starts_on > day:
        return Chip(_("未到生效日"), "amber")
    return Chip(_("现行"), "green") if found.ends_on is None or found.ends_on >= day else Chip(_("已停用"))
