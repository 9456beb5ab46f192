"""A project with posts, people and a duty list in force; every name is invented."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from wuxie.kernel.access.actor import NOBODY, Actor, Seat
from wuxie.kernel.clock.now import frozen, now
from wuxie.rooms.register.models import Holding, Post, Project
from wuxie.rooms.register.tests import factories as register
from wuxie.rooms.safety.actions import drills, incidents, occurrences, permits, reporting, risks
from wuxie.rooms.safety.actions.library import publish_shipped
from wuxie.rooms.safety.actions.lists import keep_profile, put_in_force, tailor
from wuxie.rooms.safety.models import (
    Check,
    Drill,
    Duty,
    DutyList,
    Hazard,
    Incident,
    Instance,
    Occurrence,
    Permit,
    RiskPoint,
    Spot,
)

DAY = datetime.date
HOUR = datetime.timedelta(hours=1)
#: What every project of these tests has.
EQUIPMENT = {"lift": 4, "transformer": 2, "fire_control_room": 1}
#: The day on which the first list begins.
BEGAN = DAY(2026, 10, 12)
POSTS = {
    "project_manager": "项目经理", "electrician": "电工", "fire_control": "消控室", "guard": "秩序岗", "cleaner": "保洁岗",
    "greening": "绿化岗", "lift_safety": "电梯安全员", "service": "客服岗", "repair": "维修岗", "engineering": "工程主管",
    "fitout": "装修管理岗",
}  # fmt: skip


def keeper(project: Project) -> Actor:
    """Whoever administers the company that serves the project."""
    return Actor("person:0", "企业管理员", seats=(Seat("company_admin", project.company_id),))


def posts(project: Project) -> dict[str, Post]:
    """A post of every kind that the library asks for."""
    made = {post.kind: post for post in project.posts.all()}
    return {
        kind: made.get(kind) or register.post(project, name, kind=kind, certificate="") for kind, name in POSTS.items()
    }


def prepared(project: Project, **equipment: int) -> dict[str, Post]:
    """Everything but the list itself."""
    publish_shipped()
    keep_profile(project, by=keeper(project), equipment=EQUIPMENT | equipment)
    return posts(project)


def in_force(project: Project, starts_on: DAY = BEGAN, **known: Any) -> DutyList:
    """A list from a day on, decided the day before."""
    prepared(project)
    with frozen(starts_on - datetime.timedelta(days=1)):
        return put_in_force(project, by=keeper(project), **({"starts_on": starts_on, "reason": "首次编制"} | known))


def outsource(project: Project, code: str, contractor: str = "安护公司") -> None:
    tailor(
        project,
        by=keeper(project),
        posts={code: {"way": "outsourced", "shifts": "day", "contractor": contractor}},
        dropped={},
    )


def hazard(project: Project, code: str = "HZ-F05", **known: Any) -> Hazard:
    """What a stranger saw, read off the code on the wall."""
    publish_shipped()
    given = {
        "place": "2栋3楼",
        "words": "防火门关不上",
        "photos": (),
        "source": "public",
        "once": f"{project.key}-{Hazard.objects.count()}",
    }
    return reporting.report(project, code, by=NOBODY, **(given | known))


def risk_point(project: Project, **known: Any) -> RiskPoint:
    given = {
        "place": "泵房", "area": "water", "danger": "淹水", "likelihood": 10, "exposure": 30, "consequence": 70, "control": "每班看水位",
    }  # fmt: skip
    return risks.grade(project, by=keeper(project), **(given | known))


def done(duty_list: DutyList, holding: Holding) -> tuple[Instance, Check, Spot]:
    """A duty of the list as it came due, what somebody sent for it, and the place where it is done; laid down by hand."""
    project, duty = duty_list.project, Duty.objects.filter(list_post__duty_list=duty_list).order_by("pk")[0]
    moment = now()
    due = Instance.objects.create(
        duty=duty, project=project, day=moment.date(), shift=0, opens_at=moment - HOUR, closes_at=moment + HOUR
    )
    spot = Spot.objects.create(project=project, label="2# 配电室", kind="power_room", made_by="test", made_at=moment)
    times = dict.fromkeys(("started_at", "done_at", "sent_at", "received_at", "happened_at"), moment)
    check = Check.objects.create(
        id=uuid.uuid4(), instance=due, person=holding.person, substitute=False, by=holding.person.key, signed_name="样",
        clock_off=False, outcome="normal", verdict="accepted", standing="on_time", body_sha256="0" * 64, **times,
    )  # fmt: skip
    return due, check, spot


#: Whom a contractor sent, and whom an incident hurt: no page shows either in plain.
WORKER, HURT = "吴样作业", "郑样伤者"


def permit(project: Project, number: int = 0, **known: Any) -> Permit:
    """A contractor's worker asks for a permit of the day, through the company; each number has people of its own."""
    post = project.posts.filter(name=f"监护岗{number}").first() or register.post(
        project, f"监护岗{number}", kind="guard", certificate=""
    )
    phone = f"1370{project.pk % 1000:03d}{number:04d}"
    guardian = post.holdings.first() or register.holding(post, f"监护样{number}", phone, starts_on=DAY(2020, 1, 1))
    given = {
        "kind": "height", "work": "换灯", "place": f"{number + 1} 栋屋面", "starts_at": now(), "ends_at": now() + 8 * HOUR,
        "worker_name": WORKER, "worker_phone": f"1360{project.pk % 1000:03d}{number:04d}", "contractor": "例安公司",
        "certificate": "510402199001011234", "certificate_until": DAY(2030, 1, 1), "guardian": guardian.person,
    }  # fmt: skip
    return permits.apply(project, by=keeper(project), **(given | known))


def drill(project: Project, **known: Any) -> Drill:
    given = {"kind": "fire", "due_on": now().date() + 30 * 24 * HOUR}
    return drills.add(project, by=keeper(project), **(given | known))


def incident(project: Project, **known: Any) -> Incident:
    """One with somebody who was hurt."""
    given = {"kind": "fall", "place": "台阶", "words": "滑倒", "happened_at": now() - HOUR}
    made = incidents.report(project, by=keeper(project), **(given | known))
    incidents.add_injured(made, by=keeper(project), name=HURT, phone="13700009999", hurt="slight")
    return made


def occurrence(project: Project, event: str = "thunder") -> Occurrence:
    return occurrences.declare(project, by=keeper(project), event=event)
