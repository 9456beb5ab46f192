"""What this room announces.

Duties due and done on time are read by standards; the other kinds are what the procedure itself puts on record.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.facts import kinds
from wuxie.kernel.facts.kinds import Kind

SOURCE = "safety"

LIST_DECIDED = Kind(
    "safety.list_decided", _("岗位责任清单启用"), unit="版", measure="event", min_trust="self_declared", source=SOURCE
)
LETTER_SIGNED = Kind(
    "safety.letter_signed",
    _("签订岗位安全责任书"),
    unit="份",
    measure="event",
    min_trust="self_declared",
    source=SOURCE,
)
ABNORMAL_FOUND = Kind(
    "safety.abnormal_found", _("履职时发现异常"), unit="次", measure="event", min_trust="self_declared", source=SOURCE
)
DUTY_DUE = Kind("safety.duty_due", _("岗位责任清单应履职"), unit="次", min_trust="association_verified", source=SOURCE)
DUTY_ON_TIME = Kind(
    "safety.duty_on_time",
    _("按时履职且证据有效"),
    unit="次",
    min_trust="association_verified",
    polarity="good",
    source=SOURCE,
)
#: A day of a post that nobody holds; declared in the catalogue of evidence.
POST_VACANT = "safety.post_without_holder"


def register() -> None:
    kinds.register(LIST_DECIDED, LETTER_SIGNED, ABNORMAL_FOUND, DUTY_DUE, DUTY_ON_TIME)
