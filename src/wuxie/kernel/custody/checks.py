"""What keeps the house shut: a restore that was broken off."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error

from wuxie.kernel.home import home

from .restore import MARK


def not_half_restored(app_configs: Any = None, databases: Any = None, **rest: Any) -> list[CheckMessage]:
    """``wuxie serve`` asks this before it opens."""
    if not (home() / MARK).exists():
        return []
    return [Error("上一次恢复没有做完。请清空 WUXIE_HOME（和目标数据库），重新运行 wuxie restore。", id="custody.E001")]
