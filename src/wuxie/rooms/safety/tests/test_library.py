"""The library: what ships is sound, what is wrong is refused where it is wrong, what is published stays."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from wuxie.kernel.calc.problems import Problem
from wuxie.rooms.safety import library
from wuxie.rooms.safety.actions.library import publish, publish_shipped
from wuxie.rooms.safety.models import Library

SHIPPED = library.shipped()


def spoiled(path: str, value: Any) -> dict[str, Any]:
    """The shipped library with one value replaced; ``...`` takes it out."""
    document = copy.deepcopy(SHIPPED)
    *way, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
    at: Any = document
    for step in way:
        at = at[step]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return document


def duties(equipment: set[str], code: str) -> list[str]:
    post = next(post for post in library.posts(SHIPPED) if post.code == code)
    return [duty.code for duty in post.asked_of(equipment)]


def test_the_shipped_library_has_every_post_and_hazard() -> None:
    posts = [post for scope in ("company", "project") for post in library.posts(SHIPPED, scope)]
    assert (len(posts), sum(len(post.duties) for post in posts), len(SHIPPED["hazards"]["hazards"])) == (18, 156, 57)


def test_equipment_decides_which_duties_there_are() -> None:
    assert duties(set(), "LIFT") == []
    assert len(duties({"lift"}, "LIFT")) == 11
    assert "ELECTRICIAN-10" not in duties({"transformer"}, "ELECTRICIAN")
    assert "ELECTRICIAN-10" in duties({"transformer", "charging"}, "ELECTRICIAN")
    assert "CANTEEN-07" not in duties({"canteen"}, "CANTEEN")


def test_a_duty_after_an_event_has_a_term() -> None:
    spec = {duty.code: duty for post in library.posts(SHIPPED) for duty in post.duties}
    assert [spec[code].minutes for code in ("PM-09", "SECURITY-07", "MAINT-02", "PM-01")] == [60, 3, 1440, 0]


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("duties.posts.3.duties.0.every", "hourly", "$.duties.posts[3].duties[0].every"),
        ("duties.posts.3.duties.0.proof", [], "$.duties.posts[3].duties[0].proof"),
        ("duties.posts.3.duties.0.needs", ["lifts"], "$.duties.posts[3].duties[0].needs[0]"),
        ("duties.posts.3.duties.0.readings", ..., "$.duties.posts[3].duties[0].readings"),
        ("duties.posts.3.duties.0.readings.0.most", "0.10", "$.duties.posts[3].duties[0].readings[0].most"),
        ("duties.posts.3.duties.0.readings.0.least", 0.4, "$.duties.posts[3].duties[0].readings[0].least"),
        ("duties.posts.3.duties.0.hazards", ["HZ-X99"], "$.duties.posts[3].duties[0].hazards[0]"),
        ("duties.posts.3.duties.0.place", "cellar", "$.duties.posts[3].duties[0].place"),
        ("duties.posts.3.duties.1.id", "ENG_LEAD-01", "$.duties.posts[3].duties[1].id"),
        ("duties.posts.3.duties.0.id", "PM-01", "$.duties.posts[3].duties[0].id"),
        ("duties.posts.3.duties.0.event", "accident", "$.duties.posts[3].duties[0].event"),
        ("duties.posts.3.kind", ..., "$.duties.posts[3].kind"),
        ("duties.posts.3.colour", "red", "$.duties.posts[3].colour"),
        ("duties.posts.3.duties.1.do", "看" * 61, "$.duties.posts[3].duties[1].do"),
        ("duties.posts.2.duties.1.only", "night", "$.duties.posts[2].duties[1].only"),
        ("duties.posts.15.season", "winter", "$.duties.posts[15].season"),
        ("duties.seasons.swim.from", "13-01", "$.duties.seasons.swim.from"),
        ("duties.default_within.n", 0, "$.duties.default_within.n"),
        ("hazards.hazards.0.verifier", ["PM"], "$.hazards.hazards[0].verifier"),
        ("hazards.hazards.0.fixer", "nobody", "$.hazards.hazards[0].fixer"),
        ("hazards.hazards.0.days", 0, "$.hazards.hazards[0].hours"),
        ("hazards.version", "2", "$.hazards.version"),
    ],
)
def test_what_is_wrong_is_refused_at_its_place(path: str, value: Any, where: str) -> None:
    with pytest.raises(Problem) as refused:
        library.check(spoiled(path, value))
    assert refused.value.path == where
    assert refused.value.message


@pytest.mark.django_db
def test_a_version_is_published_once_and_frozen() -> None:
    made = publish_shipped()
    assert publish_shipped() == made
    with pytest.raises(ValidationError, match="换一个版本号"):
        publish(spoiled("duties.posts.3.label", "别的主管"), by="test")
    with pytest.raises(ValidationError, match="不能再改"):
        made.save()
    with pytest.raises(ValidationError, match="不能删除"):
        made.delete()
    for verb in (lambda: Library.objects.update(label="x"), lambda: Library.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            verb()
    assert Library.objects.get().label == "物业安全岗位责任清单"


@pytest.mark.django_db
def test_the_page_shows_every_duty_with_limits_and_who_checks(enter: Any) -> None:
    publish_shipped()
    text = enter("秘书", "association_secretariat").get(reverse("safety:library")).content.decode()
    for said in ("变压器温度 0–85 ℃", "配电柜过热", "电工改，工程主管复核", "有电梯的小区才有"):
        assert said in text
    assert enter("业主", "owner", subject="estate:1").get(reverse("safety:library")).status_code == 404


@pytest.mark.django_db
def test_the_same_library_is_published_once() -> None:
    assert publish(SHIPPED, by="clock") == publish(copy.deepcopy(SHIPPED), by="person:1")
    assert Library.objects.get().published_by == "clock"
