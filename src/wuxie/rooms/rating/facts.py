"""What this room announces, and the catalogue of evidence that other rooms will announce once they stand.

The catalogue (``data/evidence-kinds.yaml``) is what standards are written in. Everything a step of this room's
procedures proves is an ``event``: on record and sealed, read by no formula.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.facts import kinds
from wuxie.kernel.facts.kinds import Kind
from wuxie.rooms.safety import facts as safety

CATALOGUE = Path(__file__).parent / "data" / "evidence-kinds.yaml"


def _event(code: str, label: Any, *, subject: str = "project") -> Kind:
    return Kind(
        f"rating.{code}", label, subject=subject, measure="event", min_trust="self_declared", source="star-rating"
    )


def catalogue() -> dict[str, Kind]:
    """The kinds of evidence by their code, as the data file tells them."""
    found = {}
    for source, group in yaml.safe_load(CATALOGUE.read_text("utf-8")).items():
        for code, row in group["kinds"].items():
            found[code] = Kind(
                code,
                row["label"],
                subject=row.get("subject", "project"),
                unit=row["unit"],
                measure=row.get("measure", "flow"),
                variants=_variants(row),
                variant_labels=_named(row),
                min_trust=row.get("min_trust", "association_verified"),
                polarity=row.get("polarity", "neutral"),
                reach=row.get("reach"),
                about=row.get("about"),
                bars_months=row.get("bars_months"),
                source=source,
                effect=row.get("effect", ""),
            )
    return found


def _variants(row: dict[str, Any]) -> Any:
    """The names of the variants; ``any`` leaves them open (indicator ids)."""
    named = row.get("variants", ())
    return named if named == "any" else tuple(named)


def _named(row: dict[str, Any]) -> dict[str, str]:
    """The variants in words."""
    named = row.get("variants", {})
    return {} if named == "any" else dict(named)


EVIDENCE = catalogue()
#: Kinds that end a star while they last: those with a time for which they bar, and a company's lowest credit grade.
VETOES = (
    *(kind for kind in EVIDENCE.values() if kind.bars_months or kind.code == "credit.graded"),
    safety.UNREPORTED,
)

AWARDED = EVIDENCE["star.awarded"]
REVOKED = EVIDENCE["star.revoked"]
BENEFIT_DELIVERED = EVIDENCE["star.benefit_delivered"]
BENEFIT_OVERDUE = EVIDENCE["star.benefit_overdue"]
JUDGED = EVIDENCE["rating.judged"]
LATE_ADMITTED = EVIDENCE["rating.late_admitted"]
RESULT_ADMITTED = Kind(
    "rating.result_admitted",
    _("评定自身的结果按截止收录日计入"),
    measure="event",
    min_trust="association_verified",
    source="star-rating",
    effect="admitted",
)
CAPPED = EVIDENCE["rating.capped_at_four"]

# The application, in the order of its way.
SUBMITTED = _event("submitted", _("申报了星级"))
CHECK_OPENED = _event("check_opened", _("申报进入形式审查"))
SUPPLEMENT_ASKED = _event("supplement_asked", _("被要求补正一次"))
SUPPLEMENTED = _event("supplemented", _("交来补正材料"))
SUPPLEMENT_MISSED = _event("supplement_missed", _("期内没有补正，不再评定"))
CHECK_PASSED = _event("check_passed", _("通过形式审查"))
CHECK_REJECTED = _event("check_rejected", _("没有通过形式审查"))
CHECK_OVERDUE = _event("check_overdue", _("形式审查超期"))
OPINION_GIVEN = _event("opinion_given", _("社区、街道给出意见"))
OPINION_SILENT = _event("opinion_silent", _("社区或街道逾期没有意见，照记"))
FREEZE_OVERDUE = _event("freeze_overdue", _("取数冻结没有按时完成"))
FROZEN = _event("frozen", _("取数冻结，自动计分"))
REVIEWER_REPLACED = _event("reviewer_replaced", _("更换了没有完成的评审"))
REVIEW_OVERDUE = _event("review_overdue", _("评审超期"))
REVIEWED = _event("reviewed", _("评审与暗访完成"))
HEARING_OVERDUE = _event("hearing_overdue", _("联席审定超期"))
HEARING_RESOLVED = _event("hearing_resolved", _("联席审定拟授星，进入公示"))
HEARING_DECLINED = _event("hearing_declined", _("联席审定不授星"))
OBJECTED = _event("objected", _("公示期内收到异议"))
OBJECTIONS_SETTLED = _event("objections_settled", _("异议全部办结"))
SNAPSHOT_TAKEN = _event("snapshot_taken", _("取数快照：标准、依据与得分的摘要"))
RESCORED = _event("rescored", _("异议成立，重新冻结并复算"))
PUBLICITY_ENDED = _event("publicity_ended", _("公示期满"))
AWARD_OVERDUE = _event("award_overdue", _("授星决定超期"))
STAR_LOST = _event("star_lost", _("复算后够不上星级，不授星"))
YEARLY_OVERDUE = _event("yearly_overdue", _("年度复核没有按期开始，停止展示"))
REVIEW_STARTED = _event("review_started", _("开始年度复核，暂停展示"))
VETO_ARRIVED = _event("veto_arrived", _("出现否决事实，转入复核，暂停展示"))
KEPT = _event("kept", _("复核后维持星级"))
DOWNGRADED = _event("downgraded", _("复核后降星"))
RECHECK_OVERDUE = _event("recheck_overdue", _("复核超期"))
LOWER_STAR = _event("lower_star", _("申诉期满，按降星告知书改授"))
PLAQUE_RETURNED = _event("plaque_returned", _("交回牌匾"))
PLAQUE_KEPT = _event("plaque_kept", _("牌匾到期没有交回"))
APPEALED = _event("appealed", _("提出申诉"))
APPEAL_LAPSED = _event("appeal_lapsed", _("申诉期满，没有申诉"))
APPEAL_DISMISSED = _event("appeal_dismissed", _("申诉不成立，维持原决定"))
APPEAL_GRANTED = _event("appeal_granted", _("申诉成立，改为授星"))
APPEAL_OVERDUE = _event("appeal_overdue", _("申诉决定超期"))
EXPIRED = _event("expired", _("星级到期"))
WITHDRAWN = _event("withdrawn", _("撤回申报"))

# What is owed after the award.
BENEFIT_SCHEDULED = _event("benefit_scheduled", _("兑现单位作出兑现计划"))
BENEFIT_CONFIRMED = _event("benefit_confirmed", _("企业确认收到权益"))
BENEFIT_AUTO_CONFIRMED = _event("benefit_auto_confirmed", _("企业逾期没有回执，视为确认"))
BENEFIT_BLOCKED = _event("benefit_blocked", _("没有预算，权益待落实"))
BENEFIT_PENDING = _event("benefit_pending", _("兑现单位逾期没有安排，按待落实公布"))
BENEFIT_FUNDED = _event("benefit_funded", _("预算到位，重新安排兑现"))
BENEFIT_REVERSED = _event("benefit_reversed", _("星级撤销或降低，权益冲回"))

OBJECTION_UPHELD = _event("objection_upheld", _("公示异议成立"))
OBJECTION_REJECTED = _event("objection_rejected", _("公示异议不成立"))
OBJECTION_OVERDUE = _event("objection_overdue", _("异议答复超期"))
DISPUTE_UPHELD = _event("dispute_upheld", _("事实争议成立，该事实不再计分"))
DISPUTE_REJECTED = _event("dispute_rejected", _("事实争议不成立，恢复计分"))
DISPUTE_WITHDRAWN = _event("dispute_withdrawn", _("企业撤回事实争议"))
DISPUTE_EXPIRED = _event("dispute_expired", _("争议到期没有裁定，恢复计分"))
ROOT_PUBLISHED = _event("root_published", _("封存根寄给了外部保存人"), subject="city")
CYCLE_OPENED = _event("cycle_opened", _("启动一个评定周期"), subject="city")
CYCLE_CLOSED = _event("cycle_closed", _("结束一个评定周期"), subject="city")


def register() -> None:
    """Make this room's kinds known, and those of the catalogue that no other room has made its own."""
    kinds.register(*(value for value in globals().values() if isinstance(value, Kind) and value.measure == "event"))
    known = {kind.code for kind in kinds.all_kinds()}
    kinds.register(*(kind for code, kind in EVIDENCE.items() if code not in known))
