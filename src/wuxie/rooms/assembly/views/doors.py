"""The roll, the papers to print, participation, and the doors on a collector's phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.amounts import grouped, plain
from wuxie.kernel.clock.now import local
from wuxie.kernel.parties.models import Person
from wuxie.rooms.register.models import Unit
from wuxie.web import words
from wuxie.web.asking import acting, ask, sent
from wuxie.web.cells import Chip
from wuxie.web.tables import Column, Filter, Table, table_page

from .. import commitments, forms, queries, rules
from ..actions import doors, question
from ..models import Decision, Entry, Proxy
from ..words import Capacity, Door, Duty, place_name
from .cases import PAGES, organised, state

S = Decision.State
ICONS = {
    Door.PENDING: "circle-dashed",
    Door.DELIVERED: "mail",
    Door.NOBODY: "user-off",
    Door.REFUSED: "x",
    Door.COLLECTED: "check",
}
TONES = {Door.PENDING: "", Door.DELIVERED: "blue", Door.NOBODY: "amber", Door.REFUSED: "red", Door.COLLECTED: "green"}


def within(request: HttpRequest, pk: int) -> Decision:
    """A decision whose roll this person may read; anybody else's is not found."""
    found: Decision = PAGES.fetch(request, pk)
    if not rules.insider(acting(request), found):
        raise Http404
    return found


ENTRIES = Table(
    "assembly_roll",
    gettext_lazy("表决名册"),
    columns=[
        Column("label", gettext_lazy("户室"), sort=("building", "entrance", "floor", "number"), kind="name"),
        Column("door", gettext_lazy("收票情况"), text=lambda row: Chip(str(Door(row.door).label), TONES[Door(row.door)]), kind="state", sort="door"),
        Column("paper", gettext_lazy("票号"), sort="paper"),
        Column("voter", gettext_lazy("谁投票"), text=lambda row: row.voter),
        Column("area", gettext_lazy("专有面积"), text=lambda row: plain(row.area), sort="area", align="right"),
        Column("area_source", gettext_lazy("面积来源"), text=lambda row: words.choice(row, "area_source"), sort="area_source"),
        Column("status", gettext_lazy("交付状态"), text=lambda row: words.choice(row, "status"), sort="status"),
        Column("owners", gettext_lazy("共有人数"), sort="owners", align="right", shown=False),
    ],
    search=["label", "paper"],
    search_label=gettext_lazy("户室、票号"),
    filters=[
        Filter("door", gettext_lazy("收票情况"), Door.choices),
        Filter("status", gettext_lazy("交付状态"), Unit.Status.choices),
        Filter("area_source", gettext_lazy("面积来源"), Unit.AreaSource.choices),
    ],
    order=["building", "entrance", "floor", "number", "pk"],
    related=["person", "organisation"],
    export=True,
    personal=True,
    empty=gettext_lazy("公告时按登记的户室生成名册。"),
)  # fmt: skip


@login_required
def roll(request: HttpRequest, pk: int) -> HttpResponse:
    case = within(request, pk)
    return table_page(
        request, ENTRIES, case.entries.all(), everywhere=True, title=_("表决名册"), lead=f"{case.estate} · {case.title}",
        crumbs=[(str(case), case.get_absolute_url())],
    )  # fmt: skip


@login_required
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """The papers of one entrance, each with its code and the receipt to tear off."""
    case, back = organised(request, pk)
    if not case.secret or case.state not in (S.FROZEN, S.COLLECTING):
        raise Http404
    entrances = list(case.entries.order_by("building", "entrance").values_list("building", "entrance").distinct())
    building, entrance = request.GET.get("b", entrances[0][0]), request.GET.get("e", entrances[0][1])
    rows = case.entries.filter(building=building, entrance=entrance).select_related("person", "organisation")
    sheets = []
    for entry in rows.order_by("floor", "number"):
        receipt = commitments.receipt(case.secret, entry.unit_id, entry.issue)
        sheets.append({
            "entry": entry, "area": plain(entry.area), "receipt": receipt,
            "spaced": " ".join(receipt[at : at + 5] for at in range(0, len(receipt), 5)),
            "address": request.build_absolute_uri(reverse("assembly:receipt", args=[receipt])),
        })  # fmt: skip
    return render(request, "assembly/papers.html", {
        "case": case, "title": _("印票：%(name)s") % {"name": place_name(building, entrance)}, "sheets": sheets, "back": back,
        "items": list(case.items.order_by("number")), "silent": question.silent_words(case), "here": [building, entrance],
        "entrances": [{"label": place_name(*one), "url": f"?b={one[0]}&e={one[1]}", "current": list(one) == [building, entrance],
                       "count": None} for one in entrances],
    })  # fmt: skip


