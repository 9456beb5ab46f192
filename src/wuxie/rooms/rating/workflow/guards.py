"""What must be so before a step of an application, each with the sentence a person reads when it is not."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.clock import days
from wuxie.kernel.clock.now import today
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.workflow.table import guard

from .. import queries
from ..models import Application, Cycle, Objection

#: Days in which a decision may be appealed, from the day after it.
APPEAL_DAYS = 15


@guard(gettext_lazy("请先勾选“承诺申报真实”。"))
def has_promised(application: Application) -> bool:
    return application.promise


@guard(gettext_lazy("请先填分组自评。"))
def has_self_scores(application: Application) -> bool:
    return bool(application.self_scores)


@guard(lambda application: _("申报期是 %(first)s 至 %(last)s，今天不收申报。") % {
    "first": application.cycle.apply_from, "last": application.cycle.apply_to})  # fmt: skip
def in_window(application: Application) -> bool:
    return application.cycle.takes_applications()


def _earliest(application: Application) -> datetime.date:
    return days.add(application.project.starts_on, application.cycle.min_service_months, "month", calendar()).on


@guard(lambda application: _("服务满 %(months)s 个月才能申报；这个项目从 %(start)s 起服务，%(day)s 起可以申报。") % {
    "months": application.cycle.min_service_months, "start": application.project.starts_on,
    "day": _earliest(application)})  # fmt: skip
def has_served_long_enough(application: Application) -> bool:
    return not application.cycle.min_service_months or today() >= _earliest(application)


@guard(gettext_lazy("这个项目的合同已经结束，不能申报。"))
def still_serves(application: Application) -> bool:
    return application.project.last_day is None or application.project.last_day >= today()


@guard(gettext_lazy("经查实填报不实，禁止申报期还没有过。"))
def is_not_barred(application: Application) -> bool:
    return not queries.bars_to_apply(application.project)


@guard(gettext_lazy("补正以一次为限，这份申报已经补正过。请通过或驳回。"))
def may_supplement(application: Application) -> bool:
    return not application.supplemented


@guard(lambda application: _("截止收录日是 %(day)s，次日起才能冻结取数。") % {"day": application.cycle.cutoff})
def cutoff_is_over(application: Application) -> bool:
    return today() > application.cycle.cutoff


@guard(gettext_lazy("还有评审没有交分，或合议后的第二轮还没有交齐。"))
def marks_are_in(application: Application) -> bool:
    return application.review_round == 3


@guard(gettext_lazy("还没有暗访记录。"))
def was_visited(application: Application) -> bool:
    return application.visits.exists()


@guard(gettext_lazy("还有补录事实等评审组决定是否计入。"))
def late_facts_are_decided(application: Application) -> bool:
    return not application.late_facts.filter(decision="pending").exists()


@guard(gettext_lazy("得分没有达到一星，或有否决项，只能决定不授星。"))
def has_stars(application: Application) -> bool:
    return application.stars > 0


@guard(gettext_lazy("五星限额要等本期全部申报评审完毕才能算定，请秘书处先办。"))
def quota_is_settled(application: Application) -> bool:
    return application.stars < 5 or application.cycle.quota_settled_on is not None


@guard(lambda application: _("公示到 %(day)s 为止，已不再收异议。") % {"day": application.publicity_to})
def publicity_runs(application: Application) -> bool:
    return application.publicity_to is not None and today() <= application.publicity_to


@guard(lambda application: _("公示 %(last)s 24:00 才满，最早 %(next)s 决定。") % {
    "last": application.publicity_to, "next": application.publicity_to + datetime.timedelta(days=1)})  # fmt: skip
def publicity_is_over(application: Application) -> bool:
    return application.publicity_over(today())


@guard(gettext_lazy("还有异议没有办结。"))
def objections_are_decided(application: Application) -> bool:
    return not application.objections.filter(state=Objection.State.RECEIVED).exists()


@guard(lambda application: _("今天有否决项：%(vetoes)s，不能授星。") % {
    "vetoes": "、".join(queries.vetoes_today(application))})  # fmt: skip
def has_no_veto_today(application: Application) -> bool:
    return not queries.vetoes_today(application)


@guard(gettext_lazy("复算后仍够星级、今天也没有否决项，应当授星。"))
def star_was_lost(application: Application) -> bool:
    return application.stars == 0 or bool(queries.vetoes_today(application))


@guard(lambda application: _("否决事实仍然有效（%(vetoes)s），不能维持星级。") % {
    "vetoes": "、".join(queries.vetoes_today(application))})  # fmt: skip
def veto_is_cured(application: Application) -> bool:
    return not queries.vetoes_today(application)


@guard(gettext_lazy("申诉以一次为限，这份申报已经申诉过。"))
def has_not_appealed(application: Application) -> bool:
    return not application.appealed


def appeal_until(application: Application) -> datetime.date:
    """The last day on which the last decision may be appealed."""
    return days.add(application.decided_on or today(), APPEAL_DAYS, "day", calendar()).on


@guard(lambda application: _("申诉期到 %(day)s 为止，已经过了。") % {"day": appeal_until(application)})
def appeal_is_in_time(application: Application) -> bool:
    return today() <= appeal_until(application)


def _came_from(state: str, sentence: str):  # type: ignore[no-untyped-def]
    return guard(sentence)(lambda application: application.appealed_from == state)


S = Application.State
was_not_awarded = _came_from(S.NOT_AWARDED, gettext_lazy("这件申诉针对的不是“未获评”。"))
was_downgraded = _came_from(S.DOWNGRADED, gettext_lazy("这件申诉针对的不是“降星”。"))
was_revoked = _came_from(S.REVOKED, gettext_lazy("这件申诉针对的不是“撤销”。"))


@guard(gettext_lazy("评定周期还没有启动。"))
def cycle_is_open(application: Application) -> bool:
    return application.cycle.state == Cycle.State.OPEN
