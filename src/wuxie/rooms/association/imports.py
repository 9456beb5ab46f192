"""The list of member units."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.tabular import registry
from wuxie.kernel.tabular.columns import Col, Flaw, Sheet, Unique

from .actions import members as actions
from .models import Member

KINDS = {str(label): value for value, label in Member.Kind.choices} | {"单位会员": "ordinary", "普通会员": "ordinary",
         "理事单位": "council", "常务理事单位": "standing", "副会长单位": "vice_president", "会长单位": "president",
         "监事单位": "supervisor"}  # fmt: skip
GROUPS = {str(label): value for value, label in Member.Group.choices}


def find_units(texts: set[str]) -> dict[str, int]:
    """Unit ids for credit codes and for names that only one unit has."""
    found: dict[str, list[int]] = {}
    for pk, name, code in Organisation.objects.values_list("pk", "name", "uscc"):
        for text in {name, code} & texts:
            found.setdefault(text, []).append(pk)
    return {text: pks[0] for text, pks in found.items() if len(pks) == 1}


SHEET = Sheet(
    "members",
    "会员名册",
    (
        Col("organisation", "单位", ("单位名称", "企业名称", "会员单位", "名称", "信用代码", "统一社会信用代码"), kind="lookup",
            required=True, lookup=find_units, example="某某物业服务有限公司"),
        Col("number", "会员编号", ("编号", "会员证号"), longest=20, example="H0001"),
        Col("kind", "会员类别", ("类别", "职务"), kind="choice", choices=KINDS, default=Member.Kind.ORDINARY.value, example="会员"),
        Col("group", "工作组", ("小组", "分组"), kind="choice", choices=GROUPS, default="", example="培训组"),
        Col("second_group", "第二工作组", ("第二小组",), kind="choice", choices=GROUPS, default="", example="品牌组"),
        Col("joined_on", "入会日", ("入会时间", "入会日期"), kind="date", required=True, example="2024-03-01"),
        Col("left_on", "退会日", ("退会时间", "退会日期"), kind="date"),
    ),
    unique=(Unique(("organisation",), "单位重复"), Unique(("number",), "会员编号重复")),
)  # fmt: skip


def check(rows: list[dict[str, Any]]) -> Iterator[Flaw]:
    """Numbers that another member has, and leaving before joining."""
    owners = dict(Member.objects.values_list("number", "organisation_id"))
    for row in rows:
        owner = owners.get(row["number"])
        if owner is not None and row["organisation"] is not None and owner != row["organisation"]:
            message = _("会员编号 %(number)s 已有单位在用") % {"number": row["number"]}
            yield Flaw(row["row"], "number", "duplicate", message, group=_("会员编号已被占用"))
        if row["second_group"] and row["group"] in ("", None, row["second_group"]):
            yield Flaw(row["row"], "second_group", "duplicate", _("第二工作组要和第一个不同"), group=_("工作组重复"))
        if row["joined_on"] and row["left_on"] and row["left_on"] < row["joined_on"]:
            message = _("早于入会日 %(day)s") % {"day": row["joined_on"]}
            yield Flaw(row["row"], "left_on", "range", message, group=_("日期前后颠倒"))


def may(actor: Actor) -> bool:
    return actor.holds("association_secretariat")


def register() -> None:
    registry.register_import(
        "members", SHEET, check=check, apply=lambda rows, by: actions.write_members(rows, by=by), may=may,
        help=gettext_lazy("单位要先在名录里（企业名录可先导入）。已是会员的按更新办。"), next_url="/association/members/",
    )  # fmt: skip
