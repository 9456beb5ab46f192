"""Words of the room that pages, papers and sheets share."""

from __future__ import annotations

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """How a voice came in."""

    WALK_IN = "walk_in", _("现场接待")
    PHONE = "phone", _("电话记录")
    HOTLINE = "hotline", _("12345 热线转办")
    ONLINE = "online", _("网上反映")
    LETTER = "letter", _("来信")
    COMPANY = "company", _("企业申请")
    COMMITTEE = "committee", _("业委会、社区申请")
    COURT = "court_referral", _("法院委派委托")
    POLICE = "police", _("公安联调")
    PROACTIVE = "proactive", _("协会主动介入")


class Side(TextChoices):
    APPLICANT = "applicant", _("申请人")
    RESPONDENT = "respondent", _("被申请人")
    THIRD = "third", _("第三人")


class Authority(TextChoices):
    """What whoever sits at the table may promise."""

    SELF = "self", _("本人或法定代表人")
    SETTLE = "settle", _("代理人，有和解权限")
    GENERAL = "general", _("代理人，没有和解权限")


class Referral(TextChoices):
    """Why a matter cannot be mediated, or is not ours."""

    CRIME = "crime", _("涉嫌犯罪")
    IN_COURT = "in_court", _("已经起诉或仲裁")
    PENALTY = "penalty", _("不服行政处罚")
    VOTE = "vote", _("要业主共同决定的事")
    SECRET = "secret", _("涉及国家秘密或第三人隐私")
    UTILITY = "utility", _("供水供电供气单位的事")
    BUILDING = "building", _("违法建设、规划变更")
    MARKET = "market", _("价格和收费违法")
    LABOUR = "labour", _("劳动争议")
    OTHER = "other", _("其他单位的事")


#: Where each of them is taken to.
PLACES: dict[str, Any] = {
    Referral.CRIME: _("公安机关"), Referral.IN_COURT: _("正在审理的法院或仲裁机构"), Referral.PENALTY: _("行政复议机关或人民法院"),

    Referral.VOTE: _("业主大会，由街道、社区指导召开"), Referral.SECRET: _("有权处理的机关，另案办理"),
    Referral.UTILITY: _("供水、供电、供气单位和它的主管部门"),
    Referral.BUILDING: _("自然资源和规划部门、城市管理部门"), Referral.MARKET: _("市场监督管理部门"), Referral.LABOUR: _("劳动监察机构、劳动仲裁委员会"),
}  # fmt: skip
#: Matters that nobody may mediate; the others only belong elsewhere.
UNFIT = (Referral.CRIME, Referral.IN_COURT, Referral.PENALTY, Referral.VOTE, Referral.SECRET)


class Result(TextChoices):
    SETTLED = "settled", _("达成书面协议")
    ORAL = "settled_oral", _("达成口头协议")
    PARTIAL = "settled_partial", _("部分达成协议")
    NO_AGREEMENT = "failed_no_agreement", _("没有达成协议")
    NO_SHOW = "failed_no_show", _("一方不到场")
    UNFIT = "terminated_unfit", _("不宜调解")
    GOVERNMENT = "referred_gov", _("移送主管部门")


GOOD = (Result.SETTLED, Result.ORAL, Result.PARTIAL)


class Fault(TextChoices):
    """What was found of the company after looking into the matter."""

    COMPANY = "company", _("企业有责")
    SHARED = "shared", _("双方都有责")
    NONE = "none", _("企业没有责任")
