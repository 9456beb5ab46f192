"""What this room announces.

The kinds that standards read (``safety.duty_due`` and the like) are declared in the catalogue of evidence; here is what the
procedure itself puts on record.
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
#: A day of a post that nobody holds; declared in the catalogue of evidence.
POST_VACANT = "safety.post_without_holder"


def register() -> None:
    kinds.register(LIST_DECIDED, LETTER_SIGNED, ABNORMAL_FOUND)
