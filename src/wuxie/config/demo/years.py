"""The years of the demo city's ratings: one finished with its stars, benefits and a revocation; one in publicity, review and applications."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from wuxie.kernel.facts import ledger
from wuxie.rooms.rating.actions import application, cycle
from wuxie.rooms.rating.models import Application, Award, Cycle

from . import rare, ratings
from .city import CITY
from .story import DAY, Teller, on, tick

S = Application.State
#: So many projects ask for a star in this year's cycle of the city; two companies ask for none anywhere.
CITY_CASES = 22
Report = Callable[[str], None]
Evidence = Callable[[datetime.date, datetime.date], None]


def finished(teller: Teller, report: Report, evidence: Evidence) -> None:
    """Last year's cycle, from founding to plaques, benefits and one revocation."""
    end = teller.day(420)
    rating = ratings.found_cycle(
        teller,
        name=f"{end.year} 年度红色物业星级评定",
        year=end.year,
        place=CITY,
        end=end,
        number=f"演示组发〔{end.year}〕7号",
    )
    evidence(end - 380 * DAY, end)
    report("上一年度：事实")
    cases = [ratings.apply_for(teller, rating, project, end + 3 * DAY) for project in teller.city.projects[:18]]
    for place, case in enumerate(cases):
        ratings.check(teller, case, end + 4 * DAY, supplement=place == 5)
        if place != 7:  # here community and street keep silent, and the clock goes on without them
            ratings.opinions(teller, case, end + 9 * DAY)
    report("上一年度：申报")
    ratings.freeze(teller, end + 22 * DAY)
    tick(end + 23 * DAY)  # where nobody answered, a long holiday may lie in the seven working days
    ratings.freeze(teller, end + 24 * DAY)
    for place, case in enumerate(cases):
        ratings.mark(teller, case, end + 30 * DAY, spread=place == 1)
    for case in cases:
        ratings.second_round(teller, case, end + 33 * DAY)
        ratings.finish(teller, case, end + 34 * DAY)
    report("上一年度：评审")
    with on(end + 36 * DAY):
        cycle.settle_quota(Cycle.objects.get(pk=rating.pk), by=teller.secretary, minutes=f"联席〔{end.year}〕1号")
    for case in cases:
        ratings.hear(teller, case, end + 38 * DAY)
    ratings.give_awards(teller, cases, end + 52 * DAY)
    ratings.deliver_benefits(teller, end + 58 * DAY, most=400)
    starred = [case for case in cases if Award.objects.filter(application=case, ended_on=None).exists()]
    if starred:
        ratings.veto(teller, starred[-1], end + 200 * DAY)
    report("上一年度：授星与权益")


def this_year(teller: Teller, report: Report, evidence: Evidence) -> None:
    """Three cycles, day by day: the city's in publicity with open objections, a district's in review, one taking applications."""
    end = teller.day(58)
    city = ratings.found_cycle(
        teller,
        name=f"{end.year} 年度红色物业星级评定",
        year=end.year,
        place=CITY,
        end=end,
        number=f"演示组发〔{end.year}〕9号",
    )
    evidence(teller.day(419), end)
    report("本年度：事实")
    cases = [ratings.apply_for(teller, city, project, end + 3 * DAY) for project in teller.city.projects[:CITY_CASES]]
    for place, case in enumerate(cases):
        ratings.check(teller, case, end + 4 * DAY, supplement=place == 3)
        ratings.opinions(teller, case, end + 9 * DAY)
    report("本年度：申报")
    district = _district_cycle(teller)
    ratings.freeze(teller, teller.day(36))
    for case in cases:
        ratings.mark(teller, case, teller.day(30))
    evidence(teller.day(57), teller.day(30))
    report("本年度：取数与盲评")
    others = _district_applications(teller, district)
    for case in cases:
        ratings.second_round(teller, case, teller.day(25))
    for case in others[:-2]:
        ratings.opinions(teller, case, teller.day(24))
    for case in cases:
        ratings.finish(teller, case, teller.day(23))
    report("本年度：评审")
    _cycle_to_join(teller)
    with on(teller.day(18)):
        cycle.settle_quota(Cycle.objects.get(pk=city.pk), by=teller.secretary, minutes=f"联席〔{end.year}〕2号")
    ratings.freeze(teller, teller.day(8))
    for place, case in enumerate(others[:-2]):
        if ratings.fresh(case).state == S.REVIEW:
            ratings.mark(teller, case, teller.day(5), only=place % 3)
    ratings.late_fact(teller, others[0])
    with on(teller.day(3)):
        application.open_check(ratings.fresh(others[-2]), by=teller.secretary)
    for case in cases:
        ratings.hear(teller, case, teller.day(2))
    _objections(teller, [case for case in map(ratings.fresh, cases) if case.state == S.PUBLICITY])
    report("本年度：公示与异议")
    evidence(teller.day(29), teller.day(1))
    reason = "隐患在水务管段，已移交，见移交单。"
    ratings.dispute_one(teller, [case.project for case in cases], "safety.hazard_overdue", teller.day(1), reason)
    with on(teller.day(1), 22):
        ledger.announce_many(rare.rows(teller.city, teller.day(2)), by="clock")


def _district_cycle(teller: Teller) -> Cycle:
    """A district rates on its own: the same standard, another founding paper."""
    end = teller.day(30)
    return ratings.found_cycle(
        teller, name=f"{end.year} 年仁和区专项评定", year=end.year, place="510411", end=end,
        number=f"演示仁组〔{end.year}〕3号", before=15,
    )  # fmt: skip


def _cycle_to_join(teller: Teller) -> Cycle:
    """Another district has just begun to take applications, so that a visitor of the demo can send one."""
    end = teller.day(6)
    return ratings.found_cycle(
        teller, name=f"{end.year} 年盐边县专项评定", year=end.year, place="510422", end=end,
        number=f"演示边组〔{end.year}〕1号", before=15,
    )  # fmt: skip


def _district_applications(teller: Teller, rating: Cycle) -> list[Application]:
    asking = {one.company_id for one in teller.city.projects[:CITY_CASES]}
    there = [one for one in teller.city.projects if one.estate.place_id.startswith("510411")]
    projects = [one for one in there if one.company_id in asking][:8]
    cases = [ratings.apply_for(teller, rating, project, teller.day(29)) for project in projects]
    for case in cases[:-2]:
        ratings.check(teller, case, teller.day(28))
    return cases


def _objections(teller: Teller, published: list[Application]) -> None:
    ratings.object_to(
        published[0], teller.day(1), indicator="D2", contact="1000 000 0001",
        text="8月地下车库渗水报过三次，台账上写按期闭环，现场至今没有修好。",
    )  # fmt: skip
    ratings.object_to(
        published[2], teller.day(1), indicator="C2", contact="1000 000 0002", hour=16,
        text="报修单显示已完成，但我家门禁还没有修，回访电话也没有打。",
    )  # fmt: skip
