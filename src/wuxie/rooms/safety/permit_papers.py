"""The papers of a permit: the permit itself, which hangs at the place, and the slip of its end. Word and PDF by the kernel."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.utils import translation

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import local
from wuxie.kernel.papers.models import Document
from wuxie.kernel.papers.sets import Form, Papers
from wuxie.kernel.papers.visibility import register_rows
from wuxie.kernel.parties import masks
from wuxie.kernel.parties.models import Person

from .models import Permit
from .permit_words import GASES, measures_of, plain

CASE = "permit"
HEAD = (
    ("project_name", "项目"), ("company", "企业"), ("kind", "作业类别"), ("work", "作业内容"), ("place", "地点"), ("hours", "时间窗"),
    ("worker", "作业人与证号"), ("guardian", "监护人"),
)  # fmt: skip
FORMS = Papers({
    "危险作业票": Form(
        "work_permit", "ZY-{project}-{year}-{seq:4}", (*HEAD, ("gas", "气体检测读数"), ("text", "批准意见")),
        ("申请人", "审批人", "监护人"), posting=True,
    ),
    "完工清场单": Form(
        "work_permit_end", "ZYW-{project}-{year}-{seq:4}",
        (*HEAD, ("number", "作业票编号"), ("started", "开工"), ("finished", "完工"), ("gas", "气体检测读数"), ("text", "完工清场")),
        ("监护人", "办结人"),
    ),
})  # fmt: skip


def register() -> None:
    FORMS.register()
    register_rows(CASE, Permit)


def write(name: str, permit: Permit, *, by: Actor, **given: str) -> Document:
    """Number and issue one paper; people stand on it masked, since it hangs where everybody passes."""
    with translation.override(settings.LANGUAGE_CODE):
        values = _texts(permit) | given
        table = {
            "columns": [{"label": "安全措施", "wide": True}, {"label": "确认人"}, {"label": "时间"}],
            "rows": [[str(label), *_tick(permit.measures.get(code))] for code, label in measures_of(permit.kind).items()],
        }  # fmt: skip
    return FORMS.write(
        name, f"{CASE}:{permit.pk}", values, by=by.key, extra={"project": str(permit.project_id)},
        signed_by=permit.project.company.name, table=table,
    )  # fmt: skip


def _tick(found: dict[str, str] | None) -> tuple[str, str]:
    if not found:
        return "", ""
    return masks.name(found["by"]), f"{local(datetime.datetime.fromisoformat(found['at'])):%m-%d %H:%M}"


def _moment(at: datetime.datetime | None) -> str:
    return f"{local(at):%Y-%m-%d %H:%M}" if at else ""


def certificate(permit: Permit) -> str:
    """The number of the certificate by its last four characters."""
    return masks.id_number(permit.certificate)


def worker(permit: Permit) -> str:
    """The worker as others read them: masked, with the contractor and the end of the certificate's number."""
    person: Person = permit.worker
    return " ".join(part for part in (person.masked_name, permit.contractor, certificate(permit)) if part)


def reading(values: dict[str, int]) -> str:
    """``氧含量 20.9 %，可燃气体 0 %LEL …``."""
    return "，".join(f"{gas.label} {plain(values[gas.code])} {gas.unit}" for gas in GASES if gas.code in values)


def _texts(permit: Permit) -> dict[str, str]:
    newest = permit.readings.first()
    return {
        "project_name": permit.project.estate.name, "company": permit.project.company.name, "number": permit.number,
        "kind": str(Permit.Kind(permit.kind).label), "work": permit.work, "place": permit.place, "worker": worker(permit),
        "guardian": permit.guardian.masked_name, "hours": f"{_moment(permit.starts_at)} — {_moment(permit.ends_at)}",
        "gas": f"{_moment(newest.taken_at)} {reading(newest.values)}" if newest else "",
        "started": _moment(permit.started_at), "finished": _moment(permit.finished_at),
    }  # fmt: skip
