"""The association's own papers: notices and minutes of meetings. Chinese whoever is signed in; they name units, never persons."""

from __future__ import annotations

from typing import Any

from wuxie.kernel.papers.sets import Form, Papers
from wuxie.kernel.papers.visibility import register_rows

from .models import Admission, Disclosure, Due, Inquiry, Leaving, Letter, Meeting, Resolution, Task

FORMS = Papers({
    "会议通知": Form(
        "association_meeting_notice", "XHTZ-{year}-{seq:3}",
        (("title", "会议名称"), ("body", "会议"), ("when", "开会时间"), ("venue", "地点"), ("agenda", "议题"), ("called", "应到"),
         ("quorum", "到会要求"), ("aside", "回避")), ("协会秘书处",),
    ),
    "会议纪要": Form(
        "association_minutes", "XHJY-{year}-{seq:3}",
        (("title", "会议名称"), ("body", "会议"), ("when", "开会时间"), ("venue", "地点"), ("present", "到会"), ("aside", "回避"),
         ("decisions", "表决结果"), ("minutes", "纪要"), ("follow", "要办的事")), ("主持人", "记录人", "监事"),
    ),
    "工作组任务书": Form(
        "group_task_letter", "RW-{group}-{year}-{seq:3}",
        (("group", "工作组"), ("title", "任务"), ("doer", "承办会员"), ("deliverable", "交付物"), ("criteria", "验收标准"), ("due", "期限"),
         ("hours", "工时")), ("组长",),
    ),
    "成果验收单": Form(
        "group_acceptance", "YS-{group}-{year}-{seq:3}",
        (("group", "工作组"), ("title", "任务"), ("doer", "承办会员"), ("deliverable", "交付物"), ("criteria", "验收标准"), ("delivered", "交付日"),
         ("quality", "质量分"), ("hours", "工时"), ("opinion", "验收意见")), ("验收人",),
    ),
    "季度收支公示": Form(
        "association_accounts", "XHSZ-{year}-{seq:3}", (("period", "期间"), ("income", "收入合计"), ("expense", "支出合计")),
        ("协会秘书处", "监事"), posting=True,
    ),
})  # fmt: skip


def register() -> None:
    FORMS.register()
    for prefix, model in (
        ("meeting", Meeting), ("resolution", Resolution), ("group_task", Task), ("admission", Admission), ("leaving", Leaving), ("due", Due),
        ("inquiry", Inquiry), ("letter", Letter), ("disclosure", Disclosure),
    ):  # fmt: skip
        register_rows(prefix, model)


def lines(rows: list[str]) -> str:
    """Numbered lines of one field."""
    return "；".join(f"{place}. {row}" for place, row in enumerate(rows, 1))


def write(
    name: str, key: str, *, by: str, extra: dict[str, str] | None = None, table: Any = None, **values: Any
) -> dict[str, str]:
    """Number and issue one; its name and its reference."""
    made = FORMS.write(name, key, values, by=by, extra=extra or {}, table=table)
    return {made.label: f"document:{made.pk}"}
