"""What disputes are about: the tree of categories, and what a text suggests.

Two sources speak together. The catalogue's own words are known on the first day; every dispute that a person has put into a category
teaches from then on. Learning is naive Bayes over pairs of characters with add-one smoothing: a text needs no word splitter and no
library, and the same texts give the same answer. A suggestion decides nothing: people choose.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

DATA = Path(__file__).parent / "data" / "categories.yaml"
HAN = re.compile("[一-鿿]+")
#: So many suggestions stand beside a new dispute.
MOST = 3


@dataclass(frozen=True)
class Category:
    """One category; ``parent`` is empty for the upper level."""

    code: str
    label: str
    parent: str = ""
    words: tuple[str, ...] = ()


@cache
def categories() -> dict[str, Category]:
    """Every category by code, each upper one before its children."""
    found: dict[str, Category] = {}
    for row in yaml.safe_load(DATA.read_text(encoding="utf-8")):
        found[row["code"]] = Category(row["code"], row["label"])
        for child in row["children"]:
            found[child["code"]] = Category(child["code"], child["label"], row["code"], tuple(child["words"]))
    return found


def leaves() -> list[Category]:
    return [one for one in categories().values() if one.parent]


def pairs(text: str) -> list[str]:
    """Neighbouring characters of the Chinese parts of a text."""
    return [part[at : at + 2] for part in HAN.findall(text) for at in range(len(part) - 1)]


@dataclass
class Learnt:
    """Pairs of characters by class, from texts that somebody has sorted."""

    seen: dict[str, Counter[str]] = field(default_factory=dict)
    texts: Counter[str] = field(default_factory=Counter)
    known: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, examples: Iterable[tuple[str, str]]) -> Learnt:
        """From texts and their classes."""
        made = cls()
        for text, name in examples:
            found = pairs(text)
            made.seen.setdefault(name, Counter()).update(found)
            made.texts[name] += 1
            made.known.update(found)
        return made

    def scores(self, text: str) -> dict[str, float]:
        """The logarithm of each class's likelihood, less that of the likeliest; none without examples."""
        total, width = sum(self.texts.values()), len(self.known) or 1
        wanted = [pair for pair in pairs(text) if pair in self.known]
        found = {}
        for name, counts in self.seen.items():
            all_of = sum(counts.values()) + width
            found[name] = math.log(self.texts[name] / total) + sum(
                math.log((counts[pair] + 1) / all_of) for pair in wanted
            )
        top = max(found.values(), default=0.0)
        return {name: value - top for name, value in found.items()}


@cache
def _weights() -> dict[str, tuple[tuple[str, float], ...]]:
    """Code → its words; a word that several categories share, or a short one, says less."""
    shared = Counter(word for one in leaves() for word in one.words)
    return {one.code: tuple((word, len(word) / shared[word]) for word in one.words) for one in leaves()}


def by_words(text: str) -> dict[str, float]:
    """Code → weight of the catalogue's words in the text; what stands in the first line counts twice."""
    head, _line, rest = text.partition("\n")
    return {
        code: score
        for code, words in _weights().items()
        if (score := sum(weight * (2 * (word in head) + (word in rest)) for word, weight in words))
    }


def suggest(text: str, learnt: Learnt | None = None, most: int = MOST) -> list[str]:
    """The likeliest categories, the best first; empty where nothing in the text is known."""
    total = Counter(by_words(text))
    if learnt is not None and learnt.texts:
        for name, value in learnt.scores(text).items():
            # An example counts the more, the more of its class there are; far behind the best it counts nothing.
            total[name] += max(0.0, 8.0 + value) * min(learnt.texts[name], 8) / 8
    ranked = sorted((-score, code) for code, score in total.items() if score > 0)
    return [code for _score, code in ranked[:most]]


def likeness(one: str, other: str) -> float:
    """How alike two texts are, 0 to 1: shared pairs of characters against the shorter text's."""
    first, second = set(pairs(one)), set(pairs(other))
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0