def _percent(part: int, whole: int) -> str:
    """Only to be looked at: what is decided is compared exactly."""
    return f"{part * 1000 // whole / 10:.1f}%" if whole else "—"


@login_required
def participation(request: HttpRequest, pk: int) -> HttpResponse:
    """How many took part, where they are missing, where to walk next; for or against is nobody's to see before the close."""
    case = within(request, pk)
    if not case.secret:
        raise Http404
    found = queries.participation(case)
    trend = queries.by_day(case)
    counters = [
        one.person.masked_name for one in case.helpers.active().filter(duty=Duty.COUNTER).select_related("person")
    ]
    watchers = [
        one.person.masked_name for one in case.helpers.active().filter(duty=Duty.SUPERVISOR).select_related("person")
    ]
    collects = rules.collector.test(acting(request), case)

    def at(block: queries.Block) -> str:
        return reverse("assembly:doors", args=[pk]) + f"?b={block.building}&e={block.entrance}"

    return render(request, "assembly/participation.html", {
        "case": case, "title": _("%(what)s · 参与情况") % {"what": case.title}, "found": found, "chip": state(case),
        "crumbs": [(_("业主表决"), reverse("assembly:decisions")), (case.number, case.get_absolute_url())],
        "lead": " · ".join(filter(None, (case.estate.name, str(case.get_organiser_display()), _("纸票与上门收票"),
                                         _("截止 %(at)s") % {"at": f"{local(case.closes_at):%Y-%m-%d %H:%M}"} if case.closes_at else ""))),
        "shares": [
            {"label": _("专有面积"), "gap": _("还差 %(n)s ㎡") % {"n": grouped(found.gap_area)} if found.gap_area else _("已够"),
             "enough": not found.gap_area, "part": found.came.area, "whole": found.total.area, "floors": [(found.need.area, "2/3")],
             "came": _("%(n)s ㎡ 已参与，%(share)s") % {"n": grouped(found.came.area), "share": _percent(found.came.area, found.total.area)},
             "need": _("门槛 %(need)s ㎡ / 全部 %(all)s ㎡") % {"need": grouped(found.need.area), "all": grouped(found.total.area)}},
            {"label": _("业主人数"), "gap": _("还差 %(n)s 人") % {"n": found.gap_heads} if found.gap_heads else _("已够"),
             "enough": not found.gap_heads, "part": found.came.heads, "whole": found.total.heads, "floors": [(found.need.heads, "2/3")],
             "came": _("%(n)s 人已参与，%(share)s") % {"n": found.came.heads, "share": _percent(found.came.heads, found.total.heads)},
             "need": _("门槛 %(need)s 人 / 全部 %(all)s 人") % {"need": found.need.heads, "all": found.total.heads}},
        ],
        "next": [
            {"name": place_name(one.building, one.entrance), "units": one.missing, "area": grouped(one.gain), "heads": len(one.new_heads), "url": at(one),
             "note": _("没人 %(nobody)s，没交 %(delivered)s，没送达 %(pending)s，拒签 %(refused)s") % {
                 "nobody": one.doors[Door.NOBODY], "delivered": one.doors[Door.DELIVERED], "pending": one.doors[Door.PENDING],
                 "refused": one.doors[Door.REFUSED]}}
            for one in found.next
        ],
        "is_running": not queries.is_over(case),
        "next_says": _("这几处都收回：+%(area)s ㎡、+%(heads)s 人，%(verdict)s。") % {
            "area": grouped(found.next_area), "heads": found.next_heads,
            "verdict": _("能到门槛") if found.next_area >= found.gap_area and found.next_heads >= found.gap_heads else _("还到不了门槛")},
        "blocks": [
            {"name": place_name(one.building), "area": _percent(one.part_area, one.area), "heads": _percent(one.came, one.heads),
             "part_area": one.part_area, "whole_area": one.area, "part_heads": one.came, "whole_heads": one.heads,
             "missing_heads": one.missing_heads, "missing_area": grouped(one.missing_area),
             "url": reverse("assembly:doors", args=[pk]) + f"?b={one.building}"}
            for one in found.blocks
        ],
        "whereabouts": [
            (_("已收回"), found.doors[Door.COLLECTED]), (_("已送达，还没交"), found.doors[Door.DELIVERED]), (_("去过没人"), found.doors[Door.NOBODY]),
            (_("拒签，已拍照留证"), found.doors[Door.REFUSED]), (_("待核"), found.doubtful), (_("还没送达"), found.doors[Door.PENDING]),
        ],
        "total": sum(found.doors.values()), "counters": "、".join(counters) or "—", "watchers": "、".join(watchers) or "—", "collects": collects,
        "silent": question.silent_words(case),
        "trend": [(f"{day:%m-%d}", _percent(area, found.total.area), _percent(heads, found.total.heads)) for day, area, heads in trend],
    })  # fmt: skip


