"""Decisions: the list, one with its steps, and everything that is prepared on it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.amounts import plain
from wuxie.kernel.clock.now import local
from wuxie.kernel.labels import said
from wuxie.kernel.papers.models import Document
from wuxie.kernel.statutes.queries import unvouched
from wuxie.kernel.workflow import engine
from wuxie.rooms.register.models import Estate, Ownership
from wuxie.web import districts, words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cases import Act, CasePages
from wuxie.web.cells import Chip
from wuxie.web.sealed import numbers_of
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import forms, imports, queries, rules
from ..actions import counting, official, question, result, roll
from ..models import Decision, Helper, Item, Objection, RulesOfProcedure
from ..words import SIDES, Door, Duty, Matter, Organiser
from ..workflow import DECISION

S = Decision.State
TONES = {
    S.PROPOSED: "amber", S.DRAFT: "", S.ANNOUNCED: "blue", S.FROZEN: "blue", S.COLLECTING: "blue", S.CLOSED: "amber", S.COUNTED: "amber",
    S.PUBLISHED: "blue", S.CONCLUDED: "green", S.WITHDRAWN: "", S.ANNULLED: "red",
}  # fmt: skip
OVER = (S.CONCLUDED, S.WITHDRAWN, S.ANNULLED)


def state(decision: Decision) -> Chip:
    return Chip(str(S(decision.state).label), TONES[S(decision.state)])


def _places(request: HttpRequest) -> Any:
    return Decision.objects.visible_to(acting(request)).order_by().values_list("place_code", flat=True).distinct()


DECISIONS = Table(
    "decisions",
    gettext_lazy("业主表决"),
    columns=[
        Column("title", gettext_lazy("名称"), link=True, sort="title", kind="name"),
        Column("state", gettext_lazy("状态"), text=state, kind="state", sort="state"),
        Column("estate.name", gettext_lazy("小区"), sort="estate__name"),
        Column("organiser", gettext_lazy("组织人"), text=lambda row: words.choice(row, "organiser"), sort="organiser"),
        Column("opens_on", gettext_lazy("开始收票日"), sort="opens_on"),
        Column("closes_at", gettext_lazy("截止时间"), text=lambda row: f"{local(row.closes_at):%Y-%m-%d %H:%M}" if row.closes_at else "",
               sort="closes_at"),
        Column("units", gettext_lazy("户室"), text=lambda row: row.units or None, sort="units", align="right"),
        Column("number", gettext_lazy("编号"), sort="number", shown=False),
        Column("heads", gettext_lazy("业主人数"), text=lambda row: row.heads or None, shown=False),
        Column("area", gettext_lazy("专有面积"), text=lambda row: plain(row.area) if row.area else None, shown=False),
    ],
    search=["title", "number", "estate__search"],
    search_label=gettext_lazy("名称、编号、小区"),
    filters=[
        districts.district_filter("place_code", _places),
        Filter("state", gettext_lazy("状态"), S.choices),
        Filter("organiser", gettext_lazy("组织人"), Organiser.choices),
    ],
    segments=[
        Segment("open", gettext_lazy("没办完"), ~Q(state__in=OVER)),
        Segment("collecting", gettext_lazy("收票中"), Q(state=S.COLLECTING)),
        Segment("over", gettext_lazy("已结束"), Q(state__in=OVER)),
    ],
    order=["-opened_at", "-pk"],
    related=["estate"],
    export=True,
    empty=gettext_lazy("还没有业主表决。由业委会、物管会、居委会或街道发起；物业企业和协会只能看。"),
)  # fmt: skip


def _never() -> str:
    """Why a company or the association cannot organise."""
    return _("物业企业、协会可以看，不能组织表决（%(article)s）。") % {
        "article": said(queries.term("assembly.official_vote").article)
    }


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """The decisions this person may see."""
    actor = acting(request)
    begins = rules.may_begin(actor)
    forbidden = actor.holds(*rules.NEVER)
    return table_page(
        request, DECISIONS, Decision.objects.visible_to(actor),
        lead=_never() if forbidden else "",
        act={"label": _("发起表决"), "url": reverse("assembly:new")} if begins else None,
    )  # fmt: skip


def estates_of(request: HttpRequest) -> Any:
    """The estates at which this person could organise."""
    actor = acting(request)
    return Estate.objects.filter(
        Q(pk__in=actor.ids("estate", "committee_member")) | actor.within("place_id", "gov_community", "gov_street")
    )


@login_required
def new(request: HttpRequest) -> HttpResponse:
    if not rules.may_begin(acting(request)):
        raise PermissionDenied(_never() if acting(request).holds(*rules.NEVER) else "")
    back = reverse("assembly:decisions")
    return ask(
        request, forms.Begin(sent(request), estates=estates_of(request)), lambda **known: question.begin(by=acting(request), **known),
        then=lambda made: made.get_absolute_url(), said=_("已发起，接着填事项、日期和工作人员。"), title=_("发起表决"), send=_("发起表决"),
        back=back, crumbs=[(_("业主表决"), back)], after=_("先是草稿，公告以前随时可以改。"),
    )  # fmt: skip


#: The stations of the way, and the state in which each is under way.
STATIONS = (
    (S.DRAFT, gettext_lazy("拟定")), (S.ANNOUNCED, gettext_lazy("公示名册")), (S.FROZEN, gettext_lazy("定名册")),
    (S.COLLECTING, gettext_lazy("收票")), (S.CLOSED, gettext_lazy("录票")), (S.COUNTED, gettext_lazy("计票")),
    (S.PUBLISHED, gettext_lazy("公示结果")), (S.CONCLUDED, gettext_lazy("归档")),
)  # fmt: skip


def _path(case: Decision) -> list[dict[str, str]]:
    names = [one for one, _label in STATIONS]
    if case.state not in names:
        return []
    reached = names.index(S(case.state)) + (case.state == S.CONCLUDED)
    return [
        {"label": str(label), "state": "done" if place < reached else "now" if place == reached else "next", "outcome": "", "day": "", "who": ""}
        for place, (_state, label) in enumerate(STATIONS)
    ]  # fmt: skip


def _links(case: Decision, *, inside: bool, organises: bool) -> list[dict[str, str]]:
    """Where one goes from here."""

    def link(name: str, label: str, icon: str) -> dict[str, str]:
        return {"url": reverse(f"assembly:{name}", args=[case.pk]), "label": label, "icon": icon}

    found = []
    drawn = case.state not in (S.PROPOSED, S.DRAFT)
    if organises and case.state == S.DRAFT:
        found += [link("edit", _("改草稿"), "edit"), link("item_new", _("加事项"), "plus")]
    if inside and drawn:
        found.append(link("roll", _("名册"), "list-details"))
    if organises and case.secret and case.state in (S.FROZEN, S.COLLECTING):
        found.append(link("papers", _("印票"), "printer"))
    if inside and case.state in (S.COLLECTING, S.CLOSED, S.COUNTED, S.PUBLISHED, S.CONCLUDED):
        found.append(link("participation", _("参与情况"), "chart-bar"))
    if inside and case.state in (S.FROZEN, S.COLLECTING):
        found.append(link("doors", _("上门收票"), "device-mobile"))
    if inside and case.state in (S.CLOSED, S.COUNTED, S.PUBLISHED, S.CONCLUDED, S.ANNULLED):
        found.append(link("ballots", _("票"), "checkbox"))
    if organises and case.state == S.CLOSED:
        found.append({"url": f"/imports/{imports.NAME}-{case.pk}/", "label": _("导入官方结果"), "icon": "file-import"})
    if organises and case.state not in OVER:
        found.append(link("helpers", _("工作人员"), "users"))
    if case.state in (S.ANNOUNCED, S.PUBLISHED):
        found.append(link("object", _("提异议"), "message-2-exclamation"))
    return found


def result_rows(case: Decision) -> list[dict[str, Any]]:
    """Each item's result for the page: figures, verdict, and what would be without silent papers."""
    found = []
    for one in case.result or []:
        strict = one.get("not_participating_result")
        found.append({
            "title": f"{one['item']}. {one['title']}", "passed": one["passed"], "verdict": result.verdict(one), "one": one,
            "strict": result.verdict(strict) if strict else "",
            "majority": _("四分之三以上") if one["majority"] == "special" else _("过半数"),
        })  # fmt: skip
    return found


