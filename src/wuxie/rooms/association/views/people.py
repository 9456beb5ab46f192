"""People, their appointments, and their keys to the door."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.access import actions as access
from wuxie.kernel.access.models import Account
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties import actions, roles
from wuxie.kernel.parties.models import Appointment, Person
from wuxie.web import words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cells import Chip
from wuxie.web.changes import Event, changes_of
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import queries, rules
from ..forms.members import AccountForm, AppointForm, ChangePersonForm, CloseForm, LastDay, Nothing, PersonForm


def held_now() -> Prefetch:
    """The appointments of today beside each person."""
    return Prefetch("appointments", Appointment.objects.now(), to_attr="held_now")


def _offices(person: Any) -> str:
    return "、".join(held.title or roles.label(held.role) for held in person.held_now) or "—"


def said(person: Any) -> str:
    """Who holds an office is called by name; a private person (an owner, or nobody's officer) is masked."""
    return person.name if any(held.role != "owner" for held in person.held_now) else person.masked_name


def _door(person: Any) -> Chip:
    account = getattr(person, "account", None)
    if account is None:
        return Chip(_("没有账号"))
    return Chip(_("可登录"), "green") if account.is_active else Chip(_("已停用"), "amber", "lock")


def find_people(rows: QuerySet, text: str) -> QuerySet:
    """By exact name, phone or ID number, by user name, by the unit somebody is appointed at."""
    seated = Appointment.objects.now().filter(
        Q(organisation__search__contains=text.lower()) | Q(place__search__contains=text.lower())
    )
    found = Q(pk__in=Person.objects.matching(text).values("pk"))
    return rows.filter(found | Q(account__username__icontains=text) | Q(pk__in=seated.values("person")))


def _roles(request: HttpRequest) -> list[tuple[str, Any]]:
    return [(role.code, role.label) for role in roles.ROLES.values()]


def _holding(role: str) -> Q:
    return Q(pk__in=Appointment.objects.now().filter(role=role).values("person"))


PEOPLE = Table(
    "people",
    gettext_lazy("人员与任职"),
    columns=[
        Column("name", gettext_lazy("姓名"), text=said, link=lambda row: reverse("people:person", args=[row.pk])),
        Column("offices", gettext_lazy("现任"), text=_offices),
        Column("phone", gettext_lazy("手机号"), text=lambda row: row.masked_phone),
        Column("account", gettext_lazy("账号"), text=_door, kind="state"),
        Column("username", gettext_lazy("用户名"), text=lambda row: getattr(getattr(row, "account", None), "username", "")),
    ],
    search=find_people,
    search_label=gettext_lazy("全名或手机号；也可输用户名、单位"),
    filters=[Filter("role", gettext_lazy("角色"), _roles, where=_holding)],
    segments=[
        Segment("keys", gettext_lazy("有账号"), Q(account__is_active=True)),
        Segment("shut", gettext_lazy("已停用"), Q(account__is_active=False)),
        Segment("none", gettext_lazy("没有账号"), Q(account=None)),
    ],
    order=["pk"],
    related=["account"],
    prefetch=[],
    export=True,
    personal=True,
    empty=gettext_lazy("还没有任职的人。登记一位，再给任职和账号。"),
)  # fmt: skip


@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Those who hold or held an office, or have an account; owners stand in the register."""
    require(rules.leadership, request)
    rows = Person.objects.visible_to(acting(request)).filter(
        Q(pk__in=Appointment.objects.values("person")) | Q(pk__in=Account.objects.exclude(person=None).values("person"))
    )
    table = replace(PEOPLE, prefetch=[held_now()])
    keeps = rules.office.test(acting(request), None)
    return table_page(
        request, table, rows, lead=_("权限只从当天在任的任职来；任职到期，权限同日结束。"),
        act={"label": _("登记人员"), "url": reverse("people:person_new")} if keeps else None,
    )  # fmt: skip


def _fetch(request: HttpRequest, pk: int) -> Person:
    require(rules.leadership, request)
    rows = Person.objects.visible_to(acting(request)).select_related("account").prefetch_related(held_now())
    return get_object_or_404(rows, pk=pk)


@login_required
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Someone: masked data, appointments past and present, the account, who looked at them."""
    found, actor = _fetch(request, pk), acting(request)
    keeps = rules.appoints.test(actor, found)
    account: Account | None = getattr(found, "account", None)
    acts: list[dict[str, Any]] = [{"label": _("看明文"), "icon": "eye", "url": reverse("looks:person", args=[pk])}]
    if keeps:
        acts.append({"label": _("改人员资料"), "icon": "edit", "url": reverse("people:person_edit", args=[pk])})
    context = {
        "title": said(found),
        "lead": _("人员编号 %(pk)s") % {"pk": found.pk},
        "chip": _door(found),
        "crumbs": [(_("人员与任职"), reverse("people:people"))],
        "pairs": [
            (_("手机号"), found.masked_phone),
            (_("证件号"), found.masked_id_number),
            (_("用户名"), account.username if account else ""),
        ],
        "sections": [_appointments(found, keeps), _account(found, account, keeps), _looks(found)],
        "acts": acts,
        "history": _events(found, account),
        "closed_acts": [] if keeps or not rules.office.test(actor, found) else [OWN],
    }  # fmt: skip
    return render(request, "web/record.html", context)


OWN = (gettext_lazy("任职和账号"), gettext_lazy("自己的任职和账号由另一位秘书处人员办理。"))


def _appointments(person: Person, keeps: bool) -> dict[str, Any]:
    day = today()
    rows = list(person.appointments.select_related("organisation", "place").order_by("-starts_on", "-pk"))
    names = queries.seats(row.subject for row in rows)
    listed = []
    for row in rows:
        here = row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)
        at = str(row.organisation or row.place or names.get(row.subject, row.subject))
        listed.append({
            "text": f"{roles.label(row.role)} · {at}",
            "note": " · ".join(filter(None, [words.span(row.starts_on, row.ends_on), row.title, row.paper_number])),
            "chip": Chip(_("在任"), "green") if here else Chip(_("未到任")) if row.starts_on > day else Chip(_("已离任")),
            "acts": [{"label": _("结束任职"), "url": reverse("people:appointment_end", args=[row.pk])}]
            if keeps and (row.ends_on is None or row.ends_on >= day) else [],
        })  # fmt: skip
    section: dict[str, Any] = {"title": _("任职"), "rows": listed, "empty": _("没有任职，也就没有任何权限。")}
    if keeps:
        section["act"] = {"label": _("给任职"), "url": reverse("people:appoint", args=[person.pk])}
    return section


