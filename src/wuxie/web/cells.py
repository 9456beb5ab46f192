"""What a cell of a table may hold beside plain text: drawn on a page, words in an export."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from . import words

#: The icon that goes with a tone when none is named; a colour never stands alone.
TONE_ICONS = {"green": "check", "amber": "clock", "red": "alert-triangle", "blue": "player-play"}


@dataclass(frozen=True)
class Chip:
    """The state of one thing. ``tone`` is green, amber, red, blue or empty."""

    word: str
    tone: str = ""
    icon: str = ""

    def __str__(self) -> str:
        return str(self.word)

    def __html__(self) -> SafeString:
        return _chip(str(self.word), self.tone, self.icon or TONE_ICONS.get(self.tone, "circle-dashed"))


@lru_cache(maxsize=1024)
def _chip(word: str, tone: str, sign: str) -> SafeString:
    """A list has fifty chips and five words for them."""
    from .templatetags.web import icon  # the tags import this floor's words; only drawing needs them

    return format_html('<span class="{}">{}{}</span>', f"wx-chip is-{tone}" if tone else "wx-chip", icon(sign), word)


@dataclass(frozen=True)
class Stars:
    """★ and the word for it."""

    count: int

    def __str__(self) -> str:
        return words.stars(self.count)

    def __html__(self) -> SafeString:
        glyphs = "★" * self.count + "☆" * (5 - self.count) if self.count else ""
        return format_html('<span class="wx-stars"><i aria-hidden="true">{}</i> <b>{}</b></span>', glyphs, str(self))


@dataclass(frozen=True)
class Two:
    """A line and a smaller one under it."""

    first: str
    second: str

    def __str__(self) -> str:
        return f"{self.first} {self.second}".strip()

    def __html__(self) -> SafeString:
        return format_html("{}<small>{}</small>", self.first, self.second)


def drawn(value: object) -> str:
    """The HTML of a cell, escaped; unknown is a dash."""
    if value is None or value == "":
        return mark_safe("—")
    return conditional_escape(value)
