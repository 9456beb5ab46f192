"""Accounts of the fund and repairs of the demo city: one emergency shared out, one plan in public, others waiting or stuck, one unguarded."""

from __future__ import annotations

import datetime
import random

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import now
from wuxie.kernel.parties.models import Appointment, Person
from wuxie.rooms.fund.actions import emergency, planning, reporting, works
from wuxie.rooms.fund.models import Account, Repair
from wuxie.rooms.register.models import Building, Project, Unit

from . import names, story
from .city import CITY, City, body
from .hazards import picture, seated

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
PDF = (
    "文件.pdf",
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
)
#: So many estates have a sheet of balances.
SHEETS = 16
#: The place of the estate, what, which part, where, what was seen, why it does not go on.
STUCK = (
    (3, "屋面防水翻新", "roof", "2 栋屋面", "顶层六户渗水", "quorum", "两轮征集只到四成，外地业主联系不上"),
    (5, "生活水泵更换", "pump", "泵房", "三台泵坏两台", "money", "账户普遍空了，补交谈不拢"),
    (9, "东立面贴砖修复", "facade", "1 栋东面", "空鼓成片", "no_committee", "没有业委会，社区人手不够"),
    (11, "消防主机更换", "fire", "消控室", "主机常离线", "dispute", "商铺说不该分摊"),
    (14, "电梯更新", "lift", "1 栋 1 单元", "用了二十一年", "quorum", "一楼住户不肯表态"),
)  # fmt: skip


def build(city: City, today: datetime.date) -> None:
    """Before the last evening on which the ledger was sealed."""
    center = Person.objects.create(name="黎例金", phone=names.phone(990_001))
    office = body("government_unit", "演示市住宅专项维修资金管理中心（虚构）", "市维修资金中心")
    Appointment.objects.create(
        person=center,
        role="maintenance_fund_center",
        title="市维修资金中心",
        organisation=office,
        place_id=CITY,
        starts_on=city.size.since,
    )
    city.people["center"] = center
    _accounts(city, today)
    _emergency(city.projects[0], today)
    _in_public(second_of(city), today)
    for number, row in enumerate(STUCK):
        _stuck(city.projects[row[0]], row, today - (2 + number) * DAY)
    with story.on(today - DAY, 16):  # type: ignore[attr-defined]
        project = city.projects[0]
        reporting.report(
            project, by=manager_of(project), title="北门雨棚玻璃裂开", part="structure", where="北门雨棚", words="钢化玻璃有裂纹，风大时响", is_dangerous=True,
            photo=("雨棚.jpg", picture(41, "#d4380d")),
        )  # fmt: skip


def second_of(city: City) -> Project:
    """Another estate of the demo company."""
    company = city.projects[0].company_id
    return next(one for one in city.projects[1:] if one.company_id == company)


def manager_of(project: Project) -> Actor:
    return seated("project_manager", subject=project.key)


def _community(project: Project) -> Actor:
    return seated("gov_community", place_id=project.estate.place_id)


def organiser_of(project: Project) -> Actor:
    """The owners' committee; where there is none the community."""
    of_estate = {"role": "committee_member", "subject": project.estate.key}
    if Appointment.objects.now().filter(**of_estate).exists():
        return seated("committee_member", subject=project.estate.key)
    return _community(project)


def _center() -> Actor:
    return seated("maintenance_fund_center")