def _account(person: Person, account: Account | None, keeps: bool) -> dict[str, Any]:
    section: dict[str, Any] = {"title": _("账号"), "rows": [], "empty": _("没有账号，不能登录。")}
    if account is None:
        if keeps:
            section["act"] = {"label": _("开通账号"), "url": reverse("people:account_new", args=[person.pk])}
        return section
    acts = []
    if keeps:
        acts.append({"label": _("重设密码"), "url": reverse("people:account_reset", args=[person.pk])})
        if account.is_active:
            acts.append({"label": _("停用账号"), "url": reverse("people:account_close", args=[person.pk])})
        else:
            acts.append({"label": _("恢复登录"), "url": reverse("people:account_reopen", args=[person.pk])})
    when = account.last_login
    note = _("最近登录 %(at)s") % {"at": f"{when:%Y-%m-%d}"} if when else _("还没有登录过")
    section["rows"] = [{"text": account.username, "note": note, "chip": _door(person), "acts": acts}]
    return section


def _looks(person: Person) -> dict[str, Any]:
    """Who read this person's data in plain."""
    rows = person.looks.select_related("seer").order_by("-at")[:20]
    return {
        "title": _("谁看过明文"),
        "empty": _("还没有人看过。"),
        "rows": [
            {"text": row.seer.name if row.seer else row.by,
             "note": f"{row.at:%Y-%m-%d} · {'、'.join(str(access.FIELDS.get(f, f)) for f in row.fields.split(','))} · {row.reason}"}
            for row in rows
        ],
    }  # fmt: skip


def _events(person: Person, account: Account | None) -> list[Event]:
    return changes_of(account) if account else []


@login_required
def new(request: HttpRequest) -> HttpResponse:
    require(rules.office, request)
    back = reverse("people:people")
    return ask(
        request, PersonForm(sent(request)), lambda **known: actions.add_person(by=acting(request).key, **known),
        then=lambda made: reverse("people:person", args=[made.pk]), said=_("已登记人员。接着给任职。"), title=_("登记人员"),
        send=_("登记人员"), back=back, crumbs=[(_("人员与任职"), back)],
    )  # fmt: skip


