"""kill -9 of the web server and of the worker at random moments, while people send objections and sheets by HTTP.

What got no answer is sent again with the same key. Afterwards every act that was sent is answered and exists exactly once and
whole: the case, its event, its fact, the fact's row in the outbox; no act is there by half; each sheet was read by exactly one
finished job; the ledger verifies.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import time

from .homes import Home, engines, home
from .row import Row
from .stand import Sent, Stand, aftermath, kill, object_to, settle, stand, upload

SEED = 20261125
#: Rounds over all databases; each round kills the web server once and the worker once.
ROUNDS = int(os.environ.get("TRUST_KILLS", "300"))
CLIENTS = 3
#: How many acts without an answer are sent again in a round.
AGAIN = 5
#: Seconds of one round in which somebody is killed.
LIFE = 1.0
#: So many kills, in so many seconds.
KILLS, LONGEST = 300, 300


def rows() -> list[Row]:
    """SQLite, two thirds of the rounds; all of them where there is no other database."""
    return on("SQLite", ROUNDS - ROUNDS // 3 if "PostgreSQL" in engines() else ROUNDS)


def on(engine: str, rounds: int) -> list[Row]:
    """One row for what was lost, one for how long three hundred kills take."""
    with home(engine) as house:
        made, spent = attack(house, rounds)
    print(made, file=sys.stderr, flush=True)
    each = spent * KILLS / (2 * rounds)
    said = f"{2 * rounds} kills in {spent:.0f} s: {KILLS} in {each:.0f} s (seed {SEED})"
    return [made, Row("G6", f"{KILLS} kills with new starts between, {engine}", said, each <= LONGEST)]


def attack(house: Home, rounds: int) -> tuple[Row, float]:
    """Kill for so many rounds, let the worker finish, look; and the seconds of the killing."""
    rng, sent, began = random.Random(SEED), Sent(), time.monotonic()
    with stand(house) as ours:
        for number in range(rounds):
            one_round(ours, house, sent, rng, number)
        spent = time.monotonic() - began
        web = ours.start("web")
        ours.ready()
        sent.send_again(len(sent.unanswered), threading.Event())
        kill(web)
        settle(ours)
    well, said = aftermath(house, sent)
    acts = len(sent.objections) + len(sent.uploads)
    # Killing an idle server proves nothing: on average every round must have begun an act, and in the end each is answered.
    met = well and sent.acknowledged == acts >= rounds
    figure = (f"{rounds} rounds in {spent:.0f} s, {acts} acts by form and interface, {sent.again} of them sent again under their key, "
              f"{sent.acknowledged} acknowledged in the end; {said}")  # fmt: skip
    return Row("G6", f"kill -9 of web server and worker, {house.engine}", figure, met), spent


def one_round(ours: Stand, house: Home, sent: Sent, rng: random.Random, number: int) -> None:
    """Start both, send, kill each at its own moment."""
    web, worker = ours.start("web"), ours.start("worker")
    ours.ready()
    stop = threading.Event()

    def objector(notice: str) -> None:
        while not stop.is_set():
            object_to(ours.port, notice, sent)

    clients = [threading.Thread(target=objector, args=(house.seed["notices"][n],)) for n in range(CLIENTS)]
    if number % 5 == 0:
        clients.append(threading.Thread(target=upload, args=(ours.port, house.seed["session"], sent)))
    clients.append(threading.Thread(target=sent.send_again, args=(AGAIN, stop)))
    for client in clients:
        client.start()
    deaths = sorted([(rng.uniform(0.05, LIFE), web), (rng.uniform(0.05, LIFE), worker)])
    began = time.monotonic()
    for moment, pid in deaths:
        time.sleep(max(0.0, began + moment - time.monotonic()))
        if pid == web:
            stop.set()
        kill(pid)
    stop.set()
    for client in clients:
        client.join()
