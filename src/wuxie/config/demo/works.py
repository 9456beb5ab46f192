"""Permits, drills and incidents of the demo company in every state, each brought there by those whose turn it was."""

from __future__ import annotations

import datetime
from typing import Any

from wuxie.kernel.access.actor import Actor, actor_of
from wuxie.kernel.clock.now import now
from wuxie.kernel.parties.models import Person
from wuxie.rooms.register.models import Project
from wuxie.rooms.safety.actions import drills, incidents, permits
from wuxie.rooms.safety.models import Drill, Incident, Permit
from wuxie.rooms.safety.permit_words import measures_of
from wuxie.rooms.safety.queries import workers

from . import story
from .city import City
from .hazards import picture, seated

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
GAS = {"oxygen": 2090, "combustible": 0, "sulfide": 0, "monoxide": 150}
#: Kind, what, where, how many days ago it was asked for, hours from then until its beginning, hours it lasts, the steps.
PERMITS: tuple[tuple[str, str, str, int, int, int, str], ...] = (
    ("hot", "焊消防立管支架", "地下一层管廊", 1, 48, 6, ""),
    ("height", "更换屋面航空障碍灯", "5 栋屋面", 1, 0, 72, "measure approve"),
    ("power", "外墙修补临时接电", "6 栋东侧", 1, 0, 240, "measure approve start"),
    ("confined", "清掏污水井", "北门污水井", 1, 0, 24, "measure gas approve start foul"),
    ("height", "清洗雨棚", "2 栋大堂雨棚", 1, 0, 8, "measure approve start finish"),
    ("hot", "焊接围栏", "东侧围墙", 2, 0, 6, "measure approve start finish check"),
    ("power", "泵房临时照明", "生活水泵房", 5, 0, 48, "measure approve start finish check close"),
    ("hot", "切割废管", "垃圾房旁", 4, 0, 4, "refuse"),
    ("height", "擦玻璃幕墙", "会所", 3, 0, 8, "cancel"),
    ("hot", "补焊门轴", "南门", 3, 0, 4, "measure approve"),
)
#: Subject, due in how many days, the steps, what went wrong.
DRILLS: tuple[tuple[str, int, str, str], ...] = (
    ("fire", 20, "", ""), ("lift", 12, "announce", ""), ("outage", 9, "announce hold", ""),
    ("fire", 6, "announce hold evaluate", "3 栋一扇疏散门打不开"), ("flood", 5, "announce hold evaluate close", "挡水板少一块，已补"),
    ("lift", 30, "drop", ""),
)  # fmt: skip
#: Kind, where, what, deaths, serious, slight, how many days ago, the steps.
INCIDENTS: tuple[tuple[str, str, str, int, int, int, int, str], ...] = (
    ("vehicle", "地下车库 C 区", "两车刮碰，无人受伤", 0, 0, 0, 0, ""),
    ("struck", "1 栋南侧", "花盆坠落，未伤人", 0, 0, 0, 1, "grade"),
    ("fall", "会所台阶", "雨天有人滑倒", 0, 0, 1, 1, "grade tell"),
    ("shock", "景观水池", "清洗时触电，送医", 0, 1, 0, 2, "grade tell keep investigate"),
    ("fire", "西门车棚", "充电桩冒烟，已扑灭", 0, 0, 1, 4, "grade tell keep investigate decide"),
    ("lift", "2 栋 1 单元", "关门时夹到手", 0, 0, 1, 6, "grade tell keep investigate decide done"),
    ("other", "泵房", "阀门漏水，及时关掉", 0, 0, 0, 7, "grade keep investigate decide done verify"),
)


def build(city: City, today: datetime.date) -> None:
    """Before the last evening on which the ledger was sealed, like the hazards."""
    company = city.projects[0].company_id
    projects = [project for project in city.projects if project.company_id == company]
    for number, row in enumerate(PERMITS):
        _permit(projects[number % len(projects)], number, row, today)
    for number, drill in enumerate(DRILLS):
        _drill(projects[0], number, drill, today)
    for number, incident in enumerate(INCIDENTS):
        _incident(projects[0], number, incident, today)


