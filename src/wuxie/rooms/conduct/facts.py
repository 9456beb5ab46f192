"""What this room announces.

``discipline.sanction`` (a public censure or a heavier measure has taken effect), ``penalty.*``, ``honour.*`` and the like are declared in
the catalogue of evidence; the other kinds are what the procedures themselves put on record.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.facts import kinds
from wuxie.kernel.facts.kinds import Kind

SOURCE = "discipline"
#: Declared in the catalogue of evidence.
SANCTION = "discipline.sanction"


def _event(code: str, label: Any) -> Kind:
    """On record and sealed, read by no formula."""
    return Kind(
        f"discipline.{code}", label, subject="company", measure="event", min_trust="self_declared", source=SOURCE
    )


FILED = _event("filed", _("自律案件立案"))
DISMISSED = _event("dismissed", _("自律线索不予立案或销案"))
INVESTIGATED = _event("investigated", _("自律案件开始调查"))
PROPOSED = _event("proposed", _("告知拟采取的自律措施"))
DEFENDED = _event("defended", _("企业陈述申辩"))
WAIVED = _event("waived", _("期内没有申辩"))
HEARD = _event("heard", _("自律案件举行听证"))
VOTED = _event("voted", _("惩戒委员会作出决定"))
CLEARED = _event("cleared", _("自律案件没有认定违约，撤销"))
SERVED = _event("served", _("自律决定已送达"))
LAPSED = _event("lapsed", _("决定逾期没有送达，作废"))
APPEALED = _event("appealed", _("企业申请复议"))
UPHELD = _event("upheld", _("复议维持或改轻，自律措施生效"))
OVERTURNED = _event("overturned", _("复议撤销自律决定"))
EFFECTIVE = _event("effective", _("自律措施生效"))
ENDED = _event("ended", _("自律措施解除或期满"))
#: Read by the association's own standard: cancels the sanction of the same day, so that a lifted one counts no more.
LIFTED = Kind("discipline.lifted", _("自律惩戒改正后解除"), subject="company", unit="次", polarity="good",
              min_trust="association_verified", source=SOURCE)  # fmt: skip


def _credit(code: str, label: Any, **known: Any) -> Kind:
    given = {"subject": "company", "min_trust": "association_verified", "source": "credit"} | known
    return Kind(f"credit.{code}", label, **given)


#: What repair cancels: of the day of what it repairs, so that both leave the window together.
REPAIRED = _credit("repaired", _("信用修复"), variants="any", polarity="good", min_trust="authority_document")
PROJECTS = _credit("projects_served", _("在管项目数"), unit="个", measure="level", min_trust="authority_document")
#: What an authority's paper says and no other room counts as a deed: a level of another room, or a certificate, is none.
CERTIFIED = _credit(
    "certified", _("凭证书加分"), polarity="good", min_trust="authority_document",
    variants=("safety_second", "safety_third", "skill_award"), variant_labels={
        "safety_second": _("安全生产标准化二级及以上"), "safety_third": _("安全生产标准化三级"), "skill_award": _("技能竞赛名次")},
)  # fmt: skip
FOUND = _credit(
    "found", _("经主管部门查实"), polarity="bad", min_trust="authority_document", about="project",
    variants=("inspection_overdue", "overcharge_unrefunded", "staffing_short"), variant_labels={
        "inspection_overdue": _("检验检测逾期"), "overcharge_unrefunded": _("转供电多收逾期不退"), "staffing_short": _("人员配置不够")},
)  # fmt: skip
NEWCOMER = _credit("newcomer", _("新入市，首年观察"), unit="家", measure="level", min_trust="authority_document")
STAR = _credit(
    "project_star", _("项目获星"), polarity="good", min_trust="authority_document",
    variants=("three", "four", "five"), variant_labels={"three": _("三星"), "four": _("四星"), "five": _("五星")},
)  # fmt: skip
NOTIFIED, STATED, CONFIRMED, REFUSED, CORRECTED = (
    _credit(code, label, measure="event", min_trust="self_declared")
    for code, label in (
        ("notified", _("告知拟记信用信息")), ("stated", _("企业对拟记信用信息陈述申辩")), ("confirmed", _("信用信息认定并公示")),
        ("refused", _("信用信息不予认定")), ("corrected", _("信用信息更正")),
    )
)  # fmt: skip

EVENTS = (
    FILED, DISMISSED, INVESTIGATED, PROPOSED, DEFENDED, WAIVED, HEARD, VOTED, CLEARED, SERVED, LAPSED, APPEALED, UPHELD, OVERTURNED, EFFECTIVE,
    ENDED, NOTIFIED, STATED, CONFIRMED, REFUSED, CORRECTED,
)  # fmt: skip


def register() -> None:
    kinds.register(*EVENTS, LIFTED, REPAIRED, PROJECTS, NEWCOMER, CERTIFIED, FOUND, STAR)
