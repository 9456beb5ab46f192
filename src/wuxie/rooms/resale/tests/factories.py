"""A project that passes power on, with the people whom it concerns; every name is invented."""

from __future__ import annotations

import datetime
from typing import Any

from wuxie.kernel.access.actor import NOBODY, Actor, Seat, actor_of
from wuxie.kernel.clock.days import add_months
from wuxie.kernel.clock.now import today
from wuxie.kernel.papers.actions import print_later
from wuxie.kernel.parties.actions import appoint
from wuxie.kernel.parties.models import Organisation, Person
from wuxie.rooms.register.models import Project
from wuxie.rooms.register.tests import factories as register
from wuxie.rooms.resale.actions import accounts, months, readings, refunds
from wuxie.rooms.resale.models import Account, Meter, Month, Refund

DAY = datetime.date
TODAY = DAY(2026, 11, 3)
PLACE = "510402001001"
PDF = ("账单.pdf", b"%PDF-1.4\n%%EOF\n")
ONE = datetime.timedelta(days=1)
#: kWh of hundredths, cents.
BILL = {"kwh": 1_000_000, "amount": 680_000}


def keeper(project: Project) -> Actor:
    """Whoever administers the company that serves the project."""
    return Actor("person:0", "企业管理员", seats=(Seat("company_admin", project.company_id),))


def account(project: Project, **known: Any) -> Account:
    """An account with own use and two shops, whose first month began a month and a bit ago."""
    given = {
        "account_no": f"51040{Account.objects.count() + 1:08d}", "grid": "演示供电公司", "mode": "class", "basis": "租赁合同第 8 条",
        "starts_on": add_months(today(), -1).replace(day=1), "transformer": "1 号箱变 630 kVA",
    } | known  # fmt: skip
    made = accounts.register(project, by=keeper(project), **given)
    meter(made, "Z-1", role="own")
    meter(made, "A-1", user="1 号铺 面馆")
    meter(made, "A-2", user="2 号铺 药店")
    return made


def meter(of: Account, code: str, **known: Any) -> Meter:
    given = {"code": code, "role": "tenant", "klass": "commercial"} | known
    return accounts.write_meter(of, by=keeper(of.project), **given)


def begun(of: Account, **bill: Any) -> Month:
    """The grid's bill of the next month: 10,000 kWh for 6,800 yuan."""
    start = months.next_start(of)
    given = {"starts_on": start, "ends_on": add_months(start, 1) - ONE} | BILL | bill
    return months.begin(of, by=keeper(of.project), file=PDF, **given)


def read(
    month: Month, price: int = 6800, own: int = 250_000, shops: tuple[int, ...] = (300_000, 400_000), **known: Any
) -> Month:
    """Own use and every shop, each meter from where it stopped; ``shops`` in hundredths of a kWh."""
    last = readings.queries.last_readings(month.account, month.starts_on)
    rows, used = [], iter(shops)
    for one in month.account.meters.order_by("code"):
        if one.role == "branch":
            continue
        start = last[one.pk, ""].end if (one.pk, "") in last else 0
        tenant = one.role == "tenant"
        rows.append(
            {
                "meter": one,
                "start": start,
                "end": start + (next(used) if tenant else own),
                "price": price if tenant else 0,
            }
            | (known if tenant else {})
        )
    readings.write(month, rows, by=keeper(month.account.project))
    return month


def submitted(of: Account, price: int = 6800, **known: Any) -> Month:
    """A month that has been reported and judged."""
    month = read(begun(of, **{name: known.pop(name) for name in ("refunds", "apart") if name in known}), price, **known)
    with print_later():
        months.submit(month, by=keeper(of.project))
    return month


def month(project: Project) -> Month:
    """A month in which too much was charged, not yet settled."""
    return submitted(account(project), price=10_000)


def refund(of: Month) -> Refund:
    return of.refunded.order_by("pk").first()


def paid(of: Month) -> None:
    """Everybody has got it back."""
    for row in of.refunded.select_related("month__account__project"):
        refunds.pay(row, by=keeper(of.account.project), way="transfer", paid_on=today(), file=PDF)


class World:
    """The project, its people by what they are, and an account that passes power on."""

    def __init__(self, place: str = PLACE) -> None:
        self.project: Project = register.project(register.estate(place=place))
        company = self.project.company
        self.people: dict[str, Person] = {}
        for name, role, seat in (
            ("admin", "company_admin", {"organisation": company}), ("contact", "company_contact", {"organisation": company}),
            ("manager", "project_manager", {"subject": self.project.key}),
            ("principal", "company_principal", {"organisation": company}),
            ("community", "gov_community", {"place_code": place}), ("street", "gov_street", {"place_code": place[:9]}),
            ("district", "gov_district", {"place_code": place[:6]}), ("city", "gov_city", {"place_code": place[:4]}),
            ("office", "association_secretariat", {"organisation": Organisation.objects.create(kind="association", name="市物业协会")}),
            ("owner", "owner", {"subject": self.project.estate.key}),
        ):  # fmt: skip
            self.people[name] = Person.objects.create(name=f"{name}某")
            appoint(self.people[name], role, by="test", starts_on=DAY(2020, 1, 1), **seat)
        self.account = account(self.project)

    def __getitem__(self, name: str) -> Actor:
        return NOBODY if name == "visitor" else actor_of(self.people[name])
