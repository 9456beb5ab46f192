"""What the queue promises: one open job a key, progress for its owner only, a killed run is run again."""

import os
import socket

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django_q.models import OrmQ

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.jobs import queue
from wuxie.kernel.jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def tasks(monkeypatch):
    monkeypatch.setattr(queue, "_tasks", {})
    calls = []

    @queue.task("test.note")
    def note(job, **ids):
        calls.append(ids)
        queue.report(job, 3, 3, "三行都读了")
        return {"rows": 3}

    return calls


def test_a_job_runs_and_keeps_its_result(tasks):
    job = queue.enqueue("test.note", "1", owner="person:1", upload=5)
    assert (job.state, OrmQ.objects.count()) == ("queued", 1)
    queue.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.percent, job.message, job.result) == ("done", 100, "三行都读了", {"rows": 3})
    assert tasks == [{"upload": 5}]


def test_the_same_key_is_one_job_while_it_is_open(tasks):
    first = queue.enqueue("test.note", "1")
    assert queue.enqueue("test.note", "1") == first
    queue.run(first.pk)
    assert queue.enqueue("test.note", "1") != first


def test_a_job_that_is_delivered_twice_runs_once(tasks):
    job = queue.enqueue("test.note", "1")
    queue.run(job.pk)
    queue.run(job.pk)
    assert len(tasks) == 1


def test_a_rolled_back_request_leaves_no_job(tasks):
    with pytest.raises(RuntimeError), transaction.atomic():
        queue.enqueue("test.note", "1")
        raise RuntimeError
    assert (Job.objects.count(), OrmQ.objects.count()) == (0, 0)


def test_an_unknown_task_is_refused_at_once(tasks):
    with pytest.raises(LookupError):
        queue.enqueue("test.unknown", "1")


def test_a_problem_ends_the_job_with_its_own_words(tasks):
    @queue.task("test.problem")
    def bad(job):
        raise Problem("range", "$", "第 3 行面积要大于 0。")

    job = queue.enqueue("test.problem", "1")
    queue.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message) == ("failed", "第 3 行面积要大于 0。")


def test_a_fault_is_kept_for_the_administrator_and_not_shown(tasks):
    @queue.task("test.fault")
    def bad(job):
        raise KeyError("secret")

    job = queue.enqueue("test.fault", "1")
    queue.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "secret" in job.error
    assert "secret" not in job.message


def test_a_lost_database_means_another_try_and_three_are_enough(tasks):
    @queue.task("test.lost")
    def bad(job):
        raise OperationalError("gone")

    job = queue.enqueue("test.lost", "1")
    states = []
    for _ in range(3):
        queue.run(job.pk)
        job.refresh_from_db()
        states.append(job.state)
    assert states == ["queued", "queued", "failed"]


def test_the_job_of_a_dead_worker_is_queued_again(tasks):
    dead, living, elsewhere = (queue.enqueue("test.note", str(number)) for number in range(3))
    host = socket.gethostname()
    for job, worker in ((dead, f"{host}:4194305"), (living, f"{host}:{os.getpid()}"), (elsewhere, "other:4194305")):
        Job.objects.filter(pk=job.pk).update(state="running", worker=worker, attempts=1)
    assert queue.rescue_orphans() == 1
    assert set(Job.objects.filter(state="queued")) == {dead}
    queue.run_waiting()
    dead.refresh_from_db()
    assert dead.state == "done"


def test_only_the_owner_sees_a_job(tasks):
    from wuxie.kernel.access.actor import NOBODY, Actor

    job = queue.enqueue("test.note", "1", owner="person:1")
    assert list(Job.objects.visible_to(Actor("person:1", person_id=1))) == [job]
    assert list(Job.objects.visible_to(Actor("person:2", person_id=2))) == []
    queue.enqueue("test.note", "2", owner="visitor")
    assert list(Job.objects.visible_to(NOBODY)) == []


def test_two_tasks_of_one_name_are_a_mistake_of_the_program(tasks):
    with pytest.raises(ValueError, match=r"test\.note"):
        queue.task("test.note")(lambda job: None)


def test_of_two_asking_at_once_one_job_is_made_for_both(tasks):
    """Between the look and the writing another process asks for the same."""
    rivals = []

    def meanwhile(execute, sql, params, many, context):
        if sql.startswith("SAVEPOINT") and not rivals:
            rivals.append(None)
            rivals[0] = Job.objects.create(name="test.note", key="1")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(meanwhile):
        assert queue.enqueue("test.note", "1") == rivals[0]
    assert Job.objects.count() == 1


def test_a_job_that_cannot_be_written_is_no_job(tasks):
    with pytest.raises(IntegrityError, match=r"test\.note 1"):
        queue.enqueue("test.note", "1", owner=None)
    assert (Job.objects.count(), OrmQ.objects.count()) == (0, 0)


def test_a_job_that_ended_meanwhile_is_not_queued_again(tasks):
    job = queue.enqueue("test.note", "1")
    queue.run(job.pk)
    queue._again(job, RuntimeError("the worker died"))
    job.refresh_from_db()
    assert (job.state, OrmQ.objects.count()) == ("done", 1)
    assert job.get_absolute_url() == f"/jobs/{job.pk}/"


def test_a_process_of_somebody_else_stands_too(monkeypatch):
    def forbidden(pid, signal):
        raise PermissionError

    monkeypatch.setattr(os, "kill", forbidden)
    assert queue.alive(1)
