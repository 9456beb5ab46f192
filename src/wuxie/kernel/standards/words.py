"""A standard's words in the reader's language; the document itself stays as it was published."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from wuxie.kernel import labels

#: Words for people, wherever they stand in a document; what a benefit is by its stars is another.
WORDS = {"label", "note", "text", "evidence", "consequence", "recognition", "proof", "fulfilled_by"}


def in_words(document: Any, say: Callable[[str], str] = labels.said, names: Collection[str] = WORDS) -> Any:
    """A document whose words for people are in the reader's language, where somebody translated them; never stored.

    ``names`` are the keys under which a document has its words.
    """
    if isinstance(document, list):
        return [in_words(one, say, names) for one in document]
    if not isinstance(document, dict):
        return document
    found: dict[str, Any] = {name: say(part) if name in names and isinstance(part, str) else in_words(part, say, names)
             for name, part in document.items()}  # fmt: skip
    if isinstance(found.get("per_star"), dict):
        found["per_star"] = {stars: say(str(text)) for stars, text in found["per_star"].items()}
    return found
