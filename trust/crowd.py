"""Inside an installation: five hundred phones with what waits in them, and what stands in the database after they sent it.

``python -m trust.crowd seed PHONES EACH`` prints a session and the duties of each phone; ``… count`` reads from standard input
which numbers were sent and which receipts came, and prints what is wrong, counted.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import sys
from typing import Any

DAY = datetime.timedelta(days=1)


def seed(phones: int, each: int) -> list[dict[str, Any]]:
    """A list in force whose every post is held by somebody with a phone; each phone has ``each`` duties that are due now."""
    from django.conf import settings
    from django.test import Client

    from wuxie.kernel.access.models import Account
    from wuxie.kernel.clock.now import now, today
    from wuxie.kernel.parties.models import Person
    from wuxie.rooms.portal.tests import factories as make
    from wuxie.rooms.register.models import Holding, Post
    from wuxie.rooms.safety.actions.library import publish_shipped
    from wuxie.rooms.safety.models import Duty, DutyList, Instance, ListPost

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    project = make.project(make.estate(name="千机小区"))
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


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "seed":
        said: object = seed(int(sys.argv[2]), int(sys.argv[3]))
    else:
        said = count(json.load(sys.stdin))
    print(json.dumps(said))
