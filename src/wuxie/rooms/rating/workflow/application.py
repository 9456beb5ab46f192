"""A company asks for a star; it is checked, scored, reviewed blind, heard, published, given, watched, taken back."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from wuxie.kernel.clock import days
from wuxie.kernel.clock.now import today
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.workflow.table import Step, Workflow, within

from .. import facts
from ..models import Application, Award
from ..rules import (
    anyone,
    appeal_judge,
    city,
    company,
    company_side,
    leading_group,
    opinion_giver,
    panel,
    secretariat,
    the_clock,
)
from . import guards as g

S = Application.State
HAS_STAR = (S.AWARDED, S.UNDER_REVIEW, S.DOWNGRADED, S.APPEALED)
BEFORE_AWARD = (
    S.SUBMITTED, S.PRE_CHECK, S.NEED_SUPPLEMENT, S.COMMUNITY_OPINION, S.SCORING, S.REVIEW, S.JOINT_HEARING, S.PUBLICITY,
)  # fmt: skip


def award_of(application: Application) -> Award | None:
    """The award that stands for this application."""
    return application.awards.filter(ended_on=None).first()


def _valid_until(application: Application) -> datetime.date:
    award = award_of(application)
    return award.valid_until if award else today()


def _yearly_review_by(application: Application) -> datetime.date:
    """Twenty working days after each year of the star; a year is counted from the award or the last review."""
    award = award_of(application)
    started = max(filter(None, [award.valid_from if award else today(), application.decided_on]))
    return days.add(days.add(started, 1, "year", calendar()).on, 20, "working_day", calendar()).on


def _freeze_on(application: Application) -> datetime.date:
    """The day after it is ready, never before the cut-off is over; a job freezes, and tries again until it succeeds."""
    return max(today(), application.cycle.cutoff) + datetime.timedelta(days=1)


#: Working days for the award once nothing stands in its way.
AWARD_DAYS = 5


def award_by(application: Application) -> datetime.date:
    """``AWARD_DAYS`` after the publicity, or after the last objection if that is later."""
    return days.add(max(application.publicity_to or today(), today()), AWARD_DAYS, "working_day", calendar()).on


receive = within(1, name="open_check", label=_("受理申报"), overdue_kind=facts.CHECK_OVERDUE, ladder=leading_group)
form_check = within(5, name="pre_check", label=_("形式审查"), overdue_kind=facts.CHECK_OVERDUE, ladder=leading_group)
supplement_due = within(5, name="supplement", label=_("补正"), orelse="miss_supplement", whose=company)
opinion_due = within(7, name="opinion", label=_("社区街道意见"), orelse="pass_silent", whose=opinion_giver)
freeze_due = within(
    1, "day", name="freeze", label=_("取数冻结"), on=_freeze_on, overdue_kind=facts.FREEZE_OVERDUE, ladder=leading_group,
    remind=(), whose=secretariat,
)  # fmt: skip
review_due = within(15, name="review", label=_("评审与暗访"), orelse="replace_reviewer", whose=panel)
second_review_due = within(
    15, name="review_again", label=_("评审与暗访（已换人）"), overdue_kind=facts.REVIEW_OVERDUE, ladder=leading_group
)
hearing_due = within(
    10, name="hearing", label=_("联席审定"), overdue_kind=facts.HEARING_OVERDUE, ladder=leading_group, whose=city
)
publicity_term = within(
    lambda case: case.cycle.publicity_days, "day", name="publicity", label=_("公示"), orelse="end_publicity",
    on=lambda case: case.publicity_to, during=(S.PUBLICITY, S.OBJECTION), remind=(), whose=the_clock,
)  # fmt: skip
award_due = within(
    AWARD_DAYS, name="award", label=_("授星决定"), on=award_by, during=(S.PUBLICITY,), overdue_kind=facts.AWARD_OVERDUE,
    ladder=leading_group, whose=city,
)  # fmt: skip
validity = within(
    lambda case: case.cycle.valid_months, "month", name="validity", label=_("星级有效期"), on=_valid_until,
    during=HAS_STAR, orelse="expire", remind=(90, 30, 7), whose=company,
)  # fmt: skip
yearly_review = within(
    20, name="yearly_review", label=_("年度复核"), on=_yearly_review_by, during=(S.AWARDED,), remind=(20, 10, 3),
    orelse="stop_display", whose=secretariat,
)  # fmt: skip
recheck_due = within(
    20, name="recheck", label=_("复核决定"), overdue_kind=facts.RECHECK_OVERDUE, ladder=leading_group, whose=city
)
appeal_term = within(g.APPEAL_DAYS, "day", name="appeal", label=_("申诉期"), orelse="let_appeal_lapse", whose=company)
lower_term = within(g.APPEAL_DAYS, "day", name="lower", label=_("申诉期"), orelse="take_lower_star", whose=company)
lower_now = within(0, "day", name="lower_now", label=_("改授低星"), on=lambda case: today(), orelse="take_lower_star")
plaque_due = within(
    15, "day", name="plaque", label=_("交回牌匾"), overdue_kind=facts.PLAQUE_KEPT, ladder=leading_group, whose=company,
    during=(S.REVOKED, S.APPEALED),
)  # fmt: skip
appeal_decision = within(
    30, name="appeal_decision", label=_("申诉决定"), overdue_kind=facts.APPEAL_OVERDUE, ladder=leading_group, whose=city
)


#: What is applied for, by its stars.
TITLES = (
    gettext_noop("星级申报"), gettext_noop("一星申报"), gettext_noop("二星申报"), gettext_noop("三星申报"),
    gettext_noop("四星申报"), gettext_noop("五星申报"),
)  # fmt: skip


def _title(application: Application) -> str:
    return f"{application.project.estate.name} · {TITLES[application.proposed_stars or application.stars or 0]}"


def _standing_steps() -> dict[str, Step]:
    """What becomes of a star once it was given."""
    return {
        "start_annual_review": Step(
            S.AWARDED, S.UNDER_REVIEW, facts.REVIEW_STARTED, by=secretariat, label=_("开始年度复核"),
            papers=("年度复核表",), then=recheck_due, quiet=True, says=_("复核期间权益暂停展示；20个工作日内由市级主管部门决定。"),
        ),
        "stop_display": Step(S.AWARDED, None, facts.YEARLY_OVERDUE, by=the_clock, label=_("停止展示权益")),
        "veto_fact_arrived": Step(
            S.AWARDED, S.UNDER_REVIEW, facts.VETO_ARRIVED, by=the_clock, label=_("否决事实转复核"),
            papers=("否决事实单",), then=recheck_due,
        ),
        "keep": Step(
            S.UNDER_REVIEW, S.AWARDED, facts.KEPT, by=city, label=_("维持星级"), needs=[g.veto_is_cured],
            papers=("复核意见",), then=(validity, yearly_review),
            says=_("恢复展示，有效期不重新起算。"),
        ),
        "downgrade": Step(
            S.UNDER_REVIEW, S.DOWNGRADED, facts.DOWNGRADED, by=city, label=_("降星"), papers=("降星告知书",),
            then=lower_term, says=_("企业15日内可以申诉一次；期满无人申诉，按告知书改授低星。"),
        ),
        "revoke": Step(
            S.UNDER_REVIEW, S.REVOKED, facts.REVOKED, by=city, label=_("撤销星级"), papers=("撤销决定书",),
            then=(plaque_due, appeal_term), says=_("权益全部冲回，牌匾15日内交回，企业可以申诉一次。"),
        ),
        "return_plaque": Step(
            S.REVOKED, S.CLOSED, facts.PLAQUE_RETURNED, by=company, label=_("交回牌匾"), papers=("牌匾回执",)
        ),
        "take_lower_star": Step(S.DOWNGRADED, S.AWARDED, facts.LOWER_STAR, by=the_clock, label=_("改授低星"),
            then=(validity, yearly_review)),
        "expire": Step((S.AWARDED, S.UNDER_REVIEW), S.EXPIRED, facts.EXPIRED, by=the_clock, label=_("星级到期")),
    }  # fmt: skip


def _appeal_steps() -> dict[str, Step]:
    """One appeal, decided by the city, by somebody else than who decided first."""

    def uphold(target: str, guard: Any, label: Any, then: Any) -> Step:
        return Step(
            S.APPEALED, target, facts.APPEAL_DISMISSED, by=appeal_judge, label=label, needs=[guard], papers=("申诉决定书",),
            then=then,
        )  # fmt: skip

    return {
        "appeal": Step(
            (S.NOT_AWARDED, S.DOWNGRADED, S.REVOKED), S.APPEALED, facts.APPEALED, by=company, label=_("提出申诉"),
            needs=[g.has_not_appealed, g.appeal_is_in_time], papers=("申诉书",), then=appeal_decision, quiet=True,
            says=_("申诉以一次为限，30个工作日内决定。"),
        ),
        "let_appeal_lapse": Step((S.NOT_AWARDED, S.REVOKED), None, facts.APPEAL_LAPSED, by=the_clock, label=_("申诉期满")),
        "uphold_not_awarded": uphold(S.NOT_AWARDED, g.was_not_awarded, _("维持不授星"), ()),
        "uphold_downgraded": uphold(S.DOWNGRADED, g.was_downgraded, _("维持降星"), lower_now),
        "uphold_revoked": uphold(S.REVOKED, g.was_revoked, _("维持撤销"), plaque_due),
        "overturn": Step(
            S.APPEALED, S.AWARDED, facts.APPEAL_GRANTED, by=appeal_judge, label=_("改为授星"), papers=("申诉决定书",),
            then=(validity, yearly_review), says=_("原来有星的恢复原星级，有效期不重新起算。"),
        ),
    }  # fmt: skip


STAR_APPLICATION = Workflow(
    "star_application",
    Application,
    label=_("星级申报"),
    initial=S.DRAFT,
    final=(S.NOT_AWARDED, S.WITHDRAWN, S.CLOSED, S.EXPIRED),
    subject=lambda case: case.project.key,
    title=_title,
    url=lambda pk: f"/rating/applications/{pk}/",
    pausers=secretariat,
    steps={
        "submit": Step(
            S.DRAFT, S.SUBMITTED, facts.SUBMITTED, by=company_side, label=_("报送申报"),
            needs=[g.cycle_is_open, g.in_window, g.still_serves, g.has_served_long_enough, g.is_not_barred,
                   g.has_self_scores, g.has_promised],
            papers=("星级评定申报表", "自评得分表"), then=receive,
            says=_("秘书处1个工作日内受理。申报自愿，不收任何费用；授星前随时可以撤回。"),
        ),
        "open_check": Step(
            S.SUBMITTED, S.PRE_CHECK, facts.CHECK_OPENED, by=secretariat, label=_("受理，开始形式审查"), then=form_check
        ),
        "pass_check": Step(
            S.PRE_CHECK, S.COMMUNITY_OPINION, facts.CHECK_PASSED, by=secretariat, label=_("通过形式审查"),
            papers=("形式审查意见书",), then=opinion_due, says=_("转社区、街道征求意见，7个工作日；逾期视为无意见并留痕。"),
        ),
        "ask_supplement": Step(
            S.PRE_CHECK, S.NEED_SUPPLEMENT, facts.SUPPLEMENT_ASKED, by=secretariat, label=_("要求补正"),
            needs=[g.may_supplement], papers=("补正通知",), then=supplement_due,
            says=_("以一次为限，企业5个工作日内补正；逾期不再评定。"),
        ),
        "supplement": Step(
            S.NEED_SUPPLEMENT, S.PRE_CHECK, facts.SUPPLEMENTED, by=company_side, label=_("交补正材料"),
            papers=("补正材料",), then=form_check,
        ),
        "miss_supplement": Step(
            S.NEED_SUPPLEMENT, S.NOT_AWARDED, facts.SUPPLEMENT_MISSED, by=the_clock, label=_("逾期未补正"), then=appeal_term
        ),
        "reject": Step(
            S.PRE_CHECK, S.NOT_AWARDED, facts.CHECK_REJECTED, by=secretariat, label=_("驳回申报"),
            papers=("形式审查意见书",), then=appeal_term, says=_("写明理由；企业15日内可以申诉一次。"),
        ),
        "give_opinion": Step(
            S.COMMUNITY_OPINION, S.SCORING, facts.OPINION_GIVEN, by=opinion_giver, label=_("填写社区街道意见"),
            papers=("社区街道意见表",), then=freeze_due,
        ),
        "pass_silent": Step(
            S.COMMUNITY_OPINION, S.SCORING, facts.OPINION_SILENT, by=the_clock, label=_("逾期视为无意见"), then=freeze_due
        ),
        "freeze_snapshot": Step(
            S.SCORING, S.REVIEW, facts.FROZEN, by=the_clock, label=_("冻结取数并计分"), needs=[g.cutoff_is_over],
            papers=("得分明细表",), then=review_due,
        ),
        "replace_reviewer": Step(
            S.REVIEW, None, facts.REVIEWER_REPLACED, by=secretariat | the_clock, label=_("更换评审"),
            then=second_review_due, quiet=True, says=_("没有交齐分的评审退出，按同一种子接着抽。"),
        ),
        "finish_review": Step(
            S.REVIEW, S.JOINT_HEARING, facts.REVIEWED, by=panel, label=_("完成评审"),
            needs=[g.marks_are_in, g.was_visited, g.late_facts_are_decided], papers=("评审打分表", "暗访记录"),
            then=hearing_due, says=_("评审结果写入账本并重新计分，转联席审定。"),
        ),
        "resolve": Step(
            S.JOINT_HEARING, S.PUBLICITY, facts.HEARING_RESOLVED, by=city, label=_("审定拟授星级"),
            needs=[g.has_stars, g.quota_is_settled], papers=("联席会议纪要",), then=(publicity_term, award_due),
            says=_("在门户公示，任何人可以提出异议。"),
        ),
        "decline": Step(
            S.JOINT_HEARING, S.NOT_AWARDED, facts.HEARING_DECLINED, by=city, label=_("决定不授星"),
            papers=("未获评告知书",), then=appeal_term, says=_("告知分项得分；企业15日内可以申诉一次。"),
        ),
        "object": Step(
            (S.PUBLICITY, S.OBJECTION), S.OBJECTION, facts.OBJECTED, by=anyone, label=_("提出异议"),
            needs=[g.publicity_runs], papers=("异议书",), quiet=True, says=_("给回执号，10个工作日内答复；身份不对企业公开。"),
        ),
        "resolve_objection": Step(
            S.OBJECTION, S.PUBLICITY, facts.OBJECTIONS_SETTLED, by=secretariat, label=_("异议办结，回到公示"),
            needs=[g.objections_are_decided], papers=("异议处理意见",), then=award_due, quiet=True,
        ),
        "rescore": Step((S.PUBLICITY, S.OBJECTION), None, facts.RESCORED, by=the_clock, label=_("重新冻结并复算")),
        "end_publicity": Step(
            (S.PUBLICITY, S.OBJECTION), None, facts.PUBLICITY_ENDED, by=the_clock, label=_("公示期满")
        ),
        "award": Step(
            S.PUBLICITY, S.AWARDED, facts.AWARDED, by=city, label=_("授星"),
            needs=[g.publicity_is_over, g.objections_are_decided, g.has_stars, g.has_no_veto_today],
            papers=("授星决定书",), then=(validity, yearly_review), says=_("生成牌匾编号与权益清单；原有星级由新星级取代。"),
        ),
        "decline_after_objection": Step(
            S.PUBLICITY, S.NOT_AWARDED, facts.STAR_LOST, by=city, label=_("复算后不授星"),
            needs=[g.objections_are_decided, g.star_was_lost], papers=("未获评告知书",), then=appeal_term,
        ),
        "withdraw": Step(
            BEFORE_AWARD, S.WITHDRAWN, facts.WITHDRAWN, by=company, label=_("撤回申报"), papers=("撤回申请",), quiet=True,
            says=_("本周期申报期内可以重新申报。"),
        ),
        "discard": Step(S.DRAFT, S.WITHDRAWN, facts.WITHDRAWN, by=company_side, label=_("放弃草稿"), quiet=True),
        **_standing_steps(),
        **_appeal_steps(),
    },
)  # fmt: skip
