"""The journal of administration in the ledger: the same chain and seals as every other fact, counted by no indicator."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.clock.now import today

from . import ledger
from .kinds import ANY, Kind
from .models import Fact
from .trust import Trust

FAMILY = "office."
#: What acts of the house itself are about.
HOUSE = "house:own"

_LABELS = {
    "looked": _("查看了个人信息明文"),
    "exported": _("导出了含个人信息的表"),
    "account_opened": _("开通了账号"),
    "password_reset": _("重设了密码"),
    "account_closed": _("停用了账号"),
    "account_reopened": _("恢复了账号"),
    "appointed": _("给了任职"),
    "appointment_ended": _("结束了任职"),
    "key_rotated": _("更换了数据密钥"),
    "key_retired": _("销毁了旧的数据密钥"),
    "backup_taken": _("做了备份"),
    "restored": _("从备份恢复了系统"),
}
KINDS = tuple(
    Kind(f"{FAMILY}{verb}", label, ANY, min_trust=Trust.SELF_DECLARED, measure="event")
    for verb, label in _LABELS.items()
)


def write(
    verb: str, subject: str, *, by: str, source: str, details: Mapping[str, str], personal: Mapping[str, str]
) -> Fact:
    """Announce an act of administration. The same row may be acted on again: then it is the next revision."""
    kind = f"{FAMILY}{verb}"
    earlier = Fact.objects.filter(source=source, kind=kind).count()
    return ledger.announce(
        kind,
        subject,
        occurred_on=today(),
        source=source,
        revision=earlier + 1,
        by=by,
        details=details,
        personal=personal,
    )


def lines() -> QuerySet[Fact]:
    """Everything written here."""
    return Fact.objects.filter(kind__in=[kind.code for kind in KINDS])