def _crew(project: Project, number: int) -> tuple[Person, Person]:
    """Somebody who asks and somebody who watches: another pair for each case, as far as there are people."""
    people = [Person.objects.get(pk=pk) for pk in workers(project)]
    manager = seated("project_manager", subject=project.key).person_id
    own = [one for one in people if one.pk != manager]
    return own[number % len(own)], own[(number + len(own) // 2 or 1) % len(own)]


def _permit(project: Project, number: int, row: tuple[str, str, str, int, int, int, str], today: datetime.date) -> None:
    kind, work, place, back, wait, lasts, steps = row
    day = today - back * DAY
    applicant, guardian = _crew(project, number)
    with story.on(day, 9):  # type: ignore[attr-defined]
        permit = permits.apply(
            project, by=actor_of(applicant), kind=kind, work=work, place=place, starts_at=now() + wait * HOUR,
            ends_at=now() + (wait + lasts) * HOUR, guardian=guardian, certificate=f"T5104{number:05d}",
            certificate_until=today + 400 * DAY, worker_name=f"样工{number}", worker_phone=f"1390000{number:04d}",
            contractor="例安设备安装公司（虚构）",
        )  # fmt: skip
    for place_of_step, name in enumerate(steps.split(), start=1):
        with story.on(day, 9 + place_of_step):  # type: ignore[attr-defined]
            fresh = Permit.objects.select_related("project__estate", "project__company", "worker", "guardian").get(
                pk=permit.pk
            )
            _permit_step(name, fresh, number, actor_of(applicant), actor_of(guardian))


def _permit_step(name: str, permit: Permit, number: int, applicant: Actor, guardian: Actor) -> None:
    manager = seated("project_manager", subject=permit.project.key)
    photo = ("现场.jpg", picture(number + 40, "blue"))
    if permit.wants_gas and name in ("approve", "start"):
        permits.gas(permit, by=guardian, **GAS)
    verbs: dict[str, Any] = {
        "measure": lambda: permits.measure(permit, by=guardian, measures=list(measures_of(permit.kind)), photo=photo),
        "gas": lambda: permits.gas(permit, by=guardian, **GAS),
        "approve": lambda: permits.approve(permit, by=manager, note="到场核过，可以作业"),
        "start": lambda: permits.start(permit, by=guardian),
        "foul": lambda: permits.gas(permit, by=guardian, **(GAS | {"oxygen": 1860})),
        "finish": lambda: permits.finish(permit, by=guardian),
        "check": lambda: permits.check(permit, by=guardian, photo=("完工.jpg", picture(number + 60, "green")), note="没有遗留"),
        "close": lambda: permits.close(permit, by=manager),
        "refuse": lambda: permits.refuse(permit, by=manager, reason="旁边堆着纸箱，清走再申请"),
        "cancel": lambda: permits.cancel(permit, by=applicant, reason="风大，改日"),
    }  # fmt: skip
    verbs[name]()


def _drill(project: Project, number: int, row: tuple[str, int, str, str], today: datetime.date) -> None:
    kind, due, steps, wrong = row
    leader, _other = _crew(project, number)
    day = today - 2 * DAY
    with story.on(day, 9):  # type: ignore[attr-defined]
        manager, admin = (
            seated("project_manager", subject=project.key),
            seated("company_admin", organisation=project.company_id),
        )
        drill = drills.add(project, by=manager, kind=kind, due_on=today + due * DAY)
    for place_of_step, name in enumerate(steps.split(), start=1):
        with story.on(day, 9 + place_of_step):  # type: ignore[attr-defined]
            fresh = Drill.objects.select_related("project__estate", "project__company", "leader").get(pk=drill.pk)
            verbs: dict[str, Any] = {
                "announce": lambda: drills.announce(fresh, by=manager, kind=kind, planned_for=day, scenario="警铃响后疏散到南广场，点名"),  # noqa: B023
                "hold": lambda: drills.hold(
                    fresh, by=manager, held_on=day, people=36 + number, minutes=18, leader=leader,  # noqa: B023
                    photos=[("演练.jpg", picture(number + 80, "orange"))],
                ),
                "evaluate": lambda: drills.evaluate(fresh, by=manager, went_well="集合快，点名清", went_wrong=wrong),  # noqa: B023
                "close": lambda: drills.close(fresh, by=admin),  # noqa: B023
                "drop": lambda: drills.drop(fresh, by=admin, reason="重复列入，另一次已做"),  # noqa: B023
            }  # fmt: skip
            verbs[name]()


def _incident(
    project: Project, number: int, row: tuple[str, str, str, int, int, int, int, str], today: datetime.date
) -> None:
    kind, place, words, deaths, injured, slight, back, steps = row
    day = today - max(back, 1) * DAY
    reporter, mender = _crew(project, number)
    with story.on(day, 10):  # type: ignore[attr-defined]
        manager, admin = (
            seated("project_manager", subject=project.key),
            seated("company_admin", organisation=project.company_id),
        )
        incident = incidents.report(
            project, by=actor_of(reporter), kind=kind, place=place, words=words, happened_at=now() - HOUR / 2,
            photos=[("现场.jpg", picture(number + 100, "red"))],
        )  # fmt: skip
    for place_of_step, name in enumerate(steps.split(), start=1):
        with story.on(day, 10 + place_of_step):  # type: ignore[attr-defined]
            fresh = Incident.objects.select_related("project__estate", "project__company", "mender").get(pk=incident.pk)
            photo = ("照片.jpg", picture(number + 120 + place_of_step, "green"))
            verbs: dict[str, Any] = {
                "grade": lambda: incidents.grade(fresh, by=manager, deaths=deaths, injured=injured, slight=slight, loss=0),  # noqa: B023
                "tell": lambda: incidents.tell(fresh, by=admin, authority="区应急管理局", receipt=f"应急收〔{number}〕号", text="已送医"),  # noqa: B023
                "keep": lambda: incidents.keep_site(fresh, by=manager, words="拉警戒带，专人看守", photo=photo),  # noqa: B023
                "investigate": lambda: incidents.investigate(fresh, by=admin),  # noqa: B023
                "decide": lambda: incidents.decide(
                    fresh, by=admin, cause="交底没有做到人", measures="重做交底，换设备", mender=mender, due_on=today + 3 * DAY,  # noqa: B023
                ),
                "done": lambda: incidents.done(fresh, by=actor_of(mender), words="已换新件，交底签字", photo=photo),  # noqa: B023
                "verify": lambda: incidents.verify(fresh, by=admin, note="到场看过，做到了"),  # noqa: B023
            }  # fmt: skip
            verbs[name]()
    if injured:
        with story.on(day, 20):  # type: ignore[attr-defined]
            incidents.add_injured(incident, by=manager, name="样伤者", phone="13900009999", hurt="serious")
