"""The ledger to look into: facts with their place in the chain, and the seals with their roots."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat
from django.db.models.lookups import In
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from wuxie.kernel import labels
from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import local, today
from wuxie.kernel.facts import kinds, queries
from wuxie.kernel.facts.models import Fact, Seal
from wuxie.kernel.facts.trust import Trust
from wuxie.kernel.parties.roles import ASSOCIATION, AT_COMPANY, GOVERNMENT
from wuxie.kernel.search import starting
from wuxie.kernel.workflow.models import Event
from wuxie.web.cells import Chip, Two
from wuxie.web.origins import origins
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from . import subjects

READERS = (
    *ASSOCIATION, *GOVERNMENT, *AT_COMPANY,
)  # fmt: skip
#: Facts that pages reach.
MOST = 10_000
SPANS = [("7", gettext_lazy("近7日")), ("30", gettext_lazy("近30日")), ("365", gettext_lazy("近一年"))]


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


def visible_facts(actor: Actor) -> QuerySet[Fact]:
    """The association sees all; a level of government its area; a company what is about itself and its projects."""
    rows = Fact.objects.select_related("standing", "unsealed")
    if not actor.holds(*READERS):
        return rows.none()
    condition = subjects.visible_to(actor)
    return rows if condition is None else rows.filter(condition)


def state_chip(fact: Fact) -> Chip:
    """How it counts today, the worst first."""
    state = queries.state_of(fact)
    if state.superseded_by:
        return Chip(_("已被更正"), "", "arrows-shuffle")
    if state.disputed:
        return Chip(_("有争议，暂不计"), "amber")
    if not state.sealed:
        return Chip(_("待封存"), "", "hourglass")
    return Chip(_("已封存"), "green", "lock")


def _kind_choices(_request: HttpRequest) -> list[tuple[str, str]]:
    """The families of kinds (what stands before the first point), each by its first kind's words."""
    found: dict[str, list[str]] = {}
    for kind in kinds.all_kinds():
        found.setdefault(kind.code.partition(".")[0], []).append(str(kind.label))
    said = _("%(first)s等 %(n)s 种")
    return [
        (family, labels[0] if len(labels) == 1 else said % {"first": labels[0], "n": len(labels)})
        for family, labels in sorted(found.items())
    ]


def _of_family(value: str) -> Q:
    """By the codes there can be, which meet the ledger's index; only what has open variants is asked by its beginning."""
    family = [kind for kind in kinds.all_kinds() if kind.code.partition(".")[0] == value]
    codes = [code for kind in family for code in kind.codes()]
    found = Q(kind__in=codes)
    if Fact.objects.filter(found).order_by()[: MOST + 1].count() > MOST:
        # Of many it is quicker to walk from the newest down than to gather and sort them.
        found = Q(In(Concat("kind", Value("")), codes))
    for kind in family:
        if not kind.codes():
            found |= Q(kind__startswith=f"{kind.code}.")
    return found


def _since(value: str) -> Q:
    return Q(occurred_on__gte=today() - datetime.timedelta(days=int(value)))


def _search(rows: QuerySet[Fact], text: str) -> QuerySet[Fact]:
    return rows.filter(Q(pk=text) | Q(kind=text) | Q(subject=text) | starting("source", text) | subjects.called(text))


def _name(rows: Sequence[Any]) -> None:
    """Put the names of what the facts are about beside them, one query for each kind of thing."""
    known = subjects.names(row.subject for row in rows)
    for row in rows:
        row.about = known.get(row.subject, row.subject)


def _trust(fact: Fact) -> str:
    """How far a fact is to be believed; a step of a procedure is no claim of a company's, it is a record."""
    kind = kinds.find(fact.kind)
    return _("流程留痕") if kind and kind.measure == "event" else str(queries.state_of(fact).trust.label)


def _table() -> Table:
    """The list; made anew each time, because what is disputed depends on the day."""
    return Table(
        "facts",
        gettext_lazy("事实账本"),
        columns=[
            Column("label", gettext_lazy("事实"), link=lambda row: reverse("pages:fact", args=[row.pk])),
            Column("subject", gettext_lazy("关于"), text=lambda row: row.about),
            Column("amount", gettext_lazy("数量"), text=lambda row: f"{row.amount} {labels.said(row.unit)}", align="right"),
            Column("occurred_on", gettext_lazy("发生日"), sort="occurred_on"),
            Column("recorded_at", gettext_lazy("收到"), text=lambda row: f"{local(row.recorded_at):%Y-%m-%d %H:%M}", sort="recorded_at"),
            Column("trust", gettext_lazy("可信等级"), text=_trust),
            Column("state", gettext_lazy("状态"), text=state_chip, kind="state"),
            Column("source", gettext_lazy("来源单据")),
        ],
        search=_search,
        search_label=gettext_lazy("小区、企业、编号或来源"),
        filters=[
            Filter("kind", gettext_lazy("种类"), _kind_choices, where=_of_family),
            Filter("trust", gettext_lazy("可信等级"), Trust.choices, "trust"),
            Filter("since", gettext_lazy("发生"), SPANS, where=_since),
        ],
        segments=[
            Segment("disputed", gettext_lazy("有争议"), Q(standing__frozen_until__gte=today())),
            Segment("waiting", gettext_lazy("待封存"), Q(unsealed__isnull=False)),
            Segment("late", gettext_lazy("存疑"), ~Q(suspicious="")),
        ],
        order=["-recorded_at", "-pk"],
        most=MOST,
        export=True,
        prepare=_name,
        empty=gettext_lazy("账本里还没有你能看的事实。日常工作的单据办结后，事实会自己进来。"),
    )  # fmt: skip


