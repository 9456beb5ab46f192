"""Pooled requests: the list, one with its figures and one's own shares, and each project's own steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.amounts import yuan
from wuxie.kernel.labels import said
from wuxie.kernel.papers.models import Document
from wuxie.kernel.places.models import under
from wuxie.rooms.register.rules import secretariat
from wuxie.web import districts
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cases import Act, CasePages
from wuxie.web.cells import Chip
from wuxie.web.tables import Column, Filter, Table, table_page

from .. import forms, pooled, queries, rules
from ..actions import pools as actions
from ..models import Pool, Share
from ..pool_workflow import POOL
from ..words import Per
from . import common

S = Pool.State
TONES = {
    S.INTENTION: "blue", S.POOLED: "blue", S.RFQ: "amber", S.COMPARISON: "amber", S.CONTRACT: "amber", S.PERFORMED: "green",
    S.EVALUATED: "green",
}  # fmt: skip


def state(pool: Pool) -> Chip:
    return Chip(str(S(pool.state).label), TONES[S(pool.state)])


POOLS = Table(
    "inspection_pools",
    gettext_lazy("集中询价"),
    columns=[
        Column("title", gettext_lazy("名称"), link=True, sort="title", kind="name"),
        Column("state", gettext_lazy("状态"), text=state, kind="state", sort="state"),
        Column("item", gettext_lazy("检验项目"), text=lambda row: said(row.spec.label), sort="item"),
        Column("closes_on", gettext_lazy("意向截止日"), sort="closes_on"),
        Column("projects", gettext_lazy("项目数"), sort="projects", align="right"),
    ],
    search=["title"],
    search_label=gettext_lazy("名称"),
    filters=[districts.district_of(Pool.objects.visible_to), Filter("state", gettext_lazy("状态"), S.choices)],
    order=["-opened_at", "-pk"],
    export=True,
    empty=gettext_lazy("还没有集中询价。同城同类同季的检验合起来询价，由协会秘书处发起，企业自愿参加、各自签约。"),
)  # fmt: skip


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """The pools of the places where this person has something to do."""
    actor = acting(request)
    rows = Pool.objects.visible_to(actor).annotate(projects=Count("shares"))
    begins = secretariat.test(actor, None)
    return table_page(
        request, POOLS, rows, template="inspections/list.html", tabs=common.tabs("pools"),
        lead=_("协会只汇总意向和评价，不定价、不指定供应商；成交价只有本企业看得到。"),
        act={"label": _("发起集中询价"), "url": reverse("inspections:pool_new")} if begins else None,
    )  # fmt: skip


@login_required
def new(request: HttpRequest) -> HttpResponse:
    require(secretariat, request, None)
    back = reverse("inspections:pools")
    return ask(
        request, forms.NewPool(sent(request)), lambda place, **known: actions.begin(by=acting(request), place_code=place, **known),
        then=lambda made: made.get_absolute_url(), said=_("已发起，企业可以报意向了。"), title=_("发起集中询价"), send=_("发起"),
        back=back, crumbs=[(_("集中询价"), back)], after=_("范围内的企业会看到，自愿报意向。"),
    )  # fmt: skip


def _fits(request: HttpRequest, pool: Pool) -> Any:
    """The projects of this person that lie in the pool's place."""
    return rules.projects_of(acting(request)).filter(under("estate__place_id", pool.place_code))


#: What is told apart, by its field.
FIELDS = (("offer", gettext_lazy("报价")), ("signed", gettext_lazy("签约价")))


def _marks(number: int) -> str:
    return _("%(n)s 分") % {"n": number}


def _figures(pool: Pool, field: str, shown: Callable[[int], str] = yuan) -> str:
    """The spread in words, or why there is none."""
    found = pooled.spread(pool, field)
    if found is None:
        return _("不满 %(n)s 家企业，不显示，免得推算出单家的") % {"n": queries.term(pooled.LEAST)}
    return _("%(least)s 到 %(most)s，中位数 %(median)s（%(n)s 家企业）") % {
        "least": shown(found.least), "most": shown(found.most), "median": shown(found.median), "n": found.companies,
    }  # fmt: skip


def _reached(pool: Pool) -> str:
    """How many projects have signed and had the work done; how many have not is what is left to wait for."""
    found = pool.shares.aggregate(signed=Count("signed"), done=Count("performed_on"))
    return _("已签约 %(signed)s 个，已履约 %(done)s 个") % found


def _odd(pool: Pool) -> list[dict[str, Any]]:
    """Where the same costs so differently that somebody should ask why: in all, and of one agency to several companies."""
    named = [(_("全部机构"), pooled.spread(pool, field), label) for field, label in FIELDS] + [
        (agency, one, label) for field, label in FIELDS for agency, one in pooled.by_agency(pool, field).items()
    ]
    note = _("最低 %(least)s，最高 %(most)s，中位数 %(median)s（%(n)s 家企业）")
    return [
        {
            "text": f"{who} · {label}", "chip": Chip(_("离散 %(n)s%%，要核查") % {"n": int(one.dispersion * 100)}, "amber"),
            "note": note % {"least": yuan(one.least), "most": yuan(one.most), "median": yuan(one.median), "n": one.companies},
        }
        for who, one, label in named if one is not None and one.is_odd
    ]  # fmt: skip