@login_required
def doorbells(request: HttpRequest, pk: int) -> HttpResponse:
    """The doors of one entrance as they lie above one another, on a phone; one of them opened."""
    case = within(request, pk)
    if not case.secret:
        raise Http404
    entrances = list(case.entries.order_by("building", "entrance").values_list("building", "entrance").distinct())
    building = request.GET.get("b", entrances[0][0])
    of_building = [one for one in entrances if one[0] == building] or [entrances[0]]
    entrance = request.GET.get("e", of_building[0][1])
    rows = list(
        case.entries.filter(building=of_building[0][0], entrance=entrance)
        .select_related("person", "organisation")
        .order_by("-floor", "number")
    )
    if not rows:
        raise Http404
    floors: dict[Any, list[dict[str, Any]]] = {}
    counts = dict.fromkeys(Door.values, 0)
    for entry in rows:
        counts[entry.door] += 1
        floors.setdefault(entry.floor, []).append({
            "entry": entry, "icon": ICONS[Door(entry.door)], "tone": TONES[Door(entry.door)], "said": Door(entry.door).label,
            "url": f"?b={entry.building}&e={entry.entrance}&unit={entry.pk}#door",
        })  # fmt: skip
    wanted = request.GET.get("unit", "")
    chosen = next((entry for entry in rows if str(entry.pk) == wanted), None)
    collects = rules.collector.test(acting(request), case) and case.state in (S.FROZEN, S.COLLECTING)
    return render(request, "assembly/doors.html", {
        "case": case, "title": _("%(place)s · 收票") % {"place": place_name(of_building[0][0], entrance)},
        "floors": list(floors.items()), "chosen": chosen, "back": case.get_absolute_url(),
        "counts": [{"label": Door(one).label, "n": n, "icon": ICONS[Door(one)], "tone": TONES[Door(one)]} for one, n in counts.items() if n],
        "entrances": [{"label": place_name(*one), "url": f"?b={one[0]}&e={one[1]}", "current": one == (of_building[0][0], entrance),
                       "count": None} for one in entrances],
        "me": acting(request).name, "collects": collects, **(_chosen(chosen, collects=collects) if chosen else {}),
    })  # fmt: skip


