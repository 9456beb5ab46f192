"""Which private people this room lets somebody see, masked: workers on permits, and whom an incident hurt."""

from __future__ import annotations

from wuxie.kernel.parties.visibility import register_person_visibility

from .work_queries import seen_people


def register() -> None:
    register_person_visibility(seen_people)
