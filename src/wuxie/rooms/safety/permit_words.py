"""What each kind of dangerous work asks for: measures to tick one by one, gases to measure with their limits."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.statutes.figures import figure
from wuxie.kernel.statutes.queries import HOME_CITY

from .models import Permit

K = Permit.Kind
#: Asked of every kind.
ALWAYS: dict[str, Promise] = {
    "briefed": gettext_lazy("作业人、监护人已交底，知道怎样撤、怎样报"),
    "fenced": gettext_lazy("现场已围挡，挂了作业告示"),
    "gear": gettext_lazy("劳动防护用品齐全、合格，已穿戴"),
}
MEASURES: dict[str, dict[str, Promise]] = {
    K.HOT: ALWAYS | {
        "cleared": gettext_lazy("10 米内可燃物已清走，清不走的已用防火布盖住"),
        "extinguisher": gettext_lazy("灭火器、水桶放在手边"),
        "openings": gettext_lazy("下方孔洞、管井已封堵，下层有人看"),
        "alarm": gettext_lazy("消控室已知道，该处探测器已登记，作业完恢复"),
    },
    K.HEIGHT: ALWAYS | {
        "harness": gettext_lazy("安全带、安全绳查过，挂点牢靠"),
        "ladder": gettext_lazy("梯子、脚手架、吊篮查过，有人扶"),
        "below": gettext_lazy("下方拉警戒，行人车辆绕行"),
        "weather": gettext_lazy("没有六级以上大风、雷雨、大雾"),
    },
    K.CONFINED: ALWAYS | {
        "ventilated": gettext_lazy("已打开通风，并一直通风"),
        "isolated": gettext_lazy("进出管线、电源已隔断、上锁、挂牌"),
        "rescue": gettext_lazy("三脚架、呼吸器、绳索在洞口，能马上用"),
        "counted": gettext_lazy("进出人数登记，联络信号约定好"),
    },
    K.POWER: ALWAYS | {
        "leakage": gettext_lazy("接有漏电保护器，按试验钮能跳"),
        "cable": gettext_lazy("电缆没有破皮、不泡水、不碾压"),
        "earth": gettext_lazy("外壳接地可靠，一机一闸"),
        "cut": gettext_lazy("接线时上级已断电、挂牌"),
    },
}  # fmt: skip


@dataclass(frozen=True)
class Gas:
    """One gas that is measured; ``least`` and ``most`` name figures of ``statutes``."""

    code: str
    label: Promise
    unit: str
    least: str = ""
    most: str = ""

    def limit(self, which: str, day: datetime.date) -> Fraction | None:
        name = getattr(self, which)
        return figure(f"safety.{name}", on=day, region=HOME_CITY).fraction if name else None

    def beyond(self, hundredths: int, day: datetime.date) -> str:
        """The sentence why this value is not safe on a day, or nothing; a value at the limit itself is still within it."""
        value, least, most = Fraction(hundredths, 100), self.limit("least", day), self.limit("most", day)
        if least is not None and value < least:
            return _("%(gas)s %(value)s %(unit)s，低于下限 %(limit)s") % self._said(hundredths, least)
        if most is not None and value > most:
            return _("%(gas)s %(value)s %(unit)s，高于上限 %(limit)s") % self._said(hundredths, most)
        return ""

    def _said(self, hundredths: int, limit: Fraction) -> dict[str, str]:
        return {"gas": str(self.label), "value": plain(hundredths), "unit": self.unit, "limit": plain(int(limit * 100))}

    def range(self, day: datetime.date) -> str:
        """``19.5–23.5 %``, for whoever types a reading."""
        least, most = self.limit("least", day), self.limit("most", day)
        ends = [plain(int(one * 100)) for one in (least, most) if one is not None]
        return f"{'–'.join(ends) if least is not None else '≤ ' + ends[0]} {self.unit}"

    def is_vouched_for(self, day: datetime.date) -> bool:
        """Whether somebody confirmed its limits."""
        names = [name for name in (self.least, self.most) if name]
        return all(figure(f"safety.{name}", on=day, region=HOME_CITY).confirmed for name in names)


GASES = (
    Gas("oxygen", gettext_lazy("氧含量"), "%", "gas_oxygen_least", "gas_oxygen_most"),
    Gas("combustible", gettext_lazy("可燃气体"), "%LEL", most="gas_combustible_most"),
    Gas("sulfide", gettext_lazy("硫化氢"), "mg/m³", most="gas_sulfide_most"),
    Gas("monoxide", gettext_lazy("一氧化碳"), "mg/m³", most="gas_monoxide_most"),
)


def plain(hundredths: int) -> str:
    """``20.9``, ``10``: a number of hundredths as people write it."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")


def beyond(values: dict[str, int], day: datetime.date) -> list[str]:
    """What is not safe about a reading, a sentence for each gas."""
    return [said for gas in GASES if gas.code in values and (said := gas.beyond(values[gas.code], day))]


def measures_of(kind: str) -> dict[str, Promise]:
    return MEASURES[kind]
