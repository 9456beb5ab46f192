"""After a restore: is everything here that the backup promised? Run inside the restored house."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.db import transaction
from django.db.models.functions import Now

from wuxie.kernel.facts import audit, checks, leaves
from wuxie.kernel.facts.journal import HOUSE
from wuxie.kernel.jobs.models import Lock
from wuxie.kernel.papers import store
from wuxie.kernel.papers.models import Attachment
from wuxie.kernel.parties import journal

from .restore import Restored, Say
from .rotation import unreadable


def examine(manifest: dict[str, Any], say: Say) -> Restored:
    """Migrate, look for the guards, walk the whole ledger, open every encrypted value, look for every attachment."""
    say("迁移 …")
    call_command("migrate", verbosity=0, interactive=False)
    # Whoever held a lock when the backup was taken is no longer there.
    Lock.objects.update(until=Now(), holder="")
    say("核验账本 …")
    then = manifest["ledger"]["root"]
    report = audit.examine(root=then or None, helpers=leaves.useful_helpers())
    found = Restored(manifest["made_at"], report.root if then else "", then, report.facts)
    found.faults += [broken.message for broken in report.broken] + checks.before_start()
    if not found.same_root:
        found.faults.append(f"账本的根与备份时不同：备份 {then}，现在 {report.root}。")
    say("核对加密字段 …")
    if shut := unreadable():
        found.faults.append(f"有 {shut} 个加密字段打不开。")
    names = Attachment.objects.values_list("sha256", flat=True).distinct()
    if gone := store.faults(names.iterator()):
        found.faults.append(f"有 {len(gone)} 个附件缺失或被改动，例如 {gone[0][0][:16]}…。")
    with transaction.atomic():
        journal.write(
            "restored", HOUSE, by="clock", source=f"backup:{manifest['made_at']}",
            details={"made_at": manifest["made_at"], "root": then, "faults": str(len(found.faults))},
        )  # fmt: skip
    return found
