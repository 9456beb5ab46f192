"""One side of a race: reads words from standard input, answers each with one JSON line."""

from __future__ import annotations

import json
import sys
from typing import Any


def say(word: Any) -> None:
    print(json.dumps(word), flush=True)


def steps() -> None:
    """Reject the same objections as the other secretary does: a step with a state, a guard and a fact."""
    from wuxie.kernel.access.actor import actor_of
    from wuxie.kernel.facts.models import Fact
    from wuxie.kernel.papers.actions import print_later
    from wuxie.kernel.parties.models import Person
    from wuxie.kernel.workflow.models import Event
    from wuxie.kernel.workflow.refusal import Refusal
    from wuxie.rooms.rating.actions import hearing
    from wuxie.rooms.rating.models import Application, Objection

    me = actor_of(Person.objects.order_by("pk")[int(sys.argv[2])])
    say("ready")
    ids: list[int] = []
    with print_later():
        for line in sys.stdin:
            word, _blank, number = line.strip().partition(" ")
            if word == "end":
                return
            if word == "make":
                case = Application.objects.order_by("pk")[0]
                for turn in range(int(number)):
                    case.refresh_from_db()
                    hearing.object_to(case, text=f"公示栏一直空着，第{turn}次。", contact="13912345678")
                say("made")
            elif word == "take":
                ids = ids or list(Objection.objects.order_by("pk").values_list("pk", flat=True))
                objection = Objection.objects.get(pk=ids[int(number)])
                try:
                    hearing.reject_objection(objection, by=me, reply="查过现场照片，公示栏有公示。")
                    say("won")
                except Refusal as refusal:
                    say(refusal.code)
                except Exception as error:
                    say(f"{type(error).__name__}: {error}"[:200])
            else:
                events = Event.objects.filter(workflow="star_objection", step="reject").count()
                say([events, Fact.objects.filter(kind="rating.objection_rejected").count()])


def keys() -> None:
    from wuxie.kernel.clock.now import today
    from wuxie.kernel.facts import ledger
    from wuxie.kernel.facts.models import Fact
    from wuxie.kernel.facts.refusal import Refused

    say("ready")
    for line in sys.stdin:
        word, _blank, count = line.strip().partition(" ")
        if word == "end":
            return
        if word == "count":
            say(Fact.objects.filter(source__startswith="key/").count())
            continue
        won = refused = other = 0
        for number in range(int(count)):
            try:
                ledger.announce("rating.objected", "project:1", occurred_on=today(), source=f"key/{number}")
                won += 1
            except Refused as error:
                refused += error.code == "duplicate"
                other += error.code != "duplicate"
            except Exception:
                other += 1
        say([won, refused, other])


def once() -> None:
    """The same act under the same keys as seven others: which fact each key led to, as this side was told."""
    from wuxie.kernel.clock.now import today
    from wuxie.kernel.facts import ledger
    from wuxie.kernel.facts.models import Fact
    from wuxie.kernel.once.actions import Answer, Key
    from wuxie.kernel.once.actions import once as act_once

    say("ready")
    for line in sys.stdin:
        word, _blank, count = line.strip().partition(" ")
        if word == "end":
            return
        if word == "count":
            say(Fact.objects.filter(source__startswith="once/").count())
            continue
        told = []
        for number in range(int(count)):

            def act(number: int = number) -> Answer:
                source = f"once/{number}/{sys.argv[2]}"
                return {"fact": ledger.announce("rating.objected", "project:1", occurred_on=today(), source=source).id}

            try:
                told.append(act_once(Key("race", f"key {number}", b"same"), act)["fact"])
            except Exception as error:
                told.append(f"{type(error).__name__}: {error}"[:200])
        say(told)


if __name__ == "__main__":
    import django

    django.setup()
    {"steps": steps, "keys": keys, "once": once}[sys.argv[1]]()
