"""Taking what a phone sends: one duty done, once, whole or not at all."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import local, now, today
from wuxie.kernel.facts.ledger import announce
from wuxie.kernel.labels import Sentence
from wuxie.kernel.once.actions import Answer, Key, once
from wuxie.kernel.papers import intake
from wuxie.kernel.papers.actions import keep
from wuxie.rooms.register.models import Holding

from .. import evidence, facts, queries, spots
from ..evidence import Figures, Given, Shot
from ..items import Item, camera_moment, item_of, pictures_of, readings_of
from ..marks import marked
from ..models import Check, Hazard, Instance, Spot, UsedPhoto
from ..words import Doubt, Proof
from . import reporting

Made = TypeVar("Made")
S, Standing = Instance.State, Check.Standing
#: What a check makes of a duty that nothing has settled yet.
SETTLES = {Standing.ON_TIME: S.DONE, Standing.LATE: S.DONE_LATE, Standing.DOUBTED: S.SUSPICIOUS}
UNSETTLED = (S.SCHEDULED, S.SUSPICIOUS, S.MISSED)
#: What is wrong, as it is written into the hazard that comes of it.
WRONG = Sentence(gettext_noop("履职“%(duty)s”时：%(what)s。%(words)s"))
ABOVE = Sentence(gettext_noop("%(name)s %(value)s %(unit)s，高出上限 %(by)s"))
BELOW = Sentence(gettext_noop("%(name)s %(value)s %(unit)s，低于下限 %(by)s"))


def receive(body: bytes, contents: Sequence[bytes], *, sent_at: datetime.datetime, by: Actor) -> Answer:
    """Write one entry of a phone's queue down and answer its receipt; asked again, give the same receipt.

    The number was made by the phone. It belongs to this account and to this content for ever. What is refused leaves no
    trace here, and the phone keeps it. Pictures are decoded before the transaction, so that nobody waits for them.
    """
    return _ready(body, contents, sent_at, by)()


def receive_all(
    sent: Sequence[tuple[bytes, Sequence[bytes]]], *, sent_at: datetime.datetime, by: Actor
) -> list[Answer | Problem]:
    """A phone's entries with their photos, the oldest first, in one transaction: each is answered as if it had come alone."""
    acts = [_tried(partial(_ready, body, contents, sent_at, by)) for body, contents in sent]
    with transaction.atomic():
        return [act if isinstance(act, Problem) else _tried(act) for act in acts]


def _tried(act: Callable[[], Made]) -> Made | Problem:
    try:
        return act()
    except Problem as problem:
        return problem


def _ready(body: bytes, contents: Sequence[bytes], sent_at: datetime.datetime, by: Actor) -> Callable[[], Answer]:
    """What remains to be done under the write lock."""
    item = item_of(body)
    owner = Check.objects.filter(pk=item.id).values_list("by", flat=True).first()
    if by.key != item.account or owner not in (None, by.key):
        raise Problem("other_account", "$.id", _("这件是用另一个账号做的，只能由那个账号发送。"))
    key = Key("safety check", str(item.id), by.key.encode() + b"\0" + body)
    if owner is not None:
        return lambda: once(key, dict)  # its receipt is kept: no picture is opened again
    words = _words_under(item)
    pictures = pictures_of(item, contents, dress=lambda picture: marked(picture, words))
    return lambda: once(key, lambda: _take(item, pictures, sent_at, by))


def _words_under(item: Item) -> str:
    """What is drawn under the copies that others see: place and time."""
    number = spots.number_of(item.spot)
    spot = Spot.objects.filter(pk=number).first() if number else None
    return " · ".join(
        [str(spot) if spot else _("没有扫地点码"), f"{local(item.done_at):%Y-%m-%d %H:%M}", _("手机时间")]
    )


