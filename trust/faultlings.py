"""The process under faults: loads the program once, forks a child for each act, with one system call of it failing.

``python -m trust.faultlings acts`` or ``… commits FILE COUNT LEVEL``, preloaded with the shim and in the environment of an
installation. Prints one JSON line.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import sys
import threading
import uuid
from collections.abc import Callable
from pathlib import Path

SHIM = ctypes.CDLL(None)
HOW = {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC, "KILL": 0}
#: Calls of one act after which we stop; an act that makes more is tried up to here.
MOST = 400


ARMED = [0, 0]
SENT = [""]


def arm() -> None:
    """From here on calls count."""
    SHIM.fault_arm(os.environ["WUXIE_HOME"].encode(), ctypes.c_long(ARMED[0]), ctypes.c_long(ARMED[1]))


def object_to(token: str) -> bool:
    """One objection through the whole of the program but the socket; whether it was acknowledged."""
    from django.test import Client

    seed = json.loads((Path(os.environ["WUXIE_HOME"]) / "seed.json").read_text(encoding="utf-8"))
    form = {
        "indicator": "",
        "text": f"公示栏一直空着，编号 {token}。",
        "contact": "13912345678",
        "true": "on",
        "website": "",
        "once": token,
    }
    somebody = f"10.1.{os.getpid() // 250 % 250}.{os.getpid() % 250}"  # one address, one throttle
    browser = Client(raise_request_exception=False, headers={"x-forwarded-for": somebody})
    arm()
    answer = browser.post(f"/notices/{seed['notices'][0]}/objection/", form)
    SENT[0] = answer.headers.get("Location", "").rstrip("/").rpartition("/")[2]
    return answer.status_code == 302


def work(token: str) -> bool:
    """What the worker does: consequences, then the sealer."""
    from wuxie.kernel.facts import sealer
    from wuxie.kernel.jobs import outbox

    arm()
    outbox.drain()
    return sealer.seal() is not None


def in_a_child(act: Callable[[str], bool], token: str, at: int, error: int) -> dict[str, object]:
    """Run an act with the ``at``-th call failing; what it told before its end."""
    inward, outward = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(inward)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        ARMED[:] = [at, error]
        try:
            done = act(token)
        except BaseException:
            done = False
        calls, fired = SHIM.fault_calls(), SHIM.fault_fired()
        SHIM.fault_arm(b"", ctypes.c_long(0), ctypes.c_long(1))
        os.write(outward, json.dumps({"done": done, "sent": SENT[0], "fired": fired, "calls": calls}).encode())
        os._exit(0)
    os.close(outward)
    with os.fdopen(inward, "rb") as pipe:
        said = pipe.read()
    os.waitpid(pid, 0)
    return json.loads(said) if said else {"done": False, "sent": "", "fired": 1, "calls": at}


def acts() -> dict[str, object]:
    """Every call of an objection, then every call of the worker and the sealer, each failing in three ways."""
    from django.db import connections

    connections.close_all()
    objections: dict[str, str | None] = {}
    faults = dict.fromkeys(HOW, 0)

    def objection(at: int, error: int) -> dict[str, object]:
        token = uuid.uuid4().hex
        told = in_a_child(object_to, token, at, error)
        # Whoever got no answer sends the same again; that must neither be refused nor make a second one.
        last = told if told["done"] else in_a_child(object_to, token, 0, 1)
        objections[token] = str(last["sent"]) if last["done"] else None
        return told

    def each(act: Callable[[int, int], dict[str, object]]) -> int:
        """Fail the first call, the second … until an act ends before its turn; how many calls that were."""
        for at in range(1, MOST):
            fired = 0
            for name, error in HOW.items():
                fired += (hit := bool(act(at, error)["fired"]))
                faults[name] += hit
            if not fired:
                break
        return at - 1

    waiting = [False]

    def working(at: int, error: int) -> dict[str, object]:
        if not waiting[0]:
            objection(0, 1)
        told = in_a_child(work, "", at, error)
        waiting[0] = not told["done"]
        return told

    calls = [each(objection), each(working)]
    in_a_child(work, "", 0, 1)
    return {"objections": objections, "faults": faults, "calls": calls}


def commits(record: str, count: int, level: str) -> dict[str, object]:
    """Two writers announce facts; each acknowledged one is marked in the record."""
    from django.conf import settings
    from django.db import connections, transaction

    from wuxie.kernel.clock.now import today
    from wuxie.kernel.facts import ledger, sealer

    options = settings.DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", f"synchronous={level}")
    connections.close_all()
    faults: list[str] = []

    def write(writer: int) -> None:
        try:
            for number in range(writer, count, 2):
                with transaction.atomic():
                    ledger.announce(
                        "rating.objected", f"project:{writer + 1}", occurred_on=today(), source=f"cut/{number}"
                    )
                SHIM.record_mark(ctypes.c_long(number))
                if writer == 0 and number % 100 == 0:
                    sealer.seal()
        except Exception as error:
            faults.append(repr(error))
        finally:
            connections.close_all()

    SHIM.record_to(record.encode())
    writers = [threading.Thread(target=write, args=(number,)) for number in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    return {"faults": faults}


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "acts":
        from trust.keeper import warm_up
        from wuxie.kernel.facts import joins_registry

        from .after import follow

        joins_registry.on("rating.objected", follow)
        warm_up()
        print(json.dumps(acts()))
    else:
        print(json.dumps(commits(sys.argv[2], int(sys.argv[3]), sys.argv[4])))
