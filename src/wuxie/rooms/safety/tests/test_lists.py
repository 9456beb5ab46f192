"""Duty lists: cut to the estate, valid by day, manned by certified people, signed by their own hand."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from wuxie.kernel.access.actor import Actor, Seat, actor_of
from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.notify.models import Message
from wuxie.kernel.papers.models import Document
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.actions.posts import end_holding
from wuxie.rooms.register.models import Project
from wuxie.rooms.register.tests import factories as register
from wuxie.rooms.safety import queries
from wuxie.rooms.safety.actions import reporting
from wuxie.rooms.safety.actions.lists import keep_profile, put_in_force, sign, tailor
from wuxie.rooms.safety.models import Duty, ListPost, Signature

from . import factories as make

DAY = datetime.date
ONE = datetime.timedelta(days=1)
NOW = DAY(2026, 10, 20)

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return register.project()


def posts_of(duty_list: Any) -> dict[str, ListPost]:
    return {post.code: post for post in duty_list.posts.all()}


def test_a_list_has_the_duties_of_what_the_estate_has_and_no_others(project: Project) -> None:
    made = make.in_force(project)
    codes = set(Duty.objects.filter(list_post__duty_list=made).values_list("code", flat=True))
    assert {"LIFT-01", "ELECTRICIAN-01", "FCR-01"} <= codes
    assert not {code for code in codes if code.startswith(("POOL", "CANTEEN", "PUMP"))}
    assert "ENG_LEAD-02" not in codes  # no generator
    assert Fact.objects.filter(kind="safety.list_decided", subject=project.key).count() == 1


def test_nobody_but_the_projects_own_keepers_decides_its_list(project: Project) -> None:
    make.prepared(project)
    other = Actor("person:9", "别家", seats=(Seat("company_admin", project.company_id + 1),))
    office = Actor("person:8", "秘书处", seats=(Seat("association_secretariat", 1),))
    for stranger in (other, office):
        for act in (
            lambda by: keep_profile(project, by=by, equipment={"pool": 1}),
            lambda by: tailor(project, by=by, posts={}, dropped={}),
            lambda by: put_in_force(project, by=by, starts_on=NOW + ONE, reason="改"),
        ):
            with pytest.raises(Refusal, match="由企业管理员、项目经理办理"):
                act(stranger)
    assert not project.duty_lists.exists()


def test_no_post_hangs_in_the_air(project: Project) -> None:
    make.prepared(project, pool=1)
    with frozen(NOW), pytest.raises(ValidationError, match="“泳池管理员”还没有落实到岗"):
        put_in_force(project, by=make.keeper(project), starts_on=NOW + ONE, reason="首次编制")
    make.outsource(project, "POOL")
    with frozen(NOW):
        made = put_in_force(project, by=make.keeper(project), starts_on=NOW + ONE, reason="首次编制")
    pool = posts_of(made)["POOL"]
    assert (pool.way, pool.contractor, pool.post) == ("outsourced", "安护公司", None)


def test_a_company_does_not_contract_out_the_answering_for_a_project(project: Project) -> None:
    make.prepared(project)
    make.outsource(project, "PM")
    with frozen(NOW), pytest.raises(ValidationError, match="不能外包"):
        put_in_force(project, by=make.keeper(project), starts_on=NOW + ONE, reason="首次编制")


def test_a_change_of_equipment_asks_for_a_new_version(project: Project, enter: Any) -> None:
    make.in_force(project)
    browser, address = enter("秘书", "association_secretariat"), reverse("safety:project", args=[project.pk])
    with frozen(NOW):
        assert "该出新版" not in browser.get(address).content.decode()
        keep_profile(project, by=make.keeper(project), equipment=make.EQUIPMENT | {"generator": 1})
        assert "该出新版" in browser.get(address).content.decode()
        put_in_force(project, by=make.keeper(project), starts_on=NOW + ONE, reason="添了发电机")
        assert "该出新版" not in browser.get(address).content.decode(), "it is decided, though it begins tomorrow"
        make.outsource(project, "CLEANER")
        assert "该出新版" in browser.get(address).content.decode(), "who does it is part of the list"


def test_one_post_may_do_the_work_of_another(project: Project) -> None:
    known = make.prepared(project, pool=1)
    tailor(
        project,
        by=make.keeper(project),
        posts={"POOL": {"way": "combined", "post": known["guard"].pk, "shifts": "day"}},
        dropped={},
    )
    with frozen(NOW):
        made = put_in_force(project, by=make.keeper(project), starts_on=NOW + ONE, reason="首次编制")
    assert posts_of(made)["POOL"].post == known["guard"]


def test_a_duty_is_left_out_only_with_a_reason(project: Project) -> None:
    make.prepared(project)
    with pytest.raises(ValidationError, match="要写理由"):
        tailor(project, by=make.keeper(project), posts={}, dropped={"CS-07": " "})
    tailor(project, by=make.keeper(project), posts={}, dropped={"CS-07": "没有空置房"})
    made = make.in_force(project)
    assert made.dropped == {"CS-07": "没有空置房"}
    assert not Duty.objects.filter(list_post__duty_list=made, code="CS-07").exists()


def test_on_every_day_there_is_one_valid_list_and_what_it_said_is_kept(project: Project) -> None:
    first = make.in_force(project)
    with frozen(NOW):
        keep_profile(project, by=make.keeper(project), equipment=make.EQUIPMENT | {"generator": 1})
        second = put_in_force(project, by=make.keeper(project), starts_on=NOW + ONE, reason="添了发电机")
    assert queries.list_on(project, make.BEGAN - ONE) is None
    assert [queries.list_on(project, day) for day in (make.BEGAN, NOW, NOW + ONE)] == [first, first, second]
    assert not Duty.objects.filter(list_post__duty_list=first, code="ENG_LEAD-02").exists()
    assert Duty.objects.filter(list_post__duty_list=second, code="ENG_LEAD-02").exists()
    for rows in (Duty.objects.filter(list_post__duty_list=first), ListPost.objects.filter(duty_list=first)):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            rows.update(code="X")


@pytest.mark.parametrize(
    ("starts_on", "sentence"),
    [(NOW, "最早从明天起"), (DAY(2029, 1, 1), "不在服务期内"), (DAY(2026, 10, 25), "上一版从 2026-10-26 起")],
)
def test_a_version_begins_on_a_day_that_is_possible(project: Project, starts_on: DAY, sentence: str) -> None:
    make.in_force(project, DAY(2026, 10, 26))
    with frozen(NOW), pytest.raises(ValidationError, match=sentence):
        put_in_force(project, by=make.keeper(project), starts_on=starts_on, reason="改")


def state_of(duty_list: Any, code: str, day: DAY = NOW) -> str:
    return next(row.state for row in queries.manned(duty_list, day) if row.post.code == code)


def vacant(day: DAY = NOW) -> set[str]:
    return set(ListPost.objects.on(day).vacant(day).values_list("code", flat=True))


def test_a_post_is_vacant_unless_held_or_covered_by_somebody_with_the_certificate(project: Project) -> None:
    made = make.in_force(project)
    electrician = posts_of(made)["ELECTRICIAN"].post
    assert electrician is not None
    assert (state_of(made, "ELECTRICIAN"), "ELECTRICIAN" in vacant()) == ("vacant", True)
    register.holding(electrician, "甲替", "13900000011", substitute=True)
    assert (state_of(made, "ELECTRICIAN"), "ELECTRICIAN" in vacant()) == ("vacant", True)  # no certificate
    register.holding(
        electrician, "乙替", "13900000012", substitute=True, certificate_number="T1", certificate_until=NOW
    )
    assert (state_of(made, "ELECTRICIAN"), "ELECTRICIAN" in vacant()) == ("substituted", False)
    assert "ELECTRICIAN" in vacant(NOW + ONE)  # it lapsed overnight
    held = register.holding(electrician, "丙任", "13900000013")
    assert (state_of(made, "ELECTRICIAN"), "ELECTRICIAN" in vacant()) == ("uncertified", False)
    end_holding(held, by=make.keeper(project), on=NOW - ONE)
    register.holding(electrician, "丁任", "13900000014", certificate_number="T2", starts_on=NOW)
    assert state_of(made, "ELECTRICIAN") == "staffed"


def test_the_plan_warns_where_one_person_cannot_be_in_two_places(project: Project) -> None:
    made = make.in_force(project)
    posts = posts_of(made)
    for code in ("SECURITY", "CLEANER", "CS"):
        register.holding(posts[code].post, "忙一", "13900000021")
    said = queries.warnings(queries.manned(made, NOW))
    assert [text for text in said if "分身不开" in text] == [
        "忙一 同时任立春里秩序岗和立春里保洁岗，每班都有职责，分身不开。"
    ]
    assert "秩序岗有 2 班，只登记了 1 人，一个人轮不过来。" in said
    assert "客服岗没有能替岗的人（替岗要持同样的证书）。" in said


def test_a_clash_at_another_estate_is_seen_too(project: Project) -> None:
    made = make.in_force(project)
    other = make.in_force(register.project(register.estate("霜降苑"), register.company()))
    for duty_list in (made, other):
        register.holding(posts_of(duty_list)["SECURITY"].post, "两头跑", "13900000022")
    said = queries.warnings(queries.manned(made, NOW))
    assert any("立春里秩序岗和霜降苑秩序岗" in text for text in said)


def test_only_who_holds_the_post_signs_once_and_anew_for_each_version(project: Project, someone: Any) -> None:
    first = make.in_force(project)
    post = posts_of(first)["CLEANER"]
    holding = register.holding(post.post, "签字人", "13900000031")
    by = actor_of(holding.person)
    with frozen(NOW):
        made = sign(post, by=by)
        assert made.document.startswith(f"AQ-{project.pk}-CLEANER-2026-")
        with pytest.raises(ValidationError, match="已经签过"):
            sign(post, by=by)
        with pytest.raises(ValidationError, match="本人"):
            sign(post, by=actor_of(someone("旁人", "company_admin", organisation=project.company)))
        second = put_in_force(project, by=make.keeper(project), starts_on=NOW + ONE, reason="法规变了")
        assert list(queries.to_sign(by, NOW)) == [posts_of(second)["CLEANER"]], "before it begins, too"
    with frozen(NOW + ONE):
        with pytest.raises(ValidationError, match="已经停用"):
            sign(post, by=by)
        assert next(row.unsigned for row in queries.manned(second, NOW + ONE) if row.post.code == "CLEANER") == [
            holding
        ]
        sign(posts_of(second)["CLEANER"], by=by)
    assert Signature.objects.count() == 2
    assert Fact.objects.filter(kind="safety.letter_signed").count() == 2


# Pages


@pytest.fixture
def manager(enter: Any, project: Project) -> Any:
    return enter("经理", "project_manager", subject=project.key)


def test_a_manager_takes_a_project_from_nothing_to_a_list(project: Project, manager: Any) -> None:
    make.posts(project)
    make.publish_shipped()
    with frozen(NOW):
        here = reverse("safety:project", args=[project.pk])
        assert "还没有清单" in manager.get(here).content.decode()
        assert manager.get(reverse("safety:tailor", args=[project.pk])).status_code == 302  # equipment first
        manager.post(reverse("safety:equipment", args=[project.pk]), {"lift": "4", "transformer": "2"})
        page = manager.get(reverse("safety:tailor", args=[project.pk]))
        sent = {name: field.initial for name, field in page.context["form"].fields.items() if field.initial}
        refused = manager.post(reverse("safety:tailor", args=[project.pk]), sent | {"drop-CS": ["CS-07"]})
        assert (refused.status_code, "就要写为什么" in refused.content.decode()) == (422, True)
        assert (
            manager.post(
                reverse("safety:tailor", args=[project.pk]), sent | {"drop-CS": ["CS-07"], "why-CS": "满了"}
            ).status_code
            == 302
        )
        answer = manager.post(
            reverse("safety:start", args=[project.pk]), {"starts_on": "2026-10-21", "reason": "首次编制"}, follow=True
        )
    text = answer.content.decode()
    assert answer.status_code == 200
    for said in ("责任清单第 1 版", "每台电梯乘一遍", "未到生效日", "巡空置房", "满了"):
        assert said in text


def test_whoever_must_sign_a_new_version_is_told_once_and_sees_it_on_the_desk(project: Project, enter: Any) -> None:
    posts = make.prepared(project)
    holder = register.holding(posts["cleaner"], "保洁丁", "13900000061").person
    away = register.holding(posts["guard"], "走了的", "13900000062")
    with frozen(NOW):
        end_holding(away, by=make.keeper(project), on=NOW - ONE)
        made = put_in_force(project, by=make.keeper(project), starts_on=NOW + ONE, reason="首次编制")
        assert [(row.person_key, row.link) for row in Message.objects.filter(title__contains="责任书")] == [
            (holder.key, reverse("safety:mine"))
        ]
        browser, desk = enter(person=holder), reverse("desk")
        sign_at = reverse("safety:sign", args=[posts_of(made)["CLEANER"].pk])
        assert sign_at in browser.get(desk).content.decode()
        browser.post(sign_at, {"agreed": "on"})
        assert "待签责任书" not in browser.get(desk).content.decode(), "nothing is left to sign"


def test_a_holder_sees_only_their_own_post_and_signs_it(project: Project, enter: Any) -> None:
    made = make.in_force(project)
    posts = posts_of(made)
    person = register.holding(posts["CLEANER"].post, "保洁甲", "13900000041").person
    browser = enter(person=person)
    with frozen(NOW):
        assert "保洁岗" in browser.get(reverse("safety:mine")).content.decode()
        assert browser.get(posts["ELECTRICIAN"].get_absolute_url()).status_code == 404
        sign_at = reverse("safety:sign", args=[posts["CLEANER"].pk])
        assert browser.post(sign_at, {}).status_code == 422
        answer = browser.post(sign_at, {"agreed": "on"}, follow=True)
        assert "已签责任书" in answer.content.decode()
        assert "签责任书" not in [
            act["label"] for act in browser.get(posts["CLEANER"].get_absolute_url()).context.get("acts", [])
        ]
        address = reverse("papers:document", args=[paper_of(posts["CLEANER"]).pk])
        assert f"{address}?as=word" in browser.get(posts["CLEANER"].get_absolute_url()).content.decode()
        paper = browser.get(address)
        assert register.whole(paper).startswith(b"%PDF")


def paper_of(post: ListPost) -> Any:
    return Document.objects.get(number=post.signatures.get().document)


def test_the_list_of_projects_counts_what_is_vacant_and_unsigned(project: Project, enter: Any) -> None:
    made = make.in_force(project)
    posts = posts_of(made)
    cleaner = register.holding(posts["CLEANER"].post, "保洁乙", "13900000051")
    register.holding(posts["CS"].post, "客服丙", "13900000052")
    bare = register.project(register.estate("空里"), register.company("乙物业", 2))
    with frozen(NOW):
        sign(posts["CLEANER"], by=actor_of(cleaner.person))
        browser = enter("秘书", "association_secretariat")
        answer = browser.get(reverse("safety:lists"))
        rows = {row.pk: row.cells[3:] for row in answer.context["shown"].lines}
        assert rows[project.pk] == ["1", "2026-10-12", "11", "9", "1"]
        assert rows[bare.pk] == ["—", "—", "0", "0", "0"]
        for view, pk in (("none", bare.pk), ("vacant", project.pk), ("unsigned", project.pk)):
            shown = browser.get(reverse("safety:lists"), {"view": view}).context["shown"].lines
            assert [row.pk for row in shown] == [pk], view
        sheet = browser.get(reverse("safety:lists"), {"format": "xlsx"})
        assert register.whole(sheet).startswith(b"PK")


def test_a_signature_for_one_post_is_none_for_another_that_the_same_person_does(project: Project, enter: Any) -> None:
    known = make.prepared(project)
    wish = {"way": "combined", "post": known["cleaner"].pk, "shifts": "day"}
    tailor(project, by=make.keeper(project), posts={"GARDENER": wish}, dropped={})
    made = make.in_force(project)
    holding = register.holding(known["cleaner"], "两岗", "13900000071")
    with frozen(NOW):
        sign(posts_of(made)["GARDENER"], by=actor_of(holding.person))
        rows = enter("秘书", "association_secretariat").get(reverse("safety:lists")).context["shown"].rows
        assert [row.unsigned for row in rows] == [1]


def test_strangers_find_nothing(project: Project, enter: Any) -> None:
    made = make.in_force(project)
    owner = enter("业主", "owner", subject=project.estate.key)
    rival = enter("同行", "company_admin", organisation=register.company("乙物业", 2))
    street = enter("街道", "gov_street", place="510402001")
    other_street = enter("别的街道", "gov_street", place="510403001")
    addresses = [
        reverse("safety:project", args=[project.pk]),
        made.get_absolute_url(),
        posts_of(made)["PM"].get_absolute_url(),
    ]
    with frozen(NOW):
        for address in addresses:
            assert [one.get(address).status_code for one in (owner, rival, other_street, street)] == [
                404,
                404,
                404,
                200,
            ]
        assert street.get(reverse("safety:start", args=[project.pk])).status_code == 403


def test_a_list_is_not_put_in_force_before_the_equipment_is_known(project: Project) -> None:
    with frozen(NOW), pytest.raises(ValidationError, match="请先登记小区有哪些设施"):
        put_in_force(project, by=make.keeper(project), starts_on=NOW + ONE, reason="第一版")


def test_nothing_is_taken_down_without_a_library(project: Project) -> None:
    with frozen(NOW), pytest.raises(Refusal, match="职责库还没有发布，请联系管理员"):
        reporting.report(
            project, "", by=make.keeper(project), place="3栋", words="积水", photos=(), source="public", once="k1"
        )
