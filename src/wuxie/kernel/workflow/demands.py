"""Two small questions that verbs outside a table ask before they write."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.access.who import Who
from wuxie.kernel.workflow.refusal import Refusal


def may(who: Who, case: Any, by: Actor, what: str) -> None:
    """Refuse whoever is not meant."""
    if not who.test(by, case):
        raise Refusal("person", _("“%(what)s”由%(who)s办理。") % {"what": what, "who": who.label})


def said(text: str, sentence: str) -> str:
    """The text without blanks around it; refuse an empty one with the sentence."""
    if not text.strip():
        raise Refusal("guard", sentence)
    return text.strip()
