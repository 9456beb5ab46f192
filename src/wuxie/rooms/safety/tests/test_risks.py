"""The four-colour map: three figures make a colour, and only who keeps the project draws it."""

from __future__ import annotations

import doctest

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wuxie.kernel.facts.models import Fact
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.safety import risk
from wuxie.rooms.safety.actions import risks
from wuxie.rooms.safety.models import RiskPoint

pytestmark = pytest.mark.django_db
POINT = {
    "place": "1 号配电室", "area": "electric", "danger": "触电", "likelihood": 30, "exposure": 60, "consequence": 150,
    "control": "双人操作，挂牌上锁", "post": None,
}  # fmt: skip


def test_the_colour_follows_from_the_three_figures():
    assert doctest.testmod(risk).failed == 0
    assert risk.said(risk.score(30, 60, 150)) == "270" and risk.said(risk.score(5, 30, 10)) == "1.5"


def test_graded_anew_the_colour_changes_and_the_old_grade_stays(world):
    point = risks.grade(world.project, by=world["manager"], **POINT)
    assert point.colour == "orange" and point.score == 270_000
    risks.grade(world.project, by=world["manager"], point=point, **(POINT | {"likelihood": 10}))
    assert point.colour == "yellow" and point.history.count() == 2
    assert Fact.objects.filter(kind="safety.risk_graded").count() == 2
    risks.end(point, by=world["admin"])
    assert not RiskPoint.objects.current().exists() and RiskPoint.objects.count() == 1
    with pytest.raises(Refusal, match="已经撤销"):
        risks.end(point, by=world["admin"])
    with pytest.raises(Refusal, match="已经撤销"):
        risks.grade(world.project, by=world["admin"], point=point, **POINT)


@pytest.mark.parametrize("who", ["electrician", "street", "contact", "director", "office", "owner", "visitor"])
def test_who_may_not_draw(world, who):
    with pytest.raises(Refusal, match="企业管理员、项目经理"):
        risks.grade(world.project, by=world[who], **POINT)


def test_the_board_says_each_colour_in_words_and_which_figures_nobody_vouches_for(world, enter):
    risks.grade(world.project, by=world["manager"], **POINT)
    page = f"/safety/projects/{world.project.pk}/risks/"
    text = enter(person=world.people["street"]).get(page).content.decode()
    assert "橙 较大风险 270" in text and "红 重大风险" in text and "按未核定数值" in text and "改定级" not in text
    assert "改定级" in enter(person=world.people["manager"]).get(page).content.decode()
    assert enter(person=world.people["owner"]).get(page).status_code == 404


def test_the_forms(world, enter):
    manager, new = enter(person=world.people["manager"]), f"/safety/projects/{world.project.pk}/risks/new/"
    given = POINT | {"post": ""}
    assert manager.post(new, given | {"once": "a1"}).status_code == 302
    again = manager.post(new, given | {"once": "a2"})
    assert again.status_code == 422 and "已经在图上" in again.content.decode()
    wrong = manager.post(new, given | {"likelihood": "7", "control": "", "once": "a3"})
    assert wrong.status_code == 422 and RiskPoint.objects.count() == 1
    point = RiskPoint.objects.get()
    assert manager.post(f"/safety/risks/{point.pk}/", given | {"consequence": "400", "once": "a4"}).status_code == 302
    point.refresh_from_db()
    assert point.colour == "red"
    assert enter(person=world.people["street"]).get(f"/safety/risks/{point.pk}/").status_code == 403
    assert manager.post(f"/safety/risks/{point.pk}/end/", {"once": "a5"}).status_code == 422
    assert manager.post(f"/safety/risks/{point.pk}/end/", {"agreed": "on", "once": "a6"}).status_code == 302
    assert not RiskPoint.objects.current().exists()


def test_the_table_asks_the_same_for_three_rows_and_for_thirty(world, enter):
    street, asked = enter(person=world.people["street"]), []
    for more in (3, 27):
        for n in range(more):
            risks.grade(world.project, by=world["manager"], **(POINT | {"place": f"{more}-{n}"}))
        for address in ("/safety/risks/", f"/safety/projects/{world.project.pk}/risks/"):
            street.get(address)
            with CaptureQueriesContext(connection) as found:
                street.get(address)
            asked.append(len(found))
    assert asked[:2] == asked[2:]
