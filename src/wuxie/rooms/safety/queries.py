"""Reads: which list was valid, who stands where, and where one person is asked for in two places."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from wuxie.kernel import labels
from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.models import Appointment
from wuxie.kernel.parties.roles import GOVERNMENT
from wuxie.kernel.search import plain
from wuxie.kernel.statutes.figures import figure
from wuxie.kernel.statutes.queries import HOME_CITY
from wuxie.rooms.register.models import Holding, Project

from .law import SHIFTS, at
from .models import Duty, DutyList, Hazard, Instance, ListPost, Profile
from .models.hazards import COMPANY_SAFETY
from .models.lists import seen_by
from .words import Every


def projects(actor: Actor) -> QuerySet[Project]:
    """The projects whose duty lists this person may read."""
    return Project.objects.filter(seen_by(actor, at=""))


def equipment_of(projects: Iterable[int]) -> dict[int, dict[str, int]]:
    """What the profiles of these projects hold, for other rooms: project → equipment → how many; no row without a profile."""
    return dict(Profile.objects.filter(project__in=list(projects)).values_list("project", "equipment"))


def list_on(project: Project, day: datetime.date) -> DutyList | None:
    """The list that was valid on a day."""
    return DutyList.objects.on(day).filter(project=project).first()


def holding_of(actor: Actor, post: ListPost, day: datetime.date | None = None) -> Holding | None:
    """How this person stands at a post of a list: as its holder, as a substitute, or not at all."""
    if post.post_id is None or actor.person_id is None:
        return None
    rows = Holding.objects.on(day or today()).filter(post=post.post_id, person=actor.person_id)
    return rows.order_by("substitute").first()


def people_of(posts: Iterable[ListPost], day: datetime.date) -> dict[int, list[Holding]]:
    """Who holds each post of the register on a day, holders first: post → holdings, by one query."""
    rows = Holding.objects.on(day).filter(post__in=[post.post_id for post in posts if post.post_id])
    found: dict[int, list[Holding]] = defaultdict(list)
    for holding in rows.select_related("person").order_by("substitute", "starts_on", "pk"):
        found[holding.post_id].append(holding)
    return found


def has_papers(post: ListPost, holding: Holding, day: datetime.date) -> bool:
    """Whether somebody has the certificate that a post asks for, valid on a day."""
    if not post.certificate:
        return True
    until = holding.certificate_until
    return bool(holding.certificate_number) and (until is None or until >= day)


@dataclass(frozen=True)
class Manned:
    """A post of a list with the people of a day."""

    post: ListPost
    people: list[Holding]
    signed: dict[int, datetime.datetime] = field(default_factory=dict)
    """Person → when they signed."""
    day: datetime.date = datetime.date.min

    def _may(self, holding: Holding) -> bool:
        return has_papers(self.post, holding, self.day)

    @property
    def holder(self) -> Holding | None:
        return next((one for one in self.people if not one.substitute), None)

    @property
    def substitutes(self) -> list[Holding]:
        """Those who may stand in: with the certificate that the post asks for."""
        return [one for one in self.people if one.substitute and self._may(one)]

    @property
    def state(self) -> str:
        """``outsourced``, ``staffed``, ``uncertified`` (its holder's paper is missing or lapsed), ``substituted``, ``vacant``."""
        if self.post.way == ListPost.Way.OUTSOURCED:
            return "outsourced"
        if self.holder is not None:
            return "staffed" if self._may(self.holder) else "uncertified"
        return "substituted" if self.substitutes else "vacant"

    @property
    def unsigned(self) -> list[Holding]:
        return [one for one in self.people if one.person_id not in self.signed]


def manned(duty_list: DutyList, day: datetime.date) -> list[Manned]:
    """The posts of a list with their people and signatures."""
    posts = list(duty_list.posts.select_related("post").prefetch_related("signatures", "duties"))
    people = people_of(posts, day)
    return [
        Manned(
            post, people.get(post.post_id or 0, []),
            {one.person_id: one.signed_at for one in post.signatures.all()}, day,
        )
        for post in posts
    ]  # fmt: skip


def warnings(rows: list[Manned]) -> list[str]:
    """What the plan cannot hold: nobody to stand in, too few people for the shifts, one person in two places at once."""
    said = []
    for one in rows:
        if one.state == "outsourced":
            continue
        if not one.substitutes:
            said.append(_("%(post)s没有能替岗的人（替岗要持同样的证书）。") % {"post": labels.said(one.post)})
        wanted = len(SHIFTS[one.post.shifts])
        if 0 < len(one.people) < wanted:
            said.append(
                _("%(post)s有 %(wanted)s 班，只登记了 %(n)s 人，一个人轮不过来。")
                % {"post": labels.said(one.post), "wanted": wanted, "n": len(one.people)}
            )
    return said + _clashes(rows)


def _clashes(rows: list[Manned]) -> list[str]:
    """People who hold several posts with duties of the same hours, here or at another project."""
    day = rows[0].day if rows else today()
    holders = {one.holder.person_id: one.holder.person for one in rows if one.holder}
    held: dict[int, list[ListPost]] = defaultdict(list)
    elsewhere = Holding.objects.on(day).filter(person__in=holders, substitute=False).values_list("post", "person")
    where: Mapping[int, int] = dict(elsewhere)
    posts = ListPost.objects.on(day).filter(post__in=where, duties__every=Every.SHIFT).distinct()
    for post in posts.select_related("post", "duty_list__project__estate").order_by("pk"):
        held[where[post.post_id or 0]].append(post)
    said = []
    for person, several in held.items():
        for first, second in combinations(several, 2):
            if _overlap(first.shifts, second.shifts):
                said.append(
                    _("%(who)s 同时任%(first)s和%(second)s，每班都有职责，分身不开。")
                    % {"who": holders[person].name, "first": _named(first), "second": _named(second)}
                )
    return said


def _named(post: ListPost) -> str:
    return f"{post.duty_list.project.estate.name}{labels.said(post)}"


def _overlap(first: str, second: str) -> bool:
    return any(a < d and c < b for a, b, _only in SHIFTS[first] for c, d, _too in SHIFTS[second])


def due_on(day: datetime.date) -> QuerySet[Instance]:
    """The duties that can be done at some moment of a day."""
    return Instance.objects.filter(opens_at__lt=at(day, 24), closes_at__gt=at(day))


#: So long before its end a duty that is not done is about to be missed.
SOON = datetime.timedelta(hours=2)


def can_be_done(moment: datetime.datetime) -> Q:
    """Duties that wait to be done at a moment."""
    return Q(
        state__in=(Instance.State.SCHEDULED, Instance.State.SUSPICIOUS), opens_at__lte=moment, closes_at__gt=moment
    )


def nearly_missed(moment: datetime.datetime) -> Q:
    """Those of them that are about to be missed."""
    return can_be_done(moment) & Q(closes_at__lte=moment + SOON)


def my_posts(actor: Actor, day: datetime.date) -> QuerySet[ListPost]:
    """The posts of the lists in force that this person holds, or stands in for."""
    held = Holding.objects.on(day).filter(person=actor.person_id or 0).values("post")
    return ListPost.objects.on(day).filter(post__in=held)


def signers(duty_list: DutyList, day: datetime.date) -> list[int]:
    """The people who hold a post of a list on a day, or stand in: each signs for it."""
    held = Holding.objects.on(day).filter(post__in=duty_list.posts.exclude(post=None).values("post"))
    return list(held.order_by("person_id").values_list("person_id", flat=True).distinct())


def coming_posts(actor: Actor, day: datetime.date) -> QuerySet[ListPost]:
    """The posts of lists that begin later: their letters can be signed already."""
    held = Holding.objects.on(day).filter(person=actor.person_id or 0).values("post")
    return ListPost.objects.filter(duty_list__starts_on__gt=day, post__in=held)


def to_sign(actor: Actor, day: datetime.date) -> QuerySet[ListPost]:
    """The posts, now or soon on a list in force, for which this person has not signed."""
    return (my_posts(actor, day) | coming_posts(actor, day)).exclude(signatures__person=actor.person_id or 0)


# Hazards.


def term(name: str) -> int:
    """A figure of this room (``hazard_verify``) as it is in force today."""
    return figure(f"safety.{name}", on=today(), region=HOME_CITY).number


def has_seat(role: str, organisation: int) -> bool:
    """Whether anybody holds this office at an organisation today."""
    return Appointment.objects.now().filter(role=role, organisation=organisation).exists()


def holders(project: int, kind: str = "", *, leading: bool = False) -> list[int]:
    """The people who hold a post of a project today: of one kind, or those that lead others."""
    rows = Holding.objects.on(today()).filter(post__project=project, post__closed_on=None, substitute=False)
    if kind:
        rows = rows.filter(post__kind=kind)
    if leading:
        rows = rows.filter(post__is_management=True)
    return list(rows.order_by("pk").values_list("person", flat=True))


def workers(project: Project) -> dict[int, str]:
    """Whoever may be named to mend something: person → name and posts, holders and substitutes of today."""
    rows = (
        Holding.objects.on(today()).filter(post__project=project, post__closed_on=None).select_related("person", "post")
    )
    found: dict[int, tuple[str, list[str]]] = {}
    for row in rows.order_by("substitute", "post__kind", "pk"):
        found.setdefault(row.person_id, (row.person.name, []))[1].append(str(row.post))
    return {pk: f"{name}（{'、'.join(dict.fromkeys(posts))}）" for pk, (name, posts) in found.items()}


def suggested(hazard: Hazard, wanted: str) -> int | None:
    """Who would mend it by the library: the holder of the post that it names."""
    way, _colon, kind = wanted.partition(":")
    found = holders(hazard.project_id, kind or wanted, leading=way == "lead")
    return found[0] if found else None


def same_place(first: str, second: str) -> bool:
    """Whether two descriptions name one place, whatever blanks and widths were typed."""
    return plain(first).replace(" ", "") == plain(second).replace(" ", "")


def earlier(hazard: Hazard) -> Hazard | None:
    """The same hazard at the same place of the estate, found or closed within the days of the rule; the newest."""
    since = today() - datetime.timedelta(days=term("hazard_repeat"))
    rows = Hazard.objects.filter(project__estate=hazard.project.estate_id, code=hazard.code).exclude(pk=hazard.pk)
    rows = rows.exclude(state=Hazard.State.DISMISSED).filter(Q(found_on__gte=since) | Q(closed_on__gte=since))
    return next((one for one in rows.order_by("-opened_at", "-pk")[:200] if same_place(one.place, hazard.place)), None)


def reportable(actor: Actor) -> QuerySet[Project]:
    """The projects of today at which this person reports hazards under their own name."""
    held = Holding.objects.on(today()).filter(person=actor.person_id or 0).values("post__project")
    return (
        Project.objects.on(today())
        .filter(
            actor.within("estate__place_id", *GOVERNMENT)
            | Q(company__in=actor.organisations("company_admin", *COMPANY_SAFETY))
            | Q(pk__in=actor.ids("project", "project_manager"))
            | Q(pk__in=held)
        )
        .select_related("estate", "company")
        .order_by("estate__name", "pk")
    )


def payers() -> list[tuple[str, str]]:
    """Who usually pays for mending: by whose part it is; a hint, no decision."""
    return [
        (_("保修期内"), _("建设单位")), (_("共用部位，日常维修"), _("物业费")),
        (_("共用部位，大修"), _("专项维修资金，或业主分摊")), (_("业主自己家里"), _("该业主")),
        (_("水电气等专营设施"), _("专业经营单位；没有移交的按产权")), (_("人为损坏"), _("损坏的人")),
    ]  # fmt: skip


def risk_lines() -> tuple[int, int, int]:
    """From which D on a risk is red, orange and yellow today."""
    return term("risk_red"), term("risk_orange"), term("risk_yellow")


def risk_lines_vouched() -> bool:
    """Whether somebody vouches for all three."""
    names = ("risk_red", "risk_orange", "risk_yellow")
    return all(figure(f"safety.{name}", on=today(), region=HOME_CITY).confirmed for name in names)


def ended_on(day: datetime.date) -> QuerySet[Instance]:
    """The duties whose time ended on a day; midnight belongs to the day that it ends."""
    return Instance.objects.filter(closes_at__gt=at(day), closes_at__lte=at(day, 24))


def duty_names(project: Project) -> dict[str, str]:
    """The duties of the list in force that a place may be tied to: code → words in the reader's language."""
    rows = Duty.objects.filter(list_post__duty_list__in=DutyList.objects.on(today()).filter(project=project))
    texts = rows.exclude(every=Every.EVENT).order_by("list_post", "pk").values_list("code", "text")
    return {code: labels.said(text) for code, text in texts}
