"""The pool of experts, who is tied to whom, the registered committee."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.web import words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.tables import Column, Table, table_page

from .. import queries, rota_forms, rules
from ..actions import rota as actions
from ..models import Affiliation, Expert
from . import common

EXPERTS = Table(
    "experts",
    gettext_lazy("调解专家"),
    columns=[
        Column("person", gettext_lazy("姓名"), text=str, kind="name"),
        Column("organisation.name", gettext_lazy("单位"), sort="organisation__name"),
        Column("field", gettext_lazy("专长"), sort="field"),
        Column("starts_on", gettext_lazy("聘期起"), sort="starts_on"),
        Column("ends_on", gettext_lazy("聘期止"), sort="ends_on"),
        Column("most", gettext_lazy("一年最多几班"), sort="most", align="right"),
        Column("away", gettext_lazy("登记不在"), text=lambda row: len(row.away) or None, align="right"),
    ],
    search=["organisation__search", "field"],
    search_label=gettext_lazy("单位、专长"),
    order=["organisation__name", "pk"],
    related=["person", "organisation"],
    export=True,
    personal=True,
    empty=gettext_lazy("专家库还是空的。从会员单位聘任几位，聘满了就能排班、指派案件。"),
)  # fmt: skip


#: For the office, who enters days away for those who cannot do it themselves.
KEPT = replace(
    EXPERTS,
    columns=[
        *EXPERTS.columns[:-1],
        Column("away", gettext_lazy("登记不在"), text=lambda row: _("%(n)s 天") % {"n": len(row.away)} if row.away else _("登记"),
               link=lambda row: reverse("mediation:away", args=[row.pk]), export=lambda row: len(row.away), align="right"),
    ],
)  # fmt: skip


def _readers(request: HttpRequest) -> None:
    if not acting(request).holds(*ASSOCIATION):
        require(rules.office, request)


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """The pool."""
    _readers(request)
    actor = acting(request)
    here = queries.committee(today())
    lead = (
        _("人民调解委员会：%(name)s（%(number)s）") % {"name": here.name, "number": here.paper_number}
        if here
        else _("还没有备案的人民调解委员会：达成的叫和解协议书，不叫人民调解协议书。")
    )
    return table_page(
        request, KEPT if rules.takes_in(actor) else EXPERTS, Expert.objects.visible_to(actor),
        template="mediation/experts.html", tabs=common.tabs("experts", actor), lead=lead,
        keeps=rules.takes_in(actor), act={"label": _("聘任专家"), "url": reverse("mediation:expert_new")} if rules.takes_in(actor) else None,
    )  # fmt: skip


def _back(name: str, label: Any) -> dict[str, Any]:
    back = reverse(f"mediation:{name}")
    return {"then": back, "back": back, "crumbs": [(label, back)]}


@login_required
def new(request: HttpRequest) -> HttpResponse:
    require(rules.office, request)
    return ask(
        request, rota_forms.NewExpert(sent(request)), lambda name, phone, **known: actions.engage(name, phone, by=acting(request), **known),
        said=_("已聘任。"), title=_("聘任专家"), send=_("聘任"), **_back("experts", _("专家")),
    )  # fmt: skip


def _expert(request: HttpRequest, pk: int) -> Expert:
    """Whose days away this person may enter: one's own, the office anybody's."""
    rows = Expert.objects.filter(Q(person=acting(request).person_id) | Q(pk__in=_all(request)))
    return get_object_or_404(rows.select_related("person", "organisation"), pk=pk)


def _away(found: Expert) -> str:
    """Whose days they are and what was entered from today on."""
    spans = [
        words.full_day(first) if first == last else f"{words.full_day(first)} — {words.full_day(last)}"
        for first, last in queries.away_from(found, today())
    ]
    entered = (
        _("已登记不在：%(days)s。") % {"days": "、".join(spans)} if spans else _("从今天起还没有登记过不在的日子。")
    )
    return f"{found} · {found.organisation}。{entered}"


def _ask_days(request: HttpRequest, pk: int, do: Callable[..., int], **texts: Any) -> HttpResponse:
    """Ask which days of an expert are meant, beside what was entered."""
    found = _expert(request, pk)
    return ask(
        request, rota_forms.Away(sent(request)), lambda first, last: do(found, by=acting(request), first=first, last=last),
        lead=_away(found), expert=found, **_back("shifts", _("班次")), **texts,
    )  # fmt: skip


@login_required
def away(request: HttpRequest, pk: int) -> HttpResponse:
    """Days on which an expert cannot come."""
    return _ask_days(
        request, pk, actions.go_away, said=_("已登记。落在这几天的班已换给别人。"), title=_("登记不在的日子"), send=_("登记"),
        template="mediation/away.html",
        after=_("已公布的值班表只换这几天的班，别的不动。自己登记的，让出的班和换班合起来算，一季的次数用完了请协会秘书处登记。"),
    )  # fmt: skip


@login_required
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """Days on which an expert can come after all."""
    return _ask_days(
        request, pk, actions.come_back, said=_("已取消。已经换给别人的班不换回来。"), title=_("取消登记的日子"), send=_("取消这几天的登记"),
        after=_("以后排班、替班会再算上这几天；已经换给别人的班不换回来。"),
    )  # fmt: skip


def _all(request: HttpRequest) -> Any:
    return (
        Expert.objects.values("pk") if rules.office.test(acting(request), None) else Expert.objects.none().values("pk")
    )


AFFILIATIONS = Table(
    "affiliations",
    gettext_lazy("关联单位"),
    columns=[
        Column("one.name", gettext_lazy("单位"), sort="one__name", kind="name"),
        Column("other.name", gettext_lazy("关联单位"), sort="other__name"),
        Column("basis", gettext_lazy("依据")),
    ],
    search=["one__search", "other__search"],
    search_label=gettext_lazy("单位"),
    order=["one__name", "pk"],
    related=["one", "other"],
    export=True,
    empty=gettext_lazy("还没有登记关联单位。母子公司、同一个老板的，登记后它们的专家不会办对方的案件。"),
)  # fmt: skip


@login_required
def affiliations(request: HttpRequest) -> HttpResponse:
    """Who is one interest with whom."""
    _readers(request)
    actor = acting(request)
    return table_page(
        request, AFFILIATIONS, Affiliation.objects.all(), template="mediation/list.html", tabs=common.tabs("affiliations", actor),
        act={"label": _("登记关联"), "url": reverse("mediation:affiliation_new")} if rules.takes_in(actor) else None,
    )  # fmt: skip


@login_required
def tie(request: HttpRequest) -> HttpResponse:
    require(rules.office, request)
    return ask(
        request, rota_forms.Tie(sent(request)), lambda **known: actions.tie(by=acting(request), **known), said=_("已登记。"),
        title=_("登记关联单位"), send=_("登记"), **_back("affiliations", _("关联单位")),
    )  # fmt: skip


@login_required
def committee(request: HttpRequest) -> HttpResponse:
    require(rules.office, request)
    return ask(
        request, rota_forms.NewCommittee(sent(request)), lambda **known: actions.enter_committee(by=acting(request), **known),
        said=_("已登记。以后受理的按人民调解办。"), title=_("登记人民调解委员会"), send=_("登记"),
        after=_("只登记在司法行政部门备案了的。登记后达成的叫人民调解协议书，可以申请司法确认。"), **_back("experts", _("专家")),
    )  # fmt: skip
