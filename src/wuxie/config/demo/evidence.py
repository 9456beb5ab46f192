"""A year of evidence for one project, drawn from a seed: what the working rooms will announce once they exist.

Each kind has a rhythm and a size; where two kinds belong together (due and done, found and closed) the second is a share
of the first that depends on how well the project is run (``quality``, 0 to 1, as tenths of a per mille so that no float
decides anything).
"""

from __future__ import annotations

import calendar
import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
DAY = datetime.timedelta(days=1)


@dataclass
class Maker:
    """Rows for one subject over one span of days."""

    subject: str
    start: datetime.date
    end: datetime.date
    quality: int
    rng: random.Random
    households: int = 300
    area: int = 30_000
    daily: bool = True
    """Duties as one fact a day; else one a week, for years long past."""
    levels: bool = True
    """What lasts is announced once, in the first span."""
    dated: bool = False
    """Sources begin with the month, so that a database finds those of one month side by side."""
    also: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    tag: str = field(init=False)

    def __post_init__(self) -> None:
        self.tag = f"demo/{self.end:%Y%m}/{self.subject}" if self.dated else f"demo/{self.subject}"

    def add(self, kind: str, day: datetime.date, quantity: str | int = 1, **rest: Any) -> None:
        """One fact; days outside the span are left out."""
        if self.start <= day <= self.end:
            self.rows.append(
                {"kind": kind, "subject": self.subject, "occurred_on": day, "quantity": str(quantity),
                 "source": f"{self.tag}/{kind}/{day.isoformat().replace('-', '')}/{len(self.rows)}", "also_counts_for": self.also, **rest}
            )  # fmt: skip

    def share(self, total: int, *, spread: int = 80) -> int:
        """How many of ``total`` a project of this quality gets right."""
        rate = min(max(self.quality + self.rng.randint(-spread, spread), 0), 1000)
        return (total * rate + 500) // 1000

    def happens(self, per_mille: int) -> bool:
        return self.rng.randrange(1000) < per_mille

    def months(self) -> Iterator[datetime.date]:
        """The last day of each month that lies in the span."""
        year, month = self.start.year, self.start.month
        while datetime.date(year, month, 1) <= self.end:
            yield datetime.date(year, month, calendar.monthrange(year, month)[1])
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)

    def some_day(self, last: datetime.date) -> datetime.date:
        return last - DAY * self.rng.randrange(0, 27)


def project_rows(make: Maker) -> list[Row]:
    """Everything a project announces in the span."""
    if make.levels:
        _levels(make)
    for last in make.months():
        _daily(make, last)
        _monthly(make, last)
        if last.month % 3 == 2:
            _quarterly(make, last)
        if last.month in (5, 11):
            _half_yearly(make, last)
        if last.month == 6:
            _yearly(make, last)
    return make.rows


def _levels(make: Maker) -> None:
    day, good = make.start, make.quality
    if good > 880:
        make.add("party.branch_established.own", day)
    elif good > 760:
        make.add("party.branch_established.joint", day)
    else:
        make.add("party.branch_established.instructor", day)
    for variant, line in (("manager", 650), ("backbone", 780), ("committee", 900)):
        if good > line:
            make.add(f"party.cross_appointment.{variant}", day)
    make.add("party.member_staff", day, 3 if good > 850 else 2 if good > 700 else 1)
    make.add("party.space_area", day, 60 + make.rng.randrange(60))
    make.add("guarantee.measure_required", day, 14)
    make.add("guarantee.measure_met", day, make.share(14))
    make.add("inspection.due", day, 10)
    make.add("inspection.valid", day, make.share(10, spread=40))
    make.add("certificate.required_post_total", day, 8)
    make.add("certificate.required_post_staffed", day, make.share(8, spread=40))


def _daily(make: Maker, last: datetime.date) -> None:
    """Duties: one fact a day and kind, with the number of single duties on that day's sheet."""
    step = 1 if make.daily else 7
    for number in range(1, last.day + 1, step):
        day = last.replace(day=number)
        due = (12 + make.rng.randrange(4)) * step
        make.add("safety.duty_due", day, due)
        make.add("safety.duty_on_time", day, min(due, make.share(due, spread=50)))


