"""The papers of an incident: the flash report to the authority, the report of what was found out. They name nobody who was hurt."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.utils import translation

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.amounts import grouped
from wuxie.kernel.clock.now import local
from wuxie.kernel.papers.models import Document
from wuxie.kernel.papers.sets import Form, Papers
from wuxie.kernel.papers.visibility import register_rows

from .models import Incident

CASE = "incident"
HEAD = (
    ("project_name", "项目"), ("company", "企业"), ("kind", "类别"), ("place", "地点"), ("happened", "发生时间"), ("grade", "等级"),
    ("deaths", "死亡"), ("injured", "重伤"), ("slight", "轻伤"), ("loss", "直接经济损失（元）"), ("words", "简要经过"),
)  # fmt: skip
FORMS = Papers({
    "事故快报": Form(
        "incident_flash", "SGKB-{project}-{year}-{seq:3}",
        (*HEAD, ("site", "现场怎样保护"), ("authority", "报告给"), ("told", "报告时间"), ("text", "已采取的措施")), ("企业负责人",),
    ),
    "事故调查报告": Form(
        "incident_report", "SGDC-{project}-{year}-{seq:3}",
        (*HEAD, ("cause", "原因"), ("measures", "整改和防范措施"), ("mender", "整改人"), ("due", "整改期限"), ("revise", "责任清单")),
        ("调查人", "企业负责人"),
    ),
})  # fmt: skip


def register() -> None:
    FORMS.register()
    register_rows(CASE, Incident)


def write(name: str, incident: Incident, *, by: Actor, **given: str) -> Document:
    """Number and issue one paper of an incident."""
    with translation.override(settings.LANGUAGE_CODE):
        values = _texts(incident) | given
    return FORMS.write(
        name, f"{CASE}:{incident.pk}", values, by=by.key, extra={"project": str(incident.project_id)},
        signed_by=incident.project.company.name,
    )  # fmt: skip


def _moment(at: datetime.datetime | None) -> str:
    return f"{local(at):%Y-%m-%d %H:%M}" if at else ""


def _texts(incident: Incident) -> dict[str, str]:
    return {
        "project_name": incident.project.estate.name, "company": incident.project.company.name,
        "kind": str(Incident.Kind(incident.kind).label), "place": incident.place, "happened": _moment(incident.happened_at),
        "grade": str(Incident.Grade(incident.grade).label), "deaths": str(incident.deaths), "injured": str(incident.injured),
        "slight": str(incident.slight), "loss": grouped(incident.loss), "words": incident.words, "site": incident.site_kept,
        "authority": incident.authority, "told": _moment(incident.told_at), "cause": incident.cause,
        "measures": incident.measures, "mender": incident.mender.masked_name if incident.mender else "",
        "due": incident.due_on.isoformat() if incident.due_on else "",
        "revise": "按事故修订并重新签责任书" if incident.is_reportable else "",
    }  # fmt: skip
