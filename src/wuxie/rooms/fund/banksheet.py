"""The bank's own list of shares, pasted: a door and a sum a line. Checked against the scope, the total and the shares by area."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from wuxie.kernel.amounts import yuan
from wuxie.kernel.calc.problems import Problem

PARTS = re.compile(r"[\t,，;；]|\s+")


def _cents(text: str, line: int) -> int:
    try:
        exact = Decimal(text.replace("元", "")) * 100
    except InvalidOperation:
        exact = Decimal("NaN")
    if not exact.is_finite() or exact != exact.to_integral_value() or exact < 0:
        raise Problem("type", f"$[{line}]", _("第 %(line)s 行的“%(text)s”不是金额，要写成 2644.52 这样，最多两位小数。")
                      % {"line": line, "text": text[:20]})  # fmt: skip
    return int(exact)


def read(text: str, wanted: Sequence[tuple[str, int]], total: int, agreement: str) -> list[int]:
    """The shares in the order of ``wanted`` (door, share by area in cents), or a ``Problem`` that names line and article."""
    given: dict[str, int] = {}
    doors = dict(wanted)
    for number, raw in enumerate(text.splitlines(), 1):
        cells = [cell for cell in PARTS.split(raw.strip()) if cell]
        if not cells:
            continue
        if len(cells) != 2:
            raise Problem("type", f"$[{number}]", _("第 %(line)s 行要写“房号 金额”两样。") % {"line": number})
        door = cells[0]
        if door not in doors:
            raise Problem(
                "reference",
                f"$[{number}]",
                _("第 %(line)s 行的“%(door)s”不在列支范围里。") % {"line": number, "door": door[:30]},
            )
        if door in given:
            raise Problem(
                "duplicate",
                f"$[{number}]",
                _("第 %(line)s 行的“%(door)s”前面已经有了。") % {"line": number, "door": door},
            )
        given[door] = _cents(cells[1], number)
    missing = [door for door in doors if door not in given]
    if missing:
        raise Problem("missing", "$", _("还缺 %(n)s 户：%(doors)s。列支范围内每一户都要分摊。")
                      % {"n": len(missing), "doors": "、".join(missing[:5])})  # fmt: skip
    have = sum(given.values())
    if have != total:
        raise Problem("sum", "$", _("各户合计 %(have)s，审定价 %(total)s，差 %(gap)s。分摊合计必须等于总额（民法典第283条、建设部令第165号第20条）。") % {
            "have": yuan(have), "total": yuan(total), "gap": yuan(abs(have - total))})  # fmt: skip
    other = next((door for door, share in wanted if given[door] != share), None)
    if other is not None and not agreement.strip():
        raise Problem("share", "$", _("%(door)s 按面积应摊 %(want)s，清单写的是 %(have)s。没有约定的按面积分摊（民法典第283条）；有约定的，写明约定。") % {
            "door": other, "want": yuan(doors[other]), "have": yuan(given[other])})  # fmt: skip
    return [given[door] for door, _share in wanted]
