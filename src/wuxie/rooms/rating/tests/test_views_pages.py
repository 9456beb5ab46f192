"""Every page answers those it is for, and nobody else."""

from __future__ import annotations

import pytest
from django.urls import reverse

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.standards import actions as making
from wuxie.kernel.standards.models import Version
from wuxie.kernel.workflow.models import Event, Follow
from wuxie.rooms.rating.actions import dispute, hearing
from wuxie.rooms.rating.models import Benefit, FactDispute

from .factories import DAY, awarded, drafted, in_review, published

pytestmark = pytest.mark.django_db

OFFICE = ("secretary", "president")
GOVERNMENT = ("city", "district", "street", "community")
OWN = ("alice", "manager")
STRANGER = ("charlie",)


@pytest.fixture
def browse(world, enter):
    """``browse("alice")`` → a browser in which that person of the world is signed in."""
    return lambda name: enter(person=world.people[name])


def status(browse, name, url):
    return browse(name).get(url).status_code


@pytest.mark.parametrize("name", [*OFFICE, *GOVERNMENT, *OWN])
def test_lists_open_for_whoever_has_a_part_in_the_rating(browse, world, name):
    awarded(world)
    browser = browse(name)
    for url in ("rating_applications", "rating_benefits", "rating_awards", "rating_cycles", "rating_standards", "rating_scores",
                "rating_disputes"):  # fmt: skip
        assert browser.get(reverse(url)).status_code == 200, url


def test_what_is_still_owed_stands_before_what_is_over(browse, world):
    application = awarded(world)
    first, *rest = application.benefits.order_by("due_on", "pk")
    Benefit.objects.filter(pk=first.pk).update(state=Benefit.State.REVERSED)
    text = browse("secretary").get(reverse("rating_benefits")).content.decode()
    places = [text.index(reverse("rating_benefit", args=[one.pk])) for one in (*rest, first)]
    assert places == sorted(places)


def test_lists_are_exported_as_they_are_seen(browse, world):
    awarded(world)
    for url in ("rating_applications", "rating_benefits", "rating_awards"):
        answer = browse("secretary").get(reverse(url) + "?format=csv")
        assert answer.status_code == 200 and "翠屏花园" in b"".join(answer).decode("utf-8-sig"), url
    assert "翠屏花园" not in browse("charlie").get(reverse("rating_applications")).content.decode()


@pytest.mark.parametrize(("name", "wanted"), [
    *((name, 200) for name in (*OFFICE, *GOVERNMENT, *OWN)), ("charlie", 404), ("owner", 404), ("reviewer4", 404),
])  # fmt: skip
def test_the_page_of_an_application_is_for_its_parties(browse, world, name, wanted):
    application = published(world)
    drawn = set(application.assignments.values_list("reviewer_id", flat=True))
    if world.people[name].pk in drawn:
        wanted = 200
    assert status(browse, name, reverse("rating_application", args=[application.pk])) == wanted
    live = 404 if name == "reviewer4" else wanted
    assert status(browse, name, reverse("rating_score", args=[world.project.pk])) == live


def test_the_desk_widens_to_all_one_may_see_and_narrows_to_what_one_follows(browse, world):
    application = in_review(world)
    here, desk = reverse("rating_application", args=[application.pk]), reverse("desk")
    link = f'href="{here}"'
    district = browse("district")
    assert link not in district.get(desk).content.decode()
    assert link in district.get(desk, {"view": "all"}).content.decode()
    assert "还没有关注的事" in district.get(desk, {"view": "followed"}).content.decode()
    district.post(f"{here}follow/")
    assert link in district.get(desk, {"view": "followed"}).content.decode()
    district.post(f"{here}follow/")
    assert link not in district.get(desk, {"view": "followed"}).content.decode()
    for stranger in ("charlie", "owner"):
        assert link not in browse(stranger).get(desk, {"view": "all"}).content.decode()


