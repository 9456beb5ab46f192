"""What the public site may do about hazards: take one down for a stranger, and say how far it is by its receipt.

The public site reads here and nowhere else: never who reported it, never how to reach them, no photo, no name.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel import labels
from wuxie.kernel.access.actor import NOBODY
from wuxie.kernel.clock.now import today
from wuxie.kernel.once.pages import new_key
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Estate, Project
from wuxie.rooms.register.queries import serving
from wuxie.web.throttle import Limit

from .actions import reporting
from .hazard_forms import hazard_choices
from .models import Hazard
from .workflow import HAZARD

S = Hazard.State
#: How many hazards one address may report in an hour.
REPORTING = Limit("hazard", 10, 3600)
SAYS: dict[str, tuple[str | Promise, str]] = {
    S.FOUND: (gettext_lazy("已收到，等物业派人"), "blue"), S.ASSIGNED: (gettext_lazy("已派人处理"), "blue"),
    S.CONTROLLED: (gettext_lazy("已采取临时措施"), "blue"), S.REPORTED: (gettext_lazy("已报主管部门"), "blue"),
    S.RECTIFYING: (gettext_lazy("正在整改"), "blue"), S.EXTENDED: (gettext_lazy("正在整改，已延期"), "amber"),
    S.FIXED: (gettext_lazy("已改好，等别人复核"), "amber"), S.VERIFIED: (gettext_lazy("复核通过"), "green"),
    S.CLOSED: (gettext_lazy("已改好销号"), "green"), S.DISMISSED: (gettext_lazy("到现场看过，不成立"), ""),
}  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """How far a reported hazard is."""

    receipt: str
    estate: Estate
    place: str
    label: str
    state: str
    tone: str
    found_on: datetime.date
    due_on: datetime.date | None
    closed_on: datetime.date | None
    answer: str


def address(estate: Estate) -> str:
    """Where the code on the wall leads."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/estates/{estate.code}/hazard/"


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The catalogue by category, for those who can name what they saw."""
    return hazard_choices(reporting.known())


def served(estate: Estate) -> Project | None:
    """Who would look at it today."""
    return serving(estate, today())


def report(
    estate: Estate,
    *,
    place: str,
    words: str,
    hazard_code: str = "",
    contact: str = "",
    photo: tuple[str, bytes] | None = None,
) -> Hazard:
    """A stranger reports what they saw; nobody's account is written down, signed in or not."""
    project = served(estate)
    if project is None:
        raise Refusal("guard", _("这个小区今天没有登记在管的物业企业，请向社区反映。"))
    return reporting.report_with(
        project, hazard_code, by=NOBODY, files=[photo] if photo else [], place=place, words=words, contact=contact,
        source=Hazard.Source.PUBLIC, once=new_key(),
    )  # fmt: skip


def standing(receipt: str) -> Standing | None:
    """A hazard that a stranger reported, by its receipt."""
    rows = Hazard.objects.filter(receipt=receipt, source=Hazard.Source.PUBLIC).select_related("project__estate")
    found = rows.defer("contact", "reported_by", "words").first()
    if found is None:
        return None
    said, tone = SAYS[found.state]
    return Standing(
        found.receipt, found.project.estate, labels.said(found.place), labels.said(found.label) if found.code else "", str(said), tone, found.found_on,
        found.due_on if not found.is_over else None, found.closed_on, _answer(found),
    )  # fmt: skip


def _answer(hazard: Hazard) -> str:
    """Why it was dismissed, in the words of whoever looked."""
    if hazard.state != S.DISMISSED:
        return hazard.remedy if hazard.state == S.CLOSED else ""
    rows = Event.objects.filter(workflow=HAZARD.name, case_pk=hazard.pk, step="dismiss")
    return rows.values_list("note", flat=True).first() or ""
