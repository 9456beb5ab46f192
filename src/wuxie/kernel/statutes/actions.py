"""Confirming figures: one person proposes with the paper, another confirms; computations use it from then on."""

from __future__ import annotations

import datetime
import json
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.clock.now import now

from . import figures
from .models import LocalFigure

State = LocalFigure.State


def _shipped(key: str) -> figures.Figure:
    found = next((figure for figure in figures.packaged() if figure.key == key), None)
    if found is None:
        raise ValidationError(_("没有“%(key)s”这个数值。") % {"key": key})
    return found


def check_value(key: str, value: str) -> str:
    """Refuse a value that a computation could not read: whole numbers stay whole, shares stay shares."""
    shipped, value = _shipped(key), value.strip()
    if not value:
        raise ValidationError({"value": _("请填数值。")})
    example = next((figure.value for figure in figures.packaged() if figure.key == key and figure.value), "")
    if example.isdigit() and not (value.isascii() and value.isdigit()):
        raise ValidationError({"value": _("“%(label)s”是整数（%(unit)s），请填如 %(example)s。") % {
            "label": shipped.label, "unit": shipped.unit, "example": example}})  # fmt: skip
    if "/" in example:
        try:
            Fraction(value)
        except (ValueError, ZeroDivisionError):
            raise ValidationError({"value": _("“%(label)s”是比例，请填如 %(example)s。") % {
                "label": shipped.label, "example": example}}) from None  # fmt: skip
    return value


@transaction.atomic
def propose(
    key: str, *, by: str, by_name: str = "", region: str, value: str, article: str, since: datetime.date | None = None,
    until: datetime.date | None = None, paper: str = "",
) -> LocalFigure:  # fmt: skip
    """Write down what a paper says; it waits for a second person and counts for nothing until then."""
    if not article.strip():
        raise ValidationError({"article": _("请写文号或条文，例如：某文〔2024〕18号。")})
    if since and until and until < since:
        raise ValidationError({"until": _("失效日早于施行日 %(day)s。") % {"day": since}})
    return LocalFigure.objects.create(
        key=key, region=region, value=check_value(key, value), unit=_shipped(key).unit, article=article.strip(), since=since,
        until=until, paper=paper, proposed_by=by, proposed_name=by_name, proposed_at=now(),
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
        key=proposal.key, region=proposal.region, since=proposal.since, state=State.CONFIRMED
    ).update(state=State.WITHDRAWN)
    proposal.state, proposal.confirmed_by, proposal.confirmed_name, proposal.confirmed_at = (
        State.CONFIRMED,
        by,
        by_name,
        now(),
    )
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
        key=_shipped(key).key, region=region, article=article.strip(), state=State.NOT_APPLICABLE, proposed_by=by,
        proposed_name=by_name, proposed_at=now(),
    )  # fmt: skip


def write_overlay() -> None:
    """Give the command line the confirmed values; the file is replaced whole."""
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
    path = figures.overlay_path()
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(path)
