"""The database is away for ten seconds; mail and group robots are away for an hour: nothing lost, nothing doubled."""

from __future__ import annotations

import json
import os
import threading
import time

from .homes import PATTERN, SERVER, Home, has_postgres, home
from .row import Row
from .stand import Sent, aftermath, kill, object_to, settle, stand

AWAY = 10.0


def rows() -> list[Row]:
    made = []
    if has_postgres():
        with home("PostgreSQL") as house:
            made.append(database_away(house))
    else:
        made.append(Row("R2", "database away for ten seconds", "not tried: no PostgreSQL on this machine", False))
    with home("SQLite") as house:
        made.append(targets_away(house))
    return made


def database_away(house: Home) -> Row:
    """Refuse connections and end those that stand, for ten seconds, while people send."""
    import psycopg
    from psycopg import sql

    name = house.environment["DATABASE_URL"].rpartition("/")[2]
    assert name != PATTERN
    sent, stop = Sent(), threading.Event()

    def sender(notice: str) -> None:
        while not stop.is_set():
            object_to(ours.port, notice, sent)
            time.sleep(0.05)

    with stand(house) as ours:
        web, worker = ours.start("web"), ours.start("worker")
        ours.ready()
        clients = [threading.Thread(target=sender, args=(notice,)) for notice in house.seed["notices"][:2]]
        for client in clients:
            client.start()
        time.sleep(4)
        before = sent.acknowledged
        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name)))
            until = time.monotonic() + AWAY
            while time.monotonic() < until:
                server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
                time.sleep(0.5)
            during = sent.acknowledged
            server.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(sql.Identifier(name)))
        time.sleep(6)
        stop.set()
        for client in clients:
            client.join()
        after = sent.acknowledged - during
        sent.send_again(len(sent.unanswered), threading.Event())
        alive = _stands(worker)
        kill(web)
        kill(worker)
        settle(ours)
    well, said = aftermath(house, sent)
    acts = len(sent.objections)
    figure = (
        f"acknowledged before {before}, in the outage {during - before}, after {after} without a restart of the server; "
        f"other answers {sent.refused}; {sent.again} sent again under their key, {sent.acknowledged} of {acts} acknowledged in "
        f"the end; worker {'lived' if alive else 'ended, for its supervisor to start'}; {said}"
    )
    return Row("R2", "PostgreSQL away for ten seconds", figure, well and before > 0 and after > 0
               and sent.acknowledged == acts and set(sent.refused) == {503})  # fmt: skip


def _stands(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def targets_away(house: Home) -> Row:
    """An hour of refusals by mail and robots, with the outbox's waiting times let pass by hand; then they are back."""
    told = house.ask("outage")
    figure = (f"{told['posted']} messages (mail and robots), {told['tries']} attempts in an hour of the outbox's clock, none left; after it "
              f"{told['sent']} left, {told['doubled']} doubled, {told['lost']} lost; fewest attempts of one {told['fewest']}")  # fmt: skip
    wrong = told["doubled"] or told["lost"] or told["early"]
    met = told["sent"] == told["posted"] and not wrong and told["fewest"] > 3
    return Row("R2", "mail and group robots away for an hour", figure, met)


def main() -> None:
    """Inside the installation: tell people and groups, refuse for an hour, then take."""
    import collections
    import datetime

    import django

    django.setup()
    from django.db.models import F
    from django.db.models.functions import Now

    from wuxie.kernel.jobs import outbox
    from wuxie.kernel.jobs.models import Outgoing
    from wuxie.kernel.notify import channels
    from wuxie.kernel.notify.models import Choice, Robot
    from wuxie.kernel.notify.tell import tell, tell_group

    left: collections.Counter[str] = collections.Counter()
    tries, away = 0, True

    def leave(key: str) -> None:
        nonlocal tries
        tries += 1
        if away:
            raise channels.Unsent("ConnectionRefusedError")
        left[key] += 1

    channels.send_by_mail = lambda address, title, text: leave(f"{address} {title}")  # type: ignore[assignment]
    channels.send_to_robot = lambda robot, text: leave(f"{robot.pk} {text}")  # type: ignore[assignment]
    for number in range(1, 51):
        Choice.objects.create(person_key=f"person:{number}", channel="mail", address=f"p{number}@example.org")
    for number in range(5):
        address = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a"
        Robot.objects.create(name=f"群{number}", vendor="wecom", topic="trust", address=address)
    for number in range(2):
        tell(range(1, 51), f"事项{number}", key=f"k{number}")
        tell_group("trust", f"群事项{number}", key=f"k{number}")
    messages = Outgoing.objects.filter(topic__startswith="notify.")
    posted = messages.count()
    for _half_a_minute in range(120):
        outbox.drain_all()
        # The queue lives on the database's clock: letting time pass is moving what is due towards us.
        Outgoing.objects.filter(done_at=None).update(due_at=F("due_at") - datetime.timedelta(seconds=30))
    early, attempts = sum(left.values()), list(messages.values_list("attempts", flat=True))
    before, away = tries, False
    Outgoing.objects.filter(done_at=None).update(due_at=Now())
    while outbox.drain():
        pass
    Outgoing.objects.filter(done_at=None).update(due_at=Now())
    outbox.drain_all()
    print(json.dumps({"posted": posted, "tries": before, "early": early, "sent": sum(left.values()), "fewest": min(attempts),
                      "doubled": sum(count > 1 for count in left.values()), "lost": posted - len(left)}))  # fmt: skip


if __name__ == "__main__":
    main()
