"""Many phones at once on a database of their own: what waits in them, what they send, and what stands there afterwards.

Run as a program it migrates an empty database, lets twenty threads send ten checks each through the room's own page, every answer
lost now and then, and prints what is wrong, counted. ``trust`` uses the same phones against the served program.
"""

from __future__ import annotations

import collections
import datetime
import hashlib
import json
import random
import threading
import time
from typing import Any

DAY, MINUTE = datetime.timedelta(days=1), datetime.timedelta(minutes=1)
PLACE = "510402001001"
PHONES, EACH = 20, 10


def seed(phones: int, each: int) -> list[dict[str, Any]]:
    """A list in force whose every post is held by somebody with a phone; each phone has ``each`` duties that are due now."""
    from django.test import Client

    from wuxie.kernel.access.models import Account
    from wuxie.kernel.clock.now import now, today
    from wuxie.kernel.parties.models import Person
    from wuxie.kernel.places.models import Place
    from wuxie.rooms.register.models import Holding, Post
    from wuxie.rooms.register.tests import factories as register
    from wuxie.rooms.safety.actions.library import publish_shipped
    from wuxie.rooms.safety.models import Duty, DutyList, Instance, ListPost

    for level, length in enumerate((4, 6, 9, 12), start=1):
        code = PLACE[:length]
        parent = PLACE[: {6: 4, 9: 6, 12: 9}[length]] if length > 4 else None
        Place.objects.get_or_create(code=code, defaults={"name": code, "level": level, "parent_id": parent})
    project = register.project(register.estate("千机小区", PLACE), register.company("千机"))
    moment, begins = now(), today() - 30 * DAY
    made = DutyList.objects.create(
        project=project, number=1, library=publish_shipped(), equipment={}, starts_on=begins, reason="首次编制",
        sha256=hashlib.sha256(b"crowd").hexdigest(), decided_by="trust", decided_at=moment,
    )  # fmt: skip
    people = Person.objects.bulk_create([Person(name=f"样岗{n}") for n in range(phones)])
    posts = Post.objects.bulk_create([Post(project=project, kind="guard", name=f"{n} 号岗") for n in range(phones)])
    Holding.objects.bulk_create(
        [Holding(post=post, person=one, starts_on=begins) for post, one in zip(posts, people, strict=True)]
    )
    listed = ListPost.objects.bulk_create(
        [
            ListPost(duty_list=made, code=f"P{n}", label=post.name, shifts="day", way="own", post=post)
            for n, post in enumerate(posts)
        ]
    )
    duties = Duty.objects.bulk_create(
        [
            Duty(
                list_post=one,
                code=f"D{n}",
                every="day",
                text=f"巡查第 {n} 处",
                proof=["photo"],
                averts="隐患漏查",
                basis="例",
            )
            for one in listed
            for n in range(each)
        ]
    )
    due = Instance.objects.bulk_create(
        [
            Instance(duty=one, project=project, day=today(), shift=0, opens_at=moment - DAY, closes_at=moment + DAY)
            for one in duties
        ]
    )
    told = []
    for number, person in enumerate(people):
        browser = Client()
        account = Account.objects.create_user(f"crowd{number}", "Passw0rd-long", person=person)
        browser.force_login(account, backend="wuxie.kernel.access.backends.SignInBackend")
        told.append({
            "account": person.key, "session": browser.cookies["sessionid"].value,
            "instances": [row.pk for row in due[number * each : (number + 1) * each]],
        })  # fmt: skip
    return told


