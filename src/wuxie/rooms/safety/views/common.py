"""What several pages of the room show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import TextChoices


def labels_of(words: type[TextChoices], codes: Iterable[str]) -> str:
    return "、".join(str(words(code).label) for code in codes)


def reading_words(row: Mapping[str, str]) -> str:
    """``变压器温度 0–85 ℃``."""
    return f"{row['name']} {row['least']}–{row['most']} {row['unit']}".strip()
