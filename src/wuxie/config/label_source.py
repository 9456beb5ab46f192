"""Which words stand in data, gathered from the registries themselves, and the module that hands them to ``make texts``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from django.conf import settings

from wuxie.kernel import labels
from wuxie.kernel.facts import kinds
from wuxie.kernel.papers import registry as papers
from wuxie.kernel.standards.document import load_yaml
from wuxie.kernel.standards.words import in_words
from wuxie.kernel.statutes.figures import READ, packaged
from wuxie.kernel.tabular import registry as imports
from wuxie.rooms.association import catalogue as groups
from wuxie.rooms.conduct import credit
from wuxie.rooms.conduct.law import ANTITRUST, pact
from wuxie.rooms.fund.law import ORDINARY, QUESTIONS
from wuxie.rooms.inspections.catalogue import items as inspected
from wuxie.rooms.mediation.catalogue import categories
from wuxie.rooms.rating.standards import DEMONSTRATION
from wuxie.rooms.safety import library
from wuxie.web.words import SIGNS

#: Where the words stand while ``make texts`` gathers them; nobody keeps it.
WRITTEN = Path(__file__).with_name("labels.py")
CATALOGUE = settings.CHECKOUT / "locale" / "en" / "LC_MESSAGES" / "django.po"
HEAD = '''"""The words that stand in data, so that ``make texts`` finds them."""

from django.utils.translation import gettext_noop as _

WORDS = (
'''


def gather() -> dict[str, list[str]]:
    """Every word that data show on a page, by the registry it comes from; Chinese, in a fixed order, each once."""
    seen: set[str] = set()
    found: dict[str, list[str]] = {}
    for name, words in {
        "kinds of fact": _kinds(), "papers": _papers(), "imports": _imports(), "the shipped standard": _standard(),
        "figures of law": _figures(), "the library of duties and hazards": _library(),
        "the duties of the working groups": groups.words(),
        "the catalogue of inspections": _inspections(), "who pays for a repair": _payers(),
        "what disputes are about": _disputes(), "pact and credit": _conduct(),
    }.items():  # fmt: skip
        kept = dict.fromkeys(labels.kept(word) for word in words)
        found[name] = [word for word in kept if word and word not in seen]
        seen.update(found[name])
    return found


def module() -> str:
    """What ``labels.py`` has to hold."""
    lines = []
    for name, words in gather().items():
        lines += [f"    # {name}", *(f"    _({_quoted(word)})," for word in words)]
    return HEAD + "\n".join(lines) + "\n)\n"


@cache
def catalogue() -> frozenset[str]:
    """Every Chinese text that the catalogue of translations knows."""
    with CATALOGUE.open("rb") as source:
        return frozenset(str(message.id) for message in read_po(source) if message.id)


def _quoted(word: str) -> str:
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _kinds() -> Iterator[object]:
    for kind in kinds.all_kinds():
        yield from (kind.label, kind.unit)
    for kind in kinds.all_kinds():
        yield from kind.variant_labels.values()


def _papers() -> Iterator[object]:
    for paper in papers.all_papers():
        yield paper.label


def _imports() -> Iterator[object]:
    for one in imports.all_imports():
        yield from (one.label, one.help, one.sheet.label)
        for column in one.sheet.columns:
            yield from (column.label, column.help)
        yield from (rule.label for rule in one.sheet.unique)


def _figures() -> Iterator[object]:
    yield from READ.values()
    for one in packaged():
        yield from (one.group, one.label, one.article, *one.used_by)
        yield from (text for text in (one.unit, one.value) if not text.isascii() and not text.startswith(tuple(SIGNS)))


def _standard() -> Iterator[object]:
    said: list[str] = []
    in_words(load_yaml(DEMONSTRATION.read_bytes()), lambda word: said.append(word) or word)
    yield from said


def _library() -> Iterator[object]:
    said: list[str] = []
    library.in_words(library.shipped(), lambda word: said.append(word) or word)
    yield from (word for word in said if not word.isascii())


def _inspections() -> Iterator[object]:
    for item in inspected().values():
        yield item.label
        yield from (word for word in item.basis.split("、") if not word.isascii())


def _payers() -> Iterator[object]:
    """The articles by which it is found who pays for a repair, each law's own."""
    for article in (*(row[2] for row in QUESTIONS), ORDINARY[1]):
        yield from article.split("；")


def _disputes() -> Iterator[object]:
    """The tree of categories, and what the procedure lawfully is called."""
    yield from (one.label for one in categories().values())
    yield from ("人民调解", "协会调解")


def _conduct() -> Iterator[object]:
    """The clauses of the pact, the lines of the two standards, their grades."""
    yield ANTITRUST
    yield from (row["clause"] for row in pact()["charges"].values())
    yield from (one["label"] for one in credit.lines())
    yield from credit.MEANING.values()
    said: list[str] = []
    in_words([credit.document(dimension) for dimension in credit.NAMES], lambda word: said.append(word) or word)
    yield from said
