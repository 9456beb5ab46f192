"""Who keeps the ledger's roots outside: once a week the newest one goes to offices and to addresses of the city's choice.

What was sent is a fact itself, so a pack can connect with every root that somebody holds.
"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext_noop

from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.canonical import moment_text
from wuxie.kernel.facts.models import Fact, Seal
from wuxie.kernel.facts.queries import last_seal
from wuxie.kernel.jobs import outbox
from wuxie.kernel.labels import Sentence
from wuxie.kernel.notify.tell import tell
from wuxie.kernel.parties.models import Appointment
from wuxie.rooms.register.models import Estate

from . import facts
from .packs import verifier_sha256

MAIL = "rating.root_mail"
ROLES = ("gov_street", "gov_city")
WEEK = datetime.timedelta(days=7)
WEEKLY = Sentence(gettext_noop("封存根周报：第 %(number)s 次"))
LETTER = Sentence(
    gettext_noop(
        "请长期保存本信，最好打印一份。以后有人怀疑账本被改写，用它核对。\n"
        "root %(root)s\nsize %(size)s\nsealed_at %(at)s\nverify.py %(verifier)s"
    )
)


def last_published() -> Fact | None:
    return Fact.objects.filter(kind=facts.ROOT_PUBLISHED.code).order_by("-occurred_on", "-id").first()


def publish_if_due() -> Seal | None:
    """Give the newest root to its keepers if the last time was a week ago; the seal, or ``None``."""
    before, seal, city = last_published(), last_seal(), _city()
    if seal is None or not city or (before is not None and before.occurred_on > today() - WEEK):
        return None
    if before is not None and before.details["seal"] == str(seal.number):
        return None
    return publish(seal, city)


def _city() -> str:
    """The city's key, from the places of its estates."""
    place = Estate.objects.order_by("pk").values_list("place_id", flat=True).first()
    return f"city:{place[:4]}" if place else ""


@transaction.atomic
def publish(seal: Seal, city: str) -> Seal:
    """Tell the street offices and the authority, mail the outside addresses, and put on record that it was done."""
    people = list(Appointment.objects.now().filter(role__in=ROLES).values_list("person_id", flat=True).distinct())
    tell(people, WEEKLY(number=seal.number), words(seal), key=f"ledger.root:{seal.number}", link="/verify/ledger/")
    for place, address in enumerate(settings.LEDGER_KEEPERS):
        outbox.post(MAIL, f"{seal.number}:{place}", seal=seal.number, address=address)
    ledger.announce(
        facts.ROOT_PUBLISHED.code, city, occurred_on=today(), source=f"ledger/published/{seal.number}", by="clock",
        details={"seal": str(seal.number), "root": seal.root, "size": str(seal.size),
                 "keepers": str(len(people) + len(settings.LEDGER_KEEPERS))},
    )  # fmt: skip
    return seal


def words(seal: Seal) -> str:
    """What a keeper keeps, letter by letter as ``verify.py`` prints it."""
    return LETTER(root=seal.root, size=seal.size, at=moment_text(seal.sealed_at), verifier=verifier_sha256())


def mail(number: int, address: str) -> None:
    seal = Seal.objects.get(number=number)
    send_mail(WEEKLY(number=number), words(seal), None, [address])
