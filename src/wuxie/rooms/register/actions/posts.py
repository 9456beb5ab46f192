"""Posts, who holds them and who stands in."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.actions import appoint, end_appointment, find_or_add_person
from wuxie.kernel.parties.models import Person

from ..models import Holding, Post, Project
from .levels import confirm_posts

#: The role that opens the pages of whoever holds a post.
SEAT = "post_holder"


@transaction.atomic
def open_post(project: Project, *, by: Actor, kind: str, name: str, **known: Any) -> Post:
    """A post comes into being. ``known``: ``certificate`` (the one that must be held), ``is_management``."""
    name = name.strip()
    if project.posts.filter(name=name).exists():
        raise ValidationError({"name": _("这个项目已有“%(name)s”岗。请换个名称，如加班次或区域。") % {"name": name}})
    post = Post.objects.create(project=project, kind=kind, name=name, **known)
    _tell(project, by)
    return post


def _tell(project: Project, by: Actor) -> None:
    """What the office itself enters needs no further word; what a company enters waits for it."""
    if by.holds("association_secretariat"):
        confirm_posts(project, by=by)


@transaction.atomic
def change_post(post: Post, *, by: Actor, **changes: Any) -> Post:
    for field, value in changes.items():
        setattr(post, field, value)
    if post.project.posts.filter(name=post.name).exclude(pk=post.pk).exists():
        raise ValidationError({"name": _("这个项目已有“%(name)s”岗。") % {"name": post.name}})
    post.save()
    _tell(post.project, by)
    return post


@transaction.atomic
def close_post(post: Post, *, by: Actor, on: datetime.date) -> Post:
    """The post's last day; whoever holds it then holds it no longer."""
    later = post.holdings.filter(starts_on__gt=on).first()
    if later is not None:
        raise ValidationError({"on": _("%(day)s 起还有人任这一岗。请改成那天以后。") % {"day": later.starts_on}})
    for holding in post.holdings.filter(Q(ends_on=None) | Q(ends_on__gt=on)):
        end_holding(holding, by=by, on=on)
    post.closed_on = on
    post.save()
    _tell(post.project, by)
    return post


@transaction.atomic
def assign(
    post: Post,
    *,
    by: Actor,
    person: Person | None = None,
    name: str = "",
    phone: str = "",
    id_number: str = "",
    substitute: bool = False,
    starts_on: datetime.date | None = None,
    ends_on: datetime.date | None = None,
    certificate_number: str = "",
    certificate_until: datetime.date | None = None,
) -> Holding:
    """Someone holds the post from a day on, or stands in. A holder before them ends the day before.

    Refuses a post that is closed, one that asks for a certificate without its number, and a certificate that is no
    longer valid on the first day.
    """
    day = starts_on or today()
    Post.objects.select_for_update().get(pk=post.pk)
    person = person or find_or_add_person(by=by.key, name=name, phone=phone, id_number=id_number)
    wanted = Holding(
        post=post, person=person, substitute=substitute, starts_on=day, ends_on=ends_on,
        certificate_number=certificate_number.strip(), certificate_until=certificate_until,
    )  # fmt: skip
    _check(wanted)
    same = post.holdings.filter(starts_on__lte=ends_on or datetime.date.max).filter(
        Q(ends_on=None) | Q(ends_on__gte=day)
    )
    if same.filter(person=person).exists():
        raise ValidationError({"name": _("%(who)s 这段时间已在这一岗。") % {"who": person.masked_name}})
    if not substitute:
        _make_room(same.filter(substitute=False), day, by=by)
    wanted.save()
    _seat(wanted, by=by)
    return wanted


def _seat(holding: Holding, *, by: Actor) -> None:
    """Whoever holds a post may open its pages: the seat comes with the first post at a project and goes with the last.

    Nobody seats or unseats themselves; who keeps the posts of a project has a seat there already.
    """
    person, project = holding.person, holding.post.project
    if by.person_id == person.pk:
        return
    days = Holding.objects.filter(person=person, post__project=project).values_list("starts_on", "ends_on")
    ends = [last for _first, last in days if last is not None]
    last = max(ends) if len(ends) == len(days) else None
    seats = person.appointments.filter(role=SEAT, subject=project.key).order_by("-starts_on")
    seat = seats.exclude(ends_on__lt=min(first for first, _last in days)).first()
    if seat is None:
        if last is None or last >= today():
            appoint(person, SEAT, by=by.key, subject=project.key, starts_on=holding.starts_on, ends_on=last)
    elif last is not None and (seat.ends_on is None or seat.ends_on > last):
        end_appointment(seat, by=by.key, on=max(last, seat.starts_on))
    elif seat.ends_on is not None and (last is None or last > seat.ends_on):
        begins = max(holding.starts_on, seat.ends_on + datetime.timedelta(days=1))
        appoint(person, SEAT, by=by.key, subject=project.key, starts_on=begins, ends_on=last)


def _check(wanted: Holding) -> None:
    post = wanted.post
    if post.closed_on is not None and post.closed_on < wanted.starts_on:
        raise ValidationError({"starts_on": _("这一岗已在 %(day)s 撤销。") % {"day": post.closed_on}})
    if wanted.ends_on is not None and wanted.ends_on < wanted.starts_on:
        raise ValidationError({"ends_on": _("止日早于起日。请改成 %(day)s 或以后。") % {"day": wanted.starts_on}})
    if post.certificate and not wanted.certificate_number:
        raise ValidationError(
            {"certificate_number": _("这一岗要持%(what)s，请填证书编号。") % {"what": post.certificate}}
        )
    if wanted.certificate_until is not None and wanted.certificate_until < wanted.starts_on:
        raise ValidationError(
            {
                "certificate_until": _("证书在到岗前（%(day)s）已经过期。换证后再上岗。")
                % {"day": wanted.certificate_until}
            }
        )


def _make_room(others: Any, day: datetime.date, *, by: Actor) -> None:
    """A post has one holder: who is there goes the day before; who came later or on the day is in the way."""
    later = others.filter(starts_on__gte=day).first()
    if later is not None:
        raise ValidationError(
            {"starts_on": _("%(who)s 从 %(day)s 起任这一岗。请先结束那一任，或登记为替岗。")
             % {"who": later.person.masked_name, "day": later.starts_on}}
        )  # fmt: skip
    for other in others:
        other.ends_on = day - datetime.timedelta(days=1)
        other.save()
        _seat(other, by=by)


@transaction.atomic
def end_holding(holding: Holding, *, by: Actor, on: datetime.date) -> Holding:
    """The holder's last day; from the next day on the post is vacant unless someone follows."""
    if on < holding.starts_on:
        raise ValidationError({"on": _("离岗日早于到岗日。请改成 %(day)s 或以后。") % {"day": holding.starts_on}})
    holding.ends_on = on
    holding.save()
    _seat(holding, by=by)
    return holding


@transaction.atomic
def renew_certificate(holding: Holding, *, by: Actor, number: str, until: datetime.date) -> Holding:
    """A new certificate, or the old one for longer."""
    if until < today():
        raise ValidationError({"until": _("有效期已过。请填新证的有效期。")})
    holding.certificate_number, holding.certificate_until = number.strip(), until
    holding.save()
    return holding
