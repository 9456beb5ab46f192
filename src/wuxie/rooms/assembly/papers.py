"""The papers of a vote, posted up or handed to the office; what stands on them is Chinese whoever is signed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.papers.models import Document
from wuxie.kernel.papers.sets import Form, Papers
from wuxie.kernel.papers.visibility import register_case_visibility, register_rows
from wuxie.rooms.register.models import Estate

from .models import Decision
from .workflow import DECISION

#: Pictures taken at doors, papers that were opened, authorities: nobody reads them but who may read the roll.
DOORS, RULES = "decision_door", "estate_rules"

FORMS = Papers({
    "业主表决公告": Form(
        "assembly_notice", "BJGG-{year}-{seq:4}",
        (("estate", "小区"), ("title", "表决"), ("scope", "范围"), ("organiser", "组织人"), ("opens", "开始收票"), ("closes", "截止"),
         ("form", "形式"), ("silent", "送达未交的票"), ("proxy", "委托"), ("rules", "依据")), ("组织人",), posting=True,
    ),
    "表决名册公示": Form(
        "assembly_roll", "BJMC-{year}-{seq:4}",
        (("estate", "小区"), ("title", "表决"), ("units", "户室"), ("heads", "业主人数"), ("area", "专有面积"), ("until", "公示至"),
         ("left_out", "未计入"), ("how", "怎样提异议")), ("组织人",), posting=True,
    ),
    "告知居民委员会的函": Form(
        "assembly_letter", "BJGZ-{year}-{seq:4}",
        (("estate", "小区"), ("title", "表决"), ("organiser", "组织人"), ("opens", "开始收票"), ("closes", "截止"), ("basis", "依据")),
        ("组织人",),
    ),
    "表决结果公告": Form(
        "vote_result", "BJJG-{meeting}-{seq:2}",
        (("estate", "小区"), ("title", "表决"), ("total", "应参与"), ("came", "实际参与"), ("verdict", "结论"), ("strict", "送达未交不算参与时"),
         ("check", "怎样核对"), ("annulment", "撤销权"), ("until", "公示至")), ("组织人", "社区"), posting=True,
    ),
    "业主共同决定备案表": Form(
        "assembly_filing", "BJBA-{year}-{seq:4}",
        (("estate", "小区"), ("title", "表决"), ("organiser", "组织人"), ("verdict", "结论"), ("root", "票的摘要"), ("keep", "材料保存至")),
        ("组织人", "街道办事处"),
    ),
})  # fmt: skip


def register() -> None:
    FORMS.register()
    register_rows(DECISION.name, Decision)
    register_case_visibility(
        DOORS, lambda actor, pk: pk.isdecimal() and Decision.objects.inside(actor).filter(pk=pk).exists()
    )
    register_case_visibility(
        RULES, lambda actor, pk: pk.isdecimal() and Estate.objects.visible_to(actor).filter(pk=pk).exists()
    )


def doors_of(decision: Decision) -> str:
    return f"{DOORS}:{decision.pk}"


def write(
    name: str, decision: Decision, *, by: Actor, table: Mapping[str, Any] | None = None, closing: tuple[str, ...] = (), **given: str
) -> Document:  # fmt: skip
    """Number and issue one paper about a vote."""
    values = {"estate": decision.estate.name, "title": decision.title, **given}
    return FORMS.write(
        name, DECISION.key(decision), values, by=by.key, extra={"meeting": decision.number}, table=table, closing=closing,
        signed_by=f"{decision.estate.name}{decision.get_organiser_display()}",
    )  # fmt: skip
