"""Who sees which rows: the company its own, government its area, a reviewer what was drawn, strangers what is published."""

from __future__ import annotations

import pytest

from wuxie.kernel.access.actor import NOBODY
from wuxie.kernel.clock.now import frozen
from wuxie.kernel.papers.models import Document
from wuxie.kernel.papers.visibility import may_see
from wuxie.rooms.rating import public
from wuxie.rooms.rating.actions import dispute as disputing
from wuxie.rooms.rating.actions import hearing
from wuxie.rooms.rating.models import Application, Award, Benefit, Draw, FactDispute, Objection, Snapshot

from . import factories
from .factories import DAY, awarded, drafted, in_review, published, record, submitted

pytestmark = pytest.mark.django_db
EVERYBODY = (
    "alice", "manager", "secretary", "president", "city", "district", "street", "community", "owner", "charlie", "reviewer1",
)  # fmt: skip


def seeing(world, model):
    found = {name for name in EVERYBODY if model.objects.visible_to(world[name]).exists()}
    return found | ({"visitor"} if model.objects.visible_to(NOBODY).exists() else set())


ASSOCIATION = {"secretary", "president"}
AREA = {"city", "district", "street", "community"}


def test_a_draft_is_the_companys_own(world):
    drafted(world)
    assert seeing(world, Application) == {"alice", "manager"} | ASSOCIATION


def test_a_sent_application_is_seen_by_its_area(world):
    submitted(world)
    assert seeing(world, Application) == {"alice", "manager"} | ASSOCIATION | AREA


def test_another_street_sees_nothing(world):
    submitted(world)
    world.someone("elsewhere", "他街", "gov_street", place_code="510402002")
    world.someone("otherdistrict", "他区", "gov_district", place_code="510403")
    for name in ("elsewhere", "otherdistrict"):
        assert not Application.objects.visible_to(world[name]).exists()


def test_snapshots_follow_their_application(world):
    in_review(world)
    drawn = {f"reviewer{number}" for number in range(1, 5)} & {
        name for name, person in world.people.items() if Draw.objects.get().result.count(person.pk)
    }
    assert seeing(world, Snapshot) - {"reviewer1"} == {"alice", "manager"} | ASSOCIATION | AREA
    assert ("reviewer1" in seeing(world, Snapshot)) == ("reviewer1" in drawn)


def test_who_was_drawn_is_not_known_to_the_company_before_the_review_is_over(world):
    application = in_review(world)
    assert seeing(world, Draw) == ASSOCIATION | {"city"}
    factories.put_in(application, "joint_hearing")
    assert seeing(world, Draw) == ASSOCIATION | AREA | {"alice", "manager"}


def test_who_objected_is_never_shown_to_the_company(world):
    application = published(world)
    with frozen(DAY(2026, 10, 22)):
        objection = hearing.object_to(application, text="渗水", contact="13900000000", by=world["owner"])
    assert seeing(world, Objection) == ASSOCIATION | {"city", "district"}
    letter = Document.objects.get(code="star_objection")
    assert letter.case == f"star_objection:{objection.pk}"
    for name in ("alice", "manager", "charlie"):
        assert not may_see(world[name], letter.case)
    assert may_see(world["secretary"], letter.case) and not may_see(NOBODY, letter.case)
    with frozen(DAY(2026, 10, 23)):
        hearing.reject_objection(objection, by=world["second"], reply="查无此事")
    assert seeing(world, Objection) == ASSOCIATION | {"city", "district", "alice"}
    assert not may_see(world["alice"], letter.case)


def test_the_contact_is_sealed_and_the_objector_is_no_text_in_the_clear(world):
    from django.db import connection

    application = published(world)
    with frozen(DAY(2026, 10, 22)):
        objection = hearing.object_to(application, text="渗水", contact="13900001234")
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact FROM rating_objection")
        assert b"13900001234" not in bytes(cursor.fetchone()[0])
    assert Objection.objects.get(pk=objection.pk).contact == "13900001234"
    assert not Document.objects.filter(values__icontains="13900001234").exists()


def test_a_receipt_finds_its_objection_and_a_wrong_one_nothing(world):
    application = published(world)
    with frozen(DAY(2026, 10, 22)):
        objection = hearing.object_to(application, text="渗水")
    assert public.objection(objection.receipt).pk == objection.pk
    assert public.objection("0000-0000-0") is None


def test_benefits_are_seen_by_who_owes_them_and_by_their_area(world):
    awarded(world)
    assert seeing(world, Benefit) == {"alice", "manager"} | ASSOCIATION | AREA


def test_awards_are_public(world):
    awarded(world)
    assert seeing(world, Award) == {*EVERYBODY, "visitor"}


def test_disputes_are_seen_by_the_company_and_its_area(world):
    fact = record(world.project.key, "petition.valid_fault", on=DAY(2026, 8, 8))
    disputing.open_dispute(world.project, fact.pk, by=world["alice"], reason="不对")
    assert seeing(world, FactDispute) == {"alice", "manager"} | ASSOCIATION | AREA


def test_an_unpublished_case_is_not_public(world):
    application = in_review(world)
    assert not Application.objects.public().exists()
    factories.put_in(application, "publicity")
    assert Application.objects.public().exists()
