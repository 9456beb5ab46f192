"""What had to be posted up, what authorities found, and the make-up of costs where enough companies stand behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.clock.now import today
from wuxie.kernel.papers.models import Attachment
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.web import districts
from wuxie.web.asking import acting, ask
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import figures, forms, queries, rules
from ..actions import disclosing
from ..actions import findings as entering
from ..models import Adjustment, Disclosure, Finding
from ..papers import FINDING
from ..words import Breach, Cost, Topic
from . import common


def _places(model: Any) -> Any:
    return lambda request: (
        model.objects.visible_to(acting(request))
        .order_by()
        .values_list("project__estate__place_id", flat=True)
        .distinct()
    )


DISCLOSURES = Table(
    "fee_disclosures",
    gettext_lazy("法定公示"),
    columns=[
        Column("topic", gettext_lazy("公示事项"), text=lambda row: row.get_topic_display(), link=lambda row: reverse("fees:disclosure", args=[row.pk]),
               sort="topic", kind="name"),
        Column("estate", gettext_lazy("小区"), text=lambda row: row.project.estate.name, sort="project__estate__name"),
        Column("state", gettext_lazy("状态"), text=common.hung, kind="state"),
        Column("ends_on", gettext_lazy("期间止"), sort="ends_on"),
        Column("due_on", gettext_lazy("最迟公示日"), sort="due_on"),
        Column("published_on", gettext_lazy("公示日"), sort="published_on"),
        Column("confirmed_on", gettext_lazy("核实日"), sort="confirmed_on"),
        Column("company", gettext_lazy("企业"), text=lambda row: row.project.company.name, shown=False),
    ],
    search=["project__estate__search"],
    search_label=gettext_lazy("小区"),
    filters=[districts.district_filter("project__estate__place_id", _places(Disclosure)), Filter("topic", gettext_lazy("公示事项"), Topic.choices)],
    order=["-due_on", "project__estate__name", "topic"],
    related=["project__estate", "project__company"],
    export=True,
    empty=gettext_lazy("还没有要公示的。每个季度过后自动列出，十五日内贴出来、拍一张照片。"),
)  # fmt: skip


@login_required
def disclosures(request: HttpRequest) -> HttpResponse:
    """What has to hang at the estates this person has to do with."""
    actor, day = acting(request), today()
    table = replace(DISCLOSURES, segments=[
        Segment("late", gettext_lazy("逾期没有公示"), Q(published_on=None, due_on__lt=day)),
        Segment("due", gettext_lazy("待公示"), Q(published_on=None, due_on__gte=day)),
        Segment("unseen", gettext_lazy("等核实"), Q(published_on__isnull=False, confirmed_on=None)),
        Segment("good", gettext_lazy("按期，已核实"), Q(confirmed_on__isnull=False, published_on__lte=F("due_on"))),
    ])  # fmt: skip
    return table_page(
        request, table, Disclosure.objects.visible_to(actor), template="fees/list.html", tabs=common.tabs(actor, "disclosures"),
        lead=_("服务事项、收费、履行情况、维修资金和公共收益要定期向业主公开（民法典第943条）。按期贴出、有人核实的才计入星级。"),
    )  # fmt: skip


@login_required
def disclosure(request: HttpRequest, pk: int) -> HttpResponse:
    """One thing to post up: the company puts its photo, the owners' side confirms."""
    actor = acting(request)
    rows = Disclosure.objects.visible_to(actor).select_related("project__estate", "project__company")
    found, back = get_object_or_404(rows, pk=pk), reverse("fees:disclosures")
    pairs = [
        (_("小区"), found.project.estate.name), (_("期间"), f"{found.starts_on} — {found.ends_on}"), (_("最迟公示日"), found.due_on),
        (_("公示日"), found.published_on or ""), (_("核实日"), found.confirmed_on or ""),
    ]  # fmt: skip
    form, act, send = _next_act(request, found)
    context: dict[str, Any] = {
        "template": "fees/disclosure.html", "title": str(found), "crumbs": [(_("法定公示"), back), (str(found), "")], "back": back, "send": send,
        "chip_of_state": common.hung(found), "pairs": [pair for pair in pairs if pair[1]], "papers": list(Attachment.objects.on(found.key)),
    }  # fmt: skip
    if act is None:
        template = context.pop("template")
        return render(request, template, {**context, "form": None}, status=404 if request.method == "POST" else 200)
    return ask(request, form, act, then=reverse("fees:disclosure", args=[pk]), said=_("已登记。"), **context)