@require_safe
def facts(request: HttpRequest) -> HttpResponse:
    """Facts this person may see, with filters by kind, trust and day."""
    actor = _actor(request)
    if not actor.holds(*READERS):
        raise Http404
    lead = _("每条事实只增不改：更正、异议、提高可信等级都是新的事实。")
    act = {"label": _("看封存"), "url": reverse("pages:seals"), "icon": "lock"}
    return table_page(request, _table(), visible_facts(actor), title=_("事实账本"), lead=lead, act=act)


@require_safe
def fact(request: HttpRequest, pk: str) -> HttpResponse:
    """One fact: everything it says, its place in every chain, what was said about it later. Personal values stay masked."""
    actor = _actor(request)
    found = get_object_or_404(visible_facts(actor), pk=pk)
    names = subjects.names([found.subject, *found.also_counts_for])
    whole = actor.holds(*ASSOCIATION)
    private = not whole and Event.objects.filter(fact_id=found.pk, private=True).exists()
    state = queries.state_of(found)
    about, origin = list(queries.facts_about(found)), origins([found.source], actor)[found.source]
    pairs = [
        (_("种类"), Two(found.label, found.kind)),
        (_("关于"), names.get(found.subject, found.subject)),
        (_("同时计入"), "、".join(names.get(key, key) for key in found.also_counts_for)),
        (_("数量"), f"{found.amount} {labels.said(found.unit)}"),
        (_("发生日"), found.occurred_on.isoformat()),
        (_("收到"), f"{local(found.recorded_at):%Y-%m-%d %H:%M:%S}"),
        (_("有效至"), found.valid_until.isoformat() if found.valid_until else ""),
        (_("可信等级"), _trust(found)),
        (_("来源单据"), Two(found.source, _("第 %s 版") % found.revision)),
        (_("出自"), format_html('<a href="{}">{}</a>', origin.url, origin) if origin.url else ""),
        (_("经办"), _("身份已遮") if private or not whole else subjects.actors([found.by])[found.by]),
        (_("说明"), _("只对经办人可见") if private else labels.said(found.note)),
        (_("附件摘要"), "、".join(found.attachments)),
        (_("个人信息"), "、".join(_("%s（已遮，账本里只有承诺值）") % name for name in found.personal)),
        (_("存疑"), labels.said(found.suspicious)),
    ]
    return render(
        request,
        "web/pages/fact.html",
        {
            "title": found.label,
            "fact": found,
            "chip": state_chip(found),
            "pairs": pairs,
            "places": queries.places_of(found),
            "names": names,
            "about": [] if private else about,
            "corrected_by": state.superseded_by,
            "frozen_until": state.frozen_until if state.disputed else None,
            "address": subjects.address(found.subject),
        },
    )


SEALS = Table(
    "seals",
    gettext_lazy("封存"),
    columns=[
        Column("number", gettext_lazy("次数"), sort="number"),
        Column("sealed_at", gettext_lazy("时间"), text=lambda row: f"{local(row.sealed_at):%Y-%m-%d %H:%M:%S}"),
        Column("facts", gettext_lazy("事实"), align="right"),
        Column("size", gettext_lazy("叶数"), align="right"),
        Column("root", gettext_lazy("根")),
    ],
    search=["root"],
    search_label=gettext_lazy("根的开头"),
    order=["-number"],
    export=True,
    empty=gettext_lazy("还没有封存过。有了事实，15 分钟内就会封存。"),
)


@require_safe
def seals(request: HttpRequest) -> HttpResponse:
    """Every seal with its root, to compare with what hangs on the notice boards."""
    if not _actor(request).holds(*READERS):
        raise Http404
    lead = _("把根抄在外面、贴在公告上；以后谁改了旧事实，旧的根就对不上。")
    return table_page(
        request,
        SEALS,
        Seal.objects.all(),
        title=_("封存"),
        lead=lead,
        crumbs=[(_("事实账本"), reverse("pages:ledger")), (_("封存"), "")],
    )
