"""Assets and inspections of the demo company: most valid, some due, one overdue, one failed so that its lift stands still.

For these projects what is due and valid comes from the room from now on; what was made up for the years before ends the day before.
"""

from __future__ import annotations

import datetime

from wuxie.kernel.access.actor import Actor, actor_of
from wuxie.kernel.clock.days import add_months
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.queries import not_replaced
from wuxie.kernel.parties.models import Appointment
from wuxie.kernel.workflow import clock
from wuxie.rooms.inspections import facts
from wuxie.rooms.inspections.actions import assets, cases, night, obligations, pools
from wuxie.rooms.inspections.models import Asset, Inspection, Obligation, Pool
from wuxie.rooms.rating.models import Application
from wuxie.rooms.register.models import Project

from . import story
from .city import CITY, City

DAY = datetime.timedelta(days=1)
#: The room is taken into use so many days before the day of loading.
BEGAN = 8
LIFT_AGENCY = {"agency": "演示特种设备检验中心（虚构）", "licence": "TS-演-0001"}
FIRE_AGENCY = {"agency": "演示消防技术服务公司（虚构）", "licence": "XF-演-0002"}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
#: Number, place, months from now to the month in which it is due, years since its base, and whether its report is in.
LIFTS = (
    ("01", "1 栋 1 单元", 1, 4, False), ("02", "1 栋 2 单元", 5, 6, True), ("03", "2 栋 1 单元", 8, 5, True), ("04", "2 栋 2 单元", 10, 3, True),
)  # fmt: skip
#: Kind, number, place, quantity, months from now until it is due, length of its cycle in months.
OTHERS = (
    ("extinguisher", "MHQ-1", "各楼层", 240, 2, 60), ("transformer", "B-1", "1 号配电室", 1, 3, 12),
    ("generator", "FD-1", "发电机房", 1, 7, 12), ("insulating_tools", "JY-1", "1 号配电室", 6, 1, 6), ("septic", "HF-1", "东门外", 2, 2, 6),
)  # fmt: skip


def _of(city: City) -> list[Project]:
    company = city.projects[0].company_id
    return [project for project in city.projects if project.company_id == company]


def _admin(project: Project) -> Actor:
    rows = Appointment.objects.now().filter(role="company_admin", organisation=project.company_id)
    return actor_of(rows.order_by("pk")[0].person)


def build(city: City, today: datetime.date) -> None:
    """The register, and the reports that were in the drawers: before the last evening on which the ledger was sealed."""
    projects = _of(city)
    began = today - BEGAN * DAY
    late = next((one for one in projects if not Application.objects.filter(project=one).exists()), None)
    for project in projects:
        with story.on(began, 11):  # type: ignore[attr-defined]
            _take_over(project, began)
            by = _admin(project)
            _lifts(project, by, today, late=project == late)
            for kind, code, place, quantity, ahead, months in OTHERS:
                base = add_months(today, ahead - months * (1 if months > 12 else 4))
                last = None if months > 12 else add_months(today, ahead - months) - 3 * DAY
                assets.register(
                    project,
                    by=by,
                    kind=kind,
                    code=code,
                    place=place,
                    quantity=quantity,
                    base_on=base,
                    last_on=last,
                )
    with story.on(began, 15):  # type: ignore[attr-defined]
        _failed(projects[0], began)
        _gather(city, today)


def _take_over(project: Project, day: datetime.date) -> None:
    """What was made up about this project's inspections counts until the day before."""
    rows = Fact.objects.filter(subject=project.key, kind__in=(facts.DUE, facts.VALID), source__startswith="demo/")
    for fact in not_replaced(rows):
        ledger.supersede(fact, by="clock", reason="改由检验检测台账逐项计", valid_until=day - DAY)


def _lifts(project: Project, by: Actor, today: datetime.date, *, late: bool) -> None:
    rows = [*LIFTS, ("05", "3 栋 1 单元", -1, 4, False)] if late else LIFTS
    for number, place, ahead, years, done in rows:
        month = add_months(today, ahead).replace(day=12)
        base = month.replace(year=month.year - years)
        lift = assets.register(
            project, by=by, kind="lift", code=f"梯演D{project.pk:03d}{number}", place=place, base_on=base,
            last_on=None if done else base.replace(year=month.year - 1) + 2 * DAY,
        )  # fmt: skip
        for item in lift.obligations.order_by("item").values_list("item", flat=True):
            _reports(lift, item, by, today, done=done)