def _share(share: Share) -> dict[str, Any]:
    """A project's own share as a line, with what may be done now."""
    notes = [_("数量 %(n)s") % {"n": share.quantity}]
    for label, value in ((_("上次单价"), share.before), (_("报价"), share.offer), (_("签约单价"), share.signed)):
        if value is not None:
            notes.append(f"{label} {yuan(value)}")
    if share.agency:
        notes.append(share.agency)
    if share.saving:
        notes.append(_("省 %(sum)s") % {"sum": yuan(share.saving)})
    acts = {
        S.INTENTION: [(_("撤回意向"), "share_leave")], S.RFQ: [(_("登记报价"), "share_offer")],
        S.CONTRACT: [(_("登记签约"), "share_sign"), *([(_("登记履约和评价"), "share_perform")] if share.signed is not None else [])],
    }.get(S(share.pool.state), [])  # fmt: skip
    return {
        "text": share.project.estate.name, "note": " · ".join(notes),
        "acts": [{"label": label, "url": reverse(f"inspections:{name}", args=[share.pk])} for label, name in acts],
    }  # fmt: skip


def _context(request: HttpRequest, pool: Pool) -> dict[str, Any]:
    actor = acting(request)
    own = Share.objects.own(actor).filter(pool=pool).select_related("project__estate", "pool")
    total = sum(pool.shares.values_list("quantity", flat=True))
    key = POOL.key(pool)
    return {
        "title": pool.title, "tone": TONES[S(pool.state)], "crumbs": [(_("集中询价"), reverse("inspections:pools"))],
        "lead": f"{said(pool.spec.label)} · {said(pool.spec.basis)}",
        "pairs": [
            (_("意向截止日"), pool.closes_on), (_("项目数"), pool.shares.count()), (_("总数量"), f"{total}（{Per(pool.spec.per).label}）"),
            (_("报价区间"), _figures(pool, "offer")), (_("签约价区间"), _figures(pool, "signed")),
            (_("签约和履约"), _reached(pool)), (_("服务评价"), _figures(pool, "marks", _marks)),
        ],
        "odd": _odd(pool), "own": [_share(share) for share in own], "documents": list(Document.objects.on(key).select_related("void")),
        "join": reverse("inspections:pool_join", args=[pool.pk]) if pool.state == S.INTENTION and _fits(request, pool).exists() else "",
    }  # fmt: skip


PAGES = CasePages(
    POOL,
    template="inspections/pool.html",
    context=_context,
    acts={
        "gather": Act(actions.step("gather")),
        "ask": Act(actions.ask),
        "compare": Act(actions.step("compare")),
        "contract": Act(actions.contract),
        "perform": Act(actions.step("perform")),
        "evaluate": Act(actions.evaluate),
    },
)


@login_required
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """A project of one's own takes part."""
    pool, back = PAGES.fetch(request, pk), reverse("inspections:pool", args=[pk])
    fitting = _fits(request, pool)
    if not fitting.exists():
        raise Http404
    return ask(
        request, forms.Join(sent(request), projects=fitting), lambda project, **known: actions.join(pool, project, by=acting(request), **known),
        then=back, said=_("已报意向。"), title=_("报意向：%(what)s") % {"what": pool}, send=_("报意向"), back=back,
        crumbs=[(str(pool), back)], after=_("汇总前随时可以撤回；参加了也可以不签约。"),
    )  # fmt: skip


def _own(request: HttpRequest, pk: int) -> tuple[Share, dict[str, Any]]:
    """A share of one's own; anybody else's is not found, whoever asks."""
    rows = Share.objects.own(acting(request)).select_related("pool", "project__estate", "project__company")
    share = get_object_or_404(rows, pk=pk)
    back = share.pool.get_absolute_url()
    return share, {"then": back, "back": back, "crumbs": [(str(share.pool), back)], "lead": share.project.estate.name}


@login_required
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    share, rest = _own(request, pk)
    return ask(
        request, forms.Nothing(sent(request)), lambda: actions.leave(share, by=acting(request)), said=_("已撤回意向。"),
        title=_("撤回意向：%(what)s") % {"what": share}, send=_("撤回意向"), **rest,
    )  # fmt: skip


@login_required
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    share, rest = _own(request, pk)
    return ask(
        request, forms.Offer(sent(request)), lambda **known: actions.offered(share, by=acting(request), **known), said=_("已登记报价。"),
        title=_("登记报价：%(what)s") % {"what": share}, send=_("登记这个报价"), after=_("别的企业和协会都看不到，只计入区间。"), **rest,
    )  # fmt: skip


@login_required
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    share, rest = _own(request, pk)
    return ask(
        request, forms.Sign(sent(request), initial={"agency": share.agency, "price": share.offer}),
        lambda **known: actions.signed(share, by=acting(request), **known), said=_("已登记签约。"), title=_("登记签约：%(what)s") % {"what": share},
        send=_("登记签约"), after=_("别的企业和协会都看不到，只计入区间。"), **rest,
    )  # fmt: skip


@login_required
def perform(request: HttpRequest, pk: int) -> HttpResponse:
    share, rest = _own(request, pk)
    return ask(
        request, forms.Perform(sent(request)), lambda **known: actions.performed(share, by=acting(request), **known),
        said=_("已登记履约和评价。"), title=_("登记履约和评价：%(what)s") % {"what": share}, send=_("登记履约和评价"), **rest,
    )  # fmt: skip
