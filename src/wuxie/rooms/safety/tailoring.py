"""The library cut to one project: which posts and duties there will be, and what still stands in the way."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from wuxie.kernel import labels
from wuxie.kernel.clock.now import today
from wuxie.kernel.standards.actions import canonical
from wuxie.rooms.register.models import Post, Project

from . import library
from .models import DutyList, Library, ListPost, Profile
from .words import Scope


@dataclass(frozen=True)
class Planned:
    """One post of the library at this project. ``posts`` of the register do it; none where a contractor does."""

    spec: library.PostSpec
    shifts: str
    way: str
    contractor: str
    posts: list[Post]
    duties: list[library.DutySpec]
    asked: list[library.DutySpec]
    """Everything that the equipment asks for, the dropped ones too."""

    @property
    def lacking(self) -> str:
        """The sentence of what is missing before this post can stand on a list."""
        if self.way == ListPost.Way.OUTSOURCED:
            return "" if self.contractor else _("“%(post)s”外包给谁还没有写。") % {"post": labels.said(self.spec.label)}
        if self.posts:
            return ""
        return _("“%(post)s”还没有落实到岗。请在名录里设岗，或写明兼岗、外包。") % {
            "post": labels.said(self.spec.label)
        }


def profile_of(project: Project) -> Profile:
    """The project's profile; for a new one, what was known of the estate under the company before."""
    found = Profile.objects.filter(project=project).first()
    if found is not None:
        return found
    before = Profile.objects.filter(project__estate=project.estate_id).order_by("-project__starts_on").first()
    return Profile(project=project, equipment=dict(before.equipment) if before else {})


def specs_of(profile: Profile, source: Library) -> Iterator[library.PostSpec]:
    """The library's posts of a project, and before them those of the whole company where it hosts them."""
    if profile.hosts_company:
        yield from library.posts(source.document, Scope.COMPANY)
    yield from library.posts(source.document)


def planned(profile: Profile, source: Library) -> list[Planned]:
    """The posts that the equipment asks for, with what was arranged for each."""
    by_kind: dict[str, list[Post]] = defaultdict(list)
    by_pk: dict[int, Post] = {}
    for post in profile.project.posts.on(today()).order_by("name", "pk"):
        by_kind[post.kind].append(post)
        by_pk[post.pk] = post
    found = []
    for spec in specs_of(profile, source):
        asked = spec.asked_of(profile.equipment)
        duties = [duty for duty in asked if duty.code not in profile.dropped]
        if not asked:
            continue
        wish = profile.posts.get(spec.code, {})
        way = wish.get("way", ListPost.Way.OWN)
        if way == ListPost.Way.OWN:
            posts = by_kind.get(spec.kind, [])
        else:
            chosen = by_pk.get(wish.get("post", 0))
            posts = [chosen] if chosen is not None and way == ListPost.Way.COMBINED else []
        found.append(
            Planned(spec, wish.get("shifts", spec.shifts), way, wish.get("contractor", ""), posts, duties, asked)
        )
    return found


def lacking(rows: list[Planned]) -> list[str]:
    """Everything that stands in the way of a list."""
    said = [row.lacking for row in rows if row.duties and row.lacking]
    if any(row.spec.kind == Post.Kind.MANAGER and row.way == ListPost.Way.OUTSOURCED for row in rows):
        said.append(_("项目经理要由本企业的人担任，不能外包。"))
    if any(row.spec.scope == Scope.COMPANY and row.way == ListPost.Way.OUTSOURCED for row in rows):
        said.append(_("主要负责人、安全总监要由本企业的人担任，不能外包。"))
    return said


def digest(rows: list[Planned]) -> str:
    """The hash of what is decided: who does what, how often, with which proof."""
    decided = {
        row.spec.code: {
            "shifts": row.shifts, "way": row.way, "contractor": row.contractor, "posts": [post.pk for post in row.posts],
            "duties": {duty.code: [duty.every, duty.text, *duty.proof] for duty in row.duties},
        }
        for row in rows
    }  # fmt: skip
    return hashlib.sha256(canonical(decided)).hexdigest()


def is_stale(latest: DutyList, profile: Profile) -> bool:
    """Whether what is wanted now differs from the latest list, in force or still to come: then a new version is due."""
    source = Library.objects.all().newest()
    return source is not None and (
        latest.equipment != profile.equipment
        or latest.library_id != source.pk
        or latest.sha256 != digest(planned(profile, source))
    )
