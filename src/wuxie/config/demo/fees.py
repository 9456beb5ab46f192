"""Changes of fees of the demo city: one kept, one rolled back, one watched, one in public with questions, one being prepared; disclosures.

Told in three spans, each before the evening that seals it: publicity alone takes two months, promises half a year.
"""

from __future__ import annotations

import datetime

from wuxie.kernel.access.actor import Actor
from wuxie.rooms.fees.actions import costing, deciding, disclosing, keeping, publicity
from wuxie.rooms.fees.models import Adjustment, Disclosure
from wuxie.rooms.register.models import Project

from . import names, story
from .city import City
from .hazards import picture
from .repairs import PDF, manager_of, organiser_of, second_of

DAY = datetime.timedelta(days=1)
#: So many days before the day of loading the spans end in which something of a change of fee happens.
LAST_YEAR, AUTUMN, NOW = 420, 58, 1
#: After the last evening but one that is sealed.
RECENT = 7 * DAY
#: Parts of a year's cost by item, in two years. Of the later year together so much that the present price falls short by about a seventh.
COSTS = {
    "staff": (1_050, 1_210), "running": (420, 495), "clean": (210, 228), "order": (310, 352), "green": (80, 84), "insurance": (22, 24), "office": (36, 35),
    "overhead": (90, 92), "depreciation": (30, 28), "tax": (70, 76),
}  # fmt: skip
SHORT = 2_200_000
PROMISES = (
    ("每单元每周拖地两次", "看楼道里的签到卡"), ("门岗夜间双人", "夜里十点后随时去看"), ("电梯困人十五分钟内到场", "看救援记录"),
)  # fmt: skip


def tell(city: City, end: datetime.date, today: datetime.date) -> None:
    """What happened in the span that ends on a day, before the evening that seals it."""
    if end == today - LAST_YEAR * DAY:
        _kept(city.projects[3], today - 780 * DAY)
        _rolled_back(city.projects[5], today - 770 * DAY)
    if end == today - AUTUMN * DAY:
        _watched(second_of(city), today - 215 * DAY)
        _shown(city.projects[0], today - 66 * DAY)
    if end == today - NOW * DAY:
        _in_public(Adjustment.objects.get(project=city.projects[0]), today - RECENT)
        _prepared(city.projects[7], today - 3 * DAY)
        _disclosed([city.projects[0], second_of(city), *city.projects[3:9]], today)


