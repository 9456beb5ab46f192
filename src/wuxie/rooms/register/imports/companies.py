"""The list of property companies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.tabular import registry
from wuxie.kernel.tabular.columns import Col, Flaw, Sheet, Unique

from ..actions import many
from . import lookups, market
from .estates import may

SHEET = Sheet(
    "companies",
    "物业企业名录",
    (
        Col("name", "企业名称", ("名称", "物业公司", "单位名称", "公司名称", "service"), required=True, longest=120,
            normalise=market.known, example="某某物业服务有限公司"),
        Col("short_name", "简称", longest=40),
        Col("uscc", "统一社会信用代码", ("信用代码", "社会信用代码", "统一信用代码"), kind="uscc"),
        Col("place", "所在地", ("注册地", "区县", "所在区县"), kind="lookup", lookup=lookups.find_places,
            suggest=lookups.nearest_place, normalise=market.known),
    ),
    unique=(Unique(("uscc",), "信用代码重复"), Unique(("name",), "企业重名")),
)  # fmt: skip


def check(rows: list[dict[str, Any]]) -> Iterator[Flaw]:
    """A credit code that belongs to a body of another kind, or a name that stands under another code."""
    by_code = {o.uscc: o for o in Organisation.objects.exclude(uscc=None)}
    by_name = dict(
        Organisation.objects.filter(kind=Organisation.Kind.COMPANY).exclude(uscc=None).values_list("name", "uscc")
    )
    for row in rows:
        owner = by_code.get(row["uscc"])
        if owner is not None and owner.kind != Organisation.Kind.COMPANY:
            message = _("这个信用代码登记在“%(name)s”（%(kind)s）名下") % {
                "name": owner.name, "kind": owner.get_kind_display()}  # fmt: skip
            yield Flaw(row["row"], "uscc", "duplicate", message, group=_("信用代码已有归属"))
        code = by_name.get(row["name"])
        if code and row["uscc"] and code != row["uscc"] and owner is None:
            message = _("“%(name)s”登记的信用代码是 %(code)s") % {"name": row["name"], "code": code}
            yield Flaw(row["row"], "uscc", "range", message, code, _("信用代码与名录不符"))


def register() -> None:
    registry.register_import(
        "companies", SHEET, check=check, apply=lambda rows, by: many.write_companies(rows, by=by), may=may,
        help=gettext_lazy("有信用代码的按代码更新，没有的按名称。"), next_url="/register/companies/",
    )  # fmt: skip
