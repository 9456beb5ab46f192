"""The posts of the whole company: on one list, signed and done like others, and in nobody's numbers."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from wuxie.kernel.clock.now import frozen, today
from wuxie.kernel.facts.models import Fact
from wuxie.rooms.register.models import Project
from wuxie.rooms.register.tests import factories as register
from wuxie.rooms.safety import tailoring
from wuxie.rooms.safety.actions.lists import host_company, put_in_force, tailor
from wuxie.rooms.safety.actions.night import catch_up
from wuxie.rooms.safety.law import at
from wuxie.rooms.safety.models import Instance, Profile

from . import factories as make

pytestmark = pytest.mark.django_db
ONE = datetime.timedelta(days=1)


def hosting(project: Project) -> dict[str, Any]:
    """The project hosts the posts of its company, each held by somebody."""
    posts = make.prepared(project)
    for kind, name, phone in (
        ("company_principal", "总经理", "13900000091"),
        ("safety_director", "安全总监", "13900000092"),
    ):
        posts[kind] = register.post(project, name, kind=kind, certificate="")
        register.holding(posts[kind], f"{name}样", phone, certificate_number="Z1")
    host_company(project, by=make.keeper(project), hosts=True)
    return posts


def test_posts_of_the_whole_company_stand_on_one_list_and_not_in_its_numbers() -> None:
    project = register.project()
    posts = hosting(project)
    with frozen(make.BEGAN - ONE):
        made = put_in_force(project, by=make.keeper(project), starts_on=make.BEGAN, reason="首次编制")
    assert set(made.posts.filter(code__in=["PRINCIPAL", "SAFETY_DIR"]).values_list("post", flat=True)) == {
        posts["company_principal"].pk, posts["safety_director"].pk,
    }  # fmt: skip
    with frozen(make.BEGAN):
        catch_up()
    own = Instance.objects.filter(duty__list_post__code__in=["PRINCIPAL", "SAFETY_DIR"])
    assert own.exists()
    others = Instance.objects.exclude(pk__in=own.values("pk")).filter(closes_at__lte=at(make.BEGAN, 24))
    Instance.objects.filter(pk__in=own.values("pk")).update(closes_at=at(make.BEGAN, 23))
    with frozen(make.BEGAN + ONE):
        catch_up()
    due = Fact.objects.get(kind="safety.duty_due", occurred_on=make.BEGAN)
    assert due.quantity == others.count() * 1_000_000
    assert not tailoring.is_stale(made, Profile.objects.get(project=project))
    host_company(project, by=make.keeper(project), hosts=False)
    assert tailoring.is_stale(made, Profile.objects.get(project=project))


def test_only_one_project_of_a_company_hosts_them_and_only_the_company_says_which(enter: Any) -> None:
    project = register.project()
    second = register.project(register.estate("晚香里"), project.company)
    hosting(project)
    with pytest.raises(ValidationError, match="立春里.*先在那里取消"):
        host_company(second, by=make.keeper(second), hosts=True)
    other = register.project(register.estate("乙园"), register.company("乙物业", 2))
    host_company(other, by=make.keeper(other), hosts=True)
    manager = enter("经理", "project_manager", subject=project.key)
    page = f"/safety/projects/{project.pk}/company-posts/"
    assert manager.get(page).status_code == 403
    admin = enter("企业", "company_admin", organisation=project.company)
    assert admin.get(page).status_code == 200
    assert admin.post(page, {"once": "h1"}).status_code == 302
    assert not Profile.objects.get(project=project).hosts_company


def test_nobody_else_is_principal_or_safety_director_for_money() -> None:
    project = register.project()
    hosting(project)
    tailor(
        project,
        by=make.keeper(project),
        posts={"SAFETY_DIR": {"way": "outsourced", "shifts": "day", "contractor": "某公司"}},
        dropped={},
    )
    with pytest.raises(ValidationError, match="不能外包"):
        put_in_force(project, by=make.keeper(project), starts_on=today() + ONE, reason="首次编制")