def own_entries(request: HttpRequest, case: Decision) -> Any:
    """This person's own units on the roll."""
    mine = (
        Ownership.objects.current()
        .filter(person=acting(request).person_id or 0, unit__estate=case.estate_id)
        .values("unit")
    )
    return case.entries.filter(unit__in=mine)


def own_doors(request: HttpRequest, case: Decision) -> list[dict[str, Any]]:
    """How far the papers of this person's own units have come."""
    if not case.secret:
        return []
    return [
        {"text": entry.label, "note": _("票号 %(paper)s · %(area)s ㎡") % {"paper": entry.paper, "area": plain(entry.area)},
         "chip": Chip(str(Door(entry.door).label), "green" if entry.door == Door.COLLECTED else "blue"),
         "consult": reverse("assembly:consult", args=[entry.pk]) if queries.may_consult(case) else "",
         "consulted": getattr(entry, "opinion", None)}
        for entry in own_entries(request, case).select_related("opinion")
    ]  # fmt: skip


def _context(request: HttpRequest, case: Decision) -> dict[str, Any]:
    actor = acting(request)
    inside, organises = rules.insider(actor, case), rules.organiser.test(actor, case)
    items = list(case.items.order_by("number"))
    helpers: Counter[str] = Counter(case.helpers.active().values_list("duty", flat=True))
    events = list(engine.history(DECISION, case)[:200])
    pairs = [
        (_("小区"), case.estate.name), (_("范围"), question.scope_words(case)), (_("组织人"), case.get_organiser_display() or "—"),
        (_("开始收票日"), case.opens_on or "—"), (_("截止时间"), f"{local(case.closes_at):%Y-%m-%d %H:%M}" if case.closes_at else "—"),
        (_("送达未交的票"), question.silent_words(case)), (_("名册公示至"), case.roll_until or "—"),
        (_("工作人员"), "、".join(f"{duty.label} {helpers[duty]}" for duty in Duty)),
    ]  # fmt: skip
    if case.units:
        pairs.append((_("名册"), _("%(units)s 户，%(heads)s 人，%(area)s ㎡") % {
            "units": case.units, "heads": case.heads, "area": plain(case.area)}))  # fmt: skip
    if case.roll_root:
        pairs.append((_("名册摘要"), case.roll_root))
    if case.keep_until:
        pairs.append((_("材料保存至"), case.keep_until))
    showing = case.state in (S.PUBLISHED, S.CONCLUDED, S.ANNULLED) or (inside and case.state == S.COUNTED)
    objections = case.objections.select_related("entry")
    opinions, consulted = queries.consulted(case) if showing else (0, [])
    unready = organises and case.state == S.DRAFT and any(one.missing(case) for one in DECISION.steps["announce"].needs)
    return {
        "wants": _("轮到你填好这次表决的草稿") if unready else "",
        "opinions": opinions, "consulted": [{"title": one.title, "sides": [(side.label, one.sides[side]) for side in SIDES]} for one in consulted],
        "title": case.title, "tone": TONES[S(case.state)], "crumbs": [(_("业主表决"), reverse("assembly:decisions"))], "pairs": pairs,
        "lead": f"{case.estate.name} · {case.number}", "path": _path(case), "links": _links(case, inside=inside, organises=organises),
        "items": [{"item": one, "matter": Matter(one.matter).label, "need": _("四分之三以上") if one.special else _("过半数"),
                   "remove": reverse("assembly:item_remove", args=[one.pk]) if organises and case.state == S.DRAFT else ""} for one in items],
        "gaps": queries.gaps(case) if inside and case.entries.exists() else [],
        "results": result_rows(case) if showing else [],
        "pack": reverse("assembly:pack", args=[case.pk]) if case.state in (S.PUBLISHED, S.CONCLUDED) else "",
        "audit": reverse("assembly:audit", args=[case.pk]) if case.state in (S.PUBLISHED, S.CONCLUDED) and _audits(actor, case) else "",
        "own": own_doors(request, case),
        "objections": [{"text": one.text, "note": one.answer or _("等答复"), "pk": one.pk, "upheld": one.upheld, "unit": one.entry,
                        "about": one.get_about_display(),
                        "answer": reverse("assembly:answer", args=[one.pk]) if organises and one.upheld is None else ""}
                       for one in objections if inside or one.by == actor.key],
        "rules_url": reverse("assembly:rules", args=[case.estate_id]) if organises else "",
        "documents": list(Document.objects.on(DECISION.key(case)).select_related("void")), "events": events, "numbers": numbers_of(events),
    }  # fmt: skip


