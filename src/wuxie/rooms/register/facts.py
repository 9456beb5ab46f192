"""What the register announces: the measures of a project that standards divide by, and who began or ended serving."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.facts import kinds
from wuxie.kernel.facts.kinds import Kind

SOURCE = "registry"

BASE = Kind(
    "project.base", _("项目基础数据"), unit="项", measure="level", min_trust="association_verified", source=SOURCE
)
HOUSEHOLDS = Kind(
    "project.households", _("户数"), unit="户", measure="level", min_trust="association_verified", source=SOURCE
)
AREA = Kind(
    "project.area", _("收费面积"), unit="平方米", measure="level", min_trust="association_verified", source=SOURCE
)
MANAGEMENT_POSTS = Kind(
    "party.management_posts",
    _("管理岗总数"),
    unit="岗",
    measure="level",
    min_trust="association_verified",
    source=SOURCE,
)
SERVICE_BEGAN = Kind(
    "register.service_began", _("开始服务小区"), measure="event", min_trust="association_verified", source=SOURCE
)
SERVICE_ENDED = Kind(
    "register.service_ended", _("结束服务小区"), measure="event", min_trust="association_verified", source=SOURCE
)

LEVELS = (BASE, HOUSEHOLDS, AREA, MANAGEMENT_POSTS)


def register() -> None:
    """Make this room's kinds known to the ledger."""
    kinds.register(*LEVELS, SERVICE_BEGAN, SERVICE_ENDED)
