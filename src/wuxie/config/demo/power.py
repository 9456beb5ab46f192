"""Power passed on in the demo company's estates: months that passed, one too dear with half of it given back, one to be read again."""

from __future__ import annotations

import datetime

from wuxie.kernel.access.actor import Actor, actor_of
from wuxie.kernel.clock.days import add_months
from wuxie.rooms.register.models import Project
from wuxie.rooms.resale.actions import accounts, months, readings, refunds
from wuxie.rooms.resale.models import Account, Month
from wuxie.rooms.resale.models.months import next_start
from wuxie.rooms.resale.queries import last_readings
from wuxie.rooms.resale.words import Role

from . import story
from .city import City

DAY = datetime.timedelta(days=1)
#: The room is taken into use so many days before the day of loading.
BEGAN = 8
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
FILE = ("演示凭证.pdf", PDF)
#: Number, what for, user, class, hundredths of a kWh a month; the shops hang on the branch meter.
METERS = (
    ("F-1", Role.BRANCH, "", "commercial", 1_320_000), ("Z-1", Role.OWN, "", "commercial", 900_000), ("Z-2", Role.OWN, "", "commercial", 310_000),
    ("A-1", Role.TENANT, "1 号铺 面馆", "commercial", 420_000), ("A-2", Role.TENANT, "2 号铺 药店", "commercial", 180_000),
    ("A-3", Role.TENANT, "3 号铺 理发店", "commercial", 150_000), ("A-4", Role.TENANT, "4 号铺 便利店", "commercial", 540_000),
    ("C-1", Role.TENANT, "东门充电桩", "charger", 760_000),
)  # fmt: skip
KWH, AMOUNT = 3_400_000, 2_312_000


def build(city: City, today: datetime.date) -> None:
    """Three accounts of the company, at the moment when each has something to show."""
    company = city.projects[0].company_id
    own = [project for project in city.projects if project.company_id == company][:3]
    began = today - BEGAN * DAY
    first = add_months(began.replace(day=1), -3)
    with story.on(began, 10):  # type: ignore[attr-defined]
        by = actor_of(city.people["company"])
        made = [
            _account(project, by, place, first if place == 0 else add_months(first, 2))
            for place, project in enumerate(own)
        ]
        for prices, account in zip(((6800, 6800, 9800), (7600,), (6800,)), made, strict=False):
            for price in prices:
                _month(account, by, price, wrong=account == made[-1])
        _give_back(made[0], by, began, all_of_it=False)
        for account in made[1:2]:
            month = _give_back(account, by, began, all_of_it=True)
            months.correct(month, by=by, note="单价定高了，逐户退完，下月起照购电均价收", file=FILE)
        accounts.convert(made[-1], by=by, plan="供电企业出资装表到户，商铺分两批换表，明年六月前办成")


def _account(project: Project, by: Actor, place: int, starts_on: datetime.date) -> Account:
    account = accounts.register(
        project, by=by, account_no=f"演 5104{project.pk:09d}", grid="演示供电公司（虚构）", mode="class", basis="商铺租赁合同第 8 条（虚构）",
        transformer=f"{place + 1} 号箱变 630 kVA", starts_on=starts_on,
    )  # fmt: skip
    rows = [
        {
            "code": code,
            "role": role,
            "user": user,
            "klass": klass,
            "parent": "F-1" if code.startswith("A") else "",
            "multiplier": 1,
        }
        for code, role, user, klass, _kwh in METERS
    ]
    accounts.write_meters(account, rows, by=by)
    return account


def _month(account: Account, by: Actor, price: int, *, wrong: bool) -> Month:
    """The next month, every meter from where it stopped; ``wrong``: read so that the branch saw less than its shops."""
    start = next_start(account)
    month = months.begin(
        account, by=by, starts_on=start, ends_on=add_months(start, 1) - DAY, kwh=KWH, amount=AMOUNT, file=FILE
    )  # fmt: skip
    last = last_readings(account, start)
    used = {code: kwh for code, _role, _user, _klass, kwh in METERS}
    rows = []
    for meter in account.meters.all():
        before = last[meter.pk, ""].end if (meter.pk, "") in last else 1_000_000
        kwh = used[meter.code] // (2 if wrong and meter.role == Role.BRANCH else 1)
        tenant = meter.role == Role.TENANT
        extra = kwh // 100 * 30 if meter.klass == "charger" else 0
        rows.append(
            {"meter": meter, "start": before, "end": before + kwh, "price": price if tenant else 0, "surcharge": extra}
        )
    readings.write(month, rows, by=by)
    months.submit(month, by=by)
    return month


def _give_back(account: Account, by: Actor, day: datetime.date, *, all_of_it: bool) -> Month:
    month = Month.objects.select_related("account__project").filter(account=account).order_by("-ends_on")[0]
    for place, refund in enumerate(month.refunded.order_by("pk")):
        if all_of_it or place % 2 == 0:
            refunds.pay(refund, by=by, way="transfer" if place % 2 else "credit", paid_on=day, file=FILE)
    return month
