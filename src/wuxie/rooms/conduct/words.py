"""Words of the room that pages, papers and figures share."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Charge(TextChoices):
    """What a company may be charged with; the last two can be told of but never filed."""

    FALSE_DATA = "false_data", _("报送虚假信息")
    FORGED_VOTE = "forged_vote", _("伪造业主签名或选票")
    PROMISE_BREACH = "promise_breach", _("中标或合同承诺不兑现")
    DISORDERLY_EXIT = "disorderly_exit", _("擅自撤离、拒不交接")
    UTILITY_CUT = "utility_cut", _("停水停电停气催费")
    BREACH_SETTLEMENT = "breach_settlement", _("不履行调解结果")
    ABUSE = "abuse", _("辱骂、殴打业主")
    DISPARAGE = "disparage", _("编造、散布同行的不实信息")
    COLLUSION = "collusion", _("串通投标")
    MEMBER_DUTY = "member_duty", _("不履行会员义务")
    LOW_PRICE = "low_price", _("报价低、收费低")
    NO_BOYCOTT = "no_boycott", _("不参加统一行动")


#: Told of, never filed: Anti-monopoly Law articles 17 and 21.
NEVER = (Charge.LOW_PRICE, Charge.NO_BOYCOTT)


class Measure(TextChoices):
    """The ladder, from the lightest rung to the heaviest. There is no fine on it."""

    REMIND = "remind", _("提醒")
    TALK = "talk", _("约谈")
    LETTER = "letter", _("限期整改函")
    INTERNAL = "internal", _("会员内通报")
    CENSURE = "censure", _("公开谴责")
    SUSPEND = "suspend", _("暂停会员权利")
    EXPEL = "expel", _("除名")


#: A hearing is held on request before these; they are public once they have taken effect.
HEAVY = (Measure.CENSURE, Measure.SUSPEND, Measure.EXPEL)
#: What a ballot says that finds no breach.
NONE = "none"


class Source(TextChoices):
    """How a clue came in."""

    COMPLAINT = "complaint", _("业主反映")
    MEMBER = "member", _("会员单位反映")
    REFERRED = "referred", _("主管部门转来")
    CHECK = "check", _("检查中发现")
    MEDIA = "media", _("媒体报道")


class Factor(TextChoices):
    """What makes one case like another."""

    REPEATED = "repeated", _("一年内又犯")
    MANY = "many", _("涉及很多户")
    MONEY = "money", _("造成钱款损失")
    SAFETY = "safety", _("危及安全")
    CONCEALED = "concealed", _("隐瞒、毁弃证据")
    MENDED = "mended", _("已改正、已赔付")
    COOPERATED = "cooperated", _("配合调查")
    ADMITTED = "admitted", _("主动说明")


class Lifted(TextChoices):
    """Why a measure is no longer in force."""

    REPAIRED = "repaired", _("改正后解除")
    EXPIRED = "expired", _("期满")


class Served(TextChoices):
    """How a decision was handed over."""

    HAND = "hand", _("当面送达")
    POST = "post", _("邮寄送达")
    LEFT = "left", _("留置送达（有见证）")


class Review(TextChoices):
    """What came of an appeal."""

    UPHELD = "uphold", _("维持")
    LIGHTENED = "lighten", _("改轻")
    OVERTURNED = "overturn", _("撤销")
