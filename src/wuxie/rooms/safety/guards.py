"""A published library, the duties of a list in force and every check are never changed: the database itself refuses."""

from __future__ import annotations

from typing import Any

from django.db import router

from wuxie.kernel.standards.guards import freeze

from .models import Check, Duty, Library, ListPost, Signature, UsedPhoto, Waiver

FROZEN = (Library, ListPost, Duty, Signature, Check, UsedPhoto, Waiver)
SAYS = "what people signed is frozen"


def after_migrate(sender: Any, using: str, **rest: Any) -> None:
    """Django's ``post_migrate``."""
    for model in FROZEN:
        if router.allow_migrate_model(using, model):
            freeze(model, SAYS, using=using)