def _kept(request: HttpRequest, pk: int) -> tuple[Person, dict[str, Any]]:
    """The person, and what every form about them shows; nobody acts on their own offices and keys."""
    found = _fetch(request, pk)
    require(rules.appoints, request, found)
    here = reverse("people:person", args=[found.pk])
    return found, {"then": here, "back": here, "crumbs": [(said(found), here)]}


@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _kept(request, pk)
    return ask(
        request, ChangePersonForm(sent(request)),
        lambda **changes: actions.change_person(found, by=acting(request).key, **changes), said=_("已改人员资料。"),
        title=_("改人员资料：%(who)s") % {"who": said(found)}, send=_("保存人员资料"), **rest,
    )  # fmt: skip


@login_required
def offered(request: HttpRequest) -> JsonResponse:
    """Projects and estates for the field of an appointment: ``?q=`` → ``[{"value", "text"}]``."""
    require(rules.office, request)
    found = queries.find_seats(request.GET.get("q", "")[:60])
    return JsonResponse([{"value": key, "text": name} for key, name in found], safe=False)


@login_required
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _kept(request, pk)
    return ask(
        request, AppointForm(sent(request)),
        lambda role, **known: actions.appoint(found, role, by=acting(request).key, **known), said=_("已给任职。"),
        title=_("给任职：%(who)s") % {"who": said(found)}, send=_("给这个任职"),
        after=_("从起日零点生效，到止日结束；权限随之而来，随之而去。"),
        **rest,
    )  # fmt: skip


@login_required
def appointment_end(request: HttpRequest, pk: int) -> HttpResponse:
    held = get_object_or_404(Appointment.objects.visible_to(acting(request)).select_related("person"), pk=pk)
    found, rest = _kept(request, held.person_id)
    return ask(
        request, LastDay(sent(request), initial={"on": today()}),
        lambda on: actions.end_appointment(held, by=acting(request).key, on=on), said=_("已结束任职。"),
        title=_("结束任职：%(who)s %(role)s") % {"who": found.name, "role": roles.label(held.role)}, send=_("结束任职"),
        after=_("到这一天为止；第二天起相应的权限没有了。"), **rest,
    )  # fmt: skip


def _hand_over(request: HttpRequest, username: str, word: str) -> None:
    """The password is said once, on the next page, and kept nowhere."""
    messages.success(request, _("用户名 %(name)s，密码 %(word)s。只显示这一次，请当面交给本人，登录后改掉。")
                     % {"name": username, "word": word})  # fmt: skip


@login_required
def account_new(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _kept(request, pk)

    def act(username: str) -> None:
        account, word = access.open_account(found, username, by=acting(request))
        _hand_over(request, account.username, word)

    return ask(
        request, AccountForm(sent(request)), act, title=_("开通账号：%(who)s") % {"who": said(found)}, send=_("开通账号"),
        after=_("系统生成初始密码，在下一页显示一次。"), **rest,
    )  # fmt: skip


def _with_account(request: HttpRequest, pk: int) -> tuple[Account, dict[str, Any]]:
    found, rest = _kept(request, pk)
    return get_object_or_404(Account.objects.visible_to(acting(request)).select_related("person"), person=found), rest


@login_required
def account_reset(request: HttpRequest, pk: int) -> HttpResponse:
    account, rest = _with_account(request, pk)
    return ask(
        request, Nothing(sent(request)),
        lambda: _hand_over(request, account.username, access.reset_password(account, by=acting(request))),
        title=_("重设密码：%(name)s") % {"name": account.username}, send=_("生成新密码"),
        after=_("旧密码马上失效，已登录的也会退出；新密码在下一页显示一次。"), **rest,
    )  # fmt: skip


@login_required
def account_close(request: HttpRequest, pk: int) -> HttpResponse:
    account, rest = _with_account(request, pk)
    return ask(
        request, CloseForm(sent(request)), lambda reason: access.close_account(account, by=acting(request), reason=reason),
        said=_("已停用账号。"), title=_("停用账号：%(name)s") % {"name": account.username}, send=_("停用账号"),
        after=_("不能再登录，已登录的下一次点击就退出；任职不受影响。"), **rest,
    )  # fmt: skip


@login_required
def account_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    account, rest = _with_account(request, pk)
    return ask(
        request, Nothing(sent(request)), lambda: access.reopen_account(account, by=acting(request)),
        said=_("已恢复登录。"), title=_("恢复登录：%(name)s") % {"name": account.username}, send=_("恢复登录"), **rest,
    )  # fmt: skip
