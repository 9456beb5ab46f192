"""The words of the room: ways to settle, kinds of meter, and the sentence for each thing that a check finds."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.labels import Sentence, said


class Mode(models.TextChoices):
    """How the users of an account are settled with."""

    CLASS = "class", _("按购电价收取，损耗不另加")
    SHARE = "share", _("按分表公平分摊电网账单")


class Role(models.TextChoices):
    """What a meter measures."""

    BRANCH = "branch", _("分支总表")
    OWN = "own", _("自用表")
    TENANT = "tenant", _("终端用户表")


class Klass(models.TextChoices):
    """What the power behind it is used for."""

    COMMERCIAL = "commercial", _("工商业")
    RESIDENT = "resident", _("居民")
    CHARGER = "charger", _("充电设施")


class BandName(models.TextChoices):
    """The periods of the day that the grid prices apart."""

    SHARP = "sharp", _("尖")
    PEAK = "peak", _("峰")
    FLAT = "flat", _("平")
    VALLEY = "valley", _("谷")


class Way(models.TextChoices):
    """How money goes back."""

    TRANSFER = "transfer", _("转账")
    CASH = "cash", _("现金")
    CREDIT = "credit", _("抵下期电费")


class Answer(models.TextChoices):
    """What a user says about a refund."""

    YES = "yes", _("收到了")
    NO = "no", _("没收到")


TONES = {"red": "red", "amber": "amber", "review": "amber"}

#: What a check finds, as it is kept: Chinese whoever acts, said anew in the reader's language.
FINDINGS: dict[str, Sentence | str] = {
    "negative_loss": Sentence(gettext_noop("分表电量比总表还多 %(kwh)s 度。先核对抄表日、倍率和止码，改好再核，不作结论。")),
    "negative_branch": Sentence(gettext_noop("分支表“%(meter)s”有 %(have)s 度，它下面的表加起来有 %(below)s 度。先核对这一支的抄表和倍率。")),
    "nothing_metered": gettext_noop("分表一度电也没有，分不出单价。核对抄表。"),
    "own_zero": gettext_noop("登记了自用（公区、办公、水泵、电梯），这个月自用是 0 度。自用要装分表照实抄，不能推算成 0。"),
    "overcharge": Sentence(gettext_noop("%(users)s 户收得比允许的多，合计多收 %(sum)s 元。")),
    "surcharge": Sentence(gettext_noop("电费之外又按度数收了 %(sum)s 元。按度数收的服务费等于加价（电力法第44条）。")),
    "by_band": gettext_noop("分时户要按各时段的购电价收，不能用平均价代替。"),
    "refund_kept": Sentence(gettext_noop("电网退的 %(sum)s 元没有传给用户：照退费前的均价收了。")),
    "own_spread": Sentence(gettext_noop("收了 %(charged)s 元，没有超过账单 %(bill)s 元，但终端用户只该担 %(share)s 元：其余是把自用电和损耗摊给了用户。")),
    "high_loss": Sentence(gettext_noop("线损占总表 %(rate)s，超过提示线 %(line)s。查漏计、窃电和线路。")),
    "loss_above_cap": Sentence(gettext_noop("损耗率 %(rate)s，超过可分摊的上限 %(cap)s，超出部分由管理方承担。")),
    "mixed": gettext_noop("居民和工商业用电混在一个户号里。居民按居民电价收，最好分户。"),
    "penalty": Sentence(gettext_noop("账单里有力调电费罚款 %(sum)s 元，计进了购电均价。无功补偿是管理方的事，应自己承担。")),
    "own_low": Sentence(gettext_noop("自用 %(kwh)s 度，比前几个月平均 %(usual)s 度少得多。核对有没有漏抄。")),
    "expired": Sentence(gettext_noop("%(n)s 块表过了检定有效期，计量不作数时要重算。")),
    "together": gettext_noop("电费没有单独列示，和别的费用合成一个数收了。票据上要分开。"),
}  # fmt: skip


def kept(finding: dict[str, Any]) -> str:
    """One thing found, as it is stored and printed."""
    words = FINDINGS[finding["code"]]
    return words if isinstance(words, str) else words(**finding["says"])


def sentence(finding: dict[str, Any]) -> str:
    """What a person reads of one thing found."""
    return said(kept(finding))


def band_label(band: str) -> str:
    """The period of the day; what is not read by period is simply the power."""
    return str(BandName(band).label) if band else gettext("电费")
