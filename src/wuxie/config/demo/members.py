"""The demo association: an assembly that set the dues, a council's resolution carried out, groups at work, and an assembly that sits today."""

from __future__ import annotations

import datetime

from wuxie.kernel.access.actor import Actor, actor_of
from wuxie.kernel.clock.now import SHANGHAI
from wuxie.kernel.parties.models import Appointment, Organisation, Person
from wuxie.kernel.places.models import Place
from wuxie.rooms.association import queries
from wuxie.rooms.association.actions import desk, dues, forwarding, groups, joining, meetings, money, resolutions
from wuxie.rooms.association.actions.common import step
from wuxie.rooms.association.models import Due, Item, Meeting, Member
from wuxie.rooms.association.workflow import DISCLOSURE, MEETING, RESOLUTION

from . import names, story
from .city import City
from .hazards import seated
from .repairs import PDF

DAY = datetime.timedelta(days=1)
RATES = (
    ("president", 2_000_000),
    ("vice_president", 1_000_000),
    ("standing", 600_000),
    ("council", 300_000),
    ("ordinary", 100_000),
)
#: Category, line, planned, and what was booked in the quarter before.
BUDGET = (
    ("dues", "会费", 12_000_000, 3_450_000), ("services", "政府购买调解服务", 20_000_000, 5_000_000), ("training", "岗前课材料费", 3_000_000, 426_000),
    ("staff", "秘书处人员", 24_000_000, 6_000_000), ("meetings", "会员大会和理事会", 2_400_000, 318_050), ("activities", "技能竞赛", 3_600_000, 0),
)  # fmt: skip


def tell(city: City, end: datetime.date, today: datetime.date) -> None:
    """What happened up to an evening on which the ledger is sealed; the three last such evenings have a part of the story."""
    chapter = {58: _last_assembly, 30: _accounts, 1: _this_week}.get((today - end).days)
    if chapter is not None:
        chapter(city, today)


def _office(city: City) -> Actor:
    return actor_of(city.people["secretariat"])


def _other(city: City) -> Actor:
    """The second person of the office."""
    rows = Appointment.objects.now().filter(role="association_secretariat").exclude(person=city.people["secretariat"])
    return actor_of(rows.order_by("pk")[0].person)


def _president(city: City) -> Actor:
    return actor_of(city.people["president"])


def _speaker(member: Member) -> Actor:
    return seated("company_admin", organisation=member.organisation_id)


def _at(day: datetime.date, hour: int) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour), SHANGHAI)


def _on(day: datetime.date, hour: int = 10) -> object:
    return story.on(day, hour)


def _meet(
    city: City, body: str, title: str, day: datetime.date, called: datetime.date, *items: dict[str, object]
) -> Meeting:
    """Planned and called on a day; everybody who comes is entered on the day of the meeting by ``_sit``."""
    by = _office(city)
    with _on(called):  # type: ignore[attr-defined]
        case = meetings.plan(by=by, body=body, title=title, held_at=_at(day, 9), venue="协会三楼会议室")
        for item in items:
            meetings.add_item(case, by=by, **item)  # type: ignore[arg-type]
        meetings.call(case, by=by)
    return case


