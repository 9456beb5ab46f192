"""A petition's own clock: told, objected to, answered, reviewed twice, lapsed; who handles which level."""

from __future__ import annotations

import pytest

from wuxie.kernel.papers.models import Document
from wuxie.kernel.workflow import clock, engine
from wuxie.kernel.workflow.models import DeadlineRow
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.mediation.actions import handling
from wuxie.rooms.mediation.actions import petitions as actions
from wuxie.rooms.mediation.models import Petition
from wuxie.rooms.mediation.petition_workflow import PETITION

from .factories import DAY, HIDDEN, at, petition

pytestmark = pytest.mark.django_db
S = Petition.State
PEOPLE = (
    "admin",
    "manager",
    "community",
    "street",
    "district",
    "city",
    "office",
    "owner",
    "mediator",
    "visitor",
    "clock",
)
#: step → (from, to: a dash stays, who, for a petition before the street).
STEPS = {
    "accept": ("received", "accepted_notice", {"street"}),
    "object": ("received", "competence_objection", {"street"}),
    "reassign": ("competence_objection", "received", {"district"}),
    "extend": ("accepted_notice", "-", {"street"}),
    "answer": ("accepted_notice", "answered", {"street"}),
    "ask_review": ("answered", "review_requested", {"street", "district"}),
    "review": ("review_requested", "reviewed", {"district"}),
    "ask_final": ("reviewed", "final_review", {"district", "city"}),
    "conclude": ("final_review", "concluded", {"city"}),
    "lapse": ("answered reviewed", "concluded", {"clock"}),
}


def row(case, name):
    return DeadlineRow.objects.filter(case_pk=case.pk, workflow="petition", name=name).latest("pk")


def test_who_may_take_a_step_in_which_state(world):
    case, actors = petition(world.project), {one: world[one] for one in PEOPLE}
    assert set(STEPS) == set(PETITION.steps)
    for state in S.values:
        Petition.objects.filter(pk=case.pk).update(state=state)
        found = Petition.objects.select_related("project__estate", "dispute").get(pk=case.pk)
        for name, (source, target, who) in STEPS.items():
            for person, actor in actors.items():
                try:
                    engine.check(PETITION, name, found, by=actor)
                    got = True
                except Refusal as refusal:
                    got = refusal.code == "guard"
                assert got == (state in source.split() and person in who), (name, state, person)
            assert (PETITION.steps[name].target or "-") == target


def test_the_days_of_the_regulation(world):
    case = petition(world.project, received_on=DAY(2027, 3, 8))
    assert row(case, "petition_accept").due_on == DAY(2027, 3, 23), "fifteen days from the day it got there"
    actions.accept(case, by=world["street"])
    assert row(case, "petition_conclude").due_on == DAY(2027, 5, 10), "sixty days end on a Sunday"
    actions.extend(case, by=world["street"], note="要等鉴定")
    assert (row(case, "petition_conclude").due_on - DAY(2027, 5, 10)).days in (29, 30, 31)
    with pytest.raises(Refusal, match="延长过一次"):
        actions.extend(case, by=world["street"], note="再等")
    actions.answer(case, by=world["street"], words="责令限期拆除")
    assert row(case, "petition_ask_review").due_on == DAY(2027, 4, 9)
    actions.asked("ask_review")(case, by=world["street"], note="本人来信请求")
    actions.review(case, by=world["district"], words="维持")
    actions.asked("ask_final")(case, by=world["district"], note="本人来信请求")
    actions.conclude(case, by=world["city"], words="维持，终结")
    assert case.state == "concluded"
    labels = list(Document.objects.on(f"petition:{case.pk}").order_by("pk").values_list("label", flat=True))
    assert labels == ["信访受理告知书", "信访处理意见书", "信访复查意见书", "信访复核意见书"]


def test_not_ours_is_said_within_five_working_days(world):
    late = petition(world.project)
    with at(DAY(2027, 3, 18)), pytest.raises(Refusal, match="5 个工作日"):
        actions.object_to(late, by=world["street"], note="归城管")
    case = petition(world.project)
    actions.object_to(case, by=world["street"], note="归区住建")
    actions.reassign(case, by=world["district"], level="gov_district")
    assert (case.state, case.level) == ("received", "gov_district")
    with pytest.raises(Refusal):
        actions.accept(case, by=world["street"])
    actions.accept(case, by=world["district"])


def test_who_does_not_ask_in_time_has_no_review(world):
    case = petition(world.project)
    actions.accept(case, by=world["street"])
    actions.answer(case, by=world["street"], words="已处理")
    with at(DAY(2027, 4, 10)):
        for _again in range(3):
            clock.take_due()
    case.refresh_from_db()
    assert case.state == "concluded"


def test_a_dispute_handed_over_keeps_its_layers_apart(world):
    case = world.registered()
    handling.classify(case, by=world["office"], title=case.title, category="M4.07", summary="顶楼违建")
    actions.hand_over(case, by=world["office"], level="gov_street")
    made = Petition.objects.get()
    assert (case.state, made.dispute) == ("transferred", case)
    assert not DeadlineRow.objects.filter(workflow="dispute", case_pk=case.pk, state="open").exists()
    assert row(made, "petition_accept").state == "open"


def test_a_hidden_petitioner_stays_hidden(world, browser):
    case = petition(world.project)
    for name in ("community", "street", "district", "city", "office"):
        text = browser(name).get(case.get_absolute_url(), follow=True).content.decode()
        assert HIDDEN not in text and "欧" not in text
        assert HIDDEN not in browser(name).get("/mediation/petitions/").content.decode()
    with pytest.raises(Refusal, match="不公开身份"):
        actions.accept(case, by=world["street"], note=f"{HIDDEN}来过")
    assert browser("office").get(case.get_absolute_url()).status_code == 404, "the association sees what it handed over"
    assert browser("admin").get(case.get_absolute_url()).status_code == 404


def test_the_office_s_form(world, browser):
    street = browser("street")
    given = {
        "estate": world.project.estate_id,
        "level": "gov_street",
        "title": "违建",
        "summary": "顶楼搭建",
        "petitioner": "黎来访",
    }
    answer = street.post("/mediation/petitions/new/", given)
    assert answer.status_code == 302
    page = street.get(answer.headers["Location"]).content.decode()
    assert "黎**" in page and "黎来访" not in page
    assert browser("admin").get("/mediation/petitions/new/").status_code == 404


def test_who_takes_a_petition_down_and_which_level_handles_it(world):
    with pytest.raises(Refusal, match="请选由哪一级办理"):
        petition(world.project, level="gov_moon")
    with pytest.raises(Refusal, match="只有本地的街道、区县、市主管部门登记信访事项"):
        actions.receive(world.project.estate, by=world["community"], level="gov_street", title="违建", summary="拆除")
    case = petition(world.project)
    Petition.objects.filter(pk=case.pk).update(state=S.OBJECTED)
    case.refresh_from_db()
    with pytest.raises(Refusal, match="请选由哪一级办理"):
        actions.reassign(case, by=world["district"], level="gov_moon")
