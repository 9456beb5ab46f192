"""Confirming figures: one person proposes with the paper, another confirms; computations use it from then on."""

from __future__ import annotations

import datetime
import json
import re
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from wuxie.kernel.clock import overlay as files
from wuxie.kernel.clock.now import now

from . import figures
from .models import LocalFigure

State = LocalFigure.State
SHARE = re.compile(r"[0-9]{1,6}(?:/[0-9]{1,6}|\.[0-9]{1,6})?", re.ASCII)
PERIODS = ("hour", "day", "working_day", "month", "year")


def _shipped(key: str) -> figures.Figure:
    found = next((figure for figure in figures.packaged() if figure.key == key), None)
    if found is None:
        raise ValidationError(_("没有“%(key)s”这个数值。") % {"key": key})
    return found


def check_value(key: str, value: str) -> str:
    """The value as a computation reads it: whole numbers stay whole, shares stay exact shares (``70%`` → ``70/100``)."""
    shipped, value = _shipped(key), value.strip()
    if not value:
        raise ValidationError({"value": _("请填数值。")})
    example = next((figure.value for figure in figures.packaged() if figure.key == key and figure.value), "")
    if example.isdigit() and not (value.isascii() and value.isdigit()):
        raise ValidationError({"value": _("“%(label)s”是整数（%(unit)s），请填如 %(example)s。") % {
            "label": shipped.label, "unit": shipped.unit, "example": example}})  # fmt: skip
    if "/" in example:
        value = _share(value)
        if not value:
            raise ValidationError({"value": _("“%(label)s”是比例，请填如 %(example)s 或 70%%。") % {
                "label": shipped.label, "example": example}})  # fmt: skip
    return value


def _share(value: str) -> str:
    """A share from nought to the whole, or nothing."""
    value = value.removesuffix("%") + "/100" if value.endswith("%") else value
    if not SHARE.fullmatch(value):
        return ""
    try:
        return value if Fraction(value) <= 1 else ""
    except ZeroDivisionError:
        return ""


def _check_unit(shipped: figures.Figure, unit: str) -> str:
    """Periods may be said in another unit of time; everything else keeps its unit."""
    unit = unit or shipped.unit
    if unit != shipped.unit and not (unit in PERIODS and shipped.unit in PERIODS):
        raise ValidationError({"unit": _("“%(label)s”的单位是“%(unit)s”，不能改。") % {
            "label": shipped.label, "unit": shipped.unit}})  # fmt: skip
    return unit


def _check_region(region: str) -> str:
    if not (len(region) == 6 and region.isascii() and region.isdigit()):
        raise ValidationError({"region": _("地区应是六位行政区划代码，例如 510400。")})
    return region


@transaction.atomic
def propose(
    key: str, *, by: str, by_name: str = "", region: str, value: str, article: str, unit: str = "",
    since: datetime.date | None = None, until: datetime.date | None = None, paper: str = "",
) -> LocalFigure:  # fmt: skip
    """Write down what a paper says; it waits for a second person and counts for nothing until then."""
    if not article.strip():
        raise ValidationError({"article": _("请写文号或条文，例如：某文〔2024〕18号。")})
    if since and until and until < since:
        raise ValidationError({"until": _("失效日早于施行日 %(day)s。") % {"day": since}})
    return LocalFigure.objects.create(
        key=key, region=_check_region(region), value=check_value(key, value), unit=_check_unit(_shipped(key), unit),
        article=article.strip(), since=since, until=until, paper=paper, proposed_by=by, proposed_name=by_name,
        proposed_at=now(),
    )  # fmt: skip


@transaction.atomic
def confirm(proposal: LocalFigure, *, by: str, by_name: str = "") -> LocalFigure:
    """A second person has seen the paper: from now on computations use the value from its day in force."""
    proposal = LocalFigure.objects.select_for_update().get(pk=proposal.pk)
    if proposal.state != State.PROPOSED:
        raise ValidationError(_("这一条已经处理过了，请刷新。"))
    if proposal.proposed_by == by:
        raise ValidationError(_("提出人不能自己复核，请由另一人确认。"))
    LocalFigure.objects.filter(
        Q(state=State.CONFIRMED, since=proposal.since) | Q(state=State.NOT_APPLICABLE),
        key=proposal.key, region=proposal.region,
    ).update(state=State.WITHDRAWN)  # fmt: skip
    proposal.state, proposal.confirmed_by = State.CONFIRMED, by
    proposal.confirmed_name, proposal.confirmed_at = by_name, now()
    proposal.save()
    transaction.on_commit(write_overlay)
    return proposal


@transaction.atomic
def withdraw(proposal: LocalFigure, *, by: str) -> LocalFigure:
    """Take a proposal back before it was confirmed."""
    proposal = LocalFigure.objects.select_for_update().get(pk=proposal.pk)
    if proposal.state != State.PROPOSED:
        raise ValidationError(_("已核定的不能撤回；请提出新值，由第二人核定。"))
    proposal.state = State.WITHDRAWN
    proposal.save(update_fields=["state"])
    return proposal


@transaction.atomic
def set_not_applicable(key: str, *, by: str, by_name: str = "", region: str, article: str) -> LocalFigure:
    """Say that a figure has no meaning here, and why."""
    if not article.strip():
        raise ValidationError({"article": _("请写明为什么不适用。")})
    return LocalFigure.objects.create(
        key=_shipped(key).key, region=_check_region(region), article=article.strip(), state=State.NOT_APPLICABLE, proposed_by=by,
        proposed_name=by_name, proposed_at=now(),
    )  # fmt: skip


def write_overlay() -> None:
    """Give the command line the confirmed values (also after a restore); the file is replaced whole.

    Where nothing was ever confirmed through the database, a file that somebody put there stays as it is.
    """
    shipped = {figure.key: figure for figure in figures.packaged()}
    rows = [
        {
            "key": one.key, "group": shipped[one.key].group, "label": shipped[one.key].label, "region": one.region,
            "value": one.value, "unit": one.unit, "article": one.article, "read": "text", "confirmed": True,
            "since": one.since.isoformat() if one.since else None, "until": one.until.isoformat() if one.until else None,
            "used_by": list(shipped[one.key].used_by),
        }
        for one in LocalFigure.objects.filter(state=State.CONFIRMED)
        if one.key in shipped
    ]  # fmt: skip
    if rows:
        files.replace(figures.overlay_path(), json.dumps(rows, ensure_ascii=False, indent=1))