def _reports(lift: Asset, item: str, by: Actor, today: datetime.date, *, done: bool) -> None:
    """Every report since the base where they were kept; of the parts the last one."""
    rows = lift.obligations.select_related("project__estate", "project__company", "asset").filter(item=item)
    row = rows.get()
    if row.guessed:
        _enter(row, by, today - 40 * DAY)
    elif done:
        while row.due_on is not None and row.due_on < today:
            _enter(row, by, row.due_on - 9 * DAY)
            row = rows.get()


def _enter(row: Obligation, by: Actor, on: datetime.date, agency: dict[str, str] = LIFT_AGENCY) -> None:
    number = f"演检{on.year}-{row.pk:05d}"
    cases.enter_report(row, by=by, inspected_on=on, report_number=number, file=("报告.pdf", PDF), **agency)


def _failed(project: Project, on: datetime.date) -> None:
    """One lift did not pass: it stands still, and a hazard is open."""
    by = _admin(project)
    row = Obligation.objects.filter(project=project, asset__code__endswith="01", item="IN-01", asset__kind="lift")
    case = cases.open_now(row.select_related("project__estate", "project__company", "asset").get(), by=by)
    cases.inspect(case, by=by, inspected_on=on, **LIFT_AGENCY)
    cases.failed(case, by=by, failure="层门锁紧装置啮合深度不够", report_number="演检不-001")


def tonight(city: City, today: datetime.date) -> None:
    """The night before loading: what the profiles ask for, some last dates, what is due opens, one is booked."""
    with story.on(today - DAY, 23):  # type: ignore[attr-defined]
        night.run()
        for place, project in enumerate(_of(city)):
            by = _admin(project)
            _estate(project, by, today, place)
        night.open_due(today)
        _book(_of(city)[0], today)
        _ask(city)
    clock.take_due()


def _estate(project: Project, by: Actor, today: datetime.date, place: int) -> None:
    rows = Obligation.objects.filter(project=project, asset=None).select_related("project__estate", "project__company")
    for row in rows.order_by("item"):
        if row.item == "IN-14" and place == 1:
            obligations.exempt(row, by=by, reason="不在防雷安全重点单位目录", basis="演示市气象局目录（虚构）")
        elif row.item in ("IN-07", "IN-14"):
            _enter(row, by, today - (320 if row.item == "IN-07" else 150) * DAY, FIRE_AGENCY)
        elif row.item != "IN-13":
            obligations.set_last(row, by=by, last_on=today - (20 if row.item == "IN-36" else 70) * DAY)


def _book(project: Project, today: datetime.date) -> None:
    case = Inspection.objects.filter(project=project, state="due", asset__kind="insulating_tools").first()
    if case is not None:
        cases.book(
            case, by=_admin(project), agency="演示电力试验所（虚构）", licence="CY-演-0003", price=42000, visit_on=today + 6 * DAY,
            note="和绝缘靴一起送检",
        )  # fmt: skip


def _office(city: City) -> Actor:
    rows = Appointment.objects.now().filter(role="association_secretariat", organisation=city.association)
    return actor_of(rows.order_by("pk")[0].person)


def _gather(city: City, today: datetime.date) -> None:
    """The association asks who needs lifts inspected; the companies of the first eight estates take part."""
    pool = pools.begin(
        by=_office(city),
        item="IN-01",
        place_code=CITY,
        title=f"{today.year + 1} 年上半年电梯定期检验",
        closes_on=today - DAY,
    )
    for place, project in enumerate(city.projects[:8]):
        pools.join(pool, project, by=_admin(project), quantity=4 + place, before=92_000 + 1_500 * place)


def _ask(city: City) -> None:
    """It is added up and asked for; six companies have their offers."""
    pool = Pool.objects.get()
    pools.step("gather")(pool, by=_office(city))
    pools.ask(pool, by=_office(city), note="报价含现场检验和出报告")
    for place, share in enumerate(pool.shares.select_related("project", "pool")[:6]):
        pools.offered(share, by=_admin(share.project), price=71_000 + 1_700 * place, **LIFT_AGENCY)
