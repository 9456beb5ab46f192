"""The vocabulary of the room: who organises, what is decided, what became of a door and of a ballot."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _


class Organiser(TextChoices):
    """The only bodies that may hold a vote of owners (川建行规〔2022〕9号第3条; 物业管理条例第10条、第15条)."""

    COMMITTEE = "owners_committee", _("业主委员会")
    MANAGEMENT = "management_committee", _("物业管理委员会")
    PREPARATORY = "preparatory_group", _("业主大会筹备组")
    REELECTION = "reelection_group", _("换届小组")
    RESIDENTS = "residents_committee", _("居民委员会")
    STREET = "street_office", _("街道办事处、乡镇人民政府")


class Matter(TextChoices):
    """The matters of 民法典第278条第1款, as ``law.MATTERS`` names them."""

    PROCEDURE_RULES = "procedure_rules", _("制定和修改议事规则")
    COVENANT = "covenant", _("制定和修改管理规约")
    COMMITTEE_ELECTION = "committee_election", _("选举业主委员会、更换委员")
    MANAGER_SELECTION = "manager_selection", _("选聘、解聘物业服务企业或者其他管理人")
    FUND_USE = "fund_use", _("使用维修资金")
    FUND_RAISING = "fund_raising", _("筹集维修资金")
    REBUILDING = "rebuilding", _("改建、重建建筑物及其附属设施")
    COMMON_USE_CHANGE = "common_use_change", _("改变共有部分用途、利用共有部分经营")
    OTHER = "other", _("其他重大事项（含物业费调整）")


class Silent(TextChoices):
    """What a paper that was delivered and never handed in counts as; the first unless the estate's rules say otherwise."""

    NOT_PARTICIPATING = "not_participating", _("不算参与")
    ABSTAIN = "participates_abstain", _("算参与，按弃权")
    FOLLOW = "participates_follow_majority", _("算参与，随已投票的多数")


class Choice(TextChoices):
    FOR = "for", _("同意")
    AGAINST = "against", _("反对")
    ABSTAIN = "abstain", _("弃权")
    VOID = "void", _("无效（空白、多选、涂改）")


#: What somebody can be for; a paper can also be void.
SIDES = (Choice.FOR, Choice.AGAINST, Choice.ABSTAIN)


class Door(TextChoices):
    """How far a unit's paper has come, as the collector's page shows it."""

    PENDING = "pending", _("没送达")
    DELIVERED = "delivered", _("没交")
    NOBODY = "nobody", _("没人")
    REFUSED = "refused", _("拒签")
    COLLECTED = "collected", _("已收")


class Capacity(TextChoices):
    """As whom somebody signs the paper of a unit."""

    OWNER = "owner", _("业主本人")
    CO_OWNER = "co_owner", _("共有人推选的代表")
    COMPANY = "company", _("单位业主（盖章并授权）")
    GUARDIAN = "guardian", _("监护人")
    PROXY = "proxy", _("书面委托的代理人")
    TENANT = "tenant", _("租户、使用人")
    OFFICIAL = "official", _("官方电子投票系统")


#: As whom somebody may stand at the door.
SIGNERS = [one for one in Capacity if one != Capacity.OFFICIAL]


class Duty(TextChoices):
    COLLECTOR = "collector", _("收票人")
    COUNTER = "counter", _("计票人")
    SUPERVISOR = "supervisor", _("监票人")


def place_name(building: str, entrance: str = "") -> str:
    """A building and an entrance of it as people say them, however the register writes them."""
    parts = [(building, now("%(name)s 栋")), (entrance, now("%(name)s 单元"))]
    return " ".join(words % {"name": name} if name.isdecimal() else name for name, words in parts if name)


#: What the law calls a failed threshold, in words that stand on a page and on paper.
REASONS = {
    "participation_area": _("参与表决的专有部分面积不到三分之二"),
    "participation_heads": _("参与表决的业主人数不到三分之二"),
    "approval_area": _("同意的面积没有达到要求"),
    "approval_heads": _("同意的人数没有达到要求"),
}
#: Said where somebody is named to help.
BODIES_OF_HELP = _(
    "收票人两人一组上门；计票人两名各录一遍；监票人核定有疑问的票，不能兼别的。物业企业和协会的人都不能当。"
)
