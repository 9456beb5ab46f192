"""Background work behind one door: ``enqueue`` writes a job that the worker runs and that its owner may watch.

The package for the queue stands behind this module, so that another one may take its place. The job and its queue entry
are written in the caller's transaction: rolled back together, never lost between a commit and a call after it.

A run may happen twice without harm: a worker that is killed leaves its job to the next one. A task therefore takes ids,
fetches, and calls one action.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from wuxie.kernel.calc.problems import Problem

from .models import Job

Result = dict[str, Any] | None
Task = TypeVar("Task", bound=Callable[..., Result])

ATTEMPTS = 3
#: Seconds between two writes of the progress: whoever waits sees it each second at most.
REPORT_EVERY = 0.5

log = logging.getLogger(__name__)
_tasks: dict[str, Callable[..., Result]] = {}


def task(name: str) -> Callable[[Task], Task]:
    """Register the function behind a job: ``run(job, **ids) -> dict | None``; the dict becomes ``job.result``.

    A ``link`` in the result is where the waiting person is led; a ``Problem`` ends the job with its message.
    """

    def register(run: Task) -> Task:
        known = _tasks.get(name)
        if known is not None and known is not run:
            raise ValueError(f"two tasks with the name {name}")
        _tasks[name] = run
        return run

    return register


def enqueue(name: str, key: str, *, owner: str = "", **ids: Any) -> Job:
    """Ask for a job; while one with this name and key waits or runs, that one is given back.

    ``owner`` is the text key of the person who may watch it (``person:12``).
    """
    if name not in _tasks:
        raise LookupError(f"no task {name}")
    for _again in range(3):
        found = Job.objects.open().filter(name=name, key=key).first()
        if found is not None:
            return found
        try:
            with transaction.atomic():
                job = Job.objects.create(name=name, key=key, ids=ids, owner=owner)
                _push(job)
                return job
        except IntegrityError:
            continue
    raise IntegrityError(f"job {name} {key} could not be written")


def report(job: Job, done: int, total: int, message: str = "") -> None:
    """Tell whoever waits how far the job is; written at most twice a second."""
    moment = time.monotonic()
    last = getattr(job, "_reported_at", 0.0)
    job.progress, job.total, job.message = done, total, message or job.message
    if done < total and moment - last < REPORT_EVERY:
        return
    job._reported_at = moment  # type: ignore[attr-defined]
    Job.objects.filter(pk=job.pk).update(progress=done, total=total, message=job.message)


def run(job_id: str) -> None:
    """What the worker calls: run one job, unless it is done or another worker has it."""
    claimed = (
        Job.objects.filter(pk=job_id, state=Job.State.QUEUED)
        .update(state=Job.State.RUNNING, worker=_me(), started_at=Now(), attempts=F("attempts") + 1)
    )  # fmt: skip
    if not claimed:
        return
    job = Job.objects.get(pk=job_id)
    try:
        result = _tasks[job.name](job, **job.ids)
    except Problem as problem:
        _end(job, Job.State.FAILED, message=problem.message, error=problem.code)
    except (OperationalError, InterfaceError) as error:
        log.warning("job %s lost the database: %s", job, error)
        _again(job, error)
    except Exception as error:
        log.exception("job %s failed", job)
        _end(job, Job.State.FAILED, message=_("作业出错，没有完成，数据没有改动。请重试；再出错时把作业号告诉管理员。"),
             error=f"{type(error).__name__}: {error}")  # fmt: skip
    else:
        _end(job, Job.State.DONE, result=result or {})


def run_waiting() -> int:
    """Run every queued job here and now; for set-up and tests, where no worker stands by."""
    waiting = list(Job.objects.filter(state=Job.State.QUEUED).order_by("pk").values_list("pk", flat=True))
    for job_id in waiting:
        run(job_id)
    return len(waiting)


def rescue_orphans() -> int:
    """Queue again the jobs whose worker process on this machine is gone; those that died too often fail."""
    host = socket.gethostname()
    rescued = 0
    for job in Job.objects.filter(state=Job.State.RUNNING, worker__startswith=f"{host}:"):
        if not alive(int(job.worker.rpartition(":")[2])):
            _again(job, RuntimeError("the worker died"))
            rescued += 1
    return rescued


def _push(job: Job) -> None:
    async_task("wuxie.kernel.jobs.queue.run", job.pk, task_name=job.name[:100])


def _again(job: Job, error: Exception) -> None:
    if job.attempts >= ATTEMPTS:
        _end(job, Job.State.FAILED, message=_("作业中断了三次，没有完成。请稍后重试。"), error=str(error))
        return
    with transaction.atomic():
        if Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, worker=job.worker).update(state=Job.State.QUEUED):
            _push(job)


def _end(job: Job, state: str, *, message: str = "", error: str = "", result: dict[str, Any] | None = None) -> None:
    changes: dict[str, Any] = {"state": state, "error": error[:4000], "finished_at": Now(), "result": result or {}}
    if message:
        changes["message"] = message[:400]
    if state == Job.State.DONE:
        changes |= {"progress": job.total or 1, "total": job.total or 1}
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(**changes)


def _me() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def alive(pid: int) -> bool:
    """Whether a process of this machine still stands."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
