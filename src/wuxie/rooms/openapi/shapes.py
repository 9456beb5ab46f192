"""What of a row goes out: public columns only, dates as YYYY-MM-DD, moments with their zone."""

from __future__ import annotations

import datetime
from typing import Any

from ninja import Field, Schema

from wuxie.kernel.facts.models import Fact, Seal
from wuxie.kernel.facts.queries import state_of
from wuxie.kernel.standards.document import TRUST
from wuxie.rooms.rating import public
from wuxie.rooms.rating.models import Application, Award, Objection


class NewObjection(Schema):
    """Against one published star; ``indicator`` empty: against the whole."""

    model_config = {"extra": "forbid"}

    text: str = Field(min_length=10, max_length=2000, description="异议的事实和依据")
    contact: str = Field(min_length=5, max_length=60, description="手机、座机或邮箱；加密保存，不对企业显示")
    indicator: str = Field("", max_length=40, description="针对哪一项指标，空着是整体结果")


def _day(value: datetime.date | None) -> str | None:
    return value.isoformat() if value else None


def estate(row: Any) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "place": row.place_id,
        "class": row.klass,
        "households": row.households,
        "company": row.company_name,
        "stars": row.stars,
        "plaque": row.plaque,
        "valid_until": _day(row.valid_until),
    }


def award(row: Award) -> dict[str, Any]:
    return {
        "plaque": row.plaque,
        "estate": row.project.estate.code,
        "estate_name": row.project.estate.name,
        "company": row.project.company.name,
        "stars": row.stars,
        "state": row.state.value,
        "decided_on": _day(row.decided_on),
        "decision": row.decision,
        "valid_from": _day(row.valid_from),
        "valid_until": _day(row.valid_until),
        "ended_on": _day(row.ended_on),
        "ending_reason": row.ending_reason,
    }


def notice(row: Application) -> dict[str, Any]:
    return {
        "number": row.number,
        "estate": row.project.estate.code,
        "estate_name": row.project.estate.name,
        "company": row.project.company.name,
        "cycle": row.cycle.name,
        "proposed_stars": row.proposed_stars,
        "total": row.snapshot.total if row.snapshot else None,
        "state": row.state,
        "from": _day(row.publicity_from),
        "to": _day(row.publicity_to),
        "takes_objections": public.takes_objections(row),
    }


def notice_with_scores(row: Application) -> dict[str, Any]:
    groups = [
        {
            "id": group.id,
            "label": group.label,
            "points": group.points,
            "value": group.value,
            "indicators": [
                {"id": one.id, "label": one.label, "points": one.points, "value": one.value, "facts": list(one.facts)}
                for one in group.indicators
            ],
        }
        for group in public.scores(row.snapshot)
    ]
    return notice(row) | {"groups": groups, "seal": row.snapshot.seal if row.snapshot else ""}


def objection(row: Objection) -> dict[str, Any]:
    """For whoever holds the receipt: what came of it, not what was written or by whom."""
    return {
        "receipt": row.receipt,
        "notice": row.application.number,
        "state": row.state,
        "received_on": _day(row.opened_at.date()),
        "reply": row.reply,
        "replied_on": _day(row.replied_on),
    }


def seal(row: Seal) -> dict[str, Any]:
    return {"number": row.number, "sealed_at": row.sealed_at.isoformat(), "size": row.size, "root": row.root}


def fact(row: Fact) -> dict[str, Any]:
    """The columns of contract 2.7; who acted, notes and personal fields stay inside."""
    state = state_of(row)
    return {
        "id": row.pk,
        "kind": row.kind,
        "subject": row.subject,
        "quantity": row.amount,
        "occurred_on": _day(row.occurred_on),
        "recorded_on": _day(row.recorded_on),
        "valid_until": _day(row.valid_until),
        "trust": TRUST[state.trust],
        "superseded_by": state.superseded_by,
        "disputed": state.disputed,
    }
