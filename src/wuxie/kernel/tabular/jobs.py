"""What an import does in the background."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor, actor_of
from wuxie.kernel.jobs.models import Job
from wuxie.kernel.jobs.periodic import every
from wuxie.kernel.jobs.queue import report, task
from wuxie.kernel.parties.models import Person

from . import actions
from .models import Upload


@task("tabular.read")
def read(job: Job, upload: str) -> dict[str, Any]:
    found = Upload.objects.get(pk=upload)
    if found.state == Upload.State.RECEIVED:
        actions.read(found, lambda done, total: report(job, done, total, _("读取 %(title)s") % {"title": found.title}))
    return {"link": found.get_absolute_url()}


@task("tabular.check")
def check(job: Job, upload: str) -> dict[str, Any]:
    found = Upload.objects.get(pk=upload)
    actions.recheck(found, lambda done, total: report(job, done, total, _("逐列核对")))
    return {"link": found.get_absolute_url()}


@task("tabular.apply")
def apply(job: Job, upload: str) -> dict[str, Any]:
    found = Upload.objects.get(pk=upload)
    if found.state != Upload.State.APPLIED:
        actions.write(
            found, by=_acting(job.owner), report=lambda done, total: report(job, done, total, _("核对并写入"))
        )
    return {"link": found.get_absolute_url(), "count": found.applied_count}


@every(3600, name="tabular.clear")
def clear() -> None:
    actions.clear_old()


def _acting(key: str) -> Actor:
    """The person who asked, with the rights of today."""
    return actor_of(Person.objects.get(pk=int(key.partition(":")[2])))
