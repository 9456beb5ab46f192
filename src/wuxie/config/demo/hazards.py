"""Hazards of the demo company in every state, each brought there by those whose turn it was."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageDraw

from wuxie.kernel.access.actor import NOBODY, Actor, actor_of
from wuxie.kernel.parties.models import Appointment, Person
from wuxie.rooms.register.models import Project
from wuxie.rooms.safety.actions import hazards as acts
from wuxie.rooms.safety.actions import library, reporting, risks
from wuxie.rooms.safety.models import Hazard
from wuxie.rooms.safety.queries import holders, workers

from . import story
from .city import City

DAY = datetime.timedelta(days=1)
CLEARS = {
    "person": "工程主管", "measure": "换件、试运行三天", "money": "物业费支出 6000 元", "time": "到期限前一天", "plan": "失败则停用并改道",
}  # fmt: skip
#: Code, where, what was seen, how many days ago, the steps after it, and whether a stranger saw it.
ROWS: tuple[tuple[str, str, str, int, str, bool], ...] = (
    ("HZ-E01", "1 号配电室", "母排接头变色，测温 96 ℃", 8, "assign control report start fix verify", False),
    ("HZ-F05", "2 栋 3 楼", "防火门闭门器坏，关不上", 8, "assign control start fix verify", False),
    ("HZ-F05", "2 栋 3 楼", "防火门又顶着砖头", 4, "assign control", False),
    ("HZ-F09", "5 栋 1 单元 8 楼", "说楼道堆了纸箱，到场没有", 6, "dismiss", True),
    ("", "南门旁边", "砖缝里冒水，地面有点软", 1, "", True),
    ("HZ-F10", "地下一层 B 区", "两具灭火器压力到红区", 1, "assign", False),
    ("HZ-W03", "地下二层集水井", "备用泵不启动", 1, "assign control", False),
    ("HZ-H01", "6 栋东山墙", "瓷砖空鼓，已掉两块", 2, "assign control", False),
    ("HZ-F03", "消控室", "主机联动被屏蔽", 3, "assign control tell", False),
    ("HZ-F12", "3 栋强电井", "穿管处没有封堵", 7, "assign start", False),
    ("HZ-P01", "东侧围墙", "两处监控死角", 8, "assign start extend", False),
    ("HZ-E02", "门厅照明回路", "漏保按试验钮不跳", 1, "assign start fix", False),
    ("HZ-F13", "4 栋 2 单元", "三层应急灯不亮", 5, "assign start fix reject", False),
    ("HZ-F08", "7 栋 1 单元", "二楼窗口拉线充电", 8, "assign start", True),
    ("HZ-E07", "北侧充电棚", "一台桩外壳烧焦", 5, "assign control tell start fix verify", False),
)


#: Where, what kind, what may happen; likelihood, exposure, consequence in tenths; what keeps it in hand; whose.
POINTS: tuple[tuple[str, str, str, int, int, int, str, str], ...] = (
    ("地下车库充电区", "fire", "起火、浓烟", 30, 100, 150, "夜间断电，喷淋和排烟每周试", "guard"),
    ("1 号配电室", "electric", "触电、短路起火", 30, 60, 150, "双人操作，挂牌上锁，月度测温", "electrician"),
    ("6 栋东山墙", "height", "瓷砖掉落伤人", 30, 60, 70, "围挡改道，雨后巡查", "repair"),
    ("电梯井道", "equipment", "坠落、剪切", 10, 30, 150, "两人以上，停梯挂牌", "lift_safety"),
    ("景观水池", "order", "儿童落水", 5, 60, 70, "围栏，夜间关灯提示", "guard"),
)  # fmt: skip


def build(city: City, today: datetime.date) -> None:
    """Before the last evening on which the ledger was sealed: what is announced must not come before a seal."""
    library.publish_shipped()
    company = city.projects[0].company_id
    projects = [project for project in city.projects if project.company_id == company]
    _draw(projects[0], today - 8 * DAY)
    for number, row in enumerate(ROWS):
        _tell(projects[0 if number < 14 else number % len(projects)], number, row, today)


def _draw(project: Project, day: datetime.date) -> None:
    """The four-colour map of one project."""
    names = ("place", "area", "danger", "likelihood", "exposure", "consequence", "control")
    with story.on(day, 8):  # type: ignore[attr-defined]
        admin = seated("company_admin", organisation=project.company_id)
        for *known, kind in POINTS:
            post = project.posts.filter(kind=kind).first()
            risks.grade(project, by=admin, post=post, **dict(zip(names, known, strict=True)))


def _tell(project: Project, number: int, row: tuple[str, str, str, int, str, bool], today: datetime.date) -> None:
    code, place, words, back, steps, outside = row
    day = today - back * DAY
    with story.on(day, 9):  # type: ignore[attr-defined]
        by = NOBODY if outside else _electrician(project)
        hazard = reporting.report_with(
            project, code, by=by, place=place, words=words, source="public" if outside else "duty", once=f"demo-{number}", worse=code == "HZ-E07",
            files=[("现场.jpg", picture(number, "red"))], contact="13900000000" if outside else "",
        )  # fmt: skip
    for place_of_step, name in enumerate(steps.split(), start=1):
        late = day + DAY * min(place_of_step // 3, back - 1)
        with story.on(late, 9 + place_of_step):  # type: ignore[attr-defined]
            _take(name, Hazard.objects.get(pk=hazard.pk), number)


def _take(name: str, hazard: Hazard, number: int) -> None:
    project = hazard.project
    manager, admin = (
        seated("project_manager", subject=project.key),
        seated("company_admin", organisation=project.company_id),
    )
    fixer = actor_of(hazard.fixer) if hazard.fixer else manager
    photo = ("照片.jpg", picture(number, "green"))
    verbs: dict[str, Callable[[], Any]] = {
        "assign": lambda: acts.assign(hazard, by=manager, fixer=_electrician_person(project), hazard_code=hazard.code or "HZ-W04"),
        "dismiss": lambda: acts.dismiss(hazard, by=manager, reason="到场看过，楼道没有堆放物。"),
        "control": lambda: acts.control(hazard, by=fixer, interim="拉警戒带，派人看守", photo=photo, notice=True, phone="物业值班室"),
        "report": lambda: acts.report_major(hazard, by=admin, authority="区应急管理局", receipt=f"应急收〔{number}〕号", text="换件即可"),
        "tell": lambda: acts.report_major(hazard, by=admin, authority="区消防救援大队", text="厂家到场后换件"),
        "start": lambda: acts.start(hazard, by=fixer, **(CLEARS if hazard.is_major else {})),
        "extend": lambda: acts.extend(
            hazard, by=admin, until=(hazard.due_on or hazard.found_on) + 5 * DAY, control="每两小时巡一次", reason="等厂家配件"
        ),
        "fix": lambda: acts.fix(hazard, by=fixer, remedy="换新件并试验正常", photo=photo),
        "verify": lambda: acts.verify(hazard, by=admin, note="到场试验，正常"),
        "reject": lambda: acts.reject(hazard, by=admin, note="二层还有一盏不亮"),
    }  # fmt: skip
    verbs[name]()


def seated(role: str, **seat: Any) -> Actor:
    return actor_of(Appointment.objects.now().filter(role=role, **seat).order_by("pk")[0].person)


def _electrician_person(project: Project) -> Person:
    from_posts = holders(project.pk, "electrician") or list(workers(project))
    return Person.objects.get(pk=from_posts[0])


def _electrician(project: Project) -> Actor:
    return actor_of(_electrician_person(project))


def picture(number: int, colour: str) -> bytes:
    """A drawn stand-in for a photo: no two are alike, none shows anybody."""
    made = Image.new("RGB", (480, 360), (70 + number * 9 % 120, 90, 110))
    pen = ImageDraw.Draw(made)
    for line in range(0, 360, 24):
        pen.line((0, line, 480, line + number * 3 % 40), fill=(120, 130, 140), width=3)
    pen.ellipse((170, 110, 310, 250), outline=colour, width=10)
    made_file = io.BytesIO()
    made.save(made_file, "JPEG", quality=70)
    return made_file.getvalue()
