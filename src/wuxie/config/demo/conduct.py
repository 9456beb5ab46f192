"""Discipline and credit in the demo city: a case lifted long ago, one through its appeal, one the demo company may appeal, a clue about prices.

Told in three parts, each before the evening that seals it; the numbers of every company come last.
"""

from __future__ import annotations

import datetime

from wuxie.kernel.access.actor import Actor, actor_of
from wuxie.kernel.parties.models import Appointment, Organisation, Person
from wuxie.rooms.conduct import queries
from wuxie.rooms.conduct.actions import after, filing, judging, records, scores
from wuxie.rooms.conduct.models import PANEL, Proceeding, Record

from . import story
from .city import CITY, City
from .hazards import seated
from .repairs import PDF

DAY = datetime.timedelta(days=1)
MEMBERS = ("冯例一", "邓样二", "曾示三", "彭例四", "蒋样五")
#: Ends of the spans in which parts are told, in days before the day of loading.
LONG_AGO, LATELY, NOW = 58, 30, 1


def tell(city: City, end: datetime.date, today: datetime.date) -> None:
    """What happened in the span that ends on a day."""
    parts = {LONG_AGO: _long_ago, LATELY: _lately, NOW: _now}
    part = parts.get((today - end).days)
    if part is not None:
        part(city, today)


def numbers(city: City, today: datetime.date) -> None:
    """Both numbers of every company as of today."""
    scores.reckon_all(today)


def _office(city: City) -> Actor:
    return actor_of(city.people["secretariat"])


def _second(city: City) -> Person:
    """The other person of the association's office."""
    held = Appointment.objects.now().filter(role="association_secretariat").exclude(person=city.people["secretariat"])
    return held.order_by("pk")[0].person


def _panel(city: City) -> list[Person]:
    held = Appointment.objects.now().filter(role=PANEL).order_by("pk").select_related("person")
    return [one.person for one in held]


def _seat_panel(city: City) -> None:
    for name in MEMBERS:
        person = city.person(name)
        person.save()
        Appointment.objects.create(
            person=person, role=PANEL, title="惩戒委员会委员", organisation=city.association, starts_on=city.size.since,
        )  # fmt: skip
        city.people.setdefault(f"panel{1 + MEMBERS.index(name)}", person)


def _admin(company: Organisation) -> Actor:
    return seated("company_admin", organisation=company)


def _authority(place: int) -> Actor:
    """One of the two at the city's authority: what one enters the other confirms."""
    held = Appointment.objects.now().filter(role="gov_city", place_id=CITY).order_by("pk")
    return actor_of(held[place].person)


def _opened(city: City, company: Organisation, day: datetime.date, **known: object) -> Proceeding:
    """Registered, filed a day later, investigated by the office's second person and a member of the panel."""
    by = _office(city)
    with story.on(day, 9):  # type: ignore[attr-defined]
        case = filing.register(company, by=by, occurred_on=day - 12 * DAY, **known)  # type: ignore[arg-type]
    with story.on(day + DAY, 10):  # type: ignore[attr-defined]
        filing.file(case, by=by)
    with story.on(day + 2 * DAY, 10):  # type: ignore[attr-defined]
        filing.investigate(case, by=by, people=[_second(city), _panel(city)[-1]])
    return case


def _proposed(city: City, case: Proceeding, day: datetime.date, measure: str, findings: str, *factors: str) -> None:
    with story.on(day, 11):  # type: ignore[attr-defined]
        filing.propose(
            case, by=actor_of(_second(city)), findings=findings, factors=factors, measure=measure, departure="情节较轻，已经改正", file=PDF,
        )  # fmt: skip


def _decided(city: City, case: Proceeding, day: datetime.date, defence: str, *choices: str) -> None:
    """Answered, voted on the next day, served the day after."""
    with story.on(day, 15):  # type: ignore[attr-defined]
        judging.defend(case, by=_admin(case.respondent), defence=defence)
    with story.on(day + DAY, 15):  # type: ignore[attr-defined]
        for person, choice in zip(_panel(city), choices, strict=False):
            judging.vote(case, by=actor_of(person), choice=choice, reason="看过报告和申辩")
        judging.count(case, by=_office(city))
    with story.on(day + 2 * DAY, 10):  # type: ignore[attr-defined]
        judging.serve(
            case,
            by=_office(city),
            served_how="hand",
            served_on=day + 2 * DAY,
            file=PDF,
            answer="部分采纳：改正情况已经考虑",
        )


def begin(city: City, day: datetime.date) -> None:
    """The panel is seated and the standards are published."""
    with story.on(day):  # type: ignore[attr-defined]
        _seat_panel(city)
        scores.publish_shipped(by=_office(city))