def _take(item: Item, pictures: Sequence[intake.Taken], sent_at: datetime.datetime, by: Actor) -> Answer:
    instance = _instance_of(item)
    duty = instance.duty
    figures = Figures.on(today())
    given = _given(item, pictures, instance, sent_at, figures)
    holding = _entitled(instance, given, by)
    readings = readings_of(duty, item)
    if set(duty.proof) & {Proof.PHOTO, Proof.VIDEO, Proof.DOCUMENT} and not pictures:
        raise Problem("missing", "$.photos", _("这件要有照片。请到现场拍一张。"))
    spot = _spot_of(item, given)
    lacks = holding.substitute and not queries.has_papers(
        instance.duty.list_post, holding, local(given.happened_at).date()
    )
    given = _beside(replace(given, spot=spot.pk if spot else None, uncertified=lacks), instance, figures, by)
    doubts = evidence.doubts(given, figures)
    for reading, limits in zip(readings, duty.readings, strict=True):
        if over := evidence.beyond(limits, reading["value"]):
            reading["beyond"] = f"{over:f}"
    beyond = any("beyond" in reading for reading in readings)
    check = Check.objects.create(
        id=item.id, instance=instance, person=holding.person, substitute=holding.substitute, by=by.key,
        signed_name=by.name, started_at=item.started_at, done_at=item.done_at, sent_at=sent_at,
        received_at=given.received_at, happened_at=given.happened_at, clock_off=evidence.clock_is_off(given),
        outcome=Check.Outcome.ABNORMAL if beyond else item.outcome, readings=readings,
        photos=[{"sha256": one.sha256, "original": one.original} for one in item.photos], spot=spot, words=item.words,
        verdict=Check.Verdict.SUSPICIOUS if doubts else Check.Verdict.ACCEPTED, reasons=[str(one) for one in doubts],
        standing=_standing(instance, given, figures, bool(doubts)), body_sha256=item.sha256,
    )  # fmt: skip
    photos = _keep_photos(check, item, pictures)
    if check.standing in SETTLES:
        instance.state = SETTLES[Standing(check.standing)]
        instance.save(update_fields=["state"])
    hazard = _tell_of_abnormal(check, photos, by) if check.outcome == Check.Outcome.ABNORMAL else None
    return receipt(check, hazard)


def _instance_of(item: Item) -> Instance:
    rows = Instance.objects.select_for_update(of=("self",)).select_related("duty__list_post__post", "project__estate")
    found = rows.filter(pk=item.instance).first()
    if found is None:
        raise Problem("reference", "$.instance", _("没有这件职责，或者它不是您岗位上的。"))
    return found


def _given(
    item: Item, pictures: Sequence[intake.Taken], instance: Instance, sent_at: datetime.datetime, figures: Figures
) -> Given:
    shots = [
        Shot(photo.sha256, photo.original, camera_moment(taken) or photo.modified_at)
        for photo, taken in zip(item.photos, pictures, strict=True)
    ]
    return Given(
        item.started_at,
        item.done_at,
        sent_at,
        now(),
        instance.opens_at,
        instance.closes_at,
        shots,
        slack=figures.clock_off,
    )


def _entitled(instance: Instance, given: Given, by: Actor) -> Holding:
    """Whoever held the post, or stood in, on the day of the act and still does on the day of sending."""
    post = instance.duty.list_post.post_id
    holdings = Holding.objects.filter(post=post or 0, person=by.person_id or 0).select_related("person")
    if not holdings.exists():
        raise Problem("reference", "$.instance", _("没有这件职责，或者它不是您岗位上的。"))
    if instance.state == S.WITHDRAWN:
        raise Problem("withdrawn", "$.instance", _("这件职责已经从清单上撤下，不用做了。这条记录留在本机，可以删掉。"))
    acted_on = local(given.happened_at).date()
    then = holdings.on(acted_on).order_by("substitute").first()
    if then is None:
        raise Problem(
            "not_holding",
            "$.done_at",
            _("%(day)s 这个岗位不是您的，这件不能算。记录留在本机，请告诉项目经理。") % {"day": acted_on},
        )
    if not holdings.on(today()).exists():
        raise Problem("not_holding", "$", _("您已经不在这个岗位上，不能再发送。记录留在本机，请告诉项目经理。"))
    return then


def _spot_of(item: Item, given: Given) -> Spot | None:
    """The place whose code was scanned; a code that we did not sign, or that was void by then, is refused."""
    if not item.spot:
        return None
    number = spots.number_of(item.spot)
    found = Spot.objects.filter(pk=number).first() if number else None
    if found is None:
        raise Problem("forged", "$.spot", _("这个地点码不是本系统发的。请扫墙上的码；码坏了请告诉项目经理。"))
    if found.closed_at is not None and found.closed_at <= given.happened_at:
        raise Problem("forged", "$.spot", _("“%(label)s”的这张码已作废。请扫新贴的码。") % {"label": found.label})
    return found