def _chosen(entry: Entry, *, collects: bool) -> dict[str, Any]:
    """What is said of one door, and what may be done there."""
    own = entry.decision.entries.filter(head=entry.head).count() if entry.status == "delivered" else 1
    last = entry.visits.first()

    def act(name: str) -> str:
        return reverse("assembly:door", args=[entry.pk, name])

    proxied = Proxy.objects.filter(entry=entry).exists()
    acts = []
    if collects:
        if entry.door != Door.COLLECTED:
            acts = [
                {"label": _("送达"), "icon": "mail", "url": act("deliver")}, {"label": _("没人"), "icon": "user-off", "url": act("nobody")},
                {"label": _("拒签"), "icon": "x", "url": act("refused")},
            ]  # fmt: skip
            if not proxied:
                acts.append({"label": _("代签"), "icon": "user-check", "url": act("proxy")})
        acts.append({"label": _("换发"), "icon": "refresh", "url": act("anew")})
    return {
        "area": plain(entry.area), "proxied": proxied, "many": own if own > 1 else 0, "acts": acts,
        "collect": act("collect") if collects and entry.door != Door.COLLECTED and entry.decision.state == S.COLLECTING else "",
        "last": f"{local(last.at):%m-%d %H:%M} {last.get_outcome_display()}" if last else "",
        "delivered": f"{local(entry.delivered_at):%Y-%m-%d}" if entry.delivered_at else "",
        "shared": entry.owners > 1 and entry.person is None, "company": entry.organisation is not None or entry.status != "delivered",
    }  # fmt: skip


def _after(entry: Entry) -> str:
    return (
        reverse("assembly:doors", args=[entry.decision_id]) + f"?b={entry.building}&e={entry.entrance}&unit={entry.pk}"
    )


def _signs(entry: Entry) -> Capacity:
    """Who signs here, as it is known so far: the proxy once there is a written authority."""
    return Capacity.PROXY if Proxy.objects.filter(entry=entry).exists() else queries.signs_for(entry)


def _seconds(entry: Entry, me: int | None) -> Any:
    helping = entry.decision.helpers.active().filter(duty=Duty.COLLECTOR).exclude(person=me or 0)
    return Person.objects.filter(pk__in=helping.values("person"))


#: What may be done at a door: form, verb, title, what the button says.
ACTS: dict[str, tuple[type[Any], Callable[..., Any], Any, Any]] = {
    "deliver": (forms.Delivered, doors.deliver, gettext_lazy("登记送达"), gettext_lazy("登记送达")),
    "nobody": (forms.Missed, lambda entry, **known: doors.missed(entry, outcome=Door.NOBODY, **known), gettext_lazy("没人"), gettext_lazy("记下没人")),
    "refused": (forms.Refused, lambda entry, **known: doors.missed(entry, outcome=Door.REFUSED, **known), gettext_lazy("拒签"), gettext_lazy("记下拒签")),
    "proxy": (forms.Authority, doors.authorise, gettext_lazy("登记委托"), gettext_lazy("登记委托")),
    "anew": (forms.Anew, doors.issue_anew, gettext_lazy("换发纸票"), gettext_lazy("换发，旧票作废")),
    "collect": (forms.Collect, doors.collect, gettext_lazy("收到纸票"), gettext_lazy("收下这张票")),
}  # fmt: skip


@login_required
def door(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """One act at one door, on a phone."""
    rows = Entry.objects.select_related("decision__estate", "person", "organisation")
    entry = get_object_or_404(rows, pk=pk)
    case = PAGES.fetch(request, entry.decision_id)
    if not rules.collector.test(acting(request), case) or act not in ACTS:
        raise Http404
    kind, verb, title, send = ACTS[act]
    rest: dict[str, Any] = {}
    if act == "collect":
        rest = {"people": _seconds(entry, acting(request).person_id), "initial": {"capacity": _signs(entry)}}
    back = _after(entry)
    return ask(
        request, kind(sent(request), request.FILES or None, **rest), lambda **known: verb(entry, by=acting(request), **known), then=back,
        said=_("已记下：%(unit)s") % {"unit": entry.label}, title=f"{title} · {entry.label}", send=send, back=back, template="assembly/door.html",
        sealed=act == "collect",
    )  # fmt: skip
