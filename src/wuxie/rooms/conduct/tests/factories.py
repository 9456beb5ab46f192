"""An association with office, president, panel and council, a member company and strangers; every name is invented."""

from __future__ import annotations

import datetime
from typing import Any

from stdnum.cn import uscc

from wuxie.kernel.access.actor import NOBODY, THE_CLOCK, Actor, Seat, actor_of
from wuxie.kernel.clock.now import SHANGHAI, frozen, now, today
from wuxie.kernel.parties.actions import appoint
from wuxie.kernel.parties.models import Organisation, Person
from wuxie.kernel.workflow import clock
from wuxie.rooms.association.models import Member
from wuxie.rooms.conduct.actions import after, filing, judging, records
from wuxie.rooms.conduct.models import PANEL, Proceeding, Record, Score

DAY = datetime.date
PLACE = "5104"
PDF = ("文件.pdf", b"%PDF-1.4\n%%EOF\n")
FINDINGS = "2027 年 2 月 1 日合同到期后没有移交竣工图和收费台账，催告两次。"
#: Planted where only the association may read.
INFORMANT, PHONE = "线索举报某", "13900001234"


def code(number: int) -> str:
    """A credit code with the right check digit."""
    body = f"91510400MACNDK{number:03d}"
    return body + uscc.calc_check_digit(body)


def company(number: int, name: str = "") -> Organisation:
    return Organisation.objects.create(
        kind="company", name=name or f"例行物业{number}", uscc=code(number), place_id=PLACE
    )


def member(organisation: Organisation, number: int, kind: str = "ordinary") -> Member:
    return Member.objects.create(
        organisation=organisation, number=f"Z{number:04d}", kind=kind, joined_on=DAY(2020, 1, 1)
    )


def clue(respondent: Organisation, **known: Any) -> Proceeding:
    """A clue just registered by an officer who is nobody in particular."""
    given: dict[str, Any] = {
        "charge": "disorderly_exit", "title": "合同到期不移交资料", "words": "到期一个月没有移交竣工图", "occurred_on": today() - datetime.timedelta(days=30),
        "source": "complaint",
    } | known  # fmt: skip
    office = Actor("person:0", person_id=0, seats=(Seat("association_secretariat"),))
    return filing.register(respondent, by=office, **given)


def told(respondent: Organisation, **known: Any) -> Proceeding:
    """A case of which the company has been told, for tests of pages: nobody has taken a step."""
    found = clue(respondent, **known)
    Proceeding.objects.filter(pk=found.pk).update(state=Proceeding.State.INVESTIGATING)
    found.refresh_from_db()
    return found


