"""What templates need beside Django's own: built assets, icons, and the words for dates."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from wuxie.kernel import labels
from wuxie.kernel.clock.now import local
from wuxie.kernel.once.pages import FIELD, new_key
from wuxie.web import words
from wuxie.web.cells import drawn
from wuxie.web.nav import Shown

register = template.Library()


@lru_cache(maxsize=1)
def built() -> dict[str, dict[str, Any]]:
    """What the front end's build wrote; empty before the first build, when pages are plain but whole."""
    manifest = Path(settings.ASSETS_MANIFEST)
    return json.loads(manifest.read_text()) if manifest.exists() else {}


@lru_cache(maxsize=1)
def _sprite() -> str:
    entry = built().get("src/icons.svg")
    return static(entry["file"]) if entry else ""


@lru_cache(maxsize=1)
def _head() -> str:
    entry = built().get("src/main.js")
    if not entry:
        return ""
    sheets = format_html_join("", '<link rel="stylesheet" href="{}">', ((static(css),) for css in entry.get("css", [])))
    return sheets + format_html('<script type="module" src="{}"></script>', static(entry["file"]))


@register.simple_tag
def front_end() -> SafeString:
    """The one style sheet and the one script; charts, long selects and Alpine are fetched by it where a page has them."""
    return mark_safe(_head())  # noqa: S308 (built from the manifest only)


@register.simple_tag
def once() -> SafeString:
    """In a form whose act must not be done twice, beside the CSRF token."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, new_key())


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """An icon of ``frontend/src/icons.json`` (``filled/star`` for a filled one), hidden from readers unless it has a label."""
    return _icon(_sprite(), str(name), size, str(label))


@lru_cache(maxsize=1024)
def _icon(sprite: str, name: str, size: str, label: str) -> SafeString:
    kind = f"wx-icon is-{size}" if size else "wx-icon"
    use = f"{sprite}#{name.replace('/', '-')}"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', kind, label, use)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', kind, use)


@register.simple_tag
def menu(groups: Iterable[tuple[str, Iterable[Shown]]]) -> SafeString:
    """The sidebar. It stands on every page and hardly changes from one to the next."""
    return _menu(tuple((heading, tuple(entries)) for heading, entries in groups), get_language())


@lru_cache(maxsize=512)
def _menu(groups: tuple[tuple[str, tuple[Shown, ...]], ...], _language: str | None) -> SafeString:
    return render_to_string("web/menu.html", {"nav": groups})


@register.simple_tag
def qr(text: str) -> SafeString:
    """A QR code as inline SVG, error correction M."""
    code = segno.make(str(text), error="m", micro=False)
    return mark_safe(code.svg_inline(border=2, omitsize=True))  # noqa: S308 (drawn here)


@register.filter
def day(value: datetime.date | datetime.datetime | None) -> str:
    """``11月27日 周五``; the year is said when it is not this one."""
    return words.day(value) if value else "—"


@register.filter
def date_alone(value: datetime.date | datetime.datetime | None) -> str:
    """``11月27日``; the year is said when it is not this one."""
    return words.date_alone(value) if value else "—"


@register.filter
def full_date(value: datetime.date | datetime.datetime | None) -> str:
    """``2026年11月27日``."""
    return words.full_date(value) if value else "—"


@register.filter
def short_moment(value: datetime.datetime | None) -> str:
    """``11-24 09:41``; the year is said when it is not this one."""
    return words.moment(value) if value else "—"


@register.filter
def moment(value: datetime.datetime | None) -> str:
    """``2026-11-24 09:41``, on the clock on the wall."""
    return f"{local(value):%Y-%m-%d %H:%M}" if value else "—"


@register.filter
def said(name: object) -> str:
    """A name out of data (a paper, an indicator, a unit) in the reader's language."""
    return labels.said(name) if name else ""


@register.filter
def in_words(figure: Any) -> str:
    """A figure of law with its unit: ``15 日``, ``≥ 2/3``, ``50%``."""
    return words.figure(figure.value, figure.unit)


@register.filter
def dash(value: object) -> object:
    """Unknown is a dash, never nought."""
    return "—" if value is None or value == "" else value


@register.filter
def thousands(value: object) -> str:
    """``1,042``; anything that is no number stays as it is."""
    return f"{value:,}" if isinstance(value, int) else str(dash(value))


@register.filter
def percent_of(part: object, whole: object) -> str:
    """The length of a bar, ``"61.8%"``, cut to one decimal; decides nothing."""
    total = Fraction(str(whole or 0))
    if not total:
        return "0%"
    tenths = max(0, min(1000, int(1000 * Fraction(str(part or 0)) / total)))
    return f"{tenths // 10}.{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"


@register.filter
def of(mapping: Mapping[Any, Any] | None, key: object) -> object:
    """What a mapping holds under a key that is a variable."""
    return (mapping or {}).get(key)


@register.simple_tag
def due_words(
    row: Any = None,
    due: datetime.date | None = None,
    at: datetime.datetime | None = None,
    unit: str = "day",
) -> words.Due | None:
    """The words of a deadline: of a row with ``due_on``, ``due_at`` and ``unit``, or of a day and a moment."""
    if row is not None:
        due, at = getattr(row, "due_on", None), getattr(row, "due_at", None)
        unit = getattr(row, "unit", unit)
    return words.due(due, at=at, unit=unit) if due or at else None


@register.simple_tag
def star_words(n: int | None, of: int = 5) -> dict[str, str]:
    """``★★★★☆`` and ``四星``."""
    filled = int(n or 0)
    return {"glyphs": "★" * filled + "☆" * (int(of) - filled), "word": words.stars(filled)}


@register.simple_tag
def form_faults(form: Any) -> list[dict[str, str]]:
    """Every error of a form with the place it belongs to, in the order of the fields."""
    faults = [{"id": "", "label": "", "message": message} for message in form.non_field_errors()]
    for field in form:
        first = field.id_for_label or f"{field.auto_id}_0"  # a group of choices is reached at its first one
        for message in field.errors:
            faults.append({"id": first, "label": str(field.label), "message": message})
    return faults


@register.filter
def shown(value: object) -> object:
    """A cell: a chip, a deadline or another figure draws itself; all else is text."""
    return drawn(value)