def _monthly(make: Maker, last: datetime.date) -> None:
    rng, day = make.rng, make.some_day(last)
    make.add("party.meeting_due", last)
    if make.happens(make.quality + 60):
        make.add("party.life_meeting_held", day)
    if make.happens(500):
        make.add("party.volunteer_hours", day, make.households // 20 + rng.randrange(12))
    tickets = 20 + rng.randrange(15)
    make.add("ticket.total", last, tickets)
    make.add("ticket.closed_on_time", last, make.share(tickets))
    make.add("disclosure.required.other", last)
    if make.happens(make.quality + 40):
        make.add("disclosure.published_on_time.other", last)
    found = 1 + rng.randrange(3)
    closed = make.share(found, spread=160)
    make.add("safety.hazard_found", day, found)
    make.add("safety.hazard_closed_on_time", last, closed)
    if closed < found:
        make.add("safety.hazard_overdue", last, found - closed)
    make.add("fitout.completed", last, 2)
    clean = make.share(2, spread=200)
    make.add("fitout.completed_zero_violation", last, clean)
    if clean < 2 and make.happens(600):
        make.add("fitout.violation_rectified", last)
    make.add("fitout.check_due", last, 12)
    make.add("fitout.check_done", last, make.share(12, spread=40))
    if make.happens(1000 - make.quality):
        make.add("safety.post_without_holder", day, 1 + rng.randrange(3))
    if make.happens(350):
        make.add("petition.received", day)
        if make.happens(make.quality + 60):
            make.add("petition.responded_on_time", day)
        if make.happens(1000 - make.quality):
            make.add("petition.valid_fault", day)
        if make.happens(60):
            make.add("petition.repeat", day)
    if make.happens(120):
        make.add("mediation.case_accepted", day)
        if make.happens(700):
            make.add("mediation.case_settled", day)
    make.add("service_plus.public_benefit", last, make.households // 60 + rng.randrange(6))
    orders = 8 + rng.randrange(10)
    make.add("service_plus.order_completed", last, orders)
    if make.happens(60):
        make.add("service_plus.complaint_valid", last)
    make.add("smart.device_online_rate", last, min(100, 86 + make.quality * 12 // 1000 + rng.randrange(3)))
    make.add("power.account_checked", last)
    if make.happens(25):
        make.add("power.overcharge_amount", day, 200 + rng.randrange(900))
    if make.happens(40):
        make.add("fitout.deposit_refund_overdue", day)
    if make.happens(50):
        make.add("whistle.raised", day)


def _quarterly(make: Maker, last: datetime.date) -> None:
    rng, day = make.rng, make.some_day(last)
    make.add("party.deliberation_due", last)
    if make.happens(make.quality + 80):
        make.add("party.deliberation_held", day)
    make.add("party.resolution_due", last, 2)
    make.add("party.resolution_done", last, make.share(2, spread=150))
    make.add("disclosure.required.public_income", last)
    if make.happens(make.quality + 90):
        make.add("disclosure.published_on_time.public_income", last)
    make.add("evidence.rejected_rate", last, max(0, (1000 - make.quality) // 40 - rng.randrange(2)))
    make.add("training.staff_required", last, 30)
    make.add("training.staff_compliant", last, make.share(30, spread=40))
    make.add("fee.collection_rate", last, 70 + make.quality * 25 // 1000)
    make.add("service_plus.gross_margin", last, 1500 + rng.randrange(3000))
    if make.happens(500):
        make.add("problem.registered", day)
        if make.happens(make.quality):
            make.add("problem.closed_verified", last)
        elif make.happens(100):
            make.add("problem.reopened", last)


def _half_yearly(make: Maker, last: datetime.date) -> None:
    day = make.some_day(last)
    make.add("standard.audit_score", day, 70 + make.quality * 28 // 1000)
    if make.happens((1000 - make.quality) * 2):
        make.add("standard.nonconformity_overdue", day)
    if make.happens(make.quality + 60):
        make.add("safety.drill_held.fire", day)
    if make.happens(60):
        make.add("fund.danger_facade_guarded", day)


def _yearly(make: Maker, last: datetime.date) -> None:
    rng, day = make.rng, make.some_day(last)
    make.add("satisfaction.score", day, 62 + make.quality * 34 // 1000 + rng.randrange(3))
    make.add("satisfaction.valid_sample", day, max(30, make.households // 8 + rng.randrange(20)))
    for variant, line in (("lift", 500), ("flood", 620), ("outage", 820)):
        if make.quality > line:
            make.add(f"safety.drill_held.{variant}", day + DAY * rng.randrange(3))
    if make.happens(250):
        make.add("talent.pm_turnover", day)
    if make.happens((1000 - make.quality) // 2):
        make.add("certificate.lapsed_on_duty", day)
    if make.happens(200):
        make.add("demonstration.case_replicated", day, "0.5" if make.happens(400) else 1)
    for kind, odds, quantity in (
        ("party.funding_in_place", 500, 12000), ("handover.agreement_signed", 120, 1), ("handover.completed", 80, 1),
        ("handover.burden_removed", 80, 18600), ("inspection.group_saving", 300, 2400), ("fund.repair_completed", 200, 1),
        ("fee.adjustment_effective", 60, 1), ("fitout.structural_violation_unreported", 10, 1),
    ):  # fmt: skip
        if make.happens(odds):
            make.add(kind, day, quantity)


def company_rows(make: Maker, projects: list[str]) -> list[Row]:
    """What a company announces: levels reach its projects by the kind's rule, the rest names the project it is about."""
    if make.levels:
        _company_levels(make)
    rng, good = make.rng, make.quality

    for last in make.months():
        if last.month % 3 == 2:
            make.add("incentive.points_paid_ratio", last, min(100, 76 + good * 24 // 1000))
            make.add("culture.activity_held", last)
            make.add("member.duty_done", last, 2)
            if make.happens(300):
                make.add("mediation.expert_shift_served", last)
        if make.happens(120):
            make.add("publicity.item_published", last)
        about = (rng.choice(projects),) if projects else ()
        if about and make.happens(250):
            make.add("mediation.agreement_due", last, also_counts_for=about)
            kept = "mediation.agreement_performed" if make.happens(good + 60) else "mediation.agreement_breached"
            make.add(kept, last, also_counts_for=about)
        if about and make.happens(180):
            make.add("problem.company_action_due", last, also_counts_for=about)
            if make.happens(good + 40):
                make.add("problem.company_action_on_time", last, also_counts_for=about)
        if about and make.happens(15):
            make.add("mediation.case_refused_by_company", last, also_counts_for=about)
    _company_rarely(make, projects)
    return make.rows


def _company_levels(make: Maker) -> None:
    rng, good, day = make.rng, make.quality, make.start
    if good > 600:
        make.add("party.charter_clause.charter", day)
    if good > 720:
        make.add("party.charter_clause.contract", day)
    if good > 550:
        make.add("safety.standardization_level", day, 2 if good > 800 else 3)
    if good > 700:
        make.add("ip.mark_registered" if make.happens(500) else "ip.copyright_registered", day)
    elif good > 640:
        make.add("ip.city_brand_licensed", day)
    make.add("credit.graded." + ("a" if good > 820 else "b" if good > 600 else "c"), day)
    make.add("standard.document_effective", day, 20 + rng.randrange(30))
    make.add("talent.key_post_total", day, 6)
    make.add("talent.reserve_ready", day, make.share(6))
    make.add("labour.social_insurance_verified", day)


def _company_rarely(make: Maker, projects: list[str]) -> None:
    """What a company meets once in a while; vetoes are left to the story, which tells one on purpose."""
    day = make.start + (make.end - make.start) / 2
    about = (projects[0],) if projects else ()
    for kind, odds in (
        ("mediation.expert_shift_missed", 80), ("early.recommendation_submitted", 300), ("member.group_deliverable", 250),
        ("tender.cost_disclosed", 150), ("tender.low_bid_unexplained", 20), ("penalty.correction_order", 60),
        ("penalty.administrative.below_fine", 40), ("honour.granted.city", 120), ("honour.granted.district", 200),
        ("standard.external_authored.contributor", 90), ("pilot.accepted", 60), ("discipline.sanction", 15),
    ):  # fmt: skip
        if make.happens(odds):
            make.add(kind, day)
    if about and make.happens(120):
        make.add("emergency.contribution.rescue", day, also_counts_for=about)
    if about and make.happens(40):
        make.add("tender.promise_breached", day, also_counts_for=about)