def _audits(actor: Any, case: Decision) -> bool:
    return rules.overseer.test(actor, case) or actor.holds("committee_member", subject=case.estate.key)


#: Figures of law that this procedure counts with.
FIGURES = (
    "assembly.roll_publicity", "assembly.result_publicity", "vote.silent_rule", "vote.parking_area", "vote.proxy_limit", "vote.full_age", "vote.sample",
    "vote.annulment", "vote.retention",
)  # fmt: skip


def figures_of(case: Decision) -> list[str]:
    """Those that count for this decision: the default limit of proxies only where the estate's rules of procedure set none."""
    own = queries.rules_for(case)
    return [name for name in FIGURES if name != "vote.proxy_limit" or own is None or own.proxy_limit is None]


PAGES = CasePages(
    DECISION,
    template="assembly/decision.html",
    context=_context,
    select_related=("estate", "rules"),
    figures=figures_of,
    acts={
        "take_up": Act(question.take_up, forms.TakeUp),
        "announce": Act(question.announce),
        "freeze": Act(roll.freeze),
        "open": Act(lambda case, *, by, note="": engine.take(DECISION, "open", case, by=by, note=note)),
        "extend": Act(question.extend, forms.Extend),
        "close": Act(counting.close),
        "adopt": Act(official.adopt, forms.Adopt),
        "count": Act(counting.count, forms.Count),
        "publish": Act(result.publish),
        "recount": Act(result.recount, forms.Reason),
        "conclude": Act(result.conclude),
        "annul": Act(result.annul, forms.Ruling),
        "withdraw": Act(question.withdraw, forms.Reason),
    },
)


