"""A demo city's bodies, people and estates, posts and the people on them, in one of two sizes."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass, field

from wuxie.kernel.parties.models import Appointment, Organisation, Person
from wuxie.kernel.places.models import Place
from wuxie.kernel.search import search_text
from wuxie.rooms.association.models import Member
from wuxie.rooms.register.models import Building, Estate, Holding, Ownership, Post, Project, Unit

from . import names

CITY = "5104"
MARK = "虚构"
#: Estates whose units and owners are made at a time.
AT_ONCE = 60


@dataclass(frozen=True)
class Size:
    """How large, and how old: ``since`` is the day from which people hold their posts and companies serve."""

    companies: int
    estates: int
    buildings: int
    """Of each estate; a building has 50 units."""
    since: datetime.date
    built_until: int
    served_from: int
    wards: dict[str, int] | None
    """How many communities of a district have estates (six where none is named); all of them if ``None``."""


SMALL = Size(24, 60, 2, datetime.date(2021, 3, 1), 2022, 2022, {"510402": 24, "510403": 12, "510411": 12})
#: The size of a province's capital: 400 companies, 1,500 estates, 300,000 units.
LARGE = Size(400, 1500, 4, datetime.date(2014, 3, 1), 2014, 2014, None)


@dataclass
class City:
    """What the later parts of the demo need to find again."""

    rng: random.Random
    size: Size
    association: Organisation
    companies: list[Organisation] = field(default_factory=list)
    estates: list[Estate] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    quality: dict[int, int] = field(default_factory=dict)
    """Project id → how well it is run, per mille."""
    people: dict[str, Person] = field(default_factory=dict)
    """Demo role → the person whose account is printed."""
    reviewers: list[Person] = field(default_factory=list)
    phones: int = 0

    def person(self, name: str = "") -> Person:
        """Someone new, not yet in the database."""
        self.phones += 1
        return Person(name=name or names.person_name(self.rng), phone=names.phone(self.phones)).index()


def build(size: Size = SMALL, seed: int = 5104) -> City:
    """Make the city; the same size and seed give the same city on every machine."""
    rng = random.Random(seed)  # noqa: S311  a repeatable sample, no secret
    city = City(rng, size, association=body("association", "演示市物业管理协会（虚构）", "演示市物协"))
    _companies(city)
    _estates(city)
    _units(city)
    _people(city)
    _posts(city)
    return city


def body(kind: str, name: str, short: str, place: str = CITY) -> Organisation:
    """An organisation of the city that is no company."""
    return Organisation.objects.create(kind=kind, name=name, short_name=short, place_id=place, search=search_text(name))


def _companies(city: City) -> None:
    rows = [
        Organisation(
            kind="company", name=names.company_name(index), short_name=names.company_short(index),
            uscc=names.credit_code(index), place_id=CITY, search=search_text(names.company_name(index)),
        )
        for index in range(city.size.companies)
    ]  # fmt: skip
    city.companies = Organisation.objects.bulk_create(rows)
    kinds = [
        "president",
        *["vice_president"] * 3,
        *["standing"] * 5,
        *["council"] * 7,
        *["ordinary"] * (city.size.companies - 16),
    ]
    groups = list(Member.Group.values)
    Member.objects.bulk_create(
        Member(
            organisation=company, number=f"HY{index + 1:04d}", kind=kinds[index], group=groups[index % len(groups)],
            joined_on=city.size.since + datetime.timedelta(days=20 * (index % 120)),
        )
        for index, company in enumerate(city.companies)
    )  # fmt: skip


def _communities(wards: dict[str, int] | None) -> list[str]:
    """The city's real urban communities, spread over its districts (villages are left out)."""
    rows = Place.objects.under(CITY).filter(level=Place.Level.COMMUNITY, name__contains="社区").order_by("code")
    by_district: dict[str, list[str]] = {}
    for code in rows.values_list("code", flat=True):
        by_district.setdefault(code[:6], []).append(code)
    if wards is None:
        return [code for codes in by_district.values() for code in codes]
    spread: list[str] = []
    for district, codes in sorted(by_district.items()):
        count = wards.get(district, 6)
        step = max(len(codes) // count, 1)
        spread += (codes[::step] * count)[:count]
    return spread


def _estates(city: City) -> None:
    rng, size, communities = city.rng, city.size, _communities(city.size.wards)
    klasses = (
        ["new_residential"] * 32
        + ["old_estate"] * 14
        + ["affordable"] * 4
        + ["mixed"] * 4
        + ["office"] * 3
        + ["park"] * 3
    ) * (size.estates // 60)
    rng.shuffle(klasses)
    rows = []
    for index in range(size.estates):
        name, old = names.estate_name(index), klasses[index] == "old_estate"
        households = 120 + rng.randrange(12) * 60
        rows.append(
            Estate(
                name=name, code=f"XQ{index + 1:05d}", klass=klasses[index], place_id=communities[index % len(communities)],
                address=f"{MARK}路{index + 1}号", developer=f"{MARK}建设{index % 7 + 1}公司",
                built_year=1992 + rng.randrange(6) if old else size.built_until - 16 + rng.randrange(16),
                households=households, area=households * (82 + rng.randrange(30)) * 100, search=search_text(name),
            )
        )  # fmt: skip
    city.estates = Estate.objects.bulk_create(rows, batch_size=500)
    city.projects = Project.objects.bulk_create(
        Project(
            estate=estate, company=city.companies[(index * 7 + index // 24) % size.companies], contract_number=f"HT-{index + 1:04d}",
            stage="initial" if (estate.built_year or 0) > 2019 else "chosen", fee=(90 + rng.randrange(17) * 10) * 100,
            starts_on=datetime.date(size.served_from, 1 + index % 12, 1), ends_on=datetime.date(2029, 12, 31),
        )
        for index, estate in enumerate(city.estates)
    )  # fmt: skip
    for index, project in enumerate(city.projects):
        # The first estates are those that the story tells of: from very good to one that fails.
        told = (985, 950, 925, 900, 870, 640)
        city.quality[project.pk] = told[index] if index < len(told) else 760 + rng.randrange(230)


def _units(city: City) -> None:
    for start in range(0, len(city.estates), AT_ONCE):
        _units_of(city, city.estates[start : start + AT_ONCE])


def _units_of(city: City, estates: list[Estate]) -> None:
    rng, since = city.rng, datetime.date(city.size.served_from, 6, 30)
    buildings = Building.objects.bulk_create(
        Building(estate=estate, name=f"{number}栋", floors=10, has_lift=estate.klass != "old_estate")
        for estate in estates
        for number in range(1, city.size.buildings + 1)
    )
    units = Unit.objects.bulk_create(
        (
            Unit(
                estate_id=building.estate_id, building=building, entrance=f"{entrance}单元", number=f"{floor}{door:02d}",
                floor=floor, area=5_000 + rng.randrange(9_000), use="home",
                status="unsold" if rng.randrange(60) == 0 else "delivered", delivered_on=since,
            )
            for building in buildings
            for entrance in (1, 2)
            for floor in range(1, 6)
            for door in range(1, 6)
        ),
        batch_size=500,
    )  # fmt: skip
    owned = [unit for unit in units if unit.status == "delivered"]
    owners = Person.objects.bulk_create([city.person() for _ in owned], batch_size=500)
    Ownership.objects.bulk_create(
        (Ownership(unit=unit, person=owner, starts_on=since) for unit, owner in zip(owned, owners, strict=True)),
        batch_size=500,
    )
    city.people.setdefault("owner", owners[0])


Plan = list[tuple[Person, str, str, dict[str, object]]]


def _people(city: City) -> None:
    """Everyone with an office: the secretariat, one in each street and community that has an estate, and so on."""
    bureau = body("government_unit", "演示市住房和城乡建设局（虚构）", "市住建局")
    plan: Plan = [
        (city.person("陈示春"), "association_secretariat", "协会秘书处", {"organisation": city.association}),
        (city.person("罗样一"), "association_secretariat", "协会秘书处", {"organisation": city.association}),
        (city.person("周示秋"), "association_president", "协会会长", {"organisation": city.association}),
        (city.person("唐例东"), "gov_city", "市住房和城乡建设局", {"organisation": bureau, "place_id": CITY}),
        (city.person("林例西"), "gov_city", "市住房和城乡建设局", {"organisation": bureau, "place_id": CITY}),
    ]
    levels = {6: ("gov_district", "区县住建部门"), 9: ("gov_street", "街道办事处"), 12: ("gov_community", "社区居委会")}
    names_of = dict(Place.objects.under(CITY).values_list("code", "name"))
    for code in sorted({estate.place_id[:length] for estate in city.estates for length in levels}):
        role, title = levels[len(code)]
        office = body("government_unit", f"{names_of[code]}{title}（{MARK}）", f"{names_of[code]}{title}", code)
        plan.append((city.person(), role, f"{names_of[code]}", {"organisation": office, "place_id": code}))
    for company in city.companies:
        plan.append((city.person(), "company_admin", "企业管理员", {"organisation": company}))
        plan.append((city.person(), "reviewer", "评审专家", {"organisation": company}))
    plan += [(city.person(), "reviewer", "评审专家（特邀）", {"organisation": city.association}) for _ in range(6)]
    plan += [
        (city.person(), "project_manager", "项目经理", {"organisation": project.company, "subject": project.key})
        for project in city.projects
    ]
    Person.objects.bulk_create([person for person, *_rest in plan], batch_size=500)
    rows = [
        Appointment(person=person, role=role, title=title, starts_on=city.size.since, **at)
        for person, role, title, at in plan
    ]
    rows.append(
        Appointment(
            person=city.people["owner"],
            role="owner",
            title="业主",
            starts_on=city.size.since,
            subject=city.estates[0].key,
        )
    )
    Appointment.objects.bulk_create(rows, batch_size=500)
    _remember(city, plan)


def _remember(city: City, plan: Plan) -> None:
    """Which of them get the printed demo accounts: those around the first estate."""
    project = city.projects[0]
    place = city.estates[0].place_id
    wanted: dict[str, tuple[str, dict[str, object]]] = {
        "secretariat": ("association_secretariat", {}), "president": ("association_president", {}), "city": ("gov_city", {}),
        "district": ("gov_district", {"place_id": place[:6]}), "street": ("gov_street", {"place_id": place[:9]}),
        "community": ("gov_community", {"place_id": place}), "company": ("company_admin", {"organisation": project.company}),
        "manager": ("project_manager", {"subject": project.key}),
    }  # fmt: skip
    for person, role, _title, at in plan:
        if role == "reviewer":
            city.reviewers.append(person)
        for key, (wanted_role, seat) in wanted.items():
            if (
                key not in city.people
                and role == wanted_role
                and all(at.get(name) == value for name, value in seat.items())
            ):
                city.people[key] = person


KINDS = (
    ("project_manager", "项目经理", "", True), ("service", "客服主管", "", True), ("electrician", "电工", "低压电工作业证", False),
    ("fire_control", "消防控制室", "消防设施操作员证", False), ("lift_safety", "电梯安全管理员", "特种设备安全管理证", False),
    ("guard", "秩序维护班长", "", False), ("cleaner", "保洁", "", False), ("repair", "维修", "", False),
)  # fmt: skip


def _posts(city: City) -> None:
    posts = Post.objects.bulk_create(
        (
            Post(project=project, kind=kind, name=name, certificate=certificate, is_management=management)
            for project in city.projects
            for kind, name, certificate, management in KINDS
        ),
        batch_size=500,
    )
    certified = [post for post in posts if post.certificate]
    holders = Person.objects.bulk_create([city.person() for _ in posts], batch_size=500)
    substitutes = Person.objects.bulk_create([city.person() for _ in certified], batch_size=500)
    since, until = datetime.date(city.size.served_from + 1, 1, 1), datetime.date(2028, 6, 30)
    rows = [
        Holding(
            post=post, person=person, starts_on=since, certificate_number=f"{MARK}{post.pk:06d}" if post.certificate else "",
            certificate_until=until if post.certificate else None,
        )
        for post, person in zip(posts, holders, strict=True)
    ]  # fmt: skip
    rows += [
        Holding(
            post=post, person=person, substitute=True, starts_on=since, certificate_number=f"{MARK}替{post.pk:05d}",
            certificate_until=until,
        )
        for post, person in zip(certified, substitutes, strict=True)
    ]  # fmt: skip
    Holding.objects.bulk_create(rows, batch_size=500)
