"""The verbs of duty lists: say what the estate has, cut the library to it, put a version in force, sign for a post."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.facts.ledger import announce
from wuxie.kernel.labels import Sentence
from wuxie.kernel.notify.tell import tell
from wuxie.kernel.workflow.demands import may
from wuxie.rooms.register.models import Project

from .. import facts, papers
from ..library import DutySpec
from ..models import Duty, DutyList, Library, ListPost, Profile, Signature
from ..queries import holding_of, signers
from ..rules import company_of, keeper
from ..tailoring import Planned, digest, lacking, planned, profile_of

ONE = datetime.timedelta(days=1)
TO_SIGN = Sentence(gettext_noop("请签岗位安全责任书：%(estate)s责任清单第 %(n)s 版"))
BEGINS = Sentence(gettext_noop("%(day)s 起执行。看过本岗位的职责再签，每个岗位签一份。"))


@transaction.atomic
def keep_profile(project: Project, *, by: Actor, equipment: Mapping[str, int]) -> Profile:
    """What the estate has, and how many; nought means there is none."""
    may(keeper, project, by, _("登记设施"))
    profile = profile_of(project)
    profile.equipment = {name: count for name, count in equipment.items() if count}
    profile.save()
    return profile


@transaction.atomic
def host_company(project: Project, *, by: Actor, hosts: bool) -> Profile:
    """Where the posts of the whole company stand: on the list of one of its projects, from that list's next version on."""
    may(company_of, project, by, _("放公司级岗位"))
    profile = profile_of(project)
    if hosts:
        others = Profile.objects.filter(hosts_company=True, project__company=project.company_id).exclude(
            project=project
        )
        elsewhere = others.filter(project__in=Project.objects.on(today())).select_related("project__estate").first()
        if elsewhere is not None:
            raise ValidationError(
                _("公司级岗位已放在“%(name)s”的清单上，先在那里取消。") % {"name": elsewhere.project.estate.name}
            )
    profile.hosts_company = hosts
    profile.save()
    return profile


@transaction.atomic
def tailor(
    project: Project, *, by: Actor, posts: Mapping[str, Mapping[str, Any]], dropped: Mapping[str, str]
) -> Profile:
    """How each post is arranged, and which duties do not apply here, each with its reason."""
    may(keeper, project, by, _("裁剪职责"))
    for code, reason in dropped.items():
        if not reason.strip():
            raise ValidationError(_("不适用的职责 %(code)s 要写理由。") % {"code": code})
    profile = profile_of(project)
    profile.posts = {code: dict(wish) for code, wish in posts.items()}
    profile.dropped = {code: reason.strip() for code, reason in dropped.items()}
    profile.save()
    return profile


@transaction.atomic
def put_in_force(project: Project, *, by: Actor, starts_on: datetime.date, reason: str) -> DutyList:
    """A new version from a day on; the one before ends the day before, and everybody signs anew.

    It begins tomorrow at the earliest: what is due today was laid down last night.
    """
    may(keeper, project, by, _("启用责任清单"))
    project = Project.objects.select_for_update().get(pk=project.pk)
    source = Library.objects.all().newest()
    profile = Profile.objects.filter(project=project).first()
    if source is None or profile is None:
        raise ValidationError(_("请先登记小区有哪些设施。"))
    rows = planned(profile, source)
    missing = lacking(rows)
    if missing:
        raise ValidationError(missing)
    current = DutyList.objects.filter(project=project, ends_on=None).first()
    _check_day(project, current, starts_on)
    if current is not None:
        DutyList.objects.filter(pk=current.pk).update(ends_on=starts_on - ONE)
    made = DutyList(
        project=project, number=project.duty_lists.count() + 1, library=source, equipment=profile.equipment,
        dropped=profile.dropped, starts_on=starts_on, reason=reason.strip(), decided_by=by.key, decided_name=by.name,
        decided_at=now(), sha256=digest(rows),
    )  # fmt: skip
    made.save()
    _write(made, rows)
    announce(
        facts.LIST_DECIDED.code, project.key, occurred_on=today(), source=f"safety_list:{made.pk}", by=by.key,
        details={"number": str(made.number), "from": starts_on.isoformat(), "sha256": made.sha256},
    )  # fmt: skip
    tell(
        signers(made, today()), TO_SIGN(estate=project.estate.name, n=made.number), BEGINS(day=starts_on), link=reverse("safety:mine"),
        key=f"safety_list:{made.pk}:sign",
    )  # fmt: skip
    return made


def _check_day(project: Project, current: DutyList | None, starts_on: datetime.date) -> None:
    if starts_on <= today():
        raise ValidationError({"starts_on": _("最早从明天起。今天的职责昨夜已经排好。")})
    last = project.last_day
    if starts_on < project.starts_on or (last is not None and starts_on > last):
        raise ValidationError({"starts_on": _("这一天不在服务期内。")})
    if current is not None and starts_on <= current.starts_on:
        raise ValidationError({"starts_on": _("上一版从 %(day)s 起，新版要晚于这一天。") % {"day": current.starts_on}})


def _write(made: DutyList, rows: list[Planned]) -> None:
    """The posts and duties of a new list, each by one statement."""
    posts = [(row, post) for row in rows if row.duties for post in (row.posts or [None])]
    written = ListPost.objects.bulk_create(
        ListPost(
            duty_list=made, code=row.spec.code, label=row.spec.label, certificate=row.spec.certificate, shifts=row.shifts,
            way=row.way, post=post, contractor=row.contractor if row.way == ListPost.Way.OUTSOURCED else "",
        )
        for row, post in posts
    )  # fmt: skip
    Duty.objects.bulk_create(
        [_duty(at, spec) for at, (row, _post) in zip(written, posts, strict=True) for spec in row.duties],
        batch_size=500,
    )


def _duty(at: ListPost, spec: DutySpec) -> Duty:
    first, last = spec.season or ("", "")
    return Duty(
        list_post=at, code=spec.code, every=spec.every, text=spec.text, proof=list(spec.proof), averts=spec.averts,
        basis=spec.basis, event=spec.event, minutes=spec.minutes, place=spec.place, only=spec.only, season_from=first,
        season_to=last, readings=[dict(row) for row in spec.readings], hazards=list(spec.hazards),
    )  # fmt: skip


@transaction.atomic
def sign(post: ListPost, *, by: Actor) -> Signature:
    """The holder or a substitute signs the letter of responsibility for a post; nobody signs for another."""
    post = ListPost.objects.select_related("duty_list__project__estate", "post").get(pk=post.pk)
    holding = holding_of(by, post)
    if holding is None:
        raise ValidationError(_("只有任岗人、替岗人本人能签。"))
    ends_on = post.duty_list.ends_on
    if ends_on is not None and ends_on < today():
        raise ValidationError(_("这一版清单已经停用，请签现行的一版。"))
    if post.signatures.filter(person=holding.person_id).exists():
        raise ValidationError(_("这份责任书您已经签过。"))
    document = papers.letter(post, holding, by=by)
    made = Signature.objects.create(
        list_post=post, person=holding.person, substitute=holding.substitute, document=document.number, signed_at=now()
    )
    announce(
        facts.LETTER_SIGNED.code,
        post.duty_list.project.key,
        occurred_on=today(),
        source=f"document:{document.pk}",
        by=by.key,
    )
    return made
