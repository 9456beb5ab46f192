"""What the outbox promises: with the transaction or not at all, once, and nobody waits for a sick neighbour."""

import os
import subprocess
import sys

import pytest
from django.db import connection, transaction

from wuxie.kernel.jobs import outbox
from wuxie.kernel.jobs.models import Outgoing

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen(monkeypatch):
    """A fresh list of handlers with one that writes down what it was given."""
    monkeypatch.setattr(outbox, "_handlers", {})
    calls = []

    @outbox.handler("test.seen")
    def note(**payload):
        calls.append(payload)

    return calls


def make_due():
    Outgoing.objects.filter(done_at=None).update(due_at="2020-01-01T00:00:00Z")


def test_a_posted_row_reaches_its_handler_once(seen):
    outbox.post("test.seen", "1", fact=7)
    assert outbox.drain() == 1
    assert outbox.drain() == 0
    assert seen == [{"fact": 7}]
    row = Outgoing.objects.get()
    assert (row.attempts, row.error, row.done_at is None) == (1, "", False)


def test_the_same_key_is_posted_once_also_after_it_was_done(seen):
    outbox.post("test.seen", "1", fact=7)
    outbox.post("test.seen", "1", fact=8)
    outbox.drain()
    outbox.post("test.seen", "1", fact=9)
    assert outbox.drain() == 0
    assert seen == [{"fact": 7}]


def test_a_rolled_back_transaction_leaves_nothing_behind(seen):
    with pytest.raises(RuntimeError), transaction.atomic():
        outbox.post("test.seen", "1", fact=7)
        raise RuntimeError
    assert outbox.drain() == 0
    assert seen == []


def test_a_failing_row_keeps_its_error_and_the_others_go_on(seen):
    @outbox.handler("test.broken")
    def broken(**payload):
        outbox.post("test.seen", "half done")
        raise ValueError("no")

    outbox.post("test.broken", "1")
    outbox.post("test.seen", "2", fact=2)
    assert outbox.drain() == 1
    row = Outgoing.objects.get(topic="test.broken")
    assert (row.attempts, row.error, row.done_at) == (1, "ValueError: no", None)
    assert row.due_at > row.created_at
    assert not Outgoing.objects.filter(key="half done").exists(), "the half effect is gone"
    assert outbox.drain() == 0, "it waits for its turn"


def test_a_failed_row_is_tried_again_later_and_waits_longer(seen):
    healthy = []

    @outbox.handler("test.moody")
    def moody(**payload):
        if not healthy:
            raise ValueError("not yet")

    outbox.post("test.moody", "1")
    waits = []
    for _ in range(3):
        outbox.drain()
        row = Outgoing.objects.get()
        waits.append(row.due_at)
        make_due()
    assert waits == sorted(waits)
    healthy.append(True)
    assert outbox.drain() == 1
    assert Outgoing.objects.get().error == ""


def test_a_row_without_a_handler_waits_instead_of_vanishing(seen):
    outbox.post("test.later", "1")
    assert outbox.drain() == 0
    assert "no handler" in Outgoing.objects.get().error


def test_a_consequence_of_a_consequence_is_drained_by_the_next_call(seen):
    @outbox.handler("test.first")
    def first(**payload):
        outbox.post("test.seen", "next")

    outbox.post("test.first", "1")
    assert outbox.drain_all() == 2
    assert seen == [{}]


def test_two_handlers_for_one_topic_are_refused(seen):
    with pytest.raises(ValueError, match=r"test\.seen"):
        outbox.handler("test.seen")(lambda **payload: None)


@pytest.mark.usefixtures("emptied")
def test_a_remote_handler_runs_outside_any_transaction(seen):
    inside = []

    @outbox.handler("test.remote", remote=True)
    def remote(**payload):
        inside.append(connection.in_atomic_block)

    outbox.post("test.remote", "1")
    assert outbox.drain() == 1
    assert inside == [False]
    assert outbox.drain() == 0
    done = Outgoing.objects.get()
    assert (outbox._take_remote(done.pk), inside, str(done)) == (False, [False], "test.remote 1")


@pytest.mark.usefixtures("emptied")
def test_a_row_whose_effect_cannot_be_committed_keeps_its_error(seen):
    from wuxie.kernel.notify.models import Delivery

    @outbox.handler("test.dangling")
    def dangling(**payload):
        Delivery.objects.create(message_id="01NOSUCHMESSAGE", channel="mail")  # seen by the database at the commit only

    outbox.post("test.dangling", "1")
    assert outbox.drain() == 0
    row = Outgoing.objects.get()
    assert (row.attempts, row.error.partition(":")[0], row.done_at) == (1, "IntegrityError", None)
    assert Delivery.objects.count() == 0


WORKER = """
import os, sys, django
django.setup()
from wuxie.kernel.jobs import outbox

@outbox.handler("test.race")
def note(number):
    fd = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(fd, f"{number}\\n".encode())
    os.close(fd)

print(sum(outbox.drain(10) for turn in range(8)))
"""


@pytest.mark.usefixtures("emptied")
def test_two_worker_processes_at_once_do_each_row_once(tmp_path):
    for number in range(40):
        outbox.post("test.race", str(number), number=number)
    env = os.environ | {"DATABASE_URL": same_database(tmp_path), "DJANGO_SETTINGS_MODULE": "wuxie.config.settings"}
    command = [sys.executable, "-c", WORKER, str(tmp_path / "seen")]
    workers = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    done = [int(worker.communicate(timeout=60)[0]) for worker in workers]
    assert sum(done) == 40
    assert sorted(int(line) for line in (tmp_path / "seen").read_text().split()) == list(range(40))


def same_database(tmp_path):
    """An address under which another process sees this test's rows (SQLite in memory: a copy in a file)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(tmp_path / "copy.sqlite3")])
        return f"sqlite:///{tmp_path / 'copy.sqlite3'}"
    held = connection.settings_dict
    return f"postgres://{held['USER']}@{held['HOST']}:{held['PORT'] or 5432}/{held['NAME']}"
