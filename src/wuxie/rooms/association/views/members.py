"""Member units and who speaks for them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import kinds
from wuxie.kernel.parties import roles
from wuxie.kernel.search import search_filter
from wuxie.web import words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cells import Chip
from wuxie.web.changes import changes_of
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import queries, rules
from ..actions import members as actions
from ..forms.members import AdmitForm, ContactForm, LastDay, MemberForm
from ..models import Due, Member
from . import common, joining

#: Members with dues that were not paid in time.
LATE = Due.objects.filter(state=Due.State.LATE).values("member")


def _state(member: Member) -> Chip:
    """Computed from dates and dues, never set by hand."""
    day = today()
    if member.left_on is not None and member.left_on < day:
        return Chip(_("已退会"))
    if member.joined_on > day:
        return Chip(_("待入会"), "blue")
    if member.is_late:  # type: ignore[attr-defined]
        return Chip(_("欠会费"), "red")
    return Chip(_("在会，将退会"), "amber") if member.left_on else Chip(_("在会"), "green")


MEMBERS = Table(
    "members",
    gettext_lazy("会员名册"),
    columns=[
        Column("organisation", gettext_lazy("单位"), text=lambda row: row.organisation.name, sort="organisation__name",
               link=True),
        Column("number", gettext_lazy("会员编号"), sort="number"),
        Column("kind", gettext_lazy("会员类别"), text=lambda row: words.choice(row, "kind"), sort="kind"),
        Column("group", gettext_lazy("工作组"), text=lambda row: words.choice(row, "group"), sort="group"),
        Column("second_group", gettext_lazy("第二工作组"), text=lambda row: words.choice(row, "second_group"), sort="second_group", shown=False),
        Column("state", gettext_lazy("状态"), text=_state, kind="state", sheet=False),
        Column("joined_on", gettext_lazy("入会日"), text=lambda row: row.joined_on.isoformat(), sort="joined_on"),
        Column("left_on", gettext_lazy("退会日"), text=lambda row: row.left_on and row.left_on.isoformat(), sort="left_on"),
    ],
    search=lambda rows, text: search_filter(rows, "organisation__search", text),
    search_label=gettext_lazy("单位名、拼音首字母"),
    filters=[
        Filter("kind", gettext_lazy("类别"), Member.Kind.choices), Filter("group", gettext_lazy("工作组"), Member.Group.choices)
    ],
    segments=[
        Segment("in", gettext_lazy("在会"), Q(left_on=None)),
        Segment("late", gettext_lazy("欠会费"), Q(pk__in=LATE)),
        Segment("ungrouped", gettext_lazy("不在组里"), Q(group="", left_on=None)),
        Segment("left", gettext_lazy("已退会"), Q(left_on__isnull=False)),
    ],
    order=["number"],
    related=["organisation"],
    export=True,
    empty=gettext_lazy("还没有会员。入会自愿；登记一个，或导入名册。"),
)  # fmt: skip


def _rows(request: HttpRequest) -> QuerySet[Member]:
    late = Due.objects.filter(member=OuterRef("pk"), state=Due.State.LATE)
    return Member.objects.visible_to(acting(request)).annotate(is_late=Exists(late))


@login_required
def members(request: HttpRequest) -> HttpResponse:
    """The directory of members."""
    keeps = rules.office.test(acting(request), None)
    return table_page(
        request, MEMBERS, _rows(request),
        act={"label": _("登记入会"), "url": reverse("association:member_new")} if keeps else None,
        import_url=reverse("imports:choose", args=["members"]) if keeps else "", template="association/list.html", tabs=joining.tabs("members"),
        tabs_label=_("会员"),
    )  # fmt: skip


def _fetch(request: HttpRequest, pk: int) -> Member:
    return get_object_or_404(_rows(request).select_related("organisation"), pk=pk)


@login_required
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """A member, its contacts for those who may see them, what has changed."""
    found, actor = _fetch(request, pk), acting(request)
    keeps = rules.office.test(actor, found)
    acts: list[dict[str, Any]] = []
    if keeps and found.left_on is None:
        acts.append({"label": _("登记退会"), "url": reverse("association:member_leave", args=[pk])})
    if keeps:
        acts.append(
            {
                "label": _("改会员资料"),
                "icon": "edit",
                "primary": True,
                "url": reverse("association:member_edit", args=[pk]),
            }
        )
    context = {
        "title": found.organisation.name,
        "lead": found.number,
        "chip": _state(found),
        "crumbs": [(_("会员名册"), reverse("association:members"))],
        "pairs": [
            (_("会员类别"), found.get_kind_display()),
            (
                _("工作组"),
                "、".join(str(one) for one in (found.get_group_display(), found.get_second_group_display()) if one),
            ),
            (_("入会日"), found.joined_on),
            (_("退会日"), found.left_on),
            (_("统一社会信用代码"), found.organisation.uscc),
        ],
        "sections": [_contacts(found, actor, keeps), *_duties(found, actor), *_dues(found, actor)],
        "acts": acts,
        "history": changes_of(found),
    }
    return render(request, "web/record.html", context)


def _duties(member: Member, actor: Actor) -> list[dict[str, Any]]:
    """What it did for the association this year and what it missed, from the ledger: for the association and for itself."""
    if not rules.leadership.test(actor, member) and not rules.speaks_for(actor, [member]):
        return []
    done = queries.duties(member, today().year)
    rows = [common.row(kinds.label_of(kind), _("%(n)s 次") % {"n": n}) for kind, n in done]
    return [{"title": _("今年的会员义务"), "rows": rows, "empty": _("今年还没有会议、工作组、值班的记录。")}]


def _dues(member: Member, actor: Actor) -> list[dict[str, Any]]:
    """What the member owes and paid: for the association and for itself."""
    if not rules.leadership.test(actor, member) and not rules.speaks_for(actor, [member]):
        return []
    rows = [
        common.row(one.year, one.due_on, url=common.link(one), chip=joining.owed(one)) for one in member.dues.all()[:8]
    ]
    return [{"title": _("会费"), "rows": rows, "empty": _("还没有会费。先登记会员大会通过的标准，再按年度出账。")}]


def _contacts(member: Member, actor: Actor, keeps: bool) -> dict[str, Any]:
    rows = queries.contacts(member.organisation)
    seen = rows if keeps else rows.filter(pk__in=rows.model.objects.visible_to(actor).values("pk"))
    section: dict[str, Any] = {
        "title": _("联络人"),
        "empty": _("没有你能看到的联络人。"),
        "rows": [
            {"text": row.person.name, "url": reverse("people:person", args=[row.person_id]) if keeps else "",
             "note": f"{row.title or roles.label(row.role)} · {row.person.masked_phone or '—'}"}
            for row in seen
        ],
    }  # fmt: skip
    if keeps:
        section["act"] = {"label": _("指定联络人"), "url": reverse("association:contact_new", args=[member.pk])}
    return section


@login_required
def new(request: HttpRequest) -> HttpResponse:
    require(rules.office, request)
    back = reverse("association:members")
    return ask(
        request, AdmitForm(sent(request), initial={"kind": "ordinary"}),
        lambda organisation, **known: actions.admit(organisation, by=acting(request), **known),
        then=lambda made: made.get_absolute_url(), said=_("已登记入会。"), title=_("登记入会"), send=_("登记入会"), back=back,
        crumbs=[(_("会员名册"), back)], after=_("入会和退会都是自愿的；登记不收费。"),
    )  # fmt: skip


def _kept(request: HttpRequest, pk: int) -> tuple[Member, dict[str, Any]]:
    found = _fetch(request, pk)
    require(rules.office, request, found)
    here = found.get_absolute_url()
    return found, {"then": here, "back": here, "crumbs": [(found.organisation.name, here)]}


@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _kept(request, pk)
    form = MemberForm(sent(request), initial={name: getattr(found, name) for name in MemberForm.base_fields})
    return ask(
        request, form,
        lambda number, **changes: actions.change_member(found, by=acting(request), number=number or found.number, **changes),
        said=_("已改会员资料。"), title=_("改会员资料：%(name)s") % {"name": str(found)}, send=_("保存会员资料"), **rest,
    )  # fmt: skip


@login_required
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _kept(request, pk)
    return ask(
        request, LastDay(sent(request)), lambda on: actions.leave(found, by=acting(request), on=on),
        said=_("已登记退会。"), title=_("登记退会：%(name)s") % {"name": str(found)}, send=_("登记退会"), **rest,
    )  # fmt: skip


@login_required
def contact_new(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _kept(request, pk)
    return ask(
        request, ContactForm(sent(request)), lambda **known: actions.name_contact(found, by=acting(request), **known),
        said=_("已指定联络人。"), title=_("指定联络人：%(name)s") % {"name": str(found)}, send=_("指定这位联络人"), **rest,
    )  # fmt: skip