def _beside(given: Given, instance: Instance, figures: Figures, by: Actor) -> Given:
    """With what other checks say: photos that were used, places that are asked for, what the same person did just now."""
    hashes = {one for shot in given.shots for one in (shot.sha256, shot.original)}
    near = (given.done_at - figures.burst, given.done_at + figures.burst)
    tied = Spot.objects.filter(project=instance.project_id, closed_at=None).values_list("pk", "duties")
    own = Check.objects.filter(person=by.person_id, done_at__range=near)
    return replace(
        given,
        used=set(UsedPhoto.objects.filter(sha256__in=hashes).values_list("sha256", flat=True)),
        spots=[pk for pk, codes in tied if instance.duty.code in codes],
        others=list(own.values_list("done_at", flat=True)),
    )


def _standing(instance: Instance, given: Given, figures: Figures, doubted: bool) -> Standing:
    if instance.state not in UNSETTLED:
        return Standing.CONFLICT
    if doubted:
        return Standing.DOUBTED
    if evidence.is_on_time(given):
        return Standing.ON_TIME
    return Standing.LATE if evidence.can_be_late(given, figures) else Standing.MISSED


def _keep_photos(check: Check, item: Item, pictures: Sequence[intake.Taken]) -> list[str]:
    """Put them into the case of the check; the references to them."""
    kept = [
        keep(check.case, taken, f"{number}", kind=gettext_noop("履职照片"), by=check.by)
        for number, taken in enumerate(pictures, start=1)
    ]
    hashes = sorted({one for photo in item.photos for one in (photo.sha256, photo.original)})
    UsedPhoto.objects.bulk_create(UsedPhoto(sha256=one, check_made=check) for one in hashes)
    return [f"attachment:{one.pk}" for one in kept]


def _tell_of_abnormal(check: Check, photos: Sequence[str], by: Actor) -> Hazard | None:
    """What is wrong goes on record at once, and becomes the hazard that the library names for the duty."""
    duty = check.instance.duty
    announce(
        facts.ABNORMAL_FOUND.code, check.instance.project.key, occurred_on=local(check.happened_at).date(),
        source=check.case, by=check.by, attachments=[one["sha256"] for one in check.photos],
        details={"duty": duty.code, "hazards": "、".join(duty.hazards)},
    )  # fmt: skip
    if not duty.hazards:
        return None
    return reporting.report(
        check.instance.project, duty.hazards[0], by=by, place=str(check.spot or duty.text), words=_what_is_wrong(check),
        photos=photos, source=Hazard.Source.DUTY, once=check.case,
    )  # fmt: skip


def _what_is_wrong(check: Check) -> str:
    """``履职“配电室抄表”时：变压器温度 91 ℃，高出上限 6。`` and what the person wrote."""
    beyond = "；".join(_beyond_said(reading) for reading in check.readings if "beyond" in reading) or gettext_noop(
        "异常"
    )
    return WRONG(duty=check.instance.duty.text, what=beyond, words=check.words)


def _beyond_said(reading: Mapping[str, str]) -> str:
    over = Decimal(reading["beyond"])
    known = {name: reading[name] for name in ("name", "value", "unit")}
    return (ABOVE if over > 0 else BELOW)(**known, by=f"{abs(over):f}")


def receipt(check: Check, hazard: Hazard | None = None) -> dict[str, Any]:
    """What the phone is told: the number it gave, when it came in, and what it amounts to, in words."""
    said = [str(Standing(check.standing).label)]
    said += [str(Doubt(one).label) for one in check.reasons]
    if hazard is not None:
        said.append(_("已生成隐患 %(number)s，通知了项目经理") % {"number": hazard.number})
    if check.clock_off:
        said.append(
            _("手机时钟不准：手机说 %(phone)s，服务器是 %(server)s")
            % {"phone": f"{local(check.sent_at):%m-%d %H:%M}", "server": f"{local(check.received_at):%m-%d %H:%M}"}
        )
    return {
        "id": str(check.pk), "received_at": check.received_at.isoformat(), "verdict": check.verdict, "standing": check.standing,
        "reasons": list(check.reasons), "clock_off": check.clock_off, "abnormal": check.outcome == Check.Outcome.ABNORMAL,
        "words": said,
    }  # fmt: skip
