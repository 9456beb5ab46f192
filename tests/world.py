"""A small city with everything in it once for us and once for the others, and a signed-in browser for every role.

*Own* is what belongs to 恒信物业 in 临江社区 of the eastern district; *foreign* is the like of another company in the
western district. Nobody on one side has any business with the other.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.utils import timezone

from wuxie.kernel.access.models import Account
from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts import sealer
from wuxie.kernel.jobs.models import Job
from wuxie.kernel.notify.models import Message, Robot
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.papers import store
from wuxie.kernel.papers.actions import print_later
from wuxie.kernel.papers.models import Document
from wuxie.kernel.parties.actions import appoint
from wuxie.kernel.parties.models import Appointment, Organisation, Person
from wuxie.kernel.places.models import Place
from wuxie.kernel.standards.actions import copy_to_draft
from wuxie.kernel.standards.models import Version
from wuxie.kernel.statutes import actions as statutes
from wuxie.kernel.tabular import actions as tabular
from wuxie.kernel.tabular.models import Upload
from wuxie.rooms.assembly import commitments
from wuxie.rooms.assembly.models import Objection as VoteObjection
from wuxie.rooms.assembly.tests.factories import laid as vote
from wuxie.rooms.association.actions import members as association
from wuxie.rooms.association.tests import factories as members
from wuxie.rooms.conduct.tests import factories as conduct
from wuxie.rooms.fees.tests import factories as fees
from wuxie.rooms.fund.tests import factories as fund
from wuxie.rooms.inspections.tests import factories as inspections
from wuxie.rooms.mediation.tests import factories as mediation
from wuxie.rooms.openapi import actions as tokens
from wuxie.rooms.portal.actions import report_plaque
from wuxie.rooms.rating.actions import cycle as founding
from wuxie.rooms.rating.actions import dispute as disputing
from wuxie.rooms.rating.actions import hearing, review
from wuxie.rooms.rating.actions import whatif as comparing
from wuxie.rooms.rating.models import Award, Benefit, LateFact
from wuxie.rooms.rating.tests import factories as star
from wuxie.rooms.register.tests import factories as register
from wuxie.rooms.resale.tests import factories as resale
from wuxie.rooms.safety.actions.library import publish_shipped
from wuxie.rooms.safety.tests import factories as safety

DAY = datetime.date
#: The day on which every page is asked for: the awarded star is two days old, one publicity is running.
TODAY = DAY(2026, 10, 30)

PLACES = {
    "5104": "攀枝花市", "510402": "东区", "510403": "西区", "5103": "邻市",
    "510402001": "大渡口街道", "510402002": "炳草岗街道", "510403001": "清香坪街道",
    "510402001001": "临江社区", "510402001002": "滨河社区", "510402002001": "湖光社区", "510403001001": "杨家坪社区",
}  # fmt: skip
EAST, WEST = "510402001001", "510403001001"
#: How someone who objected wants to be reached.
CONTACT = "13912345678"

#: Every role that is tried on every page. ``x_other`` is the same office on the foreign side.
ROLES = (
    "secretariat", "president", "reviewer", "reviewer_other", "company", "company_other", "manager", "manager_other",
    "community", "community_other", "street", "street_other", "district", "district_other", "city", "city_other",
    "owner", "owner_other", "signed_in", "visitor",
)  # fmt: skip
#: Who stands closest to our things without having them, and as which role of the table each must be answered: the same
#: company's other project here and beyond the river, another company and another owner in the same community, the next
#: community and street, and someone whose office ended yesterday.
NEAR = {
    "manager_sibling": "manager_other", "manager_beyond": "manager_other", "company_near": "company_other",
    "manager_near": "manager_other", "owner_near": "owner_other", "community_near": "community_other",
    "street_near": "street_other", "company_former": "signed_in",
}  # fmt: skip


@dataclass
class City:
    """What the pages are asked about (``own``, ``foreign``) and by whom (``browsers``)."""

    people: dict[str, Person] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)
    own: SimpleNamespace = field(default_factory=SimpleNamespace)
    foreign: SimpleNamespace = field(default_factory=SimpleNamespace)
    tokens: dict[str, str] = field(default_factory=dict)


def places() -> None:
    cut = {6: 4, 9: 6, 12: 9}
    for code, name in PLACES.items():
        Place.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "level": {4: 1, 6: 2, 9: 3, 12: 4}[len(code)],
                "parent_id": code[: cut[len(code)]] if len(code) > 4 else None,
            },
        )


def build() -> City:
    """The whole world, in a second or two; the caller holds the transaction and freezes ``TODAY`` for the requests."""
    places()
    city = City()
    with print_later():
        with frozen(DAY(2026, 9, 10)):
            made = star.world()
            star.open_cycle(made)
            _two_sides(city, made)
        _ours(city, made)
        with frozen(TODAY):
            _theirs(city, made)
            for side in (city.own, city.foreign):
                _register_rows(side, made)
                _rating_rows(side, made)
            _people(city, made)
            _shared(city, made)
            for side in (city.own, city.foreign):
                _kernel_rows(side)
            sealer.seal()
    return city


def _two_sides(city: City, made: Any) -> None:
    own, foreign = city.own, city.foreign
    own.company, own.project = made.company, made.project
    own.person, own.admin = made.people["alice"], made.people["alice"]
    foreign.company = star.company("西河物业", WEST)
    foreign.project = star.serve(foreign.company, star.estate("金沙里", WEST))
    foreign.admin = made.someone("west", "何西河", "company_admin", organisation=foreign.company)
    foreign.person = foreign.admin
    for side, place in ((own, EAST), (foreign, WEST)):
        side.estate, side.place = side.project.estate, place
        star.a_year(side.project)
    made.someone("street_west", "江街道", "gov_street", place_code=WEST[:9])
    made.someone("community_west", "杨社区", "gov_community", place_code=WEST)


def _another(side: SimpleNamespace, name: str) -> Any:
    """One more project of the same company in the same community: one application a year for each."""
    return star.serve(side.company, star.estate(name, side.place))


def _ours(city: City, made: Any) -> None:
    own = city.own
    with frozen(DAY(2026, 9, 12)):
        own.draft = star.drafted(made, _another(own, "翠屏二期"))
        own.checking = star.checking(made, project=_another(own, "翠屏三期"))
    with frozen(DAY(2026, 9, 12)):
        own.reviewing = star.in_review(made, project=_another(own, "翠屏四期"))
        star.a_year(later := _another(own, "翠屏五期"))
        own.published = star.reviewed(made, project=later)
        own.awarded = star.awarded(made)
    with frozen(DAY(2026, 10, 28)):
        hearing.resolve(own.published, by=made["city"], minutes="联席纪要〔2026〕12号")
    own.reviewing.refresh_from_db()
    own.published.refresh_from_db()
    own.panel = made.panel(own.reviewing)


def _theirs(city: City, made: Any) -> None:
    """The same states on the other side, laid down by hand where the way there is long."""
    foreign = city.foreign
    with frozen(DAY(2026, 9, 12)):
        foreign.draft = star.drafted(made, _another(foreign, "金沙二期"), by="west")
        foreign.checking = star.submitted(made, project=_another(foreign, "金沙三期"), by="west")
        foreign.reviewing = star.submitted(made, project=_another(foreign, "金沙四期"), by="west")
        foreign.published = star.submitted(made, project=_another(foreign, "金沙五期"), by="west")
        foreign.awarded = star.submitted(made, project=foreign.project, by="west")
    star.put_in(foreign.checking, "pre_check")
    star.put_in(foreign.reviewing, "review")
    for case, state in ((foreign.published, "publicity"), (foreign.awarded, "awarded")):
        _scored(case, city.own.awarded.snapshot)
        type(case).objects.filter(pk=case.pk).update(
            publicity_from=DAY(2026, 10, 28), publicity_to=DAY(2026, 11, 4), proposed_stars=3
        )
        star.put_in(case, state)
    foreign.award = Award.objects.create(
        application=foreign.awarded, project=foreign.project, stars=3, plaque="8888-8888-8", decision="攀组通〔2026〕59号",
        decided_on=TODAY, valid_from=TODAY, valid_until=DAY(2028, 10, 30),
    )  # fmt: skip
    Benefit.objects.create(
        award=foreign.award, application=foreign.awarded, kind="plaque", label="授牌表扬", offer="电子牌匾", proof_wanted="照片",
        state="promised", due_on=DAY(2026, 11, 30), place_code=WEST, opened_at=timezone.now(), changed_at=timezone.now(),
        owner=Organisation.objects.get(kind="association"),
    )  # fmt: skip


def _scored(case: Any, like: Any) -> None:
    """A frozen score with the same document as another one."""
    copy = {f.name: getattr(like, f.name) for f in like._meta.fields if f.name not in ("id", "application")}
    case.snapshot = type(like).objects.create(application=case, **copy)
    case.save()


def _register_rows(side: SimpleNamespace, made: Any) -> None:
    side.unit = register.unit(side.estate)
    side.building = side.unit.building
    side.ownership = register.owner(side.unit, "王样一" if side.place == EAST else "赵西一", f"139{side.place[-8:]}")
    side.secrets = [side.ownership.person.name, side.ownership.person.phone, CONTACT]
    side.business = [f"{side.estate.name[:2]}{n}期" for n in "二三四五"]
    side.post = register.post(side.project)
    side.holding = register.holding(side.post, "李样二" if side.place == EAST else "钱西二", f"138{side.place[-8:]}")
    side.duty_list = safety.in_force(side.project)
    side.list_post = side.duty_list.posts.get(code="FCR")
    side.hazard = safety.hazard(side.project, contact=CONTACT)
    side.risk = safety.risk_point(side.project)
    side.inspection = inspections.case(side.project)
    side.asset, side.duty = side.inspection.asset, side.inspection.obligation
    side.pool, side.share = inspections.pool_with(side.project)
    side.power_month = resale.month(side.project)
    side.power_account, side.power_refund = side.power_month.account, resale.refund(side.power_month)
    side.meter = side.power_refund.meter
    side.repair = fund.in_scope(side.project)
    side.voice = mediation.voice(side.project)
    side.dispute_case = side.voice.dispute
    side.sitting = mediation.sitting(side.dispute_case)
    side.petition = mediation.petition(side.project)
    side.expert = mediation.expert(int(side.place[-4:]), side.company)
    side.rota = mediation.rota(side.expert, days=1, single=True)
    side.shift = side.rota.shifts.get()
    side.swap = mediation.swap(side.shift)
    side.adjustment, side.hung, side.finding = (
        fees.shown(side.project),
        fees.hangs(side.project),
        fees.found(side.project),
    )
    side.fee_question = side.adjustment.questions.get()
    side.proceeding = conduct.told(
        side.company, informant_name=f"{side.company.name[:1]}告发", informant_phone=f"137{side.place[-8:]}"
    )
    side.record, side.score = conduct.told_record(side.company, side.place[:4]), conduct.score(side.company)
    side.secrets += [side.proceeding.informant.name, side.proceeding.informant.phone]
    side.permit, side.drill = safety.permit(side.project), safety.drill(side.project)
    side.incident, side.occurrence = safety.incident(side.project), safety.occurrence(side.project)
    side.secrets += [safety.WORKER, safety.HURT, mediation.HIDDEN, mediation.HIDDEN_PHONE]
    _votes(side, made)
    side.instance, side.check, side.spot = safety.done(side.duty_list, side.holding)
    group = "training_group" if side.place == EAST else "brand_group"
    side.member = association.admit(side.company, by=made["secretary"], joined_on=DAY(2025, 1, 1), group=group)
    vars(side).update(vars(members.of_member(side.member, side.place[:9])))


def _votes(side: SimpleNamespace, made: Any) -> None:
    """One vote still a draft, one in which papers are collected, one whose result is posted up; somebody in the street helps."""
    helper = made.people["street" if side.place == EAST else "street_west"]
    for name, state in (("draft_vote", "draft"), ("vote", "collecting"), ("counted_vote", "published")):
        setattr(side, name, vote(side.estate, state, {"supervisor": helper}))
    side.item, side.helper = side.draft_vote.items.get(), side.vote.helpers.get()
    side.entry, side.ballot = side.vote.entries.first(), side.counted_vote.ballots.get()
    side.vote_receipt = commitments.receipt(side.vote.secret, side.entry.unit_id, 1)
    side.vote_objection = VoteObjection.objects.create(
        decision=side.vote, about="roll", text="面积不对", by="person:0", at=timezone.now()
    )


def _rating_rows(side: SimpleNamespace, made: Any) -> None:
    by = made["alice" if side.place == EAST else "west"]
    side.fact = star.record(side.project.key, "petition.valid_fault", on=DAY(2026, 10, 29))
    side.dispute = disputing.open_dispute(side.project, side.fact.pk, by=by, reason="工单不是这个小区的")
    side.fact = star.record(side.project.key, "petition.valid_fault", on=DAY(2026, 10, 28))
    side.objection = hearing.object_to(side.published, text="公示的满意度不对", contact=CONTACT)
    side.benefit = Benefit.objects.filter(application=side.awarded).order_by("pk").first()
    side.award = Award.objects.get(application=side.awarded)
    late = star.record(side.reviewing.project.key, "ticket.total", 1, on=DAY(2026, 8, 20))
    if side.place == EAST:
        side.late = review.ask_late(side.reviewing, by=by, fact_id=late.pk, plea="系统迁移时漏录")
    else:
        side.late = LateFact.objects.create(
            application=side.reviewing, fact_id=late.pk, plea="漏录", asked_by=by.key, asked_at=timezone.now()
        )


def _people(city: City, made: Any) -> None:
    """A browser for each role; the second secretary and the drawn reviewer are those who did nothing before."""
    own, foreign = city.own, city.foreign
    for key, name, role, seat in (
        ("manager_other", "西经理", "project_manager", {"subject": foreign.project.key}),
        ("district_other", "西区局", "gov_district", {"place_code": WEST[:6]}),
        ("city_other", "邻市局", "gov_city", {"place_code": "5103"}),
        ("owner_other", "西业主", "owner", {"subject": foreign.estate.key}),
    ):
        made.someone(key, name, role, **seat)
    # The manager answers for every project of the company's that the pages are asked about.
    for key, side in (("manager", own), ("manager_other", foreign)):
        for case in (side.draft, side.checking, side.reviewing, side.published):
            appoint(made.people[key], "project_manager", by="test", subject=case.project.key, starts_on=DAY(2020, 1, 1))
    made.people["signed_in"] = Person.objects.create(name="无职务")
    known = {
        "secretariat": "second", "president": "president", "reviewer_other": "conflicted", "company": "alice",
        "company_other": "west", "manager": "manager", "manager_other": "manager_other", "community": "community",
        "community_other": "community_west", "street": "street", "street_other": "street_west", "district": "district",
        "district_other": "district_other", "city": "city", "city_other": "city_other", "owner": "owner",
        "owner_other": "owner_other", "signed_in": "signed_in",
    }  # fmt: skip
    city.people = {role: made.people[name] for role, name in known.items()}
    city.people["reviewer"] = Person.objects.get(pk=own.panel[0].person_id)
    _neighbours(city, made)
    for role, person in city.people.items():
        _signed_in(city, role, person)
    city.browsers["visitor"] = Client(raise_request_exception=False)


def _neighbours(city: City, made: Any) -> None:
    """The roles of ``NEAR``: each has an office of its own next door to ours."""
    own = city.own
    sibling, beyond = _another(own, "翠屏六期"), star.serve(own.company, star.estate("江岸里", WEST))
    near = made.rival.projects.get()
    for key, name, role, seat in (
        ("manager_sibling", "旁经理", "project_manager", {"subject": sibling.key}),
        ("manager_beyond", "远经理", "project_manager", {"subject": beyond.key}),
        ("company_near", "邻公司", "company_admin", {"organisation": made.rival}),
        ("manager_near", "邻经理", "project_manager", {"subject": near.key}),
        ("owner_near", "邻业主", "owner", {"subject": sibling.estate.key}),
        ("community_near", "滨社区", "gov_community", {"place_code": "510402001002"}),
        ("street_near", "炳街道", "gov_street", {"place_code": "510402002"}),
        ("company_former", "前公司", "company_admin", {"organisation": own.company, "ends_on": DAY(2026, 10, 29)}),
    ):
        city.people[key] = made.someone(key, name, role, **seat)


def _signed_in(city: City, role: str, person: Person) -> None:
    """An account with a second factor, a browser of its own and a token."""
    account = Account.objects.create_user(role, "Passw0rd-long", person=person)
    Authenticator.objects.create(user=account, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    RecoveryCodes.activate(account)
    browser = Client(raise_request_exception=False)
    browser.force_login(account, backend="wuxie.kernel.access.backends.SignInBackend")
    city.browsers[role] = browser
    city.tokens[role] = tokens.issue(account, name="本机", scopes=["ratings:read", "facts:read"], days=30)[1]


def _shared(city: City, made: Any) -> None:
    """What there is once for all: a cycle and a standard on their way, a figure that waits, a report of a plaque."""
    version = Version.objects.get()
    draft = copy_to_draft(version, version="2", by="test")
    fields = {"year": 2027, "name": "2027年度", "place_code": "5104", "standard": version.key, "document_number": "攀组通〔2027〕1号",
              "document_title": "通知", "document_authority": "市委组织部", "window_from": DAY(2026, 9, 1),
              "window_to": DAY(2027, 8, 31), "cutoff": DAY(2027, 9, 30), "apply_from": DAY(2027, 9, 1),
              "apply_to": DAY(2027, 9, 30)}  # fmt: skip
    cycle = founding.draft_cycle(by=made["secretary"], **fields)
    compared = comparing.begin(made.cycle, base=version, draft=draft, by=made["secretary"])
    proposal = statutes.propose("vote.ordinary", by="person:0", region="510400", value="1/2", article="某文〔2026〕1号")
    association.admit(made.rival, by=made["secretary"], joined_on=DAY(2025, 1, 1))
    common = vars(members.of_all())
    for side in (city.own, city.foreign):
        vars(side).update(common)
    library = publish_shipped()
    report = report_plaque(plaque=city.own.award.plaque, matter="elsewhere", seen_at="路口", text="挂错了")
    for side in (city.own, city.foreign):
        side.version, side.draft_version, side.cycle, side.draft_cycle = version, draft, made.cycle, cycle
        side.proposal, side.report, side.whatif, side.library = proposal, report, compared, library


def _kernel_rows(side: SimpleNamespace) -> None:
    """Files, messages, jobs: things that belong to one person, or to whoever sees their case."""
    key = side.admin.key
    side.attachment = filing.attach(
        f"star_application:{side.checking.pk}", b"%PDF-1.4\n%%EOF\n", "党支部批复.pdf", kind="材料", by=key
    )
    side.document = Document.objects.create(
        code="star_notice", label="公示", number=f"试〔2026〕{side.awarded.pk}号", year=2026, series="试", seq=side.awarded.pk,
        case=f"star_application:{side.checking.pk}", issued_on=TODAY, issued_by="test", check_code=f"TRY{side.awarded.pk}",
        pdf_sha256=store.put(b"%PDF-1.4\n%%EOF\n"),
    )  # fmt: skip
    side.robot = Robot.objects.create(
        name=f"群 {key}", vendor="wecom", address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k"
    )
    side.message = Message.objects.create(person_key=key, title="公示已开始", link="/desk/")
    side.job = Job.objects.create(name="test", key=key, owner=key, state="done")
    actor = star.actor_of(side.admin)
    name = f"units-{side.estate.pk}"
    side.import_name = name
    side.upload = tabular.receive("楼号,单元,房间\n1,1,101\n".encode(), "户室.csv", name, by=actor)
    Upload.objects.filter(pk=side.upload.pk).update(state=Upload.State.HEADINGS)
    side.upload.refresh_from_db()
    side.checked = tabular.receive("楼号,单元,房间\n1,1,102\n".encode(), "户室二.csv", name, by=actor)
    Upload.objects.filter(pk=side.checked.pk).update(state=Upload.State.CHECKED)
    account = side.admin.account
    side.token, _text = tokens.issue(account, name="另一枚", scopes=["facts:read"], days=30)
    side.appointment = Appointment.objects.filter(person=side.admin).first()
