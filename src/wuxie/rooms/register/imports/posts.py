"""The list of posts with who holds them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.tabular import headings, registry
from wuxie.kernel.tabular.columns import Col, Flaw, Sheet, Unique

from .. import queries
from ..actions import many
from ..models import Post
from ..rules import may_keep_units
from . import lookups, market

KINDS = {str(label): value for value, label in Post.Kind.choices} | {
    "经理": "project_manager", "消控": "fire_control", "消控室": "fire_control", "保安": "guard", "秩序": "guard",
    "门岗": "guard", "保洁员": "cleaner", "绿化员": "greening", "管家": "service", "维修工": "repair",
}  # fmt: skip
YES = {"是": True, "否": False, "有": True, "无": False}

SHEET = Sheet(
    "posts",
    "岗位清册",
    (
        Col("estate", "小区编码", (*headings.ESTATE_CODE, *headings.ESTATE), kind="lookup", required=True,
            lookup=lookups.find_estates, suggest=lookups.nearest_estate, example="510402-0001"),
        Col("kind", "岗位类别", ("类别", "工种"), kind="choice", choices=KINDS, required=True, example="消防控制室"),
        Col("name", "岗位名称", ("岗位",), required=True, longest=60, example="消控室 1 班"),
        Col("is_management", "管理岗", ("是否管理岗",), kind="choice", choices=YES, default=False, example="否"),
        Col("certificate", "应持证书", ("证书要求",), longest=60, normalise=market.known, default=""),
        Col("person", "任岗人姓名", ("姓名", "任岗人", "人员"), personal="name", longest=60, normalise=market.known),
        Col("phone", "手机号", headings.PHONE, kind="phone", normalise=market.known),
        Col("id_number", "身份证号", headings.ID_NUMBER, kind="id_number", normalise=market.known),
        Col("substitute", "替岗", ("是否替岗",), kind="choice", choices=YES, default=False),
        Col("certificate_number", "证书编号", ("证号",), longest=60, normalise=market.known, default=""),
        Col("certificate_until", "证书有效期至", ("有效期", "证书有效期"), kind="date"),
        Col("starts_on", "到岗日", ("上岗日", "起"), kind="date"),
    ),
    unique=(Unique(("estate", "name", "substitute"), "同一项目岗位重名"),),
)  # fmt: skip


def check(rows: list[dict[str, Any]]) -> Iterator[Flaw]:
    """Estates that nobody serves, holders without a certificate that the post asks for, certificates that ran out."""
    serving = queries.serving_many([row["estate"] for row in rows if row["estate"]], today())
    for row in rows:
        if row["estate"] and row["estate"] not in serving:
            yield Flaw(
                row["row"],
                "estate",
                "reference",
                _("今天没有企业服务这个小区，请先登记服务合同"),
                group=_("小区没有在管项目"),
            )
        if row["person"] and row["certificate"] and not row["certificate_number"]:
            message = _("这一岗要持%(what)s，没有填证书编号") % {"what": row["certificate"]}
            yield Flaw(row["row"], "certificate_number", "missing", message, group=_("缺证书编号"))
        if row["person"] and row["certificate_until"] and row["certificate_until"] < (row["starts_on"] or today()):
            yield Flaw(row["row"], "certificate_until", "range", _("到岗前已经过期，换证后再上岗"), group=_("证书过期"))
        if row["person"] and not (row["phone"] or row["id_number"]):
            yield Flaw(
                row["row"], "phone", "missing", _("任岗人要有手机号或身份证号，才认得出是谁"), group=_("任岗人认不出")
            )
        if not row["person"] and (row["phone"] or row["id_number"]):
            yield Flaw(row["row"], "person", "missing", _("有电话或证件号，没有姓名"), group=_("缺任岗人姓名"))


def may(actor: Actor) -> bool:
    return may_keep_units(actor)


def register() -> None:
    registry.register_import(
        "posts", SHEET, check=check, apply=lambda rows, by: many.write_posts(rows, by=by), may=may,
        help=gettext_lazy("记到今天服务这个小区的项目名下。同名岗位按更新办；有姓名的同时登记任岗。"), next_url="/register/posts/",
    )  # fmt: skip
