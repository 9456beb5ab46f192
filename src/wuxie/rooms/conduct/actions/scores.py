"""Publishing the two standards, computing every company's numbers, declaring a grade."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.clock.days import add_months
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.queries import facts_of, not_replaced
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.standards import actions as standards
from wuxie.kernel.standards.models import Version
from wuxie.kernel.workflow.demands import said
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Project

from .. import credit, facts, queries, rules, scoring
from ..models import Dimension, Score

#: A declared grade holds so many months, then it is declared anew.
GRADE_MONTHS = 12
#: Why a fact was replaced or withdrawn, as the ledger keeps it.
CHANGED, ANEW = gettext_noop("在管项目数有变化"), gettext_noop("重新认定等级")


@transaction.atomic
def publish_shipped(*, by: Actor) -> list[Version]:
    """Import and publish the two demonstration standards, where no version of them is published yet."""
    made = []
    for dimension in Dimension.values:
        if scoring.version_of(dimension) is None:
            draft = standards.import_document(credit.document(dimension), by=by.key)
            made.append(standards.publish(draft, by=by.key, by_name=by.name))
    return made


@transaction.atomic
def note_projects(company: Organisation, on: datetime.date) -> None:
    """Keep on record how many projects a company serves: the scale of its lines is computed from that fact."""
    count = Project.objects.on(on).filter(company=company).count()
    source = f"{company.key}/projects"
    fact = not_replaced(Fact.objects.filter(kind=facts.PROJECTS.code, source=source)).first()
    if fact is None:
        if count:
            ledger.announce(
                facts.PROJECTS.code, company.key, occurred_on=on - scoring.DAY, quantity=str(count), source=source, by=THE_CLOCK.key,
            )  # fmt: skip
    elif int(fact.quantity) != count * 1_000_000:
        ledger.supersede(fact, by=THE_CLOCK.key, reason=CHANGED, quantity=str(count))


@transaction.atomic
def note_newcomer(company: Organisation, on: datetime.date) -> None:
    """Keep on record until when a company is new to the city: so many months from the first day of its first project."""
    first = Project.objects.filter(company=company, starts_on__lte=on).aggregate(day=Min("starts_on"))["day"]
    source = f"{company.key}/newcomer"
    if first is None or Fact.objects.filter(kind=facts.NEWCOMER.code, source=source).exists():
        return
    last = add_months(first, queries.term("credit.newcomer")) - scoring.DAY
    if last >= on:
        ledger.announce(
            facts.NEWCOMER.code,
            company.key,
            occurred_on=first,
            quantity="1",
            valid_until=last,
            source=source,
            by=THE_CLOCK.key,
        )


@transaction.atomic
def reckon(company: Organisation, on: datetime.date | None = None) -> list[Score]:
    """Both numbers of a company as of a day (today); kept, and the newest of each marked."""
    day = on or today()
    note_projects(company, day)
    note_newcomer(company, day)
    made = []
    for dimension in Dimension.values:
        version = scoring.version_of(dimension)
        if version is None:
            continue
        found = scoring.outcome(version, company, day)
        Score.objects.filter(company=company, dimension=dimension, is_newest=True).update(is_newest=False)
        Score.objects.filter(company=company, dimension=dimension, on=day).delete()
        made.append(
            Score.objects.create(
                company=company, dimension=dimension, on=day, standard=found.standard, total=found.shown,
                exact=f"{found.total.numerator}/{found.total.denominator}", sort=int(found.total * 1000), grade=found.grade,
                vetoes=list(found.vetoes), lines=[vars(one) for one in found.lines], rows_sha256=found.rows_sha256,
                place_code=queries.place_of(company)[:4], at=now(),
            )
        )  # fmt: skip
    return made


def reckon_all(on: datetime.date | None = None) -> int:
    """Every company that serves or served a project, or is a member; how many."""
    rows = Organisation.objects.filter(kind=Organisation.Kind.COMPANY).order_by("pk")
    return sum(bool(reckon(company, on)) for company in rows)


@transaction.atomic
def declare(score: Score, *, by: Actor, paper_number: str) -> Fact:
    """The authority declares the grade that its own number gives: the star and everybody who reads grades hears of it.

    The association's number has no grade that anybody could declare.
    """
    if not rules.may_record(by, score.company):
        raise Refusal("person", _("政府信用等级由市级主管部门认定。"))
    if score.dimension != Dimension.STATUTORY:
        raise Refusal("guard", _("自律分是协会的，不能当作政府信用等级。"))
    if not score.is_newest or score.on != today():
        raise Refusal("guard", _("这不是今天的分。请按最新的分认定。"))
    number = said(paper_number, _("请写认定文号。"))[:60]
    kinds = [f"credit.graded.{grade.lower()}" for grade in credit.GRADES.values()]
    for fact in not_replaced(facts_of(score.company.key).filter(kind__in=kinds)):
        ledger.withdraw(fact, by=by.key, reason=ANEW)
    return ledger.announce(
        f"credit.graded.{score.grade.lower()}", score.company.key, occurred_on=today(), valid_until=add_months(today(), GRADE_MONTHS), by=by.key,
        source=f"{score.company.key}/grade/{number}", note=f"{score.total} {score.standard}", trust="authority_document",
    )  # fmt: skip


STARRED = {3: "three", 4: "four", 5: "five"}


@transaction.atomic
def follow_star(fact: Fact) -> None:
    """A project was given a star: its company's credit hears of it (lines G06 to G08)."""
    stars = STARRED.get(int(fact.quantity // 1_000_000))
    project = Project.objects.filter(pk=fact.subject.partition(":")[2]).select_related("company").first()
    if stars is None or project is None:
        return
    source = f"{fact.id}/credit"
    if not Fact.objects.filter(source=source).exists():
        ledger.announce(
            f"{facts.STAR.code}.{stars}", project.company.key, occurred_on=fact.occurred_on, also_counts_for=[project.key], by=THE_CLOCK.key,
            valid_until=fact.valid_until, source=source, trust="authority_document",
        )  # fmt: skip