class World:
    """Everybody whom a case concerns."""

    def __init__(self, place: str = PLACE) -> None:
        self.place = place
        self.association = Organisation.objects.create(kind="association", name="市物业协会")
        self.company, self.rival = company(1, "当事物业"), company(2, "同行物业")
        self.membership = member(self.company, 1, "council")
        member(self.rival, 2, "council")
        self.council = [member(company(number), number, "council") for number in range(3, 9)]
        self.people: dict[str, Person] = {}
        for name, role, seat in (
            ("office", "association_secretariat", {"organisation": self.association}),
            ("second", "association_secretariat", {"organisation": self.association}),
            ("president", "association_president", {"organisation": self.association}),
            *((f"panel{n}", PANEL, {"organisation": self.association}) for n in range(1, 6)),
            ("admin", "company_admin", {"organisation": self.company}),
            ("contact", "company_contact", {"organisation": self.company}),
            ("stranger", "company_admin", {"organisation": self.rival}),
            ("city", "gov_city", {"place_code": place}),
        ):  # fmt: skip
            self.people[name] = Person.objects.create(name=f"{name}某")
            appoint(self.people[name], role, by="test", starts_on=DAY(2020, 1, 1), **seat)

    def __getitem__(self, name: str) -> Actor:
        return {"visitor": NOBODY, "clock": THE_CLOCK}.get(name) or actor_of(self.people[name])

    def clue(self, **known: Any) -> Proceeding:
        given: dict[str, Any] = {
            "charge": "disorderly_exit", "title": "合同到期不移交资料", "words": "到期一个月没有移交竣工图", "occurred_on": DAY(2027, 2, 1),
            "source": "complaint", "informant_name": INFORMANT, "informant_phone": PHONE,
        } | known  # fmt: skip
        return filing.register(self.company, by=self["office"], **given)

    def filed(self, **known: Any) -> Proceeding:
        case = self.clue(**known)
        filing.file(case, by=self["office"])
        return case

    def investigating(self, **known: Any) -> Proceeding:
        case = self.filed(**known)
        filing.investigate(case, by=self["office"], people=[self.people["second"], self.people["panel1"]])
        return case

    def proposed(self, measure: str = "censure", factors: tuple[str, ...] = ("many",), **known: Any) -> Proceeding:
        case = self.investigating(**known)
        filing.propose(
            case,
            by=self["second"],
            findings=FINDINGS,
            factors=factors,
            measure=measure,
            months=6,
            departure="情节不同",
            file=PDF,
        )
        return case

    def defended(self, wants_hearing: bool = False, **known: Any) -> Proceeding:
        case = self.proposed(**known)
        judging.defend(case, by=self["admin"], defence="图在开发商处", wants_hearing=wants_hearing)
        return case

    def vote(self, case: Proceeding, *choices: str) -> None:
        """The panel votes, from the second member on; the first one investigated."""
        for number, choice in enumerate(choices, 2):
            judging.vote(case, by=self[f"panel{number}"], choice=choice, reason="看过材料")

    def voted(self, *choices: str, **known: Any) -> Proceeding:
        case = self.defended(**known)
        self.vote(case, *(choices or (case.proposed,) * 3))
        judging.count(case, by=self["office"])
        return case

    def served(self, **known: Any) -> Proceeding:
        case = self.voted(**known)
        judging.serve(
            case, by=self["office"], served_how="hand", served_on=today(), file=PDF, answer="不采纳：移交是合同义务"
        )
        return case

    def appealed(self, **known: Any) -> Proceeding:
        case = self.served(**known)
        after.appeal(case, by=self["admin"], grounds="处理过重", file=PDF)
        return case

    def effective(self, **known: Any) -> Proceeding:
        case = self.served(**known)
        with later(16):
            clock.take_due()
        case.refresh_from_db()
        return case


def later(days: int) -> Any:
    return frozen(now().astimezone(SHANGHAI) + datetime.timedelta(days=days))


def record(organisation: Organisation, by: Actor, **known: Any) -> Record:
    """A paper of the authority just entered: an order to correct."""
    given: dict[str, Any] = {
        "line": "B01", "paper_number": "责改〔2027〕3号", "paper_authority": "区住建局", "issued_on": DAY(2027, 3, 1), "words": "没有公示公共收益", "file": PDF,
    } | known  # fmt: skip
    return records.collect(organisation, by=by, **given)


def told_record(organisation: Organisation, place: str) -> Record:
    """A paper in publicity, for tests of pages: nobody has taken a step."""
    made = record(
        organisation,
        Actor("person:0", person_id=0, seats=(Seat("gov_city", place_code=place),)),
        issued_on=today(),
    )
    Record.objects.filter(pk=made.pk).update(state=Record.State.PUBLISHED, place_code=place)
    made.refresh_from_db()
    return made


def in_force(respondent: Organisation) -> Proceeding:
    """A public censure in force, for tests of pages."""
    made = told(respondent, title="公开谴责一件", charge="abuse")
    Proceeding.objects.filter(pk=made.pk).update(
        state=Proceeding.State.EFFECTIVE,
        measure="censure",
        months=12,
        effective_on=today(),
        ends_on=today() + datetime.timedelta(days=300),
    )
    return made


def score(organisation: Organisation) -> Score:
    """A number as it was computed."""
    return Score.objects.create(
        company=organisation, dimension="statutory", on=today(), standard="company-credit@2026.2", total="80.0", exact="80/1", sort=80_000, grade="B",
        place_code=PLACE, rows_sha256="0" * 64, at=now(),
    )  # fmt: skip