def _begun(project: Project, day: datetime.date, reason: str = "工资、社保和检测费都涨了，三年没有调过") -> Adjustment:
    """Asked for, with base and the costs of two years."""
    manager, area = manager_of(project), project.estate.area
    with story.on(day, 9):  # type: ignore[attr-defined]
        case = costing.begin(
            project, by=manager, reason=reason, clause="第十四条：满两年，成本上涨的，双方可以协商调整，由业主共同决定",
            last_changed_on=day - 1100 * DAY, min_years=2, guide_basis="演示价格主管部门〔2024〕3号（虚构）", file=PDF,
        )  # fmt: skip
        costing.set_base(case, by=manager, area=area, vacant=area // 9, rate=8_640, offset=area // 3)
        for item, sums in COSTS.items():
            for back, sum_ in zip((2, 1), sums, strict=True):
                costing.add_cost(
                    case,
                    by=manager,
                    year=day.year - back,
                    item=item,
                    amount=area * case.current * sum_ // SHORT,
                    file=PDF,
                )
    return case


def _reviewed(project: Project, day: datetime.date) -> Adjustment:
    """Three options, three promises; somebody independent has looked at the costs."""
    case = _begun(project, day)
    manager, price = manager_of(project), case.current
    options = (
        ("a", "服务标准不变，单价一步到位", {"price": price + 3_000}),
        ("c", "单价不变，停车和电梯广告收入拿出一部分补贴", {"price": price, "subsidy": (case.area or 0) // 2}),
        ("e", "服务标准不变，分两步", {"price": price + 3_000, "first_price": price + 1_500, "months": 12}),
    )  # fmt: skip
    with story.on(day + DAY, 10):  # type: ignore[attr-defined]
        for kind, words, figures in options:
            costing.set_option(case, by=manager, kind=kind, words=words, **figures)
        for words, measure in PROMISES:
            costing.add_promise(case, by=manager, words=words, measure=measure)
    line = case.costs.filter(item="overhead").first()
    assert line is not None
    with story.on(day + 2 * DAY, 10):  # type: ignore[attr-defined]
        costing.review(
            case, by=organiser_of(project), reviewer="例衡会计师事务所（虚构）", uscc=names.credit_code(950), allowed={line.pk: line.amount * 8 // 10},
            opinion="账证相符；总部管理费按面积分摊后核减两成，其余认可", file=PDF,
        )  # fmt: skip
    return case


def _shown(project: Project, day: datetime.date) -> Adjustment:
    case = _reviewed(project, day)
    with story.on(day + 3 * DAY, 9):  # type: ignore[attr-defined]
        publicity.show_costs(case, by=manager_of(project))
    return case


def _in_public(case: Adjustment, day: datetime.date) -> None:
    """The plan hangs; one question is answered, one waits."""
    manager = manager_of(case.project)
    with story.on(day, 9):  # type: ignore[attr-defined]
        publicity.publish(case, by=manager)
        first = publicity.question(case, words="电梯的电费和年检费算在哪一项里？以前说从广告收入出。")
    with story.on(day, 16):  # type: ignore[attr-defined]
        publicity.answer(
            case,
            by=manager,
            question=first,
            answer="算在“日常运行和维护”里。广告收入去年补贴了一部分，已经从成本里减掉，见公共收益公示。",
        )
        publicity.question(case, words="方案 E 第二步还要再表决一次吗？")


def _signed(project: Project, day: datetime.date) -> Adjustment:
    """Shown, asked, voted on paper, signed; the price begins with the next month."""
    case, organiser = _shown(project, day), organiser_of(project)
    assert case.costs_until is not None
    with story.on(case.costs_until + DAY, 9):  # type: ignore[attr-defined]
        publicity.publish(case, by=manager_of(project))
    assert case.plan_until is not None
    voted = case.plan_until + 2 * DAY
    with story.on(voted, 10):  # type: ignore[attr-defined]
        publicity.hear(case, by=organiser, heard_on=voted - DAY, people=63, words="问得最多的是电梯和门岗，社区到场")
        deciding.call_vote(case, by=organiser, option=case.options.get(kind="a"))
    with story.on(voted + DAY, 18):  # type: ignore[attr-defined]
        area = project.estate.area
        deciding.record_vote(
            case, by=organiser, total_area=area, total_heads=300, part_area=area * 7 // 10, part_heads=220, yes_area=area * 5 // 10, yes_heads=151,
            reference=f"表决公告〔{voted.year}〕1号", file=PDF,
        )  # fmt: skip
    assert case.result_until is not None
    with story.on(case.result_until + DAY, 10):  # type: ignore[attr-defined]
        deciding.sign(case, by=organiser, signed_on=case.result_until + DAY, file=PDF)
    assert case.effective_on is not None
    with story.on(case.effective_on, 1):  # type: ignore[attr-defined]
        keeping.take_effect(case)
    return case


def _check(case: Adjustment, day: datetime.date, broken: int = 0) -> None:
    """The owners' side looks at every promise; the first ``broken`` of them are not kept."""
    by: Actor = organiser_of(case.project)
    with story.on(day, 16):  # type: ignore[attr-defined]
        for place, promise in enumerate(case.promises.all()):
            kept = place >= broken
            keeping.check(
                case, by=by, promise=promise, kept=kept, words="到现场看过，做到了" if kept else "连着两周只拖了一次"
            )


def _kept(project: Project, day: datetime.date) -> None:
    case = _signed(project, day)
    assert case.effective_on is not None and case.check_on is not None
    with story.on(case.effective_on + 9 * DAY, 10):  # type: ignore[attr-defined]
        first = case.promises.all()[0]
        keeping.report(case, by=manager_of(project), promise=first, file=("签到卡.jpg", picture(71, "#389e0d")))
    for month in range(3):
        _check(case, case.effective_on + (12 + 60 * month) * DAY)
    with story.on(case.check_on + DAY, 10):  # type: ignore[attr-defined]
        keeping.finish(case, by=organiser_of(project), note="六个月看下来都做到了")


def _rolled_back(project: Project, day: datetime.date) -> None:
    case = _signed(project, day)
    assert case.effective_on is not None
    checked = case.effective_on + 45 * DAY
    _check(case, checked, broken=1)
    with story.on(checked, 17):  # type: ignore[attr-defined]
        keeping.fail(case, by=organiser_of(project), note="楼道每周只拖一次")
    assert case.cure_until is not None
    with story.on(case.cure_until + DAY, 10):  # type: ignore[attr-defined]
        keeping.roll_back(case, by=organiser_of(project), note="限期过了仍是每周一次")
    assert case.reverts_on is not None
    with story.on(case.reverts_on, 1):  # type: ignore[attr-defined]
        keeping.revert(case)


def _watched(project: Project, day: datetime.date) -> None:
    case = _signed(project, day)
    assert case.effective_on is not None
    _check(case, case.effective_on + 14 * DAY)


def _prepared(project: Project, day: datetime.date) -> None:
    _begun(project, day, "生活水泵和消防检测加价，账上连年亏")


def _disclosed(projects: list[Project], today: datetime.date) -> None:
    """The last quarter: hung and confirmed, hung, not yet; late where its days were over before the city remembers."""
    starts, ends = disclosing.quarter_before(today)
    hung = today - RECENT
    for place, project in enumerate(projects):
        for nth, topic in enumerate(("public_income", "charges", "performance")):
            row = Disclosure.objects.create(
                project=project, topic=topic, starts_on=starts, ends_on=ends, due_on=ends + 15 * DAY
            )
            if (place + nth) % 3 == 2 or hung <= ends:
                continue
            with story.on(hung, 14):  # type: ignore[attr-defined]
                disclosing.publish(row, by=manager_of(project), file=("公示栏.jpg", picture(80 + place, "#0958d9")))
                if nth == 0:
                    disclosing.confirm(row, by=organiser_of(project))
    with story.on(today - DAY, 15):  # type: ignore[attr-defined]
        disclosing.count_due(today)