def _accounts(city: City, today: datetime.date) -> None:
    """What the fund centre's sheets say: most estates have much of the first deposit, a few little."""
    rng = random.Random(165)  # noqa: S311  a repeatable sample, no secret
    estates = {project.estate_id: place for place, project in enumerate([*city.projects[:SHEETS], second_of(city)])}
    as_of = (today - 20 * DAY).replace(day=1)
    rows = []
    for pk, estate, area in Unit.objects.filter(estate__in=estates).order_by("pk").values_list("pk", "estate", "area"):
        deposited = area * 80
        left = rng.randrange(60, 92) if estates[estate] % 5 else rng.randrange(8, 45)
        rows.append(Account(unit_id=pk, deposited=deposited, balance=deposited * left // 100, as_of=as_of))
    Account.objects.bulk_create(rows, batch_size=500)


def _start(project: Project, day: datetime.date, number: int, **known: object) -> Repair:
    """Reported, guarded within the hour, looked at by the community, surveyed."""
    manager = manager_of(project)
    with story.on(day, 8):  # type: ignore[attr-defined]
        case = reporting.report(
            project,
            by=manager,
            is_dangerous=True,
            photo=("现场.jpg", picture(number, "#d46b08")),
            **known,  # type: ignore[arg-type]
        )
    with story.on(day, 9):  # type: ignore[attr-defined]
        reporting.guard(
            case, by=manager, photo=("围护.jpg", picture(number + 1, "#389e0d")), note="围栏加挂网，绕行牌两块"
        )
    with story.on(day, 10):  # type: ignore[attr-defined]
        reporting.check_guard(case, by=_community(project), note="到场看过")
        reporting.appraise(
            case,
            by=manager,
            appraiser="例固建筑检测公司（虚构）",
            findings="面砖空鼓约 46 平方米，基层开裂，应铲除重做",
            file=PDF,
        )
    return case


def _emergency(project: Project, today: datetime.date) -> None:
    """Tiles fell: confirmed by street and fund centre, built, accepted, audited, shared out."""
    day, manager, organiser, center = today - 8 * DAY, manager_of(project), organiser_of(project), _center()
    case = _start(
        project,
        day,
        31,
        title="1 栋东面外墙砖脱落",
        part="facade",
        where="1 栋东面 4 至 5 层",
        words="早上掉下三块砖，没有砸到人",
    )
    with story.on(day, 11):  # type: ignore[attr-defined]
        reporting.classify(case, by=manager, danger="fall")
        emergency.ask(case, by=manager, estimate=3_200_000, note="先拆松动面砖，再重做")
    with story.on(day + DAY, 9):  # type: ignore[attr-defined]
        emergency.witness(
            case, by=seated("gov_street", place_id=project.estate.place_id[:9]), words="三处松动，随时会掉"
        )
        emergency.witness(case, by=center, words="属实，同意先修")
    with story.on(day + 2 * DAY, 9):  # type: ignore[attr-defined]
        works.build(
            case,
            by=manager,
            started_on=day + 2 * DAY,
            contract_sum=3_168_000,
            contractor="例安外墙工程公司（虚构）",
            file=PDF,
        )
    building = Building.objects.filter(estate=project.estate_id).order_by("pk")[0]
    with story.on(day + 5 * DAY, 15):  # type: ignore[attr-defined]
        planning.set_scope(case, by=organiser, entrances=[(building.pk, None)], uses=["home"])
        works.accept(case, by=organiser, accepted_on=day + 5 * DAY, representatives=4, opinion="敲击没有空鼓，缝打得匀")
    with story.on(day + 6 * DAY, 10):  # type: ignore[attr-defined]
        works.settle(case, by=center, amount=3_086_450, auditor="例衡造价咨询公司（虚构）", file=PDF)
        works.allocate(case, by=center)


def _in_public(project: Project, today: datetime.date) -> None:
    """A façade on the ordinary way: quotes opened together, the plan hangs at the doors."""
    day, manager, organiser = today - 8 * DAY, manager_of(project), organiser_of(project)
    case = _start(project, day, 35, title="2 栋北面外墙渗水", part="facade", where="2 栋北面", words="雨后五户墙面洇湿")
    building = Building.objects.filter(estate=project.estate_id).order_by("-pk")[0]
    with story.on(day, 14):  # type: ignore[attr-defined]
        reporting.classify(case, by=manager)
        planning.set_scope(case, by=manager, entrances=[(building.pk, None)], uses=["home"])
        for number, who in enumerate(("例固建筑公司（虚构）", "样筑防水公司（虚构）", "示工外墙公司（虚构）")):
            planning.receive_quote(
                case, by=manager, contractor=who, uscc=names.credit_code(900 + number), opens_at=now() + 18 * HOUR
            )
    with story.on(day + DAY, 9):  # type: ignore[attr-defined]
        sums = (4_680_000, 4_420_000, 5_150_000)
        planning.open_quotes(
            case,
            by=organiser,
            opened={one.pk: (amount, PDF) for one, amount in zip(case.quotes.all(), sums, strict=True)},
        )
        planning.plan(
            case,
            by=manager,
            quote=case.quotes.order_by("amount")[0],
            method="高压注浆加外涂防水，工期 20 天，监理由社区请",
        )
    with story.on(today - 4 * DAY, 9):  # type: ignore[attr-defined]
        planning.publish(case, by=organiser, contact="社区 李例 0812-0000000", voting="公示期满后上门征集，两周")


def _stuck(project: Project, row: tuple[int, str, str, str, str, str, str], day: datetime.date) -> None:
    _place, title, part, where, words, stuck, why = row
    manager = manager_of(project)
    with story.on(day, 9):  # type: ignore[attr-defined]
        case = reporting.report(
            project, by=manager, title=title, part=part, where=where, words=words, is_dangerous=False
        )
        reporting.appraise(case, by=manager, appraiser="例固建筑检测公司（虚构）", findings=words, file=PDF)
        planning.halt(case, by=manager, stuck=stuck, why=why)
