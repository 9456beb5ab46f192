"""Words that stand in data: Chinese where they are declared, in the reader's language where they are shown.

A kind of fact, a column of a sheet, a paper, an indicator of the shipped standard have Chinese names in tables and YAML.
They are also what is looked up and printed, so the data keep them as they are; only a page asks for ``said(name)``.
``manage.py labels`` writes them down for ``make texts`` (``config/labels.py``). A name that nobody translated stays Chinese.
"""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy


def said(name: object) -> str:
    """A name in the reader's language."""
    text = str(name)
    return gettext(text) if text else ""


def lazily(name: str | Promise) -> str | Promise:
    """A name that is put into the reader's language when it is shown."""
    return gettext_lazy(name) if isinstance(name, str) and name else name


def kept(name: str | Promise) -> str:
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