def test_following_shows_no_case_that_one_may_no_longer_see(browse, world):
    application = in_review(world)
    Follow.objects.create(workflow="star_application", case_pk=application.pk, person_key=world["charlie"].key)
    assert "翠屏花园" not in browse("charlie").get(reverse("desk"), {"view": "followed"}).content.decode()


def test_a_draft_is_the_companys_own(browse, world):
    application = drafted(world)
    for name, wanted in (("alice", 200), ("manager", 200), ("charlie", 404), ("street", 404)):
        assert status(browse, name, reverse("rating_application", args=[application.pk])) == wanted, name
    assert status(browse, "street", reverse("rating_draft", args=[application.pk])) == 404


def test_the_case_page_says_where_it_stands_whose_turn_it_is_and_why_the_rest_is_closed(browse, world):
    application = published(world)
    with frozen(DAY(2026, 10, 22)):
        page = browse("city").get(reverse("rating_application", args=[application.pk])).content.decode()
    for word in (
        "翠屏花园 · 四星申报",
        "公示中",
        "形式审查",
        "联席审定",
        "拟四星",
        "92.4",
        "可核验",
        "授星决定",
        "最早 2026-10-28 决定",
        "经过",
    ):
        assert word in page, word


def test_cost_of_the_list_does_not_grow_with_its_length(browse, world, django_assert_max_num_queries):
    awarded(world)
    browser = browse("secretary")
    with django_assert_max_num_queries(40):
        browser.get(reverse("rating_applications"))


def test_cycles_standards_and_starting_an_application_open_and_refuse(browse, world):
    page = browse("secretary").get(reverse("rating_cycle", args=[world.cycle.pk])).content.decode()
    assert "申报走到哪一步" in page
    assert "申报走到哪一步" not in browse("alice").get(reverse("rating_cycle", args=[world.cycle.pk])).content.decode()
    assert str(Version.objects.get()) in browse("secretary").get(reverse("rating_cycles")).content.decode()
    assert status(browse, "alice", reverse("rating_cycle_new")) == 403
    assert status(browse, "owner", reverse("rating_cycles")) == 404
    assert status(browse, "alice", reverse("rating_apply")) == 200
    assert status(browse, "secretary", reverse("rating_apply")) == 404
    draft = making.copy_to_draft(Version.objects.get(), version="2", by="test")
    assert status(browse, "secretary", reverse("rating_standard", args=[draft.pk])) == 200
    assert status(browse, "alice", reverse("rating_standard", args=[draft.pk])) == 404


def test_an_objection_is_for_the_office_and_the_company_reads_only_what_was_decided(browse, world):
    application = published(world)
    with frozen(DAY(2026, 10, 22)):
        objection = hearing.object_to(application, text="三月的渗水没有修", contact="13900000000", by=world["owner"])
        url = reverse("rating_objection", args=[objection.pk])
        assert "三月的渗水没有修" in browse("second").get(url).content.decode()
        assert status(browse, "alice", url) == 404
        hearing.reject_objection(objection, by=world["second"], reply="经查已于四月修好")
        page = browse("alice").get(url).content.decode()
        assert "经查已于四月修好" in page
        own = browse("alice").get(reverse("rating_application", args=[application.pk])).content.decode()
        listed = browse("alice").get(reverse("rating_objections")).content.decode()
    for text in (page, own, listed):
        for secret in ("业主甲", "13900000000", "三月的渗水没有修"):
            assert secret not in text
    assert "身份已遮" in own


def test_the_objectors_contact_is_read_by_the_office_for_a_reason_that_stays(browse, world):
    application = published(world)
    with frozen(DAY(2026, 10, 22)):
        objection = hearing.object_to(application, text="三月的渗水没有修", contact="13900000000", by=world["owner"])
        url = reverse("rating_objection_contact", args=[objection.pk])
        office = browse("secretary")
        assert "13900000000" not in office.get(reverse("rating_objection", args=[objection.pk])).content.decode()
        assert browse("alice").post(url, {"reason": "想知道是谁"}).status_code == 404
        assert "请写明为什么要看" in office.post(url, {"reason": ""}).content.decode()
        assert "13900000000" in office.post(url, {"reason": "电话核实现场"}).content.decode()
    kept = Event.objects.get(workflow="star_objection", step="note")
    assert (kept.label, kept.note, kept.by) == ("查看了异议人联系方式", "电话核实现场", world["secretary"].key)


