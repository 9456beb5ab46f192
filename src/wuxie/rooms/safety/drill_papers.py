"""The sheet on which a drill was judged (演练评估表). Word and PDF by the kernel."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.papers.models import Document
from wuxie.kernel.papers.sets import Form, Papers
from wuxie.kernel.papers.visibility import register_rows

from .models import Drill

CASE, EVALUATION = "drill", "演练评估表"
FIELDS = (
    ("project_name", "项目"), ("company", "企业"), ("form", "演练形式"), ("kind", "演练科目"), ("held", "演练日"), ("people", "参加人数"),
    ("minutes", "用时（分钟）"), ("leader", "带队人"), ("scenario", "演什么"), ("went_well", "做得好的"), ("went_wrong", "没做好的"),
    ("hazard", "由此立的隐患"), ("revise", "责任清单"),
)  # fmt: skip


FORMS = Papers({EVALUATION: Form("drill_evaluation", "YL-{project}-{year}-{seq:3}", FIELDS, ("带队人", "评估人"))})


def register() -> None:
    FORMS.register()
    register_rows(CASE, Drill)


def write(drill: Drill, *, by: Actor) -> Document:
    """Number and issue it from what the drill says."""
    with translation.override(settings.LANGUAGE_CODE):
        values = {
            "project_name": drill.project.estate.name, "company": drill.project.company.name,
            "form": str(Drill.Form(drill.form).label), "kind": str(Drill.Kind(drill.kind).label),
            "held": drill.held_on.isoformat() if drill.held_on else "", "people": str(drill.people or ""),
            "minutes": str(drill.minutes or ""), "leader": drill.leader.masked_name if drill.leader else "",
            "scenario": drill.scenario, "went_well": drill.went_well, "went_wrong": drill.went_wrong,
            "hazard": f"{drill.hazard} {drill.hazard.receipt}" if drill.hazard else "",
            "revise": "要修订" if drill.revise_list else "不用修订",
        }  # fmt: skip
    return FORMS.write(
        EVALUATION, f"{CASE}:{drill.pk}", values, by=by.key, extra={"project": str(drill.project_id)},
        signed_by=drill.project.company.name,
    )  # fmt: skip
