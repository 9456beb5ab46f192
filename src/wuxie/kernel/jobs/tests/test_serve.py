"""``wuxie serve``: says when it is ready, ends with its children, leaves no process behind."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from wuxie.kernel.jobs.management.commands.serve import check_sqlite


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """The environment of a migrated installation on SQLite."""
    folder = tmp_path_factory.mktemp("home")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    source = str(Path(__file__).resolve().parents[4])
    env = {key: value for key, value in os.environ.items() if not key.startswith(("WUXIE", "DATABASE", "PYTEST"))}
    env |= {"WUXIE_HOME": str(folder), "PORT": str(port), "WUXIE_DEMO": "small", "PYTHONPATH": source}
    env |= {"DJANGO_SETTINGS_MODULE": "wuxie.config.settings", "PYTHONWARNINGS": "ignore"}
    (folder / "demo-accounts.txt").write_text("演示账号 zhou / demo\n", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v0", "--skip-checks"], env=env, check=True)
    return env


@contextmanager
def serve(env):
    command = [sys.executable, "-m", "django", "serve"]
    server = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
    with server.stdout:
        yield server, server.stdout.readline().strip()
    if server.poll() is None:
        server.kill()
        server.wait()


def belonging_to(env):
    """The living processes of this installation."""
    mark = f"WUXIE_HOME={env['WUXIE_HOME']}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes().split(b"\0") and b") Z " not in (folder / "stat").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def wait_until_gone(env):
    for _ in range(200):
        if not belonging_to(env):
            return []
        time.sleep(0.1)
    return belonging_to(env)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_ready_when_it_answers_and_leaves_no_process_after_a_signal(installation, number):
    with serve(installation) as (server, ready):
        assert ready == f"Ready: http://127.0.0.1:{installation['PORT']}/"
        assert server.stdout.readline().strip() == "演示账号 zhou / demo"
        with urllib.request.urlopen(f"{ready.removeprefix('Ready: ')}healthz", timeout=10) as answer:
            assert answer.read() == b'{"status": "ok"}'
        server.send_signal(number)
        assert server.wait(timeout=20) == 0
    assert wait_until_gone(installation) == []


@pytest.mark.parametrize("child", [0, 1], ids=["website", "worker"])
def test_both_end_if_one_dies(installation, child):
    with serve(installation) as (server, _):
        children = [int(pid) for pid in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()]
        os.kill(children[child], signal.SIGKILL)
        assert server.wait(timeout=20) != 0
    assert wait_until_gone(installation) == []


def test_a_port_that_somebody_answers_on_is_refused(installation):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", int(installation["PORT"])))
        other.listen()
        command = [sys.executable, "-m", "django", "serve"]
        refused = subprocess.run(command, env=installation, capture_output=True, text=True, timeout=60)
    assert refused.returncode == 1
    assert f"127.0.0.1:{installation['PORT']} 用不了" in refused.stderr
    assert not belonging_to(installation)


def test_nothing_stays_when_serve_itself_is_killed(installation):
    with serve(installation) as (server, _):
        server.kill()
        server.wait(timeout=10)
    assert wait_until_gone(installation) == []


def test_an_sqlite_that_can_lose_data_is_refused():
    check_sqlite((3, 51, 3))
    with pytest.raises(CommandError, match=r"3\.51\.2"):
        check_sqlite((3, 51, 2))


def test_an_unguarded_ledger_keeps_the_site_shut(installation):
    database = Path(installation["WUXIE_HOME"]) / "wuxie.sqlite3"
    with closing(sqlite3.connect(database)) as store:
        (trigger,) = store.execute("SELECT sql FROM sqlite_master WHERE name = 'facts_fact_no_update'").fetchone()
        store.execute("DROP TRIGGER facts_fact_no_update")
        store.commit()
        command = [sys.executable, "-m", "django", "serve"]
        refused = subprocess.run(command, env=installation, capture_output=True, text=True, timeout=60)
        store.execute(trigger)
        store.commit()
    assert refused.returncode == 1
    assert "表 facts_fact 的防改触发器缺失" in refused.stderr
    assert not belonging_to(installation)
