"""The room's lists of choices."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Body(models.TextChoices):
    """Who sits together."""

    ASSEMBLY = "assembly", _("会员大会")
    COUNCIL = "council", _("理事会")
    STANDING = "standing", _("常务理事会")
    PRESIDENTS = "presidents", _("会长办公会")
    SUPERVISORS = "supervisors", _("监事会")
    GROUP = "group", _("工作组会议")


class Matter(models.TextChoices):
    """What an item of the agenda is about; it decides where it belongs and by how much it is carried."""

    ORDINARY = "ordinary", _("一般事项")
    CHARTER = "charter", _("修改章程")
    DUES = "dues", _("会费标准")
    ELECTION = "election", _("选举")
    DISCIPLINE = "discipline", _("自律惩戒")
    AWARD = "award", _("评优推荐")
    BUDGET = "budget", _("年度计划和预算")


class Outcome(models.TextChoices):
    """What became of an item."""

    OPEN = "", _("未表决")
    CARRIED = "carried", _("通过")
    LOST = "lost", _("未通过")
    DEFERRED = "deferred", _("暂缓")


class Choice(models.TextChoices):
    """How one member voted."""

    YES = "yes", _("同意")
    NO = "no", _("反对")
    ABSTAIN = "abstain", _("弃权")


class Doer(models.TextChoices):
    """Who carries a resolution out: the office, or one of the working groups."""

    OFFICE = "office", _("协会秘书处")
    MEMBER_SERVICE = "member_service_group", _("会员服务组")
    BRAND = "brand_group", _("品牌组")
    PARTY = "party_building_group", _("党建组")
    RESEARCH = "industry_research_group", _("行业研究组")
    TRAINING = "training_group", _("培训组")


#: Kinds of member that sit in a body; the assembly is every member, a group those who joined it.
SITTING = {
    Body.COUNCIL: ("council", "standing", "vice_president", "president"),
    Body.STANDING: ("standing", "vice_president", "president"),
    Body.PRESIDENTS: ("vice_president", "president"),
    Body.SUPERVISORS: ("supervisor",),
}
#: Matters that only these bodies may decide; a working group prepares and proposes.
RESERVED = {
    Matter.CHARTER: (Body.ASSEMBLY,),
    Matter.DUES: (Body.ASSEMBLY,),
    Matter.ELECTION: (Body.ASSEMBLY, Body.COUNCIL),
    Matter.DISCIPLINE: (Body.ASSEMBLY, Body.COUNCIL, Body.STANDING),
    Matter.AWARD: (Body.ASSEMBLY, Body.COUNCIL, Body.STANDING),
    Matter.BUDGET: (Body.ASSEMBLY, Body.COUNCIL),
}
#: Matters that are decided on paper slips without names.
SECRET = (Matter.DUES, Matter.ELECTION)
