"""Words that stand in data: Chinese where they are declared, in the reader's language where they are shown.

A kind of fact, a column of a sheet, a paper, an indicator of the shipped standard have Chinese names in tables and YAML.
They are also what is looked up and printed, so the data keep them as they are; only a page asks for ``said(name)``.
``manage.py labels`` writes them down for ``make texts``. A name that nobody translated stays Chinese.

What the program itself puts on record (the note of an event, the title of a message) is a ``Sentence``: stored in Chinese
whoever acts, and said anew in the reader's language. What a person wrote is nobody's to translate and stays as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

_GAP = re.compile(r"%\((\w+)\)s")
_CHINESE = re.compile("[一-鿿]")
#: The code in front of a name: an indicator's, a veto's.
_CODED = re.compile(r"([A-Z][A-Z0-9.-]* )(.+)", re.DOTALL)
#: Between the parts of what was put together: a title, several sentences, a list of names.
_JOINTS = (" · ", "；", "、")
_SENTENCES: dict[str, re.Pattern[str]] = {}


class Sentence:
    """A sentence with gaps that is kept on record: ``LATE = Sentence(gettext_noop("逾期 %(n)s 日没有改好"))``.

    ``LATE(n=3)`` is what is stored. ``said`` finds the sentence again by the words around its gaps; ``ValueError`` for one
    that has no gap, no Chinese words, or two gaps that touch. Without a gap a word of the catalogue will do: ``gettext_noop``.
    """

    def __init__(self, words: str) -> None:
        around = [part.replace("%%", "%") for part in _GAP.split(words)[::2]]
        names = _GAP.findall(words)
        if not names or not all(around[1:-1]) or not any(_CHINESE.search(part) for part in around):
            raise ValueError(f"{words!r} cannot be found again: it needs Chinese words, and some between its gaps")
        gaps = [f"(?P<{name}>.*?)" for name in names]
        pattern = "".join(re.escape(part) + gap for part, gap in zip(around, [*gaps, ""], strict=True))
        self.words = words
        _SENTENCES[words] = re.compile(pattern, re.DOTALL)

    def __call__(self, **gaps: object) -> str:
        """The sentence as it is stored."""
        return self.words % {name: kept(part) for name, part in gaps.items()}


def sentences() -> dict[str, re.Pattern[str]]:
    """Every sentence that was declared, with how it is found again."""
    return dict(_SENTENCES)


def said(name: object) -> str:
    """A name, a ``Sentence`` or what was put together of them, in the reader's language."""
    text = str(name)
    return _said(text, translation.get_language()) if text else ""


@lru_cache(maxsize=8192)
def _said(text: str, language: str | None) -> str:
    found = gettext(text)
    if found != text or language == settings.LANGUAGE_CODE or not _CHINESE.search(text):
        return found
    for words, pattern in _SENTENCES.items():
        if match := pattern.fullmatch(text):
            return gettext(words) % {gap: said(part) for gap, part in match.groupdict().items()}
    if joint := next((joint for joint in _JOINTS if joint in text), ""):
        return joint.join(map(said, text.split(joint)))
    coded = _CODED.fullmatch(text)
    return coded[1] + said(coded[2]) if coded else text


def lazily(name: str | Promise) -> str | Promise:
    """A name that is put into the reader's language when it is shown."""
    return gettext_lazy(name) if isinstance(name, str) and name else name


def kept(name: object) -> str:
    """A name as it was declared, whoever is reading."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(name)


def in_every_language(name: str | Promise) -> list[str]:
    """A name in each language of the site, Chinese first."""
    found = [kept(name)]
    for code, _language in settings.LANGUAGES:
        with translation.override(code):
            found.append(said(name))
    return list(dict.fromkeys(found))
