"""What the loop promises: one worker a piece, and a broken piece stops nobody."""

import datetime
import threading

import pytest
from django.db.models.functions import Now

from wuxie.kernel.jobs import periodic
from wuxie.kernel.jobs.models import Lock

pytestmark = pytest.mark.django_db


@pytest.fixture
def pieces(monkeypatch):
    monkeypatch.setattr(periodic, "_pieces", {})
    calls = []

    @periodic.every(60, name="test.broken")
    def broken():
        raise ValueError("no")

    @periodic.every(60, name="test.good")
    def good():
        calls.append("good")

    return calls


def test_a_broken_piece_stops_no_other_and_keeps_its_error(pieces):
    assert periodic.tick() == ["test.good"]
    assert pieces == ["good"]
    assert Lock.objects.get(pk="test.broken").error == "ValueError: no"
    assert Lock.objects.get(pk="test.broken").holder == ""


def test_a_piece_is_not_run_again_before_its_time(pieces):
    periodic.tick()
    assert periodic.tick() == []
    for piece in periodic._pieces.values():
        piece.due = 0
    assert periodic.tick() == [], "another worker that has not seen it yet finds it done in the table"
    Lock.objects.update(next_at=Now())
    for piece in periodic._pieces.values():
        piece.due = 0
    assert periodic.tick() == ["test.good"]


def test_a_held_lock_is_refused_and_a_stale_one_taken_over():
    with periodic.lock("seal") as first, periodic.lock("seal") as second:
        assert (first, second) == (True, False)
    Lock.objects.filter(pk="seal").update(until=Now() + datetime.timedelta(minutes=5), holder="somebody dead")
    with periodic.lock("seal") as held:
        assert held is False
    Lock.objects.filter(pk="seal").update(until=Now() - datetime.timedelta(minutes=5))
    with periodic.lock("seal") as taken:
        assert taken is True


def test_the_loop_ends_when_it_is_told(pieces):
    stop = threading.Event()

    @periodic.every(1, name="test.last", alone=False)
    def last():
        stop.set()

    periodic.run_loop(stop)
    assert pieces == ["good"]


def test_outbox_and_rescue_are_in_the_loop():
    assert {"outbox", "jobs.rescue"} <= set(periodic._pieces)


def test_a_killed_worker_does_not_keep_a_piece_for_the_whole_lease() -> None:
    import os
    import socket
    import subprocess
    import sys

    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    later = Now() + datetime.timedelta(minutes=15)
    Lock.objects.create(name="seal", until=later, holder=f"{socket.gethostname()}:{gone.pid}:1")
    with periodic.lock("seal") as held:
        assert held
    Lock.objects.filter(pk="seal").update(until=later, holder=f"{socket.gethostname()}:{os.getpid()}:1")
    with periodic.lock("seal") as held:
        assert not held


@pytest.mark.usefixtures("emptied")
def test_after_a_broken_piece_the_next_gets_a_fresh_connection(pieces):
    assert periodic.tick() == ["test.good"]
    assert [str(lock) for lock in Lock.objects.order_by("pk")] == ["test.broken", "test.good"]
