"""A phone as the server meets it: entries of a queue with photos, sent by an account."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import uuid
from typing import Any

from PIL import Image

from wuxie.kernel.access.actor import Actor, actor_of
from wuxie.kernel.clock.now import SHANGHAI, frozen
from wuxie.rooms.register.models import Holding, Project
from wuxie.rooms.register.tests import factories as register
from wuxie.rooms.safety.actions.checks import receive
from wuxie.rooms.safety.actions.night import catch_up
from wuxie.rooms.safety.models import Instance

from . import factories as make

MONDAY = make.BEGAN
MINUTE, HOUR, DAY = datetime.timedelta(minutes=1), datetime.timedelta(hours=1), datetime.timedelta(days=1)


def at(hour: int, minute: int = 0, day: datetime.date = MONDAY) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour, minute), SHANGHAI)


def picture(shade: int = 0, taken: datetime.datetime | None = None) -> bytes:
    """A photo that no other shade equals, with the moment that the camera wrote into it."""
    made, exif = io.BytesIO(), Image.Exif()
    if taken is not None:
        exif[306] = taken.astimezone(SHANGHAI).strftime("%Y:%m:%d %H:%M:%S")
    Image.new("RGB", (24, 24), (shade % 256, shade // 256, 90)).save(made, "JPEG", exif=exif)
    return made.getvalue()


def on_duty(project: Project, code: str, name: str = "周样建", phone: str = "13900000081", **known: Any) -> Holding:
    """Somebody holds the post of a list."""
    post = project.duty_lists.get().posts.get(code=code).post
    return register.holding(post, name, phone, **({"certificate_number": "Z1"} | known))


def started(project: Project | None = None) -> Project:
    """A project with a list, and its first day laid down."""
    project = project or register.project()
    make.in_force(project)
    with frozen(MONDAY):
        catch_up()
    return project


def instance(code: str, **known: Any) -> Instance:
    """The first instance of a duty."""
    return Instance.objects.filter(duty__code=code, **known).order_by("opens_at").select_related("duty")[0]


def entry(of: Instance, done_at: datetime.datetime, photos: list[bytes] | None = None, **known: Any) -> dict[str, Any]:
    """What a phone writes into its queue."""
    hashes = [hashlib.sha256(photo).hexdigest() for photo in photos or []]
    return {
        "id": str(uuid.uuid4()), "account": "", "instance": of.pk, "started_at": (done_at - MINUTE).isoformat(), "done_at": done_at.isoformat(),
        "outcome": "normal", "readings": [str(row["least"]) for row in of.duty.readings],
        "photos": [{"sha256": one, "original": hashlib.sha256(one.encode()).hexdigest()} for one in hashes],
    } | known  # fmt: skip


def body(item: dict[str, Any]) -> bytes:
    return json.dumps(item, ensure_ascii=False).encode()


def send(
    item: dict[str, Any] | bytes, by: Actor | Holding, received: datetime.datetime, photos: list[bytes] | None = None,
    *, sent: datetime.datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Send one entry; ``sent`` is the phone's clock where it differs from ours."""
    with frozen(received):
        actor = actor_of(by.person) if isinstance(by, Holding) else by
        content = item if isinstance(item, bytes) else body({**item, "account": item["account"] or actor.key})
        return receive(content, photos or [], sent_at=sent or received, by=actor)
