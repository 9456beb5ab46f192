"""A published library, the duties of a list in force and every check are never changed, an incident is never deleted: the
database itself refuses."""

from __future__ import annotations

from typing import Any

from django.db import router

from wuxie.kernel.standards.guards import freeze

from .models import (
    Check,
    Duty,
    GasReading,
    Incident,
    Injured,
    Library,
    ListPost,
    Occurrence,
    Signature,
    UsedPhoto,
    Waiver,
)

FROZEN = (Library, ListPost, Duty, Signature, Check, UsedPhoto, Waiver, GasReading, Occurrence)
SAYS = "what people signed is frozen"
#: Goes on changing, and stays.
KEPT = (Incident, Injured)
SAYS_KEPT = "an incident is never deleted"


def after_migrate(sender: Any, using: str, **rest: Any) -> None:
    """Django's ``post_migrate``."""
    for model in FROZEN:
        if router.allow_migrate_model(using, model):
            freeze(model, SAYS, using=using)
    for model in KEPT:
        if router.allow_migrate_model(using, model):
            freeze(model, SAYS_KEPT, using=using, verbs=("DELETE",))
