"""Comparing two versions: asked for, computed at once or by a job, kept with both documents."""

from __future__ import annotations

import time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.jobs import queue
from wuxie.kernel.jobs.models import Job
from wuxie.kernel.standards.models import Version
from wuxie.kernel.workflow.demands import may

from .. import queries, whatif
from ..models import Cycle, WhatIf, WhatIfRow
from ..rules import city_reader

#: So many projects are compared while the person waits (about a second); more are a job with progress.
AT_ONCE = 40


def begin(cycle: Cycle, *, base: Version, draft: Version, by: Actor) -> WhatIf:
    """Compare two versions over a cycle's facts; the answer is there at once, or its job is on the way."""
    may(city_reader, cycle, by, _("标准推演"))
    if base == draft:
        raise ValidationError({"draft": _("推演版本和对照版本是同一个，请换一个。")})
    for name, version in (("base", base), ("draft", draft)):
        if not version.document.get("grades"):
            raise ValidationError(
                {name: _("%(version)s 还没有星级门槛，比不出星级。请先在草稿里设门槛。") % {"version": version}}
            )
    count = queries.served_in(cycle).count()
    if not count:
        raise ValidationError({"cycle": _("这个周期取数止日没有在服务的项目，没有可以推演的。请换一个周期。")})
    with transaction.atomic():
        made = WhatIf.objects.create(
            cycle=cycle, base=base, draft=draft, base_document=base.document, draft_document=draft.document, made_by=by.key,
            made_name=by.name, made_at=now(), projects=count,
        )  # fmt: skip
        if count > AT_ONCE:
            made.job = queue.enqueue("rating.whatif", f"{made.pk}", owner=by.key, whatif=made.pk).pk
            made.save(update_fields=["job"])
    if not made.job:
        compute(made)
    return made


def compute(made: WhatIf, job: Job | None = None) -> WhatIf:
    """Score every project under both versions and keep the rows; done once, however often it is asked."""
    if made.finished_at:
        return made
    started = time.monotonic()
    projects = list(queries.served_in(made.cycle))
    sizes = whatif.sizes(projects)
    try:
        versions = whatif.Versions(made.cycle, made.base_document, made.draft_document)
        found = whatif.pairs(versions, projects, as_of=today(), report=_reporter(job, len(projects)))
        rows = [whatif.row(pair, sizes[pair.project.company_id]) for pair in found]
    except Problem as problem:
        raise Problem(problem.code, problem.path, _("标准算不下去：%(why)s") % {"why": problem.message}) from None
    for one in rows:
        one.whatif = made
    made.summary, made.projects = whatif.summary(rows), len(rows)
    made.up, made.down = made.summary["all"]["up"], made.summary["all"]["down"]
    made.finished_at, made.milliseconds = now(), int((time.monotonic() - started) * 1000)
    with transaction.atomic():
        made.rows.all().delete()
        WhatIfRow.objects.bulk_create(rows, batch_size=500)
        made.save()
    return made


def _reporter(job: Job | None, total: int) -> Any:
    if job is None:
        return None
    return lambda done: queue.report(job, done, total, _("正在按两个版本重算"))
