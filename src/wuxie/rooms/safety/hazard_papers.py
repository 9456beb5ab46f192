"""The papers of a hazard: order to mend it, notice on the spot, report to the authority, slip of the check, slip of closing.

Word and PDF by the kernel; what stands on them is Chinese whoever is signed in, and names no stranger.
"""

from __future__ import annotations

from django.conf import settings
from django.utils import translation

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.papers.models import Document
from wuxie.kernel.papers.sets import Form, Papers
from wuxie.kernel.papers.visibility import register_rows

from .models import Hazard
from .workflow import CLEARS

CASE = "hazard"


HEAD = (("project_name", "项目"), ("company", "企业"), ("receipt", "隐患编号"), ("hazard", "隐患"), ("level", "级别"),
        ("place", "位置"), ("found", "发现日"))  # fmt: skip
FORMS = Papers({
    "隐患整改通知书": Form(
        "hazard_order", "YHZG-{project}-{year}-{seq:4}",
        (*HEAD, ("words", "情况"), ("why", "定级理由"), ("interim", "先做什么"), ("fixer", "整改人"), ("due", "整改期限"),
         ("basis", "依据"), ("text", "要求")), ("签发人", "整改人"),
    ),
    "临时管控告示": Form(
        "hazard_notice", "YHGS-{project}-{year}-{seq:4}",
        (("project_name", "小区"), ("place", "位置"), ("hazard", "危险"), ("interim", "已采取的措施"), ("due", "预计到"),
         ("phone", "现场找谁")), posting=True,
    ),
    "重大隐患报告书": Form(
        "hazard_report", "YHBG-{project}-{year}-{seq:4}",
        (*HEAD, ("authority", "报告给"), ("words", "现状和成因"), ("interim", "已采取的管控"), ("due", "整改期限"),
         *((f"clear_{name}", str(label)) for name, label in (
             ("person", "责任人"), ("measure", "措施"), ("money", "资金"), ("time", "时限"), ("plan", "预案"))),
         ("text", "难易程度和打算")), ("企业负责人",),
    ),
    "复核单": Form(
        "hazard_check", "YHFH-{project}-{year}-{seq:4}",
        (*HEAD, ("remedy", "怎样改的"), ("fixed", "改好日"), ("result", "复核结论"), ("text", "现场所见")), ("复核人",),
    ),
    "隐患销号单": Form(
        "hazard_closing", "YHXH-{project}-{year}-{seq:4}",
        (*HEAD, ("remedy", "怎样改的"), ("due", "整改期限"), ("fixed", "改好日"), ("on_time", "是否按期"), ("rework", "返工次数"),
         ("authority", "报告部门"), ("authority_receipt", "报告回执号"), ("closed", "销号日")),
    ),
})  # fmt: skip
assert set(CLEARS) == {"person", "measure", "money", "time", "plan"}


def register() -> None:
    FORMS.register()
    register_rows(CASE, Hazard)


def write(name: str, hazard: Hazard, *, by: Actor, **given: str) -> Document:
    """Number and issue one paper of a hazard; what it says is read from the hazard and from ``given``."""
    with translation.override(settings.LANGUAGE_CODE):
        values = _texts(hazard) | given
    return FORMS.write(
        name, f"{CASE}:{hazard.pk}", values, by=by.key, extra={"project": str(hazard.project_id)},
        signed_by=hazard.project.company.name,
    )  # fmt: skip


def _texts(hazard: Hazard) -> dict[str, str]:
    clears = {f"clear_{name}": str(text) for name, text in hazard.clears.items()}
    days = {
        name: day.isoformat() if day else ""
        for name, day in (("found", hazard.found_on), ("due", hazard.due_on), ("fixed", hazard.fixed_on), ("closed", hazard.closed_on))
    }  # fmt: skip
    return {
        "project_name": hazard.project.estate.name, "company": hazard.project.company.name, "receipt": hazard.receipt,
        "hazard": hazard.label, "level": str(hazard.get_level_display()), "place": hazard.place, "words": hazard.words,
        "why": hazard.why_level, "interim": hazard.interim, "fixer": hazard.fixer.masked_name if hazard.fixer else "",
        "remedy": hazard.remedy, "authority": hazard.authority, "authority_receipt": hazard.authority_receipt,
        "on_time": "逾期" if hazard.is_late else "按期", "rework": str(hazard.rework),
        **days, **clears,
    }  # fmt: skip