def organised(request: HttpRequest, pk: int) -> tuple[Decision, str]:
    """A decision that this person organises; anybody else's is not found."""
    found: Decision = PAGES.fetch(request, pk)
    if not rules.organiser.test(acting(request), found):
        raise Http404
    return found, found.get_absolute_url()


@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    case, back = organised(request, pk)
    now = {
        "title": case.title, "text": case.text, "opens_on": case.opens_on, "closes_at": case.closes_at, "certified_area": case.certified_area,
        "scope": [f"{building}|{entrance}" for building, entrance in case.scope],
    }  # fmt: skip
    return ask(
        request, forms.Draft(sent(request), case=case, initial=now), lambda **known: question.edit(case, by=acting(request), **known),
        then=back, said=_("已保存。"), title=_("改草稿"), send=_("保存草稿"), back=back, crumbs=[(str(case), back)],
        unvouched=unvouched(*FIGURES),
    )  # fmt: skip


@login_required
def item_new(request: HttpRequest, pk: int) -> HttpResponse:
    case, back = organised(request, pk)
    return ask(
        request, forms.NewItem(sent(request)), lambda **known: question.add_item(case, by=acting(request), **known), then=back,
        said=_("已加上。"), title=_("加表决事项"), send=_("加上这一项"), back=back, crumbs=[(str(case), back)],
        after=_("一项一票：业主对每一项分别同意、反对或者弃权。选举的，一名候选人写一项。"),
    )  # fmt: skip