def test_a_disputed_fact_has_a_page_for_its_parties(browse, world):
    from wuxie.kernel.facts.models import Fact

    fact = Fact.objects.get(kind="ticket.closed_on_time")
    browser = browse("alice")
    asked = reverse("rating_dispute_fact", kwargs={"pk": world.project.pk, "fact": fact.pk})
    assert browser.get(asked).status_code == 200
    assert "请写明这条事实哪里不对" in browser.post(asked, {"reason": ""}).content.decode()
    assert browser.post(asked, {"reason": "三件已在期内办结"}).status_code == 302
    made = FactDispute.objects.get()
    url = reverse("rating_dispute", args=[made.pk])
    assert [status(browse, name, url) for name in ("alice", "secretary", "street", "charlie", "owner")] == [
        200,
        200,
        200,
        404,
        404,
    ]
    page = browser.get(reverse("rating_score", args=[world.project.pk])).content.decode()
    assert "有争议，暂不计" in page and "A1 +34.00" in page
    dispute.withdraw(made, by=world["alice"])


def test_a_benefit_is_seen_by_who_owes_it_and_who_gets_it(browse, world):
    plaque = awarded(world).benefits.get(kind="plaque")
    url = reverse("rating_benefit", args=[plaque.pk])
    assert [status(browse, name, url) for name in ("city", "alice", "secretary", "charlie", "owner")] == [
        200,
        200,
        200,
        404,
        404,
    ]


def test_reviewers_see_what_was_drawn_for_them_and_nobody_else_does(browse, world):
    application = in_review(world)
    drawn = [one.reviewer for one in application.assignments.current()]
    score = reverse("rating_score", args=[application.project_id])
    assert score in browse("secretary").get(reverse("rating_application", args=[application.pk])).content.decode()
    for person in world.reviewers:
        name = next(key for key, one in world.people.items() if one.pk == person.pk)
        wanted = 200 if person in drawn else 404
        assert status(browse, name, reverse("rating_task", args=[application.pk])) == wanted
        assert status(browse, name, reverse("rating_reviews")) == 200
        assert score not in browse(name).get(reverse("rating_application", args=[application.pk])).content.decode()
    for name in ("secretary", "alice", "charlie"):
        assert status(browse, name, reverse("rating_task", args=[application.pk])) == 404
        assert status(browse, name, reverse("rating_reviews")) == 404


def test_the_cost_of_the_list_of_scores_does_not_grow_with_the_projects(browse, world):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from .factories import a_year, estate, serve

    browser = browse("alice")
    with CaptureQueriesContext(connection) as one:
        page = browser.get(reverse("rating_scores")).content.decode()
    assert "翠屏花园" in page
    for number in range(5):
        a_year(serve(world.company, estate(f"分期{number}")))
    with CaptureQueriesContext(connection) as six:
        page = browser.get(reverse("rating_scores")).content.decode()
    assert "分期4" in page and len(six) <= len(one)


def test_a_list_of_scores_says_the_same_as_each_score_alone(world):
    from wuxie.rooms.rating import live, scorecard

    alone = scorecard.card(live.live_score(world.project))
    listed = scorecard.totals([world.project])[world.project.pk]
    assert (listed.total, listed.stars) == (alone.total, alone.stars)
    counted = [line for section in alone.sections for line in section.lines if line.value is not None]
    assert listed.missing == sum(not line.counted for line in counted) == 1


def test_the_office_sees_the_draw_and_the_closed_marks_without_names(browse, world):
    application = published(world)
    page = browse("secretary").get(reverse("rating_application", args=[application.pk])).content.decode()
    assert "评审抽取" in page and "评审 3" in page and "按现场与材料" in page
    assert not any(str(one.name) in page for one in world.reviewers)