def count(sent: dict[str, dict[str, Any]]) -> dict[str, int]:
    """``sent``: number → the duty it is for, its photo and the receipt that the phone holds. What is wrong, counted."""
    from wuxie.kernel.papers.models import Attachment
    from wuxie.rooms.safety.models import Check, Instance, UsedPhoto

    stand = {str(one.pk): one for one in Check.objects.all()}
    done = set(Instance.objects.filter(state="done").values_list("pk", flat=True))
    photos = list(UsedPhoto.objects.values_list("sha256", "check_made"))
    attached = Attachment.objects.filter(case__startswith="safety_check:").count()
    owners = {digest: str(check) for digest, check in photos}
    right = {number: one for number, one in sent.items() if number in stand}
    return {
        "lost": len(set(sent) - set(stand)), "not asked for": len(set(stand) - set(sent)),
        "doubled": len(stand) - len({one.instance_id for one in stand.values()}),
        "photo missing": sum(owners.get(one["photo"]) != number for number, one in right.items()) + abs(attached - len(stand)),
        "duty not settled": len({one["instance"] for one in sent.values()} - done),
        "other receipt": sum(one["receipt"]["received_at"] != stand[number].received_at.isoformat() for number, one in right.items()),
    }  # fmt: skip


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ALLOWED_HOSTS.append("testserver")
    call_command("migrate", verbosity=0)
    known = seed(PHONES, EACH)
    sent: dict[str, dict[str, Any]] = {}
    told: collections.Counter[str] = collections.Counter()
    writing = threading.Lock()

    def phone(number: int) -> None:
        made = Phone(known[number], number)
        while made.waits:
            status, one = made.send()
            with writing:
                told[str(status)] += 1
                if one is not None:
                    sent[one.number] = {"instance": one.instance, "photo": one.digest, "receipt": one.receipt}
            if status != 200:
                time.sleep(made.random.uniform(0.02, 0.1))
        connections.close_all()

    threads = [threading.Thread(target=phone, args=(number,)) for number in range(PHONES)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    print(
        json.dumps(
            {
                "receipts": len(sent),
                "wrong": {k: n for k, n in count(sent).items() if n},
                "other": sorted(set(told) - {"200", "503", "lost"}),
            }
        )
    )


class Entry:
    """One check as a phone keeps it."""

    def __init__(self, instance: int, number: str, photo: bytes, item: dict[str, Any]) -> None:
        self.instance, self.number, self.photo = instance, number, photo
        self.digest = hashlib.sha256(photo).hexdigest()
        self.item = item
        self.receipt: dict[str, Any] = {}


class Phone:
    """A signed-in phone with its queue; sends the first until its receipt is there, and loses an answer now and then."""

    def __init__(self, known: dict[str, Any], number: int) -> None:
        from django.test import Client

        from .phones import picture
        from .queue_machine import unlike

        self.random = random.Random(number)
        self.browser = Client()
        self.browser.cookies["sessionid"] = known["session"]
        base, now, count = picture(1), datetime.datetime.now(datetime.UTC), len(known["instances"])
        self.waits = []
        for at, instance in enumerate(known["instances"]):
            name = f"{self.random.getrandbits(128):032x}"
            name = f"{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:]}"
            photo, done = unlike(base, name), now - (count - at) * 3 * MINUTE
            item = {
                "id": name, "account": known["account"], "instance": instance, "started_at": (done - MINUTE).isoformat(),
                "done_at": done.isoformat(), "outcome": "normal", "readings": [], "spot": "", "words": "",
                "photos": [{"sha256": hashlib.sha256(photo).hexdigest(), "original": hashlib.sha256(name.encode()).hexdigest()}],
            }  # fmt: skip
            self.waits.append(Entry(instance, name, photo, item))

    def send(self) -> tuple[int | str, Entry | None]:
        """Status, and the entry whose receipt came."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        one = self.waits[0]
        answer = self.browser.post("/field/checks/", {
            "item": json.dumps(one.item), "sent_at": datetime.datetime.now(datetime.UTC).isoformat(),
            "photo": SimpleUploadedFile("1.jpg", one.photo, "image/jpeg"),
        })  # fmt: skip
        if answer.status_code != 200:
            return answer.status_code, None
        if self.random.random() < 0.2:
            return "lost", None
        one.receipt = answer.json()
        self.waits.pop(0)
        return 200, one


if __name__ == "__main__":
    main()