def _next_act(request: HttpRequest, found: Disclosure) -> tuple[Any, Any, str]:
    """What this person may do about it now: a form, a verb, the word on the button."""
    actor, sent = acting(request), request.POST if request.method == "POST" else None
    if found.published_on is None and rules.keeper.test(actor, found):
        act = lambda **known: disclosing.publish(found, by=actor, **known)  # noqa: E731  one line, used here alone
        return forms.Posted(sent, request.FILES or None), act, _("登记公示")
    if found.published_on is not None and found.confirmed_on is None and rules.neighbour.test(actor, found):
        return forms.Confirmed(sent), lambda: disclosing.confirm(found, by=actor), _("核实：看到贴出来了")
    return None, None, ""


FINDINGS = Table(
    "fee_findings",
    gettext_lazy("违规收费认定"),
    columns=[
        Column("number", gettext_lazy("文号"), link=lambda row: reverse("fees:finding", args=[row.pk]), sort="number", kind="name"),
        Column("kind", gettext_lazy("认定了什么"), text=lambda row: row.get_kind_display(), sort="kind"),
        Column("estate", gettext_lazy("小区"), text=lambda row: row.project.estate.name, sort="project__estate__name"),
        Column("company", gettext_lazy("企业"), text=lambda row: row.project.company.name, sort="project__company__name"),
        Column("found_on", gettext_lazy("文书日期"), sort="found_on"),
    ],
    search=["number", "project__estate__search"],
    search_label=gettext_lazy("文号、小区"),
    filters=[districts.district_filter("project__estate__place_id", _places(Finding)), Filter("kind", gettext_lazy("认定了什么"), Breach.choices)],
    order=["-found_on", "-pk"],
    related=["project__estate", "project__company"],
    export=True,
    empty=gettext_lazy("没有违规收费认定。由区县、市主管部门凭处罚决定、判决等文书登记。"),
)  # fmt: skip


@login_required
def findings(request: HttpRequest) -> HttpResponse:
    """What authorities found about charges."""
    actor = acting(request)
    act = (
        {"label": _("登记违规收费认定"), "url": reverse("fees:finding_new"), "icon": "plus"}
        if rules.finds(actor)
        else None
    )
    return table_page(
        request,
        FINDINGS,
        Finding.objects.visible_to(actor),
        template="fees/list.html",
        tabs=common.tabs(actor, "findings"),
        act=act,
    )


@login_required
def new_finding(request: HttpRequest) -> HttpResponse:
    """An authority enters what it found, with its paper."""
    actor = acting(request)
    if not rules.finds(actor):
        raise Http404
    back = reverse("fees:findings")
    form = forms.FindingIn(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        projects=rules.projects_in_area(actor),
    )
    return ask(
        request, form, lambda project, **known: entering.enter(project, by=actor, **known), then=back, said=_("已登记，记入证据。"),
        title=_("登记违规收费认定"),
        send=_("登记这份认定"), back=back, crumbs=[(_("违规收费认定"), back)], after=_("登记后影响星级；停水停电催费的，按标准一票否决。"),
    )  # fmt: skip


@login_required
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding with its paper."""
    found = get_object_or_404(
        Finding.objects.visible_to(acting(request)).select_related("project__estate", "project__company"), pk=pk
    )
    back = reverse("fees:findings")
    pairs = [
        (_("认定了什么"), found.get_kind_display()), (_("小区"), found.project.estate.name), (_("企业"), found.project.company.name),
        (_("文书日期"), found.found_on), (_("认定内容"), found.words),
    ]  # fmt: skip
    context = {
        "title": found.number,
        "crumbs": [(_("违规收费认定"), back), (found.number, "")],
        "pairs": pairs,
        "form": None,
    }
    return render(
        request, "fees/disclosure.html", {**context, "papers": list(Attachment.objects.on(f"{FINDING}:{pk}"))}
    )


@login_required
def structure(request: HttpRequest) -> HttpResponse:
    """How a year's cost is made up, in percent, across so many companies that none is recognised; else the refusal with the article."""
    actor = acting(request)
    context: dict[str, Any] = {
        "title": _("成本构成"), "tabs": common.tabs(actor, "structure"), "refusal": "", "chart": {},
        "lead": _("只看各项占成本的百分比，没有单价，没有金额，认不出是哪一家。"),
    }  # fmt: skip
    try:
        parts = queries.shares_of_cost(Adjustment.objects.all())
    except Refusal as refused:
        context["refusal"] = refused.message
    else:
        rows = sorted(((Cost(item).short, part) for item, part in parts.items()), key=lambda pair: -pair[1])
        context["chart"] = {
            "option": figures.bars([name for name, _part in rows], [float(part) for _name, part in rows], unit="%"),
            "headers": [_("成本项"), _("占成本（中位数）")],
            "rows": [[name, f"{part}%"] for name, part in rows],
            "says": _("占得最多的是%(item)s，中位数 %(part)s%%。") % {"item": rows[0][0], "part": rows[0][1]},
        }  # fmt: skip
    return render(request, "fees/structure.html", context)
