"""The verbs of a pooled request: the association's that move it on, and each project's own about its share."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor, people_on
from wuxie.kernel.amounts import plain
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import ledger
from wuxie.kernel.labels import Sentence
from wuxie.kernel.notify.tell import tell
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Project
from wuxie.rooms.register.rules import secretariat

from .. import facts, papers, rules
from ..catalogue import items
from ..models import Pool, Share
from ..pool_workflow import POOL
from ..words import Per

OPEN = Sentence(gettext_noop("可以登记报价了：%(what)s"))
SIGN = Sentence(gettext_noop("可以各自签约了：%(what)s"))

S = Pool.State


@transaction.atomic
def begin(*, by: Actor, item: str, place_code: str, title: str, closes_on: datetime.date) -> Pool:
    """Ask the companies of a place who needs an item in the months to come."""
    may(secretariat, None, by, _("发起集中询价"))
    if item not in items() or items()[item].kept:
        raise Refusal("guard", _("目录里没有这一项。"))
    if closes_on <= today():
        raise Refusal("guard", _("意向截止日要晚于今天，给企业留出时间。"))
    pool = Pool(item=item, title=said(title, _("请写名称。"))[:80], closes_on=closes_on, place_code=place_code)
    engine.open_case(POOL, pool, by=by)
    return pool


@transaction.atomic
def join(pool: Pool, project: Project, *, by: Actor, quantity: int, before: int | None = None) -> Share:
    """A project says how much it needs, and for itself what it paid last time."""
    may(rules.keeper, project, by, _("报意向"))
    _in(pool, S.INTENTION, _("意向已经截止。"))
    if pool.closes_on < today():
        raise Refusal("state", _("意向在 %(day)s 截止了。") % {"day": pool.closes_on})
    if not project.estate.place_id.startswith(pool.place_code):
        raise Refusal("guard", _("这个小区不在这次询价的范围里。"))
    share, _new = Share.objects.update_or_create(
        pool=pool, project=project, defaults={"quantity": quantity, "before": before}
    )
    return share


@transaction.atomic
def leave(share: Share, *, by: Actor) -> None:
    """Taking part is free, and so is going, until it is added up."""
    may(rules.keeper, share.project, by, _("撤回意向"))
    _in(share.pool, S.INTENTION, _("意向已经汇总，不能撤回；可以不签约。"))
    share.delete()


@transaction.atomic
def offered(share: Share, *, by: Actor, agency: str, licence: str, price: int) -> Share:
    """What an agency offers this project; nobody else reads it."""
    may(rules.keeper, share.project, by, _("登记报价"))
    _in(share.pool, S.RFQ, _("现在不收报价。"))
    share.agency, share.licence = (
        said(agency, _("请写报价的机构。"))[:120],
        said(licence, _("请写机构的资质证号。"))[:60],
    )
    share.offer = price
    share.save(update_fields=["agency", "licence", "offer"])
    return share


@transaction.atomic
def signed(share: Share, *, by: Actor, agency: str, price: int, signed_on: datetime.date) -> Share:
    """The company signs its own contract, with whom and for what it likes."""
    may(rules.keeper, share.project, by, _("登记签约"))
    _in(share.pool, S.CONTRACT, _("还没有转到各自签约，或者已经结束。"))
    if signed_on > today():
        raise Refusal("guard", _("签约日不能晚于今天。"))
    share.agency, share.signed, share.signed_on = said(agency, _("请写和哪家机构签的。"))[:120], price, signed_on
    share.save(update_fields=["agency", "signed", "signed_on"])
    return share


@transaction.atomic
def performed(share: Share, *, by: Actor, performed_on: datetime.date, marks: int) -> Share:
    """The work is done; what this project thinks of the agency."""
    may(rules.keeper, share.project, by, _("登记履约和评价"))
    if share.signed is None:
        raise Refusal("guard", _("先登记签约。"))
    _in(share.pool, S.CONTRACT, _("这次询价已经结束。"))
    if performed_on > today() or (share.signed_on is not None and performed_on < share.signed_on):
        raise Refusal("guard", _("履约日要在签约日 %(day)s 和今天之间。") % {"day": share.signed_on})
    share.performed_on, share.marks = performed_on, marks
    share.save(update_fields=["performed_on", "marks"])
    return share


def _in(pool: Pool, state: str, sentence: str) -> None:
    if Pool.objects.filter(pk=pool.pk).values_list("state", flat=True).first() != state:
        raise Refusal("state", sentence)


def step(name: str) -> Callable[..., Event]:
    """A step of the association's that only moves."""

    def run(pool: Pool, *, by: Actor, note: str = "") -> Event:
        return engine.take(POOL, name, pool, by=by, note=note)

    return run


@transaction.atomic
def ask(pool: Pool, *, by: Actor, note: str = "") -> Event:
    """The letter to agencies: how much is needed together, and no company's name."""
    engine.check(POOL, "ask", pool, by=by)
    total = sum(pool.shares.values_list("quantity", flat=True))
    letter = papers.write_to_all(
        "集中询价函", POOL.key(pool), by=by, title=pool.title, item=pool.spec.label, basis=pool.spec.basis,
        quantity=f"{total}（{Per(pool.spec.per).label}）", projects=str(pool.shares.count()), note=note,
    )  # fmt: skip
    event = engine.take(POOL, "ask", pool, by=by, note=note, papers={letter.label: f"document:{letter.pk}"})
    _tell(pool, OPEN(what=pool.title))
    return event


@transaction.atomic
def contract(pool: Pool, *, by: Actor, note: str = "") -> Event:
    event = engine.take(POOL, "contract", pool, by=by, note=note)
    _tell(pool, SIGN(what=pool.title))
    return event


@transaction.atomic
def evaluate(pool: Pool, *, by: Actor, note: str = "") -> Event:
    """Closed; what each project saved goes on record in yuan, never a price."""
    event = engine.take(POOL, "evaluate", pool, by=by, note=note)
    for share in pool.shares.select_related("project"):
        if share.performed_on is not None and share.saving:
            ledger.announce(
                facts.SAVING, share.project.key, occurred_on=today(), quantity=plain(share.saving), by=by.key,
                source=f"{POOL.key(pool)}/saving/{share.pk}", note=pool.title,
            )  # fmt: skip
    return event


def _tell(pool: Pool, title: str) -> None:
    people = sorted({
        pk for share in pool.shares.select_related("project") for seat in rules.keeper.seats(share.project) for pk in people_on(seat)
    })  # fmt: skip
    tell(people, title, link=pool.get_absolute_url(), key=f"pool:{pool.pk}:{pool.state}")
