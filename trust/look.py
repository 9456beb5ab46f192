"""Looking into an installation after an attack; a program of its own, because each installation has its own settings.

``python -m trust.look release`` ends the waiting times, ``… waiting`` prints how much the worker still has to do,
``… acts`` reads what people sent from standard input and prints what is wrong, counted.
"""

from __future__ import annotations

import collections
import json
import sys

KINDS = ("lost", "doubled", "half", "not followed", "followed not once", "jobs doubled", "jobs not run",
         "jobs given up before three interruptions")  # fmt: skip


def release() -> None:
    """Let every waiting time be over (retry of the broker, leases, periods), as if a quarter of an hour had gone by."""
    from django.db.models.functions import Now
    from django.utils import timezone
    from django_q.models import OrmQ

    from wuxie.kernel.jobs.models import Lock, Outgoing

    OrmQ.objects.update(lock=timezone.now())
    Outgoing.objects.filter(done_at=None).update(due_at=Now())
    Lock.objects.update(until=Now(), next_at=Now(), holder="")


def waiting() -> int:
    """What the worker still has to do."""
    from wuxie.kernel.jobs.models import Job, Outgoing

    return Outgoing.objects.filter(done_at=None).count() + Job.objects.open().count()


def acts(sent: dict[str, dict[str, str | None]]) -> dict[str, int]:
    """Lost, doubled, half, and what the worker left undone or did twice."""
    from wuxie.kernel.facts.ledger import ANNOUNCED
    from wuxie.kernel.facts.models import Fact
    from wuxie.kernel.jobs.models import Job, Outgoing
    from wuxie.kernel.notify.models import Message
    from wuxie.kernel.tabular.models import Upload
    from wuxie.kernel.workflow.models import Event
    from wuxie.rooms.rating.models import Objection

    wrong: collections.Counter[str] = collections.Counter(dict.fromkeys(KINDS, 0))
    found: dict[str, list[str]] = collections.defaultdict(list)
    for objection in Objection.objects.all():
        found[objection.text.partition("编号 ")[2][:32]].append(objection.receipt)
    for token, receipt in sent["objections"].items():
        if receipt is not None:
            wrong["lost"] += (gone := receipt not in found[token])
            if gone:
                print("lost objection", token, receipt, found[token], file=sys.stderr)
        wrong["doubled"] += len(found[token]) > 1
    receipts_kept = {receipt for several in found.values() for receipt in several}
    events = list(Event.objects.filter(workflow="star_application", step="object"))
    receipts = collections.Counter(event.data.get("receipt") for event in events)
    opened = collections.Counter(
        Event.objects.filter(workflow="star_objection", step="open").values_list("case_pk", flat=True)
    )
    facts = set(Fact.objects.filter(kind="rating.objected").values_list("id", flat=True))
    kept = Outgoing.objects.filter(topic=ANNOUNCED)
    posted = collections.Counter(kept.values_list("payload__id", flat=True))
    done = set(kept.exclude(done_at=None).values_list("payload__id", flat=True))
    told = collections.Counter(Message.objects.values_list("title", flat=True))
    for objection in Objection.objects.all():
        wrong["half"] += receipts[objection.receipt] != 1 or opened[objection.pk] != 1
    wrong["half"] += len(set(receipts) - receipts_kept)
    for event in events:
        wrong["half"] += event.fact_id not in facts or posted[event.fact_id] != 1
        wrong["not followed"] += event.fact_id not in done
        wrong["followed not once"] += told[event.fact_id] != 1
    wrong["half"] += abs(len(facts) - len(events))
    uploads = {one.title.removesuffix(".csv"): one for one in Upload.objects.all()}
    wrong["doubled"] += Upload.objects.count() - len(uploads)
    for token, pk in sent["uploads"].items():
        wrong["lost"] += (gone := pk is not None and token not in uploads)
        if gone:
            print("lost upload", token, pk, file=sys.stderr)
    for one in uploads.values():
        jobs = list(Job.objects.filter(name="tabular.read", key=one.pk))
        wrong["jobs doubled"] += len(jobs) > 1
        ended = jobs[0].state if jobs else ""
        wrong["jobs not run"] += ended not in (Job.State.DONE, Job.State.FAILED) or (
            ended == Job.State.DONE and one.state == Upload.State.RECEIVED
        )
        wrong["jobs given up before three interruptions"] += ended == Job.State.FAILED and jobs[0].attempts < 3
    return dict(wrong)


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "acts":
        said: object = acts(json.load(sys.stdin))
    else:
        said = {"release": release, "waiting": waiting}[sys.argv[1]]()
    print(json.dumps(said))