@login_required
def item_remove(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(Item.objects.select_related("decision"), pk=pk)
    case, back = organised(request, item.decision_id)
    return ask(
        request, forms.Nothing(sent(request)), lambda: question.remove_item(item, by=acting(request)), then=back, said=_("已去掉。"),
        title=_("去掉事项：%(what)s") % {"what": item}, send=_("去掉这一项"), back=back, crumbs=[(str(case), back)],
    )  # fmt: skip


@login_required
def helpers(request: HttpRequest, pk: int) -> HttpResponse:
    """Who collects, counts and watches; adding one."""
    case, back = organised(request, pk)
    rows = [
        {
            "text": f"{one.person.masked_name} · {one.get_duty_display()}",
            "end": reverse("assembly:helper_end", args=[one.pk]),
        }
        for one in case.helpers.active().select_related("person")
    ]
    return ask(
        request, forms.NewHelper(sent(request)), lambda **known: question.add_helper(case, by=acting(request), **known),
        then=reverse("assembly:helpers", args=[pk]), said=_("已添上。"), title=_("工作人员"), send=_("添上"), back=back,
        crumbs=[(str(case), back)], template="assembly/helpers.html", rows=rows,
    )  # fmt: skip


@login_required
def helper_end(request: HttpRequest, pk: int) -> HttpResponse:
    helper = get_object_or_404(Helper.objects.select_related("decision", "person"), pk=pk)
    case, back = organised(request, helper.decision_id)
    return ask(
        request, forms.Nothing(sent(request)), lambda: question.end_helper(helper, by=acting(request)), then=back, said=_("已换下。"),
        title=_("换下：%(who)s") % {"who": helper}, send=_("换下这个人"), back=back, crumbs=[(str(case), back)],
    )  # fmt: skip


@login_required
def estate_rules(request: HttpRequest, pk: int) -> HttpResponse:
    """What the estate's rules of procedure say; entering them anew."""
    estate = get_object_or_404(Estate.objects.visible_to(acting(request)), pk=pk)
    require(rules.organiser, request, estate)
    known = RulesOfProcedure.objects.current(estate)
    back = reverse("assembly:decisions")
    now = {name: getattr(known, name) for name in forms.Rules.base_fields if name != "paper"} if known else {}
    return ask(
        request, forms.Rules(sent(request), request.FILES or None, initial=now),
        lambda **given: question.keep_rules(estate, by=acting(request), **given), then=back, said=_("已登记。"),
        title=_("%(estate)s 的议事规则要点") % {"estate": estate}, send=_("登记议事规则"), back=back, crumbs=[(_("业主表决"), back)],
        lead=_("规则没有写明的，一律按法律的默认：没交的票不算参与，车位面积不计入。"),
        after=_("以后公告的表决按新的要点；已经公告的不变。"), unvouched=unvouched("vote.silent_rule", "vote.parking_area", "vote.proxy_limit"),
    )  # fmt: skip


@login_required
def object_to(request: HttpRequest, pk: int) -> HttpResponse:
    """An owner objects to the roll or to the result."""
    case: Decision = PAGES.fetch(request, pk)
    if not (rules.owner | rules.organiser).test(acting(request), case):
        raise Http404
    about = Objection.About.ROLL if case.state == S.ANNOUNCED else Objection.About.RESULT
    own = list(own_entries(request, case).values_list("label", flat=True)[:2])
    form, back = (
        forms.Object(sent(request), initial={"door": own[0]} if len(own) == 1 else None),
        case.get_absolute_url(),
    )

    def act(door: str, text: str) -> Any:
        entry = queries.entry_at(case, door) if door.strip() else None
        if door.strip() and entry is None:
            raise roll.Refusal("guard", _("名册里没有“%(door)s”。请照公示的写法写户室。") % {"door": door.strip()[:40]})
        return roll.object_to(case, by=acting(request), about=about, text=text, entry=entry)

    return ask(
        request, form, act, then=back, said=_("已收到你的异议，答复会写在这里。"), title=_("提异议：%(what)s") % {"what": about.label},
        send=_("提交异议"), back=back, crumbs=[(str(case), back)],
    )  # fmt: skip


@login_required
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    objection = get_object_or_404(Objection.objects.select_related("decision", "entry__decision"), pk=pk)
    case, back = organised(request, objection.decision_id)
    return ask(
        request, forms.Answer(sent(request), objection=objection), lambda **known: roll.answer(objection, by=acting(request), **known), then=back,
        said=_("已答复。"), title=_("答复异议"), send=_("答复"), back=back, crumbs=[(str(case), back)], lead=objection.text,
    )  # fmt: skip
