"""The demo city, in the order in which it happened."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.contrib.auth.hashers import make_password
from django.db.models import Count, Q

from wuxie.kernel.access.actor import THE_CLOCK
from wuxie.kernel.access.models import Account
from wuxie.kernel.clock.now import frozen, today
from wuxie.kernel.facts import ledger, sealer
from wuxie.kernel.home import home
from wuxie.kernel.jobs import outbox
from wuxie.kernel.papers.actions import print_later
from wuxie.kernel.parties.models import Person
from wuxie.kernel.workflow import clock
from wuxie.rooms.register.actions import levels

from . import city as building
from . import conduct, duties, fees, members, ratings, safe, story, votes, years
from .evidence import Maker, company_rows, project_rows

Progress = Callable[[int, int, str], None]
PASSWORD = "Demo-2026-wuxie"  # noqa: S105  printed on purpose; demo accounts exist in a demo only
DAY = datetime.timedelta(days=1)
STEPS = 11

ACCOUNTS = {
    "secretariat": ("mishuchu", "协会秘书处"), "president": ("huizhang", "协会会长"), "reviewer": ("pingshen", "评审专家"),
    "company": ("qiye", "企业管理员"), "manager": ("xiangmu", "项目经理"), "community": ("shequ", "社区"),
    "street": ("jiedao", "街道"), "district": ("quxian", "区县主管部门"), "city": ("zhujian", "市住建局"),
    "owner": ("yezhu", f"业主；手机上说意见时的证件号（虚构）{votes.identity(1)}"),
    "electrician": ("diangong", "电工，用手机开 /field/"), "center": ("zijin", "维修资金管理中心"), "committee": ("yeweihui", "业委会主任"),
    "mediator": ("tiaojie", "调解专家"),
    "collector": ("shoupiao", "收票人，用手机开“业主表决”，没信号开 /field/"), "collector2": ("shoupiao2", "同行的收票人"),
    "panel1": ("weiyuan", "惩戒委员会委员"), "panel2": ("weiyuan2", "惩戒委员会委员"), "panel3": ("weiyuan3", "惩戒委员会委员"),
}  # fmt: skip


def small(progress: Progress) -> str:
    """Build it all; returns the text that lists the demo accounts."""
    done = 0

    def report(words: str) -> None:
        nonlocal done
        done += 1
        progress(done, STEPS, words)

    loaded_on = today()
    # The first day must lie before everything that the city remembers.
    with frozen(loaded_on - 900 * DAY):
        made = building.build()
        for project in made.projects:
            levels.confirm_all(project, by=THE_CLOCK)
    report("单位、小区、户室、人员")
    teller = story.Teller(made, loaded_on)
    teller.load_people()
    with print_later():
        ratings.publish_standard(teller, teller.day(450))
        years.finished(teller, report, lambda start, end: _last_year(made, start, end, loaded_on))
        years.this_year(teller, report, lambda start, end: _this_year(made, start, end, loaded_on))
        safe.last_night(made, loaded_on)
        conduct.numbers(made, loaded_on)
    outbox.drain_all()
    clock.take_due()
    sealer.seal()
    report("封存账本")
    return accounts(made)


def _last_year(made: building.City, start: datetime.date, end: datetime.date, loaded_on: datetime.date) -> None:
    """What is announced in sums; what became of fees comes before the evening that seals it."""
    fees.tell(made, end, loaded_on)
    _evidence(made, start, end, daily=False, levels=True)


def _this_year(made: building.City, start: datetime.date, end: datetime.date, loaded_on: datetime.date) -> None:
    """What is announced daily; what the rooms for safety hold comes before the evening that seals them."""
    if end == loaded_on - DAY:
        safe.last_weeks(made, loaded_on)
    conduct.tell(made, end, loaded_on)
    votes.tell(made, end, loaded_on)
    fees.tell(made, end, loaded_on)
    members.tell(made, end, loaded_on)
    _evidence(made, start, end, daily=True)


def _evidence(
    made: building.City, start: datetime.date, end: datetime.date, *, daily: bool, levels: bool = False
) -> None:
    """What all projects and companies announce in a span, recorded on its last evening."""
    rows = []
    for project in made.projects:
        make = Maker(
            project.key, start, end, made.quality[project.pk], made.rng, households=project.estate.households,
            area=project.estate.area, daily=daily, levels=levels,
        )  # fmt: skip
        rows += project_rows(make)
    for company in made.companies:
        own = [project for project in made.projects if project.company_id == company.pk]
        mean = sum(made.quality[project.pk] for project in own) // max(len(own), 1) or 700
        make = Maker(company.key, start, end, mean, made.rng, daily=daily, levels=levels)
        rows += company_rows(make, [project.key for project in own])
    with story.on(end, 20):
        ledger.announce_many(sorted(rows, key=lambda row: row["occurred_on"]), by="clock")
        sealer.seal()


def accounts(made: building.City) -> str:
    """One account a role, one printed password."""
    people = {**made.people, "reviewer": _busy_reviewer(made), "electrician": duties.electrician(today())}
    lines = [f"演示账号，密码都是 {PASSWORD}"]
    kept = make_password(PASSWORD)  # once: it is one password for all, and made to take long
    for key, (username, words) in ACCOUNTS.items():
        Account.objects.create(username=username, person=people[key], password=kept)
        lines.append(f"  {username:<10} {words}")
    text = "\n".join(lines) + "\n"
    (home() / "demo-accounts.txt").write_text(text, encoding="utf-8")
    return text


def _busy_reviewer(made: building.City) -> object:
    """The reviewer who has most still to mark."""
    open_task = Q(assignments__released_at=None, assignments__round1_at=None)
    rows = Person.objects.filter(pk__in=[one.pk for one in made.reviewers]).annotate(
        n=Count("assignments", filter=open_task)
    )
    return rows.order_by("-n", "pk").first()
