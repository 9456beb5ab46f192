"""A list of thirty rows asks the database as often as a list of three: nothing is fetched row by row."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wuxie.kernel.access.models import Account, Look
from wuxie.kernel.clock.now import now
from wuxie.kernel.notify.models import Robot
from wuxie.rooms.assembly.tests.factories import laid as vote
from wuxie.rooms.association.models import Member
from wuxie.rooms.association.tests import factories as members
from wuxie.rooms.conduct.tests import factories as conduct
from wuxie.rooms.fees.tests import factories as fees
from wuxie.rooms.fund.tests import factories as fund
from wuxie.rooms.inspections.tests import factories as inspections
from wuxie.rooms.mediation.tests import factories as mediation
from wuxie.rooms.portal.actions import report_plaque
from wuxie.rooms.portal.tests import factories as portal
from wuxie.rooms.rating.models import Application, Assignment, Award, Benefit, FactDispute
from wuxie.rooms.rating.tests import factories as star
from wuxie.rooms.register.models import Project
from wuxie.rooms.register.tests import factories as register
from wuxie.rooms.resale.tests import factories as resale
from wuxie.rooms.safety.models import Tally
from wuxie.rooms.safety.tests import factories as safety

from . import world

#: Address → who reads it, and how many of its rows one call of ``grow`` adds at least.
LISTS = {
    "register:estates": "secretariat", "register:units": "secretariat", "register:owners": "secretariat",
    "register:companies": "secretariat", "register:projects": "secretariat", "register:posts": "secretariat",
    "association:members": "secretariat", "people:people": "secretariat", "looks:list": "president",
    "rating_applications": "secretariat", "rating_objections": "secretariat", "rating_disputes": "secretariat",
    "rating_benefits": "secretariat", "rating_awards": "secretariat", "rating_scores": "secretariat",
    "rating_reviews": "reviewer", "pages:ledger": "secretariat", "pages:robots": "secretariat", "portal:reports": "secretariat",
    "safety:lists": "secretariat", "safety:compare": "secretariat", "safety:hazards": "secretariat", "safety:hazards_major": "secretariat",
    "safety:risks": "secretariat", "inspections:duties": "secretariat", "inspections:assets": "secretariat",
    "inspections:cases": "secretariat", "inspections:projects": "secretariat", "inspections:pools": "secretariat",
    "resale:accounts": "secretariat", "resale:months": "secretariat", "resale:refunds": "secretariat",
    "safety:permits": "secretariat", "safety:drills": "secretariat",
    "mediation:disputes": "secretariat", "mediation:petitions": "city", "mediation:rotas": "secretariat", "mediation:shifts": "secretariat",
    "mediation:experts": "secretariat", "mediation:affiliations": "secretariat",
    "fund:repairs": "secretariat", "fund:accounts": "secretariat", "fund:estates": "secretariat", "fund:stuck": "secretariat",
    "fees:adjustments": "city", "fees:disclosures": "secretariat", "fees:findings": "secretariat",
    "conduct:cases": "secretariat",
    "conduct:records": "secretariat", "conduct:scores": "secretariat", "portal:sanctions": "visitor", "portal:credit": "visitor",
    "safety:incidents": "secretariat", "safety:events": "secretariat", "assembly:decisions": "secretariat",
    "association:admissions": "secretariat", "association:leavings": "secretariat", "association:dues": "secretariat",
    "association:meetings": "secretariat", "association:resolutions": "secretariat", "association:tasks": "secretariat",
    "association:workload": "secretariat", "association:inquiries": "secretariat", "association:letters": "secretariat",
    "association:activities": "secretariat", "association:budget": "secretariat", "association:disclosures": "secretariat",
    "portal:estates": "visitor", "portal:members": "visitor", "portal:notices": "visitor", "portal:decisions": "visitor",
}  # fmt: skip
#: Lists whose rows cannot be made by the dozen here: one row a year, a version, a seal, one indicator's facts,
#: an act of administration, a comparison of two versions.
NOT_GROWN = {
    "rating_score_facts", "rating_cycles", "rating_standards", "register:estate_units", "pages:seals", "pages:journal",
    "rating_whatifs", "rating_whatif", "rating_whatif_facts", "safety:today", "safety:sheet", "fund:shares",
    "assembly:roll", "assembly:ballots", "association:groups", "portal:rates",
}  # fmt: skip
#: Those of them that belong to one thing and have no address of their own.
OF_ONE_THING = {
    "rating_score_facts", "register:estate_units", "rating_whatif", "rating_whatif_facts", "safety:today",
    "safety:sheet", "fund:shares", "assembly:roll", "assembly:ballots",
}  # fmt: skip
HOUSE = Path(__file__).resolve().parents[1]


def grow(city: world.City, numbers: range) -> None:
    """One more of everything for each number, each at an estate and a company of its own."""
    association = Member.objects.first()
    assert association is not None
    for n in numbers:
        company = star.company(f"多家物业{n}", world.EAST)
        estate = star.estate(f"多样里{n}", world.EAST)
        project = star.serve(company, estate)
        register.owner(register.unit(estate), f"多业主{n}", f"137{n:08d}")
        register.holding(register.post(project), f"多岗位{n}", f"136{n:08d}")
        joined = Member.objects.create(
            organisation=company, number=f"多{n}", joined_on=datetime.date(2025, 1, 1), group="party_building_group"
        )
        members.of_member(joined, world.EAST[:9])
        members.of_all(n + 1)
        person = star.World().someone(f"p{n}", f"多人{n}", "company_admin", organisation=company)
        Account.objects.create_user(f"many{n}", None, person=person)
        Look.objects.create(person=person, fields="phone", reason="核对", by=person.key, at=now())
        Robot.objects.create(
            name=f"多群{n}", vendor="wecom", address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k"
        )
        safety.hazard(project, "HZ-E01", place=f"多处{n}")
        safety.risk_point(project)
        inspections.case(project)
        vote(estate, "draft", {})
        inspections.pool(f"多询价{n}", place="510411")  # where nobody here serves an estate
        resale.month(project)
        fund.in_scope(project)
        fund.halted(project)
        mediation.voice(project, phone=f"13755554{n:03d}")
        mediation.petition(project)
        mediation.rota(mediation.expert(700_000 + n, company), days=1, single=True)
        mediation.tied(company)
        fees.shown(project)
        fees.hangs(project)
        fees.found(project)
        conduct.told(company)
        conduct.told_record(company, "5104")
        conduct.in_force(company)
        conduct.score(company)
        Tally.objects.create(project=project, day=datetime.date(2026, 11, 1), due=20, on_time=19)
        safety.permit(project, n + 1)
        safety.drill(project)
        safety.incident(project)
        safety.occurrence(project)
        report_plaque(plaque="0", matter="other", seen_at="路口")
        fact = star.record(project.key, "petition.valid_fault", on=datetime.date(2026, 10, 1))
        _rating(city, project, fact.pk, n)


def _rating(city: world.City, project: Project, fact: str, n: int) -> None:
    """An application in publicity, one that won, and what hangs on them."""
    place, at = project.estate.place_id, now()
    won, running = (
        Application.objects.create(
            cycle=city.own.cycle, project=one, klass=one.estate.klass, state=state, place_code=place, opened_at=at,
            changed_at=at, number=f"多-{state}-{n}", proposed_stars=3, publicity_from=datetime.date(2026, 10, 28),
            publicity_to=datetime.date(2026, 11, 4), submitted_on=datetime.date(2026, 9, 12),
        )
        for one, state in ((project, "awarded"), (star.serve(project.company, star.estate(f"又一里{n}", place)), "publicity"))
    )  # fmt: skip
    for case in (won, running):
        portal.snapshot(case)
    portal.objection(running)
    FactDispute.objects.create(
        project=project, fact_id=fact, fact_kind="petition.valid_fault", reason="不对", opened_by="test", place_code=place,
        opened_at=at, changed_at=at, state="opened",
    )  # fmt: skip
    award = Award.objects.create(
        application=won, project=project, stars=3, plaque=f"多{n}", decision="文", decided_on=datetime.date(2026, 10, 28),
        valid_from=datetime.date(2026, 10, 28), valid_until=datetime.date(2028, 10, 28),
    )  # fmt: skip
    Benefit.objects.create(
        award=award, application=won, kind="media", label="媒体宣传", offer="报道", owner=project.company, state="promised",
        due_on=datetime.date(2026, 11, 28), place_code=place, opened_at=at, changed_at=at,
    )  # fmt: skip
    like = Assignment.objects.filter(reviewer=city.people["reviewer"]).first()
    assert like is not None
    kept = {f.name: getattr(like, f.name) for f in like._meta.fields if f.name not in ("id", "application", "draw")}
    draw = like.draw
    copied = {f.name: getattr(draw, f.name) for f in draw._meta.fields if f.name not in ("id", "application")}
    Assignment.objects.create(
        application=running, draw=type(draw).objects.create(application=running, **copied), **kept
    )


def asked(city: world.City, name: str, role: str) -> tuple[int, int]:
    """How many queries the list makes and how many rows it shows; what is kept between requests is there already."""
    browser, address = city.browsers[role], reverse(name)
    cache.clear()
    browser.get(address)
    with CaptureQueriesContext(connection) as found:
        answer = browser.get(address)
    assert answer.status_code == 200, name
    return len(found), len(answer.context["shown"].lines)


def test_a_long_list_asks_no_more_than_a_short_one(whole: world.City) -> None:
    grow(whole, range(3))
    short = {name: asked(whole, name, role) for name, role in LISTS.items()}
    grow(whole, range(3, 30))
    long = {name: asked(whole, name, role) for name, role in LISTS.items()}
    assert not [name for name, (_queries, rows) in long.items() if rows < min(50, short[name][1] + 27)], (
        "rows are missing"
    )
    more = {name: (short[name][0], queries) for name, (queries, _rows) in long.items() if queries > short[name][0]}
    assert not more, f"queries for few rows and for many: {more}"


def test_a_spreadsheet_tells_no_more_than_the_page(whole: world.City) -> None:
    """Masked is masked in the file too, and nobody exports what is not theirs."""
    city = whole
    secrets = [*city.own.secrets, *city.foreign.secrets]
    open_record = {"rating_awards", "register:companies", "association:members"}
    sheets = 0
    for name in LISTS:
        for role in ("secretariat", "company", "company_other", "street_other", "owner_other", "visitor"):
            answer = city.browsers[role].get(reverse(name), {"format": "csv"})
            if answer.status_code != 200:
                assert answer.status_code in (302, 403, 404), (name, role)
                continue
            text, sheets = register.whole(answer).decode("utf-8-sig"), sheets + 1
            assert not [secret for secret in secrets if secret in text], (name, role)
            if role.endswith("_other") and name not in open_record and not name.startswith("portal:"):
                assert not [words for words in city.own.business if words in text], (name, role)
    assert sheets > len(LISTS)


def test_every_list_is_counted() -> None:
    """A new list stands in one of the tables above; lists are those that call ``table_page``."""
    calls = sum(
        len(re.findall(r"return table_page\(", path.read_text(encoding="utf-8")))
        for path in (HOUSE / "src/wuxie").rglob("*.py")
        if not {"tests", "tables"} & set(path.parts)
    )
    assert calls == len(LISTS) + len(NOT_GROWN)