def _long_ago(city: City, today: datetime.date) -> None:
    """A talk takes effect because nobody appealed."""
    begin(city, today - 95 * DAY)
    case = _opened(
        city, city.companies[3], today - 92 * DAY, charge="abuse", title="保安推搡业主", words="门岗登记时推搡一名业主，有录像", source="complaint",
        informant_name="样业主", informant_phone="13600000091",
    )  # fmt: skip
    _proposed(
        city,
        case,
        today - 86 * DAY,
        "talk",
        "门岗登记时推搡业主一次，企业次日上门道歉并调离当事人。",
        "mended",
        "cooperated",
    )
    _decided(city, case, today - 84 * DAY, "已经道歉并调离", "talk", "talk", "talk")
    with story.on(today - 65 * DAY):  # type: ignore[attr-defined]
        after.take_effect(case)


def _lately(city: City, today: datetime.date) -> None:
    """The talk is lifted; another case is being looked into; papers of the authority come in."""
    case = Proceeding.objects.get(respondent=city.companies[3])
    with story.on(today - 33 * DAY, 9):  # type: ignore[attr-defined]
        after.ask_repair(case, by=_admin(case.respondent), note="全员培训，一个月没有再发生", file=PDF)
        after.lift(case, by=_office(city), note="回访业主，属实")
    _opened(
        city, city.companies[5], today - 35 * DAY, charge="disorderly_exit", title="退出后没有移交竣工图", words="合同到期一个月，竣工图和收费台账没有移交",
        source="member", informant_company=city.companies[9],
    )  # fmt: skip
    _paper(city, city.companies[5], "B20", "住建罚〔演示〕12号", today - 34 * DAY, "擅自改变物业用房用途，罚款")
    _paper(city, city.projects[0].company, "G03", "市表彰〔演示〕3号", today - 34 * DAY, "物业服务先进单位")


def _paper(city: City, company: Organisation, line: str, number: str, day: datetime.date, words: str) -> Record:
    """Entered by one person of the authority, confirmed by the other; its publicity is over later."""
    with story.on(day, 14):  # type: ignore[attr-defined]
        case = records.collect(
            company,
            by=_authority(0),
            line=line,
            paper_number=number,
            paper_authority="演示市住建局",
            issued_on=day - 2 * DAY,
            words=words,
            file=PDF,
        )
        if not case.is_good:
            records.notify(case, by=_authority(0))
            records.state(case, by=_admin(company), statement="接受处理，已经整改")
        records.confirm(case, by=_authority(1))
    return case


def _now(city: City, today: datetime.date) -> None:
    """One case goes through its appeal, one waits for the demo company, one clue is about prices; papers count."""
    with story.on(today - 8 * DAY):  # type: ignore[attr-defined]
        for paper in Record.objects.filter(state=Record.State.PUBLISHED).select_related("company"):
            records.count(paper)
    case = Proceeding.objects.get(respondent=city.companies[5])
    _proposed(
        city,
        case,
        today - 8 * DAY,
        "censure",
        "合同到期后一个月没有移交竣工图和收费台账，书面催告两次没有回音。",
        "many",
    )
    _decided(city, case, today - 7 * DAY, "竣工图在开发商处，台账已在整理", "censure", "censure", "censure", "internal")
    with story.on(today - 4 * DAY):  # type: ignore[attr-defined]
        after.appeal(case, by=_admin(case.respondent), grounds="台账已经移交，处理过重", file=PDF)
    with story.on(today - 3 * DAY):  # type: ignore[attr-defined]
        council = list(queries.council(case))
        after.decide_appeal(
            case,
            by=actor_of(city.people["president"]),
            present=council,
            against=len(council) // 3,
            change="",
            note="事实清楚，程序合法",
            file=PDF,
        )
    own = city.projects[0].company
    mine = _opened(
        city,
        own,
        today - 8 * DAY,
        charge="breach_settlement",
        title="停车位调解没有履行",
        words="约定退还的车位费到期没有退",
        source="complaint",
    )
    _proposed(
        city,
        mine,
        today - 5 * DAY,
        "letter",
        "调解约定退还 12 户车位费，到期一个月没有退，已退 5 户。",
        "many",
        "cooperated",
    )
    _decided(city, mine, today - 4 * DAY, "余下的月底退完", "letter", "letter", "remind")
    with story.on(today - 2 * DAY):  # type: ignore[attr-defined]
        filing.register(
            city.companies[7], by=_office(city), charge="low_price", title="反映某企业低价投标", words="投标报价比别家低两成", source="member",
            occurred_on=today - 9 * DAY, informant_company=city.companies[8],
        )  # fmt: skip
        told = records.collect(
            own, by=_authority(0), line="B01", paper_number="住建改〔演示〕7号", paper_authority="东区住建局", issued_on=today - 3 * DAY,
            words="2 栋单元没有公示上季度公共收益", file=PDF,
        )  # fmt: skip
        records.notify(told, by=_authority(0))
