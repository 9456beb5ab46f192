"""What must hold before the house opens: the guards stand, and the clock is not behind the last seal."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Warning
from django.db import connections

from wuxie.kernel.clock.now import now

from . import bulk, guards
from .canonical import moment_text
from .models import Seal


def guards_stand(app_configs: Any = None, databases: Any = None, **rest: Any) -> list[CheckMessage]:
    """Django's database checks (``check --database default``, and before ``migrate``).

    A warning, since ``migrate`` would not run past an error and is what mends it; ``before_start`` refuses.
    """
    found: list[CheckMessage] = []
    for using in databases or []:
        found.extend(
            Warning(
                f"表 {table} 的防改触发器缺失或被停用。",
                hint="运行 wuxie migrate 重新装上，再运行 wuxie ledger verify 查明期间有没有改动。",
                id="facts.W001",
            )
            for table in guards.missing(using)
        )
    return found


def ready_to_serve(app_configs: Any = None, databases: Any = None, **rest: Any) -> list[CheckMessage]:
    """What ``wuxie serve`` asks of every part before it opens; also part of ``check --deploy``."""
    return [Error(reason, id="facts.E001") for reason in before_start()]


def before_start(using: str = "default") -> list[str]:
    """Reasons not to start serving, in Chinese; empty when all is well."""
    reasons = [str(error.msg) for error in guards_stand(databases=[using])]
    with connections[using].cursor() as cursor:
        if Seal._meta.db_table not in connections[using].introspection.table_names(cursor):
            return reasons
    reasons += [
        f"账本的表 {table} 缺少索引或外键：整批载入没有完成。请换一个空库重新载入；只有这一项时可运行 wuxie migrate 补上。"
        for table in bulk.unfinished()
    ]
    last = Seal.objects.using(using).order_by("-number").first()
    if last is not None and now() < last.sealed_at:
        reasons.append(f"服务器时钟早于最近一次封存（{moment_text(last.sealed_at)}）。请校准时间后再启动。")
    return reasons
