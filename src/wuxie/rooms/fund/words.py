"""Words of the room that pages, papers and sheets share."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Part(TextChoices):
    """Which common part is to be repaired."""

    FACADE = "facade", _("外墙")
    ROOF = "roof", _("屋面")
    LIFT = "lift", _("电梯")
    FIRE = "fire", _("消防设施")
    PUMP = "pump", _("供排水泵和管道")
    STRUCTURE = "structure", _("围墙、道路和主体结构")
    OTHER = "other", _("其他共用部位和设施")


class Danger(TextChoices):
    """The six emergencies for which repair comes before the vote."""

    LEAK = "leak", _("屋面、外墙渗漏严重")
    FALL = "fall", _("外墙有脱落危险")
    LIFT = "lift", _("电梯有危及安全的故障")
    FIRE = "fire", _("消防设施严重损坏")
    PIPE = "pipe", _("供排水泵、管道爆裂或堵塞")
    COLLAPSE = "collapse", _("围墙、路面或结构坍塌")


class Lane(TextChoices):
    """Who pays, and by which procedure."""

    FUND = "fund", _("维修资金（先表决）")
    EMERGENCY = "emergency", _("维修资金（应急，先修后公示）")
    WARRANTY = "warranty", _("保修期内，建设单位修")
    LIABLE = "liable", _("谁损坏谁修")
    UTILITY = "utility", _("专营单位修")
    OWED = "owed", _("物业按合同修")
    OWNER = "owner", _("业主自己修")


#: Ways on which the fund pays; on the others somebody else does.
PAID = (Lane.FUND, Lane.EMERGENCY)


class Stuck(TextChoices):
    """Why a repair does not move."""

    QUORUM = "quorum", _("参与表决不够")
    MONEY = "money", _("账户里钱不够")
    NO_COMMITTEE = "no_committee", _("没有业委会")
    DISPUTE = "dispute", _("有争议")
