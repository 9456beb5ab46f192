"""Service contracts: one company at a time in an estate, and who it was on any day."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts.ledger import announce
from wuxie.kernel.parties.models import Organisation

from .. import facts, queries
from ..models import Estate, Project
from .levels import DAY, announce_levels, end_levels


@transaction.atomic
def begin_service(
    estate: Estate,
    company: Organisation,
    *,
    by: Actor,
    starts_on: datetime.date,
    ends_on: datetime.date | None = None,
    **known: Any,
) -> Project:
    """Register a contract. ``known``: ``contract_number``, ``stage``, ``charging``, ``fee``, ``left_on``.

    The estate's row is locked while its contracts are looked at, so that of two contracts registered at the same
    moment one is refused. Refuses a contract that overlaps another of the estate, naming it and the mend.
    """
    Estate.objects.select_for_update().get(pk=estate.pk)
    project = Project(estate=estate, company=company, starts_on=starts_on, ends_on=ends_on, **known)
    check_days(project)
    project.save()
    announced = min(starts_on, today())
    announce(
        facts.SERVICE_BEGAN.code, project.key, occurred_on=announced, by=by.key, source=f"register/{project.key}/began",
        also_counts_for=[estate.key, company.key], note=f"{starts_on.isoformat()} {ends_on.isoformat() if ends_on else ''}".strip(),
    )  # fmt: skip
    announce_levels(project, by=by, on=starts_on)
    if project.last_day is not None and project.last_day < today():
        _announce_end(project, by=by, on=project.last_day)
    return project


@transaction.atomic
def change_contract(project: Project, *, by: Actor, **changes: Any) -> Project:
    """Correct a contract's number, stage, price or days; the days may not run into another contract of the estate."""
    Estate.objects.select_for_update().get(pk=project.estate_id)
    for field, value in changes.items():
        setattr(project, field, value)
    check_days(project)
    project.save()
    return project


@transaction.atomic
def follow_fee(*, project: int, fee: int) -> None:
    """Another room says what is charged from now on (ten-thousandths of a yuan per m² and month)."""
    change_contract(Project.objects.select_for_update().get(pk=project), by=THE_CLOCK, fee=fee)


@transaction.atomic
def end_service(project: Project, *, by: Actor, on: datetime.date) -> Project:
    """The company's last day in the estate, agreed or not; its levels end with it."""
    Estate.objects.select_for_update().get(pk=project.estate_id)
    project.refresh_from_db(fields=["left_on", "ends_on"])
    if project.left_on is not None:
        raise ValidationError({"on": _("已经登记 %(day)s 撤离。") % {"day": project.left_on}})
    if on < project.starts_on:
        raise ValidationError({"on": _("撤离日早于服务起始日。请改成 %(day)s 或以后。") % {"day": project.starts_on}})
    project.left_on = on
    check_days(project)
    project.save()
    _announce_end(project, by=by, on=on)
    return project


@transaction.atomic
def change_company(
    project: Project,
    company: Organisation,
    *,
    by: Actor,
    on: datetime.date,
    ends_on: datetime.date | None = None,
    **known: Any,
) -> Project:
    """Another company serves from a day on; the one before it ends the day before. Returns the new project."""
    if company.pk == project.company_id:
        raise ValidationError({"company": _("还是同一家企业。要延长服务期，请用“续签”。")})
    if project.last_day is None or project.last_day >= on:
        end_service(project, by=by, on=on - DAY)
    return begin_service(project.estate, company, by=by, starts_on=on, ends_on=ends_on, **known)


@transaction.atomic
def extend_service(project: Project, *, by: Actor, ends_on: datetime.date | None) -> Project:
    """Renew the contract to a later day; without one it goes on for an indefinite time (民法典 art. 948)."""
    if project.left_on is not None:
        raise ValidationError(
            {"ends_on": _("这家企业已在 %(day)s 撤离，不能续。请登记新合同。") % {"day": project.left_on}}
        )
    if ends_on is not None and project.ends_on is not None and ends_on <= project.ends_on:
        raise ValidationError({"ends_on": _("新的到期日要晚于 %(day)s。") % {"day": project.ends_on}})
    return change_contract(project, by=by, ends_on=ends_on)


def check_days(project: Project) -> None:
    """Refuse days that contradict each other, or another contract of the estate."""
    for field in ("ends_on", "left_on"):
        last = getattr(project, field)
        if last is not None and last < project.starts_on:
            raise ValidationError({field: _("早于服务起始日 %(day)s。请核对合同。") % {"day": project.starts_on}})
    other = queries.overlapping(project)
    if other is not None:
        raise ValidationError({"starts_on": overlap_sentence(other, project.starts_on)})


def overlap_sentence(other: Project, starts_on: datetime.date) -> str:
    """Which contract is in the way, and the two mends."""
    words = {
        "estate": other.estate.name, "company": other.company.name, "from": other.starts_on,
        "to": other.last_day or _("不定期"), "number": other.contract_number or _("未填"),
    }  # fmt: skip
    said = (
        _("%(estate)s 已有“%(company)s”的服务合同（编号 %(number)s，%(from)s 至 %(to)s），两份合同的日期重叠。") % words
    )
    if other.starts_on > starts_on:
        return said + _("把这份的到期日改到 %(day)s 或以前。") % {"day": other.starts_on - DAY}
    if other.last_day is None:
        return said + _("先给那份合同登记撤离日，再登记这份。")
    mend = _("把起始日改到 %(day)s 或以后；那家企业若已提前撤离，先给那份合同登记撤离日。")
    return said + mend % {"day": other.last_day + DAY}


def _announce_end(project: Project, *, by: Actor, on: datetime.date) -> None:
    end_levels(project, by=by, on=on)
    announce(
        facts.SERVICE_ENDED.code, project.key, occurred_on=min(on, today()), by=by.key,
        source=f"register/{project.key}/ended/{on.isoformat()}", also_counts_for=[project.estate.key, project.company.key],
        note=on.isoformat(),
    )  # fmt: skip
