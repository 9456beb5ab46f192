"""What several pages of the room show."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel import labels
from wuxie.kernel.clock.now import local, now
from wuxie.web import words
from wuxie.web.cells import Chip

from ..models import Duty, DutyList, Instance
from ..queries import Manned
from ..words import Proof

SECOND, DAY = datetime.timedelta(seconds=1), datetime.timedelta(days=1)
STATES = {
    "staffed": (gettext_lazy("有人"), "green"), "substituted": (gettext_lazy("替岗"), "amber"),
    "uncertified": (gettext_lazy("证书不全"), "amber"), "vacant": (gettext_lazy("空岗"), "red"),
    "outsourced": (gettext_lazy("外包"), "blue"),
}  # fmt: skip


S = Instance.State
TONES = {S.DONE: "green", S.DONE_LATE: "amber", S.SUSPICIOUS: "red", S.MISSED: "red", S.WAIVED: "", S.WITHDRAWN: ""}


def state_chip(row: Any) -> Chip:
    """What has become of a duty; one that nobody has settled is said by the clock."""
    if row.state != S.SCHEDULED:
        return Chip(str(S(row.state).label), TONES[S(row.state)])
    if row.opens_at > now():
        return Chip(_("未到时"))
    return Chip(_("该办"), "green") if row.closes_at > now() else Chip(_("已过时"), "amber")


def labels_of(words: type[TextChoices], codes: Iterable[str]) -> str:
    return "、".join(str(words(code).label) for code in codes)


def reading_words(row: Mapping[str, str]) -> str:
    """``变压器温度 0–85 ℃``."""
    return f"{labels.said(row['name'])} {row['least']}–{row['most']} {labels.said(row['unit'])}".strip()


def period(duty_list: DutyList) -> str:
    return words.span(duty_list.starts_on, duty_list.ends_on)


def hours(row: Instance) -> str:
    """From when to when it can be done: ``08:00–20:00``, with the day where it is not today's."""
    opens, closes = local(row.opens_at), local(row.closes_at - SECOND)
    last = closes.date()
    until = "24:00" if closes.strftime("%H:%M") == "23:59" else (closes + SECOND).strftime("%H:%M")
    if opens.date() == last or closes - opens < DAY:
        return f"{opens:%H:%M}–{until}"
    return f"{opens:%m-%d} — {last:%m-%d}"


def duty_row(duty: Duty) -> dict[str, Any]:
    """A duty as a line: what, with which proof, where, against what, by which text, how often."""
    notes = [labels_of(Proof, duty.proof), duty.get_place_display() if duty.place else "",
             _("防%(what)s") % {"what": labels.said(duty.averts)}, labels.said(duty.basis), *(reading_words(row) for row in duty.readings)]  # fmt: skip
    when = duty.get_event_display() if duty.event else duty.get_every_display()
    return {
        "text": labels.said(duty.text),
        "note": " · ".join(note for note in notes if note),
        "chip": Chip(str(when), "blue"),
    }


def manned_row(row: Manned) -> dict[str, Any]:
    """A post as a line: who holds it, who stands in, who has not signed."""
    word, tone = STATES[row.state]
    notes = [str(row.post.get_shifts_display())]
    if row.post.contractor:
        notes.append(row.post.contractor)
    for one in row.people:
        role = _("替岗") if one.substitute else _("任岗")
        said = _("已签") if one.person_id in row.signed else _("未签")
        notes.append(f"{role} {one.person.name}（{said}）")
    return {
        "text": labels.said(row.post),
        "url": row.post.get_absolute_url(),
        "note": " · ".join(notes),
        "chip": Chip(str(word), tone),
    }