def _sit(city: City, case: Meeting, day: datetime.date, minutes: str) -> list[Item]:
    """Nearly everybody comes; whoever is concerned stands aside; most say yes. The minutes follow two days later."""
    by = _office(city)
    with _on(day):  # type: ignore[attr-defined]
        called = list(case.seats.values_list("member", flat=True))
        meetings.check_in(case, by=by, present=called[: len(called) - len(called) // 8])
        step(MEETING, "open")(case, by=by)
        for item in case.items.all():
            _vote(case, item, by)
        step(MEETING, "close")(case, by=by)
    with _on(day + 2 * DAY):  # type: ignore[attr-defined]
        meetings.record(case, by=by, minutes=minutes)
    return list(case.items.all())


def _vote(case: Meeting, item: Item, by: Actor) -> None:
    here = queries.count_of(item, 0, 0, 0).present
    if item.matter == "dues":
        meetings.count(item, by=by, yes=here - here // 6, no=here // 6, abstain=0)
        return
    aside = queries.standing_aside(item)
    voters = case.seats.filter(present=True).exclude(member__in=aside).values_list("member", flat=True)
    meetings.vote(item, by=by, choices={pk: "no" if place % 9 == 4 else "yes" for place, pk in enumerate(voters)})


def _last_assembly(city: City, today: datetime.date) -> None:
    """The dues are set by secret ballot and billed, most pay; a council resolves something that is done and looked at; a group delivers."""
    by, day = _office(city), today - 130 * DAY
    case = _meet(
        city, "assembly", f"{day.year} 年会员大会", day, day - 20 * DAY, {"title": "年度工作报告"}, {"title": "会费标准", "matter": "dues"},
    )  # fmt: skip
    item = _sit(city, case, day, "工作报告通过；会费标准无记名表决通过，三十日内公开。")[1]
    with _on(day + 3 * DAY):  # type: ignore[attr-defined]
        for kind, amount in RATES:
            dues.set_rate(by=by, item=item, year=day.year, kind=kind, amount=amount)
        dues.bill(day.year, by=by)
    with _on(day + 30 * DAY):  # type: ignore[attr-defined]
        for place, due in enumerate(Due.objects.select_related("member__organisation").order_by("pk")):
            if place % 7 != 5:
                dues.pay(due, by=by, amount=due.amount, paid_on=day + 30 * DAY, receipt=f"会{day.year}{place + 1:04d}")
    _council(city, today)
    _delivered(city, today)


def _council(city: City, today: datetime.date) -> None:
    day = today - 100 * DAY
    case = _meet(
        city, "council", "第三次理事会", day, day - 5 * DAY,
        {"title": "建实训基地", "text": "租场地，配电梯和消防实训设备", "doer": "office", "due_on": day + 20 * DAY},
    )  # fmt: skip
    _sit(city, case, day, "同意建实训基地，由秘书处在二十日内签场地合同。")
    done = case.items.get().resolution
    with _on(day + 15 * DAY):  # type: ignore[attr-defined]
        resolutions.report(done, by=_office(city), outcome="场地合同已签，面积 320 平方米", file=PDF)
    with _on(day + 17 * DAY):  # type: ignore[attr-defined]
        step(RESOLUTION, "confirm")(done, by=_president(city))


def _delivered(city: City, today: datetime.date) -> None:
    """Every group has a charter and a lead; three tasks of the last months were delivered and accepted."""
    day = today - 90 * DAY
    with _on(day):  # type: ignore[attr-defined]
        for code in Member.Group.values:
            group = queries.group_of(code)
            unit = queries.members_of(group)[0]
            groups.set_charter(
                group,
                by=_president(city),
                charter="承办本组任务，提出建议；惩戒、会费、评优上理事会或会员大会。",
                adopted_on=day,
            )
            person = (
                Appointment.objects.now()
                .filter(role="company_admin", organisation=unit.organisation_id)
                .order_by("pk")[0]
                .person
            )
            groups.name_lead(group, by=_president(city), unit=unit, person=person, until=day + 700 * DAY)
            for place, doer in enumerate(queries.members_of(group)[1:3]):
                case = groups.plan(
                    group,
                    by=_office(city),
                    title=f"整理本组资料第{place + 1}册",
                    deliverable="资料汇编",
                    due_on=day + 25 * DAY,
                )
                groups.assign(
                    case,
                    by=_office(city),
                    doer=doer,
                    criteria="目录齐全，能直接用",
                    due_on=day + 25 * DAY,
                    hours=8 + 4 * place,
                )
                with _on(day + (20 + 8 * place) * DAY):  # type: ignore[attr-defined]
                    groups.deliver(case, by=_speaker(doer), file=PDF)
                    groups.accept(case, by=_office(city), quality=82 + 3 * place, note="对照目录看过，可用")


def _accounts(city: City, today: datetime.date) -> None:
    """The last quarter's accounts are in public; the assembly of today is called, with an item on which the demo company stands aside."""
    by, day = _office(city), today - 33 * DAY
    last = (day.month + 2) // 3 - 1
    year, quarter = (day.year, last) if last else (day.year - 1, 4)
    first = queries.span(year, quarter)[0]
    with _on(day):  # type: ignore[attr-defined]
        for place, (category, label, planned, booked) in enumerate(BUDGET):
            line = money.add_line(by=by, year=year, category=category, label=label, planned=planned)
            if booked:
                money.book(line, by=by, on=first + (20 + place) * DAY, amount=booked, voucher=f"记{place + 1:03d}")
        for number, title, doer in (
            (1, "新员工岗前课", "training_group"), (2, "成本数据发布", "industry_research_group"), (4, "技能竞赛", "training_group"),
        ):  # fmt: skip
            row = money.plan_activity(by=by, year=year, quarter=number, title=title, doer=doer)
            if number == 1:
                money.finish_activity(row, by=by, done_on=day - 3 * DAY, outcome="六十四人参加，五十八人合格")
        case = money.prepare(by=by, year=year, quarter=quarter)
    with _on(day + DAY):  # type: ignore[attr-defined]
        step(DISCLOSURE, "check")(case, by=_other(city))
        money.publish(case, by=by)
    company = Member.objects.get(organisation=city.projects[0].company_id)
    _meet(
        city, "assembly", f"{today.year} 年第二次会员大会", today, today - 32 * DAY, {"title": "明年工作计划"},
        {"title": "推荐示范企业", "matter": "award", "text": "推荐名单见附件", "concerns": [company], "doer": "brand_group", "due_on": today + 40 * DAY},
    )  # fmt: skip


def _this_week(city: City, today: datetime.date) -> None:
    """Questions asked, answered and rated; letters on their way; tasks of the season; one unit joins, one leaves."""
    by, members = _office(city), list(Member.objects.order_by("pk")[:12])
    own = Member.objects.get(organisation=city.projects[0].company_id)
    with _on(today - 6 * DAY, 9):  # type: ignore[attr-defined]
        groups.lay_down(today)
        first = desk.ask(
            own, by=_speaker(own), subject="policy", title="小规模纳税人减税怎么报", text="季度申报表第几栏填减免额？"
        )
        second = desk.ask(
            members[5], by=_speaker(members[5]), subject="training", title="电梯安全员班什么时候开", text="想报两个人。"
        )
        desk.hand_on(second, by=by, group=queries.group_of("training_group"))
        letter = forwarding.send(
            by=by, title="老旧小区路灯移交", text="三个小区的路灯没人管，请协调移交。", level="street", place=Place.objects.get(pk=own_street(city)),
        )  # fmt: skip
    with _on(today - 4 * DAY, 10):  # type: ignore[attr-defined]
        desk.answer(first, by=by, answer="填在减免性质代码那一栏，说明已发在会员群。")
        desk.rate(first, by=_speaker(own), mark=5)
        street = seated("gov_street", place_id=own_street(city))
        forwarding.receive(letter, by=street)
        forwarding.forward(
            letter, by=street, level="district", place=Place.objects.get(pk=own_street(city)[:6]), note="涉及区管道路"
        )
        _season(city)
        year, quarter = _quarter_of_the_files(today)
        if queries.span(year, quarter)[1] < today - 4 * DAY:  # else the quarter is not over
            groups.evaluate(queries.group_of("training_group"), by=_president(city), year=year, quarter=quarter)
    with _on(today - 2 * DAY, 15):  # type: ignore[attr-defined]
        desk.ask(
            own, by=_speaker(own), subject="rights", title="开发企业不移交资料", text="催了三次没有给，请协会出面。"
        )
        forwarding.send(
            by=seated("gov_community", place_id=city.projects[0].estate.place_id), title="小区围挡影响通行", text="请协会找企业协调。", level="association",
        )  # fmt: skip
        unit = Organisation.objects.create(
            kind="company", name="新例物业服务有限公司（虚构）", short_name="新例物业", uscc=names.credit_code(980)
        )
        contact = Person.objects.create(name="柳例新", phone=names.phone(990_002))
        Appointment.objects.create(
            person=contact, role="company_contact", organisation=unit, starts_on=today - 30 * DAY
        )
        joining.apply(
            unit,
            by=seated("company_contact", organisation=unit.pk),
            statement="服务两个小区，想参加培训",
            group="training_group",
        )
        joining.ask_to_leave(members[-1], by=_speaker(members[-1]), last_day=today + 30 * DAY, reason="业务转到外地")


def own_street(city: City) -> str:
    """The street of the first estate."""
    return str(city.projects[0].estate.place_id[:9])


def _season(city: City) -> None:
    """Of the tasks that the season brought each group has given two out; one is delivered."""
    for code in Member.Group.values:
        group = queries.group_of(code)
        doers = list(queries.members_of(group)[3:5])
        for place, (case, doer) in enumerate(
            zip(group.tasks.filter(state="planned").order_by("due_on", "pk"), doers, strict=False)
        ):
            groups.assign(case, by=_office(city), doer=doer, criteria="数据齐全，有来源", due_on=case.due_on, hours=6)
            if place:
                groups.deliver(case, by=_speaker(doer), file=PDF)


def _quarter_of_the_files(today: datetime.date) -> tuple[int, int]:
    """The quarter in which the files of ``_delivered`` fell due."""
    due = today - 65 * DAY
    return due.year, queries.quarter_of(due)
