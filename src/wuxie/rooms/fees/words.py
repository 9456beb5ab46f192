"""Words of the room that pages, papers and forms share."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Cost(TextChoices):
    """The items of a fee's cost (物业服务定价成本监审办法（试行）, 发改价格〔2007〕2285号): nine, what owners agreed besides, and tax."""

    STAFF = "staff", _("人员费用（工资、社保、福利）")
    RUNNING = "running", _("共用部位、设施日常运行和维护（能耗、维保、检验检测）")
    GREEN = "green", _("绿化养护")
    CLEAN = "clean", _("清洁卫生")
    ORDER = "order", _("秩序维护")
    INSURANCE = "insurance", _("共用部位、设施和公众责任保险")
    OFFICE = "office", _("办公费用")
    OVERHEAD = "overhead", _("管理费分摊")
    DEPRECIATION = "depreciation", _("固定资产折旧")
    AGREED = "agreed", _("业主同意的其他费用")
    TAX = "tax", _("法定税费")

    @property
    def short(self) -> str:
        """Its name without what stands in brackets, for an axis."""
        return str(self.label).partition("（")[0].partition(" (")[0]


class Kind(TextChoices):
    """The five ways of an options paper."""

    A = "a", _("A 涨价，服务标准不变")
    B = "b", _("B 不涨价，降服务标准")
    C = "c", _("C 不涨价，公共收益补贴")
    D = "d", _("D 不涨价，单列专项费用")
    E = "e", _("E 分步到位")


#: Why the figures of an option do not fit its kind.
MUSTS = {
    "more": _("要高于现行单价"),
    "same": _("要等于现行单价"),
    "none": _("这一类方案不填"),
    "some": _("要大于零"),
    "between": _("要高于现行单价、低于最后的单价"),
}
FIELDS = {
    "price": _("单价"), "first_price": _("第一步单价"), "months": _("第一步几个月"), "cut": _("一年省下"), "subsidy": _("一年补贴"),
    "special": _("专项单价"),
}  # fmt: skip


class Breach(TextChoices):
    """What an authority found; the words are those of the catalogue of evidence."""

    INCREASE = "fee.unlawful_increase", _("未经业主共同决定涨价，或者重复收费")
    CUT_OFF = "fee.utility_cut_to_collect", _("用停水、停电、停气等方式催费")


class Topic(TextChoices):
    """What has to be posted up at an estate (民法典第943条), by how the star standard counts it."""

    PUBLIC_INCOME = "public_income", _("公共收益收支")
    SERVICE = "service", _("服务事项、负责人员、质量要求")
    CHARGES = "charges", _("收费项目和标准")
    PERFORMANCE = "performance", _("履行情况")
    FUND = "fund", _("维修资金使用")


def variant(topic: str) -> str:
    """The variant of ``disclosure.*`` under which a topic counts."""
    return "public_income" if topic == Topic.PUBLIC_INCOME else "other"
