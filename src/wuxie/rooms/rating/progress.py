"""Where an application stands on its way, and who is who in it: what the case page shows beside the steps."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel import labels
from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.kernel.workflow.models import Event
from wuxie.web import words

from . import public
from .decimals import decimal
from .models import Application
from .models.review import BLIND_STATES
from .workflow.application import AWARD_DAYS

S = Application.State
#: The stations of the way and the steps that end each.
STATIONS = (
    (("submit",), gettext_noop("申报")),
    (("pass_check",), gettext_noop("形式审查")),
    (("give_opinion", "pass_silent"), gettext_noop("社区意见")),
    (("freeze_snapshot",), gettext_noop("取数冻结")),
    (("finish_review",), gettext_noop("评审")),
    (("resolve",), gettext_noop("联席审定")),
    (("award", "decline_after_objection"), gettext_noop("公示")),
    (("award", "overturn"), gettext_noop("授星")),
)
#: The station that an application is at.
AT = {
    S.DRAFT: 0, S.SUBMITTED: 1, S.PRE_CHECK: 1, S.NEED_SUPPLEMENT: 1, S.COMMUNITY_OPINION: 2, S.SCORING: 3, S.REVIEW: 4,
    S.JOINT_HEARING: 5, S.PUBLICITY: 6, S.OBJECTION: 6,
}  # fmt: skip


def shown_to(actor: Actor, application: Application, events: Iterable[Event]) -> list[Event]:
    """The events this person may read: what the panel does stays with it and the association until the review is over."""
    if (
        application.state not in BLIND_STATES
        or actor.holds(*ASSOCIATION)
        or actor.holds("gov_city", place=application.place_code)
    ):
        return list(events)
    return [event for event in events if not (event.private and event.step == "note" and event.by != actor.key)]


def path(application: Application, events: Iterable[Event]) -> list[dict[str, str]]:
    """The stations with day, who and what came of it, for ``<c-path>``."""
    last: dict[str, Event] = {}
    for event in events:
        last.setdefault(event.step, event)
    ended = application.state not in AT
    passed = [next((last[step] for step in steps if step in last), None) for steps, _label in STATIONS]
    reached = sum(1 for event in passed if event) if ended else AT[S(application.state)]
    steps = []
    for place, ((_steps, label), event) in enumerate(zip(STATIONS, passed, strict=True)):
        done = place < reached and event is not None
        state = "done" if done else "now" if place == reached and not ended else "next"
        if ended and place == reached and application.state in (S.NOT_AWARDED, S.WITHDRAWN):
            state = "stop"
        when = words.day(event.at).partition(" ")[0] if done and event else ""
        by = (
            ""
            if event is None or not done or event.private
            else f"{labels.said(event.by_title)} {labels.said(event.by_name)}".strip()
        )
        steps.append({"label": _(label), "state": state, "when": when, "by": by, "outcome": ""})
    for place, text in _outcomes(application).items():
        if steps[place]["state"] != "next":
            steps[place]["outcome"] = text
    _say_publicity(application, steps)
    return steps


def _outcomes(application: Application) -> dict[int, str]:
    """What came of each station, from the case itself."""
    found: dict[int, str] = {}
    if application.supplemented:
        found[1] = _("补正 1 次")
    opinions = list(application.opinions.all())
    if opinions:
        found[2] = "、".join(dict.fromkeys(str(one.get_stance_display()) for one in opinions))
    snapshot = application.snapshot
    if snapshot:
        found[3] = _("%(n)s 条") % {"n": f"{snapshot.row_count:,}"}
        found[4] = _("%(total)s 分") % {"total": snapshot.total}
    if application.proposed_stars:
        found[5] = _("拟%(stars)s") % {"stars": words.stars(application.proposed_stars)}
    award = next(iter(application.awards.all()), None)
    if award:
        found[7] = words.stars(award.stars)
    return found


def _say_publicity(application: Application, steps: list[dict[str, str]]) -> None:
    if application.publicity_to is None:
        return
    station = steps[6]
    if application.state in (S.PUBLICITY, S.OBJECTION):
        due = words.due(application.publicity_to)
        over = application.publicity_over(words.today())
        station["when"] = _("公示已满") if over else _("%(when)s期满") % {"when": due.relative}
        waiting = sum(1 for one in application.objections.all() if one.state == "received")
        station["outcome"] = _("异议 %(n)s 件") % {"n": waiting} if waiting else ""
        within = _("异议办结后 %(days)s 个工作日内") if waiting else _("公示满后 %(days)s 个工作日内")
        steps[7]["when"] = within % {"days": AWARD_DAYS}
    else:
        station["when"] = words.day(application.publicity_to).partition(" ")[0]
    station["by"] = _("%(days)s 日") % {"days": application.cycle.publicity_days}


def standing(application: Application) -> dict[str, Any] | None:
    """Total, stars and how far the total lies from the lines above and below; ``None`` before the freeze."""
    snapshot = application.snapshot
    if snapshot is None:
        return None
    exact = Fraction(snapshot.exact.get("total") or snapshot.total)
    lines = sorted((Fraction(str(grade["min"])), int(grade["stars"])) for grade in snapshot.document.get("grades", ()))
    own = next((least for least, stars in lines if stars == snapshot.stars), None)
    above = next(((least, stars) for least, stars in lines if least > exact), None)
    parts = []
    if own is not None and exact >= own:
        parts.append(_("%(stars)s线 %(least)s · 余 %(spare)s") % {
            "stars": words.stars(snapshot.stars), "least": plain(own), "spare": decimal(exact - own)})  # fmt: skip
    if above:
        parts.append(_("距%(stars)s线 %(gap)s") % {"stars": words.stars(above[1]), "gap": decimal(above[0] - exact)})
    return {
        "total": snapshot.total, "stars": snapshot.stars, "says": parts, "vetoes": public.vetoes(snapshot), "snapshot": snapshot,
        "seal": snapshot.seal.partition(":")[0],
    }  # fmt: skip


def plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else decimal(value)


def parties(application: Application, actor: Actor) -> list[tuple[str, str]]:
    """Who is who. Whoever objected is never named; reviewers are a number."""
    project = application.project
    rows = [(_("申报企业"), str(project.company.name))]
    if application.contact:
        rows.append((_("联系人"), application.contact))
    objections = list(application.objections.all())
    if objections:
        rows.append((_("异议人"), _("身份已遮 · %(n)s 件") % {"n": len(objections)}))
    drawn = [one for one in application.assignments.all() if one.released_at is None]
    if drawn:
        rows.append((_("评审"), _("%(n)s 位盲评") % {"n": len(drawn)}))
    for one in application.opinions.all():
        rows.append((str(one.get_level_display()), f"{one.by_name} {one.get_stance_display()}".strip()))
    return rows
